package io.holdfast.base;

/** A bug of ours, found by a check. Whoever catches it stops the object it happened to. */
public final class InvariantViolation extends IllegalStateException {
    public InvariantViolation(String message) {
        super(message);
    }
}
