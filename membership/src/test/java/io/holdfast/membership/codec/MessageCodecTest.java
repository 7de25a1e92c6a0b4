package io.holdfast.membership.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import io.holdfast.membership.core.Announcement;
import io.holdfast.membership.core.NodeSets;
import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b2");
    private static final LogPosition POSITION = new LogPosition(new Term(6), 7);

    record Golden(Message message, String hex) {}

    static List<Golden> golden() {
        return List.of(
                new Golden(new Message.Heartbeat(1), "0101"),
                new Golden(new Message.Goodbye(), "02"),
                new Golden(new Message.GroupPacket(ByteBuffer.wrap(new byte[] {9, 8})), "030908"),
                new Golden(
                        new Message.Request(
                                new VoterRequest.Proposal(
                                        5, new Term(6), NodeSets.copyOf(List.of(B, A)), A)),
                        "10"
                                + "0000000000000005"
                                + "0000000000000006"
                                + "0161"
                                + "0002"
                                + "0161"
                                + "026232"),
                new Golden(
                        new Message.Request(
                                new VoterRequest.LeaseRequest(5, B, new Term(6), 600_000_000)),
                        "11"
                                + "0000000000000005"
                                + "026232"
                                + "0000000000000006"
                                + "0000000023c34600"),
                new Golden(
                        new Message.Request(
                                new VoterRequest.AnchorRequest(5, new Term(8), POSITION)),
                        "12"
                                + "0000000000000005"
                                + "0000000000000008"
                                + "0000000000000006"
                                + "0000000000000007"),
                new Golden(
                        new Message.Answer(new VoterAnswer.ProposalAccepted(5, POSITION, true)),
                        "20" + "0000000000000005" + "0000000000000006" + "0000000000000007" + "01"),
                new Golden(
                        new Message.Answer(new VoterAnswer.ProposalRejected(5, new Term(9))),
                        "21" + "0000000000000005" + "0000000000000009"),
                new Golden(
                        new Message.Answer(new VoterAnswer.LeaseGranted(5)),
                        "22" + "0000000000000005"),
                new Golden(
                        new Message.Answer(new VoterAnswer.LeaseRefused(5, new Term(9))),
                        "23" + "0000000000000005" + "0000000000000009"),
                new Golden(
                        new Message.Answer(new VoterAnswer.PositionAnchored(5)),
                        "24" + "0000000000000005"),
                new Golden(
                        new Message.Answer(new VoterAnswer.PositionRefused(5, new Term(9))),
                        "25" + "0000000000000005" + "0000000000000009"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void aMessageHasTheseBytesAndComesBack(Golden golden) {
        ByteBuffer bytes = MessageCodec.encode(golden.message());
        assertThat(hex(bytes)).isEqualTo(golden.hex());
        assertThat(MessageCodec.decode(bytes)).contains(golden.message());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void aMessageCutShortOrTooLongIsNone(Golden golden) {
        if (golden.message() instanceof Message.GroupPacket) {
            return; // Has no end of its own.
        }
        byte[] bytes = HexFormat.of().parseHex(golden.hex());
        for (int length = 0; length < bytes.length; length++) {
            assertThat(MessageCodec.decode(ByteBuffer.wrap(bytes, 0, length).slice())).isEmpty();
        }
        byte[] longer = HexFormat.of().parseHex(golden.hex() + "00");
        assertThat(MessageCodec.decode(ByteBuffer.wrap(longer))).isEmpty();
    }

    @Test
    void whatNoVoterMaySayIsNone() {
        assertThat(decode("7f")).as("an unknown kind").isEmpty();
        assertThat(decode("21" + "0000000000000005" + "8000000000000000"))
                .as("a negative term")
                .isEmpty();
        assertThat(
                        decode(
                                "11"
                                        + "0000000000000005"
                                        + "022f2e"
                                        + "0000000000000006"
                                        + "00".repeat(8)))
                .as("a name that is a path")
                .isEmpty();
        assertThat(
                        decode(
                                "10"
                                        + "0000000000000005"
                                        + "0000000000000006"
                                        + "0161"
                                        + "0001"
                                        + "026232"))
                .as("a proposer who is no member")
                .isEmpty();
        assertThat(decode("10" + "0000000000000005" + "0000000000000006" + "0161" + "ffff"))
                .as("more members than a cluster has")
                .isEmpty();
    }

    @Test
    void aProposalOfTheLargestClusterFits() {
        List<NodeId> many = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            many.add(new NodeId(String.format("n%062d", i)));
        }
        Message message =
                new Message.Request(
                        new VoterRequest.Proposal(
                                1, new Term(1), NodeSets.copyOf(many), many.getFirst()));
        assertThat(MessageCodec.decode(MessageCodec.encode(message))).contains(message);
    }

    @Test
    void anAnnouncementComesBackWithAndWithoutAHolder() {
        for (Optional<NodeId> holder : List.of(Optional.<NodeId>empty(), Optional.of(B))) {
            Announcement announcement =
                    new Announcement(
                            new Term(3), NodeSets.copyOf(List.of(A, B)), A, POSITION, holder);
            ByteBuffer bytes = AnnouncementCodec.encode(announcement);
            assertThat(AnnouncementCodec.decode(bytes.duplicate())).contains(announcement);
            for (int length = 0; length < bytes.limit(); length++) {
                assertThat(AnnouncementCodec.decode(bytes.duplicate().limit(length))).isEmpty();
            }
        }
    }

    private static Optional<Message> decode(String hex) {
        return MessageCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array(), bytes.position(), bytes.limit());
    }
}
