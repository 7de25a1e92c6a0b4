package io.holdfast.membership.codec;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.NodeSets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/** The small things that all messages are made of; bounded before they are believed. */
final class Wire {
    /** More nodes than any cluster has. */
    private static final int MOST_NODES = 256;

    private Wire() {}

    static void putNode(ByteBuffer out, NodeId node) {
        byte[] name = node.name().getBytes(StandardCharsets.UTF_8);
        out.put((byte) name.length).put(name);
    }

    static NodeId getNode(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] name = new byte[length];
        in.get(name);
        return new NodeId(new String(name, StandardCharsets.UTF_8));
    }

    static void putNodes(ByteBuffer out, Collection<NodeId> nodes) {
        out.putShort((short) nodes.size());
        nodes.forEach(node -> putNode(out, node));
    }

    static SortedSet<NodeId> getNodes(ByteBuffer in) {
        int count = Short.toUnsignedInt(in.getShort());
        if (count > MOST_NODES) {
            throw new IllegalStateException("too many nodes: " + count);
        }
        List<NodeId> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(getNode(in));
        }
        return NodeSets.copyOf(nodes);
    }

    static void putPosition(ByteBuffer out, LogPosition position) {
        out.putLong(position.term().number()).putLong(position.sequence());
    }

    static LogPosition getPosition(ByteBuffer in) {
        Term term = new Term(in.getLong());
        return new LogPosition(term, in.getLong());
    }
}
