package io.holdfast.replication.core;

import io.holdfast.base.Problem;

/** Told once how something an administrator or the cluster asked for ended. */
public interface ControlResult {
    void done();

    void refused(Problem problem);
}
