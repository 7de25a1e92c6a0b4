package io.holdfast.base;

/**
 * A fault of the world, told so that its reader can act.
 *
 * @param what what happened, a sentence without a full stop
 * @param object the file, line, volume, node or address it happened to
 * @param why the cause, as far as it is known
 * @param remedy what to do or type next
 */
public record Problem(String what, String object, String why, String remedy) {
    /** One line for a log or a terminal: {@code object: what: why. remedy}. */
    public String message() {
        return object + ": " + what + ": " + why + ". To mend it: " + remedy + ".";
    }

    @Override
    public String toString() {
        return message();
    }
}
