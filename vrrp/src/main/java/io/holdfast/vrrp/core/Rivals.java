package io.holdfast.vrrp.core;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Other Masters of the same virtual router, heard while this node is Master. */
final class Rivals {
    private static final int MOST = 16;

    private record Rival(long firstNanos, long goneAtNanos) {}

    /** One that was not heard any more. */
    record Gone(IpAddress address, long lastedNanos) {}

    private final Map<IpAddress, Rival> heard = new TreeMap<>();

    /**
     * Notes that one was heard.
     *
     * @param patienceNanos after which silence means that it is gone
     * @return whether it is a new one
     */
    boolean heard(IpAddress address, long patienceNanos, long nowNanos) {
        Rival known = heard.get(address);
        if (known == null && heard.size() >= MOST) {
            return false;
        }
        long first = known == null ? nowNanos : known.firstNanos;
        heard.put(address, new Rival(first, nowNanos + patienceNanos));
        return known == null;
    }

    /** It said itself that it gives up. */
    List<Gone> gaveUp(IpAddress address, long nowNanos) {
        Rival rival = heard.remove(address);
        return rival == null ? List.of() : List.of(new Gone(address, nowNanos - rival.firstNanos));
    }

    List<Gone> timePassed(long nowNanos) {
        if (dueAtNanos() > nowNanos) {
            return List.of();
        }
        List<Gone> gone = new java.util.ArrayList<>();
        Iterator<Map.Entry<IpAddress, Rival>> rivals = heard.entrySet().iterator();
        while (rivals.hasNext()) {
            Map.Entry<IpAddress, Rival> rival = rivals.next();
            if (rival.getValue().goneAtNanos <= nowNanos) {
                gone.add(new Gone(rival.getKey(), nowNanos - rival.getValue().firstNanos));
                rivals.remove();
            }
        }
        return gone;
    }

    void forget() {
        heard.clear();
    }

    long dueAtNanos() {
        long due = Long.MAX_VALUE;
        for (Rival rival : heard.values()) {
            due = Math.min(due, rival.goneAtNanos);
        }
        return due;
    }

    List<IpAddress> addresses() {
        return List.copyOf(heard.keySet());
    }
}
