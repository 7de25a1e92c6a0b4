package io.holdfast.vrrp.core;

import java.util.EnumMap;
import java.util.Map;

/** What an instance has counted since its start, or since the counters were cleared. */
final class InstanceCounters {
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
    private long received;
    private long sent;
    private long becameMaster;
    private long releasedMaster;
    private long zeroReceived;
    private long zeroSent;

    void received(Advert advert) {
        received++;
        if (advert.priority() == Advert.PRIORITY_STOP) {
            zeroReceived++;
        }
    }

    void sent(int priority) {
        sent++;
        if (priority == Advert.PRIORITY_STOP) {
            zeroSent++;
        }
    }

    void becameMaster() {
        becameMaster++;
    }

    void releasedMaster() {
        releasedMaster++;
    }

    void rejected(Rejection cause) {
        rejected.merge(cause, 1L, Long::sum);
    }

    void clear() {
        rejected.clear();
        received = 0;
        sent = 0;
        becameMaster = 0;
        releasedMaster = 0;
        zeroReceived = 0;
        zeroSent = 0;
    }

    InstanceStatistics statistics() {
        return new InstanceStatistics(
                received,
                sent,
                becameMaster,
                releasedMaster,
                count(Rejection.TRUNCATED),
                count(Rejection.ADVERT_INTERVAL),
                count(Rejection.TTL),
                count(Rejection.TYPE),
                count(Rejection.ADDRESS_LIST) + count(Rejection.ADDRESS_COUNT),
                0,
                count(Rejection.AUTHENTICATION_TYPE),
                count(Rejection.AUTHENTICATION) + count(Rejection.REPLAY),
                count(Rejection.CHECKSUM),
                count(Rejection.VERSION),
                count(Rejection.UNKNOWN_VIRTUAL_ROUTER),
                zeroReceived,
                zeroSent);
    }

    private long count(Rejection cause) {
        return rejected.getOrDefault(cause, 0L);
    }
}
