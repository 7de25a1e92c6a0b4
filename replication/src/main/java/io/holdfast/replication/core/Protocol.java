package io.holdfast.replication.core;

/** When a write is acknowledged. */
public enum Protocol {
    /** It is on the local disk. */
    A,
    /** It is on the local disk and in the memory of every connected peer. */
    B,
    /** It is on the disk of every connected replica. */
    C
}
