package io.holdfast.membership.codec;

import io.holdfast.base.InvariantViolation;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterRequest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Messages as bytes, big-endian: a kind (1), then its fields. Numbers of requests and terms are 8
 * bytes, names a length (1) and UTF-8, sets a count (2) and names.
 */
public final class MessageCodec {
    private static final byte HEARTBEAT = 1;
    private static final byte GOODBYE = 2;
    private static final byte GROUP_PACKET = 3;
    private static final byte PROPOSAL = 16;
    private static final byte LEASE_REQUEST = 17;
    private static final byte ANCHOR_REQUEST = 18;
    private static final byte PROPOSAL_ACCEPTED = 32;
    private static final byte PROPOSAL_REJECTED = 33;
    private static final byte LEASE_GRANTED = 34;
    private static final byte LEASE_REFUSED = 35;
    private static final byte POSITION_ANCHORED = 36;
    private static final byte POSITION_REFUSED = 37;

    /** No message but a group packet is longer: a proposal of 256 names of 63 bytes. */
    private static final int LARGEST_BYTES = 17 * 1024;

    private MessageCodec() {}

    public static ByteBuffer encode(Message message) {
        if (message instanceof Message.GroupPacket packet) {
            ByteBuffer bytes = packet.bytes().duplicate();
            return ByteBuffer.allocate(1 + bytes.remaining()).put(GROUP_PACKET).put(bytes).flip();
        }
        ByteBuffer out = ByteBuffer.allocate(LARGEST_BYTES);
        switch (message) {
            case Message.Heartbeat heartbeat -> out.put(HEARTBEAT).put((byte) heartbeat.ring());
            case Message.Goodbye _ -> out.put(GOODBYE);
            case Message.Request request -> putRequest(out, request.request());
            case Message.Answer answer -> putAnswer(out, answer.answer());
            case Message.GroupPacket _ -> throw new InvariantViolation("handled above");
        }
        return out.flip();
    }

    /** Empty for anything that {@link #encode} does not write: unknown, cut short or too long. */
    public static Optional<Message> decode(ByteBuffer in) {
        try {
            byte kind = in.get();
            if (kind == GROUP_PACKET) {
                return Optional.of(new Message.GroupPacket(in.slice()));
            }
            Optional<Message> message = decodeFields(kind, in);
            return in.hasRemaining() ? Optional.empty() : message;
        } catch (BufferUnderflowException | IllegalStateException | ProblemException e) {
            return Optional.empty();
        }
    }

    private static Optional<Message> decodeFields(byte kind, ByteBuffer in) {
        return switch (kind) {
            case HEARTBEAT -> Optional.of(new Message.Heartbeat(Byte.toUnsignedInt(in.get())));
            case GOODBYE -> Optional.of(new Message.Goodbye());
            case PROPOSAL -> request(getProposal(in));
            case LEASE_REQUEST ->
                    request(
                            new VoterRequest.LeaseRequest(
                                    in.getLong(), Wire.getNode(in), getTerm(in), in.getLong()));
            case ANCHOR_REQUEST ->
                    request(
                            new VoterRequest.AnchorRequest(
                                    in.getLong(), getTerm(in), Wire.getPosition(in)));
            case PROPOSAL_ACCEPTED ->
                    answer(
                            new VoterAnswer.ProposalAccepted(
                                    in.getLong(), Wire.getPosition(in), in.get() != 0));
            case PROPOSAL_REJECTED ->
                    answer(new VoterAnswer.ProposalRejected(in.getLong(), getTerm(in)));
            case LEASE_GRANTED -> answer(new VoterAnswer.LeaseGranted(in.getLong()));
            case LEASE_REFUSED -> answer(new VoterAnswer.LeaseRefused(in.getLong(), getTerm(in)));
            case POSITION_ANCHORED -> answer(new VoterAnswer.PositionAnchored(in.getLong()));
            case POSITION_REFUSED ->
                    answer(new VoterAnswer.PositionRefused(in.getLong(), getTerm(in)));
            default -> Optional.empty();
        };
    }

    private static void putRequest(ByteBuffer out, VoterRequest request) {
        switch (request) {
            case VoterRequest.Proposal proposal -> {
                out.put(PROPOSAL).putLong(proposal.number()).putLong(proposal.term().number());
                Wire.putNode(out, proposal.proposer());
                Wire.putNodes(out, proposal.members());
            }
            case VoterRequest.LeaseRequest lease -> {
                out.put(LEASE_REQUEST).putLong(lease.number());
                Wire.putNode(out, lease.node());
                out.putLong(lease.term().number()).putLong(lease.durationNanos());
            }
            case VoterRequest.AnchorRequest anchor -> {
                out.put(ANCHOR_REQUEST).putLong(anchor.number());
                out.putLong(anchor.viewTerm().number());
                Wire.putPosition(out, anchor.position());
            }
        }
    }

    private static void putAnswer(ByteBuffer out, VoterAnswer answer) {
        switch (answer) {
            case VoterAnswer.ProposalAccepted accepted -> {
                out.put(PROPOSAL_ACCEPTED).putLong(accepted.number());
                Wire.putPosition(out, accepted.position());
                out.put((byte) (accepted.remembers() ? 1 : 0));
            }
            case VoterAnswer.ProposalRejected rejected ->
                    out.put(PROPOSAL_REJECTED)
                            .putLong(rejected.number())
                            .putLong(rejected.knownTerm().number());
            case VoterAnswer.LeaseGranted granted ->
                    out.put(LEASE_GRANTED).putLong(granted.number());
            case VoterAnswer.LeaseRefused refused ->
                    out.put(LEASE_REFUSED)
                            .putLong(refused.number())
                            .putLong(refused.acceptedTerm().number());
            case VoterAnswer.PositionAnchored anchored ->
                    out.put(POSITION_ANCHORED).putLong(anchored.number());
            case VoterAnswer.PositionRefused refused ->
                    out.put(POSITION_REFUSED)
                            .putLong(refused.number())
                            .putLong(refused.acceptedTerm().number());
        }
    }

    private static VoterRequest.Proposal getProposal(ByteBuffer in) {
        long number = in.getLong();
        Term term = getTerm(in);
        NodeId proposer = Wire.getNode(in);
        SortedSet<NodeId> members = Wire.getNodes(in);
        return new VoterRequest.Proposal(number, term, members, proposer);
    }

    private static Term getTerm(ByteBuffer in) {
        return new Term(in.getLong());
    }

    private static Optional<Message> request(VoterRequest request) {
        return Optional.of(new Message.Request(request));
    }

    private static Optional<Message> answer(VoterAnswer answer) {
        return Optional.of(new Message.Answer(answer));
    }
}
