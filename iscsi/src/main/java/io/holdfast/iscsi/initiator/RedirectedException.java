package io.holdfast.iscsi.initiator;

import java.io.IOException;

/** A login was answered with another portal of the target, RFC 7143 11.13.5 class 1. */
final class RedirectedException extends IOException {
    private static final long serialVersionUID = 1;
    private final String portal;

    RedirectedException(String portal) {
        super("the target is served at " + portal);
        this.portal = portal;
    }

    /** {@code address:port}, and a portal group tag perhaps. */
    String portal() {
        return portal;
    }
}
