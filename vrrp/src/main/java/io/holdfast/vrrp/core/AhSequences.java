package io.holdfast.vrrp.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AH sequence numbers. Keepalived compares what arrives with one counter for all routers, its own
 * sending included, and drops what is not above; so ours goes on from the highest number heard.
 */
final class AhSequences {
    private static final int MOST_SENDERS = 16;

    private record Last(long sequence, long atNanos) {}

    private final Map<IpAddress, Last> heard = new LinkedHashMap<>();
    private long highest;

    /**
     * @param first to send; higher than any of an earlier life of this router, or its peers drop
     *     what it says
     */
    AhSequences(long first) {
        this.highest = first;
    }

    long next() {
        return ++highest;
    }

    /**
     * Whether an advert is a repetition of an old one. A router that was restarted counts from 1
     * again: one that has been silent for two of its intervals is heard.
     */
    boolean isReplay(IpAddress source, long sequence, long silenceNanos, long nowNanos) {
        Last last = heard.get(source);
        return last != null && sequence <= last.sequence && nowNanos - last.atNanos < silenceNanos;
    }

    void heard(IpAddress source, long sequence, boolean stops, long nowNanos) {
        if (stops) {
            heard.remove(source); // it may come back counting from 1
        } else if (heard.containsKey(source) || heard.size() < MOST_SENDERS) {
            heard.put(source, new Last(sequence, nowNanos));
        }
        highest = Math.max(highest, sequence);
    }
}
