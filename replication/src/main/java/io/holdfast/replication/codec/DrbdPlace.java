package io.holdfast.replication.codec;

/**
 * Where something is said.
 *
 * @param line from 1
 */
record DrbdPlace(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
