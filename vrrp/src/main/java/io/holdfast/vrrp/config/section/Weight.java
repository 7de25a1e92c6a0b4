package io.holdfast.vrrp.config.section;

import java.util.List;

/**
 * {@code weight N [reverse|noreverse]}, in a definition and where something is tracked.
 *
 * @param reversed up and down change places
 */
record Weight(int value, boolean reversed) {
    static final int MOST = 253;

    /** The words after {@code weight}; told and {@code otherwise} when they are none. */
    static Weight parse(Setting setting, List<String> words, int most, Weight otherwise) {
        if (words.isEmpty()) {
            setting.error(
                    "a weight without number in " + setting.owner(),
                    "nothing follows `weight`",
                    "write weight NUMBER, from -" + most + " to " + most);
            return otherwise;
        }
        var value = setting.integer(words.getFirst(), -most, most);
        if (value.isEmpty()) {
            return otherwise;
        }
        boolean reversed = otherwise.reversed;
        for (String word : words.subList(1, words.size())) {
            switch (word) {
                case "reverse" -> reversed = true;
                case "noreverse", "no_reverse" -> reversed = false;
                default -> setting.notA("direction (reverse or noreverse)", word);
            }
        }
        return new Weight(value.getAsInt(), reversed);
    }
}
