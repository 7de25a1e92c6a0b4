package io.holdfast.iscsi.initiator;

import java.io.IOException;

/** A login that was refused, a connection that ended, or a command that did not succeed. */
public final class IscsiException extends IOException {
    private final int loginStatus;

    public IscsiException(String message) {
        this(message, 0);
    }

    IscsiException(String message, int loginStatus) {
        super(message);
        this.loginStatus = loginStatus;
    }

    IscsiException(String message, Throwable cause) {
        super(message, cause);
        this.loginStatus = 0;
    }

    /** Status class and detail of a refused login (RFC 7143 11.13.5), or 0. */
    public int loginStatus() {
        return loginStatus;
    }
}
