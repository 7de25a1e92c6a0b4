package io.holdfast.iscsi.driver;

/** How a unit comes to be served here. */
public enum UnitArrival {
    /** It moved here, or its server was restarted: initiators lost a connection, nothing else. */
    TAKEN_OVER,

    /** As after a loss of power: what is not to persist through that is forgotten. */
    POWERED_ON
}
