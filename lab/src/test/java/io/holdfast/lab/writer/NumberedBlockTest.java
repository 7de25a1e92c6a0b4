package io.holdfast.lab.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class NumberedBlockTest {
    private static final NumberedBlock BLOCK = new NumberedBlock(3, 42, 1000);

    @Test
    void whatWasWrittenIsReadBack() {
        assertThat(NumberedBlock.decode(encoded())).isEqualTo(BLOCK);
    }

    @Test
    void anyChangedByteIsSeen() {
        for (int i = 0; i < NumberedBlock.BYTES; i += 7) {
            ByteBuffer bytes = encoded();
            bytes.put(i, (byte) ~bytes.get(i));
            assertThatThrownBy(() -> NumberedBlock.decode(bytes))
                    .as("byte %d", i)
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void aTornBlockIsSeen() {
        ByteBuffer torn = encoded();
        ByteBuffer other = ByteBuffer.allocate(NumberedBlock.BYTES);
        new NumberedBlock(3, 43, 1000).encode(other);
        torn.put(512, other, 512, NumberedBlock.BYTES - 512);
        assertThatThrownBy(() -> NumberedBlock.decode(torn)).hasMessageContaining("checksum");
    }

    @Test
    void everyTruncationIsSeen() {
        for (int length = 0; length < NumberedBlock.BYTES; length += 13) {
            ByteBuffer cut = encoded().slice(0, length);
            assertThatThrownBy(() -> NumberedBlock.decode(cut))
                    .isInstanceOf(ProblemException.class);
        }
    }

    private static ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(NumberedBlock.BYTES);
        BLOCK.encode(bytes);
        return bytes;
    }
}
