package io.holdfast.vrrp.config.text;

/**
 * Where something was read.
 *
 * @param line counted from 1; 0: the file as a whole
 */
public record Place(String file, int line) {
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
