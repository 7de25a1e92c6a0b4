package io.holdfast.replication.codec;

/**
 * What a page of metadata turned out to be.
 *
 * @param <T> what it holds when all is well
 */
public sealed interface PageReading<T> {
    /**
     * All is well.
     *
     * @param sequence grows with each writing of what the page holds
     */
    record Valid<T>(long sequence, T content) implements PageReading<T> {}

    /** All zeros: never written. */
    record Blank<T>() implements PageReading<T> {}

    /** Something else lies there. */
    record Foreign<T>() implements PageReading<T> {}

    /** Ours, but of a version that this program does not know. */
    record OtherVersion<T>(int version) implements PageReading<T> {}

    /** Ours, but torn or changed. */
    record Damaged<T>(String why) implements PageReading<T> {}
}
