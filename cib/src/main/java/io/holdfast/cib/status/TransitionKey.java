package io.holdfast.cib.status;

import org.jspecify.annotations.Nullable;

/**
 * Which action of which transition an operation answers to: {@code
 * ACTION:TRANSITION:EXPECTED_RC:CONTROLLER_UUID}.
 */
public record TransitionKey(int action, int transition, int expectedRc, String controller) {
    /** For operations nobody's transition asked for. */
    public static final String NO_CONTROLLER = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    /**
     * Of an operation that was not asked for by a transition; any result but this rc is a failure.
     */
    public static TransitionKey unasked(int callId, int expectedRc) {
        return new TransitionKey(callId, -1, expectedRc, NO_CONTROLLER);
    }

    /** Reads a key, or null when the text is none. */
    public static @Nullable TransitionKey parse(String text) {
        String[] parts = text.split(":", 4);
        if (parts.length != 4) {
            return null;
        }
        try {
            return new TransitionKey(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    parts[3]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return action + ":" + transition + ":" + expectedRc + ":" + controller;
    }
}
