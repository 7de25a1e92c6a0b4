package io.holdfast.replication.core;

/** Whether a peer can be talked to. */
public enum ConnectionState {
    /** No connection, and none is tried until a person says so: split brain, or disconnected. */
    STANDALONE("StandAlone"),
    CONNECTING("Connecting"),
    /** There is a connection; the peer has not yet said what its data is worth. */
    REPORTING("WFReportParams"),
    CONNECTED("Connected");

    private final String shown;

    ConnectionState(String shown) {
        this.shown = shown;
    }

    /** As drbdadm prints it. */
    public String shown() {
        return shown;
    }
}
