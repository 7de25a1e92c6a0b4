package io.holdfast.cli;

/** Colours that mean something; without colours the words alone must say it. */
public enum Paint {
    PLAIN,
    COLOURED;

    public String good(String text) {
        return in("32", text);
    }

    public String warning(String text) {
        return in("33", text);
    }

    public String bad(String text) {
        return in("1;31", text);
    }

    public String heading(String text) {
        return in("1", text);
    }

    public String quiet(String text) {
        return in("2", text);
    }

    private String in(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
    }
}
