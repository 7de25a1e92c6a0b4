package io.holdfast.membership.core;

import io.holdfast.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The failure detector: a link is down when nothing came over it for the suspicion time; a peer is
 * silent when all its links are down. One cut ring changes nothing but that link.
 *
 * <pre>
 *   link:  UNKNOWN/DOWN --- frame heard ---> UP --- suspicion time without a frame ---> DOWN
 *   peer:  SILENT --- first link up ---> HEARD --- last link down ---> SILENT
 * </pre>
 */
public final class LinkMonitor {
    private static final class Link {
        long lastHeardNanos;
        boolean up;
    }

    private final long suspicionNanos;
    private final SortedMap<LinkId, Link> links = new TreeMap<>();
    private final SortedMap<NodeId, Long> incarnations = new TreeMap<>();

    public LinkMonitor(long suspicionNanos) {
        this.suspicionNanos = suspicionNanos;
    }

    /** A fresh frame of the peer arrived over the link. */
    public List<LinkEffect> heard(LinkId id, long incarnation, long nowNanos) {
        List<LinkEffect> effects = new ArrayList<>();
        Long old = incarnations.put(id.peer(), incarnation);
        if (old != null && old != incarnation) {
            effects.add(new LinkEffect.PeerRestarted(id.peer(), old));
        }
        boolean heardBefore = isHeard(id.peer());
        Link link = links.computeIfAbsent(id, _ -> new Link());
        link.lastHeardNanos = nowNanos;
        if (!link.up) {
            link.up = true;
            effects.add(new LinkEffect.LinkChanged(id, true));
        }
        if (!heardBefore) {
            effects.add(new LinkEffect.PeerHeard(id.peer()));
        }
        return effects;
    }

    /** Call at least every heartbeat interval. */
    public List<LinkEffect> timePassed(long nowNanos) {
        List<LinkEffect> effects = new ArrayList<>();
        for (Map.Entry<LinkId, Link> entry : links.entrySet()) {
            Link link = entry.getValue();
            if (link.up && nowNanos - link.lastHeardNanos >= suspicionNanos) {
                link.up = false;
                effects.add(new LinkEffect.LinkChanged(entry.getKey(), false));
                if (!isHeard(entry.getKey().peer())) {
                    effects.add(new LinkEffect.PeerSilent(entry.getKey().peer()));
                }
            }
        }
        return effects;
    }

    /** The peer said goodbye: all its links are down at once. */
    public List<LinkEffect> left(NodeId peer) {
        List<LinkEffect> effects = new ArrayList<>();
        for (Map.Entry<LinkId, Link> entry : linksOf(peer).entrySet()) {
            if (entry.getValue().up) {
                entry.getValue().up = false;
                effects.add(new LinkEffect.LinkChanged(entry.getKey(), false));
            }
        }
        if (!effects.isEmpty()) {
            effects.add(new LinkEffect.PeerSilent(peer));
        }
        return effects;
    }

    /** Whether any link to the peer is up. */
    public boolean isHeard(NodeId peer) {
        return linksOf(peer).values().stream().anyMatch(link -> link.up);
    }

    public boolean isUp(LinkId id) {
        Link link = links.get(id);
        return link != null && link.up;
    }

    private SortedMap<LinkId, Link> linksOf(NodeId peer) {
        return links.subMap(new LinkId(peer, 0), new LinkId(peer, Integer.MAX_VALUE));
    }
}
