package io.holdfast.api.message;

/** A CHAP name and its secret. The secret is never printed. */
public record ChapUser(String name, String secret) {
    @Override
    public String toString() {
        return "ChapUser[" + name + "]";
    }
}
