package io.holdfast.membership.codec;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.core.Announcement;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A coordinator's announcement as bytes, big-endian: term (8), members, coordinator, latest
 * position (16), whether a holder follows (1), holder.
 */
public final class AnnouncementCodec {
    private static final int LARGEST_BYTES = 17 * 1024;

    private AnnouncementCodec() {}

    public static ByteBuffer encode(Announcement announcement) {
        ByteBuffer out = ByteBuffer.allocate(LARGEST_BYTES);
        out.putLong(announcement.term().number());
        Wire.putNodes(out, announcement.members());
        Wire.putNode(out, announcement.coordinator());
        Wire.putPosition(out, announcement.latest());
        out.put((byte) (announcement.latestHolder().isPresent() ? 1 : 0));
        announcement.latestHolder().ifPresent(holder -> Wire.putNode(out, holder));
        return out.flip();
    }

    /** Empty for anything that {@link #encode} does not write. */
    public static Optional<Announcement> decode(ByteBuffer in) {
        try {
            Term term = new Term(in.getLong());
            SortedSet<NodeId> members = Wire.getNodes(in);
            NodeId coordinator = Wire.getNode(in);
            LogPosition latest = Wire.getPosition(in);
            Optional<NodeId> holder =
                    in.get() == 0 ? Optional.empty() : Optional.of(Wire.getNode(in));
            return in.hasRemaining()
                    ? Optional.empty()
                    : Optional.of(new Announcement(term, members, coordinator, latest, holder));
        } catch (BufferUnderflowException | IllegalStateException | ProblemException e) {
            return Optional.empty();
        }
    }
}
