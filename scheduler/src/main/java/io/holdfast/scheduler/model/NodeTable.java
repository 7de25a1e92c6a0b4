package io.holdfast.scheduler.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Scores by node; an array, because every resource has one and asks it all the time. */
public final class NodeTable implements Iterable<NodeScore> {
    private @Nullable NodeScore[] slots;

    public NodeTable() {
        this.slots = new NodeScore[4];
    }

    private NodeTable(@Nullable NodeScore[] slots) {
        this.slots = slots;
    }

    public @Nullable NodeScore get(Node node) {
        return node.index < slots.length ? slots[node.index] : null;
    }

    public boolean has(Node node) {
        return get(node) != null;
    }

    public NodeScore put(NodeScore entry) {
        if (entry.node.index >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(entry.node.index + 1, slots.length * 2));
        }
        slots[entry.node.index] = entry;
        return entry;
    }

    public void remove(Node node) {
        if (node.index < slots.length) {
            slots[node.index] = null;
        }
    }

    public boolean isEmpty() {
        for (NodeScore entry : slots) {
            if (entry != null) {
                return false;
            }
        }
        return true;
    }

    public NodeTable copy() {
        @Nullable NodeScore[] copied = new NodeScore[slots.length];
        for (int i = 0; i < slots.length; i++) {
            NodeScore entry = slots[i];
            copied[i] = entry == null ? null : entry.copy();
        }
        return new NodeTable(copied);
    }

    /** The entries, by the order in which nodes became known. */
    public List<NodeScore> entries() {
        List<NodeScore> all = new ArrayList<>(slots.length);
        for (NodeScore entry : slots) {
            if (entry != null) {
                all.add(entry);
            }
        }
        return all;
    }

    /** The entries by the numeric order of node names. */
    public List<NodeScore> byName() {
        List<NodeScore> all = entries();
        all.sort((a, b) -> Values.NUMERIC_NAMES.compare(a.node.name, b.node.name));
        return all;
    }

    @Override
    public Iterator<NodeScore> iterator() {
        @Nullable NodeScore[] now = slots;
        return new Iterator<>() {
            private int at = advance(0);

            private int advance(int from) {
                int next = from;
                while (next < now.length && now[next] == null) {
                    next++;
                }
                return next;
            }

            @Override
            public boolean hasNext() {
                return at < now.length;
            }

            @Override
            public NodeScore next() {
                NodeScore entry = at < now.length ? now[at] : null;
                if (entry == null) {
                    throw new NoSuchElementException();
                }
                at = advance(at + 1);
                return entry;
            }
        };
    }

    @Override
    public String toString() {
        return entries().toString();
    }
}
