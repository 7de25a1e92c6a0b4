package io.holdfast.membership.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.membership.core.NodeSets;
import io.holdfast.membership.core.VoterState;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoterStateCodecTest {
    private static final VoterState STATE =
            new VoterState(
                    new Term(3),
                    NodeSets.copyOf(List.of(new NodeId("a"), new NodeId("b2"))),
                    0x1122334455667788L,
                    true,
                    new LogPosition(new Term(2), 9),
                    600_000_000);

    @Test
    void theStateHasTheseBytesAndComesBack() {
        byte[] bytes = VoterStateCodec.encode(STATE);
        assertThat(HexFormat.of().formatHex(bytes, 0, bytes.length - 4))
                .isEqualTo(
                        "48465653"
                                + "00000001"
                                + "0000000000000003"
                                + "1122334455667788"
                                + "01"
                                + "0000000000000002"
                                + "0000000000000009"
                                + "0000000023c34600"
                                + "0002"
                                + "0161"
                                + "026232");
        assertThat(VoterStateCodec.decode(bytes, "voter")).isEqualTo(STATE);
        assertThat(VoterStateCodec.decode(VoterStateCodec.encode(VoterState.EMPTY), "voter"))
                .isEqualTo(VoterState.EMPTY);
    }

    @Test
    void anyDamageIsReportedWithTheFile() {
        byte[] bytes = VoterStateCodec.encode(STATE);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> VoterStateCodec.decode(damaged, "/state/voter"))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("/state/voter: voter state is damaged");
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] shorter = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> VoterStateCodec.decode(shorter, "/state/voter"))
                    .isInstanceOf(ProblemException.class);
        }
    }
}
