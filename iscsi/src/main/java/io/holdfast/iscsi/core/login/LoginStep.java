package io.holdfast.iscsi.core.login;

import java.util.SequencedMap;

/** What the target does after one login request. */
public sealed interface LoginStep {
    /** Send a response and wait for the next request. */
    record Continue(
            boolean transit,
            LoginStage currentStage,
            LoginStage nextStage,
            SequencedMap<String, String> keys)
            implements LoginStep {}

    /** Send a last response with T and enter full feature phase. */
    record Established(LoginStage currentStage, SequencedMap<String, String> keys, LoggedIn session)
            implements LoginStep {}

    /**
     * Send a response with this status and close.
     *
     * @param reason for the log; never contains a secret
     */
    record Refused(LoginStatus status, String reason) implements LoginStep {}

    /**
     * Send a response that names another portal, and close (RFC 7143 11.13.5, class 1).
     *
     * @param portal {@code address:port}
     */
    record Redirected(String portal) implements LoginStep {}

    /**
     * Who logged in to what.
     *
     * @param targetName empty for a discovery session
     */
    record LoggedIn(
            String initiatorName,
            String targetName,
            boolean discovery,
            long isid,
            int tsih,
            int connectionId,
            SessionParameters parameters) {}
}
