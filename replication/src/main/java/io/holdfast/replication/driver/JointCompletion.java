package io.holdfast.replication.driver;

import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;

/** Tells once, when all parts of a request have ended: OK, or how the first that failed did. */
final class JointCompletion implements IoCompletion {
    private final IoCompletion whole;
    private int left;
    private IoStatus result = IoStatus.OK;

    JointCompletion(int parts, IoCompletion whole) {
        this.left = parts;
        this.whole = whole;
    }

    @Override
    public void done(IoStatus status) {
        if (isLast(status)) {
            whole.done(result);
        }
    }

    private synchronized boolean isLast(IoStatus status) {
        if (result == IoStatus.OK) {
            result = status;
        }
        left--;
        return left == 0;
    }
}
