package io.holdfast.iscsi.codec;

/** Bytes from the network that no rule allows; the message says which field. */
public final class MalformedPduException extends RuntimeException {
    public MalformedPduException(String message) {
        // No stack trace: the cause lies at the other end of the wire.
        super(message, null, false, false);
    }
}
