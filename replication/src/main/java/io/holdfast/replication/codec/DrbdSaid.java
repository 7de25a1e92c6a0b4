package io.holdfast.replication.codec;

/** A value and where the file says it. */
record DrbdSaid<T>(T value, DrbdPlace place) {}
