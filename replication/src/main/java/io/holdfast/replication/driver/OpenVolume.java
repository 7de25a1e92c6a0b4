package io.holdfast.replication.driver;

import io.holdfast.replication.volume.BlockVolume;

/** A volume that a user holds open; while one does, it is not demoted unless that is forced. */
public interface OpenVolume extends BlockVolume, AutoCloseable {
    /** Once closed, requests end with NOT_PRIMARY. */
    @Override
    void close();
}
