package io.holdfast.replication.codec;

/**
 * A word or sign.
 *
 * @param text without quotation marks, escapes resolved
 */
record DrbdToken(Kind kind, String text, DrbdPlace place) {
    enum Kind {
        WORD,
        /** A string in quotation marks, which is never a keyword. */
        QUOTED,
        OPEN,
        CLOSE,
        SEMICOLON
    }

    boolean isKeyword(String keyword) {
        return kind == Kind.WORD && text.equals(keyword);
    }
}
