package io.holdfast.lab.view;

/** Colours of a terminal, or none: NO_COLOR (no-color.org) is honoured. */
enum Paint {
    COLOURED,
    PLAIN;

    /** What a piece of text means; its colour follows from that. */
    enum Tone {
        GOOD("32"),
        WARNING("33"),
        BAD("31"),
        FAINT("2"),
        STRONG("1"),
        NORMAL("0");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    static Paint fromEnvironment() {
        String noColor = System.getenv("NO_COLOR");
        return noColor != null && !noColor.isEmpty() ? PLAIN : COLOURED;
    }

    String paint(Tone tone, String text) {
        return this == PLAIN || text.isEmpty()
                ? text
                : "\u001b[" + tone.code + "m" + text + "\u001b[0m";
    }

    /** The length that a person sees. */
    static int visibleLength(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }

    /** Cuts to a width without counting or splitting colours, and ends them. */
    static String fit(String text, int columns) {
        if (visibleLength(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int visible = 0;
        for (int i = 0; i < text.length() && visible < columns - 1; ) {
            if (text.charAt(i) == '\u001b') {
                int end = text.indexOf('m', i) + 1;
                cut.append(text, i, end);
                i = end;
            } else {
                cut.append(text.charAt(i++));
                visible++;
            }
        }
        return cut.append('…').append(text.indexOf('\u001b') >= 0 ? "\u001b[0m" : "").toString();
    }
}
