package io.holdfast.replication.codec;

import java.util.List;

/**
 * An option of a section, and what Holdfast makes of it.
 *
 * @param instead what Holdfast does in its place; empty when it is obeyed
 * @param danger what the option can do to data under DRBD; empty for most
 * @param heeded values that are obeyed although they are dangerous
 * @param agrees values about which nothing needs to be said, as Holdfast does just that
 */
record DrbdOption(
        String name,
        Form form,
        String instead,
        String danger,
        List<String> heeded,
        List<String> agrees) {
    /** What a value may look like. */
    sealed interface Form {
        /**
         * A number within limits.
         *
         * @param scale the unit of a plain number: {@code 1}, {@code k} (1024) or {@code s}
         *     (sectors of 512)
         */
        record Quantity(long min, long max, char scale) implements Form {}

        /** {@code yes} or {@code no}; the name alone is yes, {@code no-NAME} is no. */
        record YesNo() implements Form {}

        record Choice(List<String> values) implements Form {}

        /** Anything in one word or string. */
        record Text() implements Form {}

        /** Anything, in any number of words. */
        record Words() implements Form {}
    }

    static DrbdOption obeyed(String name, Form form) {
        return new DrbdOption(name, form, "", "", List.of(), List.of());
    }

    static DrbdOption replaced(String name, Form form, String instead, String... agrees) {
        return new DrbdOption(name, form, instead, "", List.of(), List.of(agrees));
    }

    static DrbdOption unsafe(
            String name, Form form, String danger, String instead, String... agrees) {
        return new DrbdOption(name, form, instead, danger, List.of(), List.of(agrees));
    }

    /** The same, with values that are obeyed all the same, with a warning. */
    DrbdOption heeding(String... values) {
        return new DrbdOption(name, form, instead, danger, List.of(values), agrees);
    }
}
