package io.holdfast.membership.core;

import io.holdfast.base.NodeId;
import java.util.Comparator;

/** One ring to one peer (a node or the witness). */
public record LinkId(NodeId peer, int ring) implements Comparable<LinkId> {
    private static final Comparator<LinkId> ORDER =
            Comparator.comparing(LinkId::peer).thenComparingInt(LinkId::ring);

    @Override
    public int compareTo(LinkId other) {
        return ORDER.compare(this, other);
    }
}
