package io.holdfast.vrrp.core;

/** Why an advert was dropped. */
public enum Rejection {
    /** Shorter than its fields say, or not a packet at all. */
    TRUNCATED,
    /** IP TTL or hop limit is not what it must be: it came through a router. */
    TTL,
    VERSION,
    TYPE,
    CHECKSUM,
    /** Nobody here has that virtual router ID. */
    UNKNOWN_VIRTUAL_ROUTER,
    ADDRESS_COUNT,
    ADDRESS_LIST,
    ADVERT_INTERVAL,
    AUTHENTICATION_TYPE,
    AUTHENTICATION,
    /** AH's sequence number is not above the last one. */
    REPLAY,
    /** Not one of the configured peers. */
    SOURCE,
    /** Our own advert came back. */
    OWN
}
