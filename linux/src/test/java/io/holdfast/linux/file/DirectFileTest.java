package io.holdfast.linux.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.base.InvariantViolation;
import io.holdfast.linux.file.DirectFile.Option;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectFileTest {
    private static final int BLOCK = 4096;

    @TempDir Path directory;

    @Test
    void whatIsWrittenIsReadBackAndTheBufferIsLeftAsItWas() {
        try (DirectFile file = newFile(8 * BLOCK)) {
            ByteBuffer data = filled(2 * BLOCK, (byte) 7);
            assertThat(file.write(BLOCK, data)).isEqualTo(BlockFile.DONE);
            assertThat(data.remaining()).isEqualTo(2 * BLOCK);
            assertThat(file.sync()).isEqualTo(BlockFile.DONE);

            ByteBuffer back = AlignedBufferPool.allocate(4 * BLOCK);
            assertThat(file.read(0, back)).isEqualTo(BlockFile.DONE);
            assertThat(back.get(BLOCK - 1)).isZero();
            assertThat(back.get(BLOCK)).isEqualTo((byte) 7);
            assertThat(back.get(3 * BLOCK - 1)).isEqualTo((byte) 7);
            assertThat(back.get(3 * BLOCK)).isZero();
        }
    }

    @Test
    void onlyTheRangeFromPositionToLimitIsUsed() {
        try (DirectFile file = newFile(4 * BLOCK)) {
            ByteBuffer data = filled(3 * BLOCK, (byte) 1);
            data.position(BLOCK).limit(2 * BLOCK);
            assertThat(file.write(2 * BLOCK, data)).isEqualTo(BlockFile.DONE);
            ByteBuffer back = AlignedBufferPool.allocate(4 * BLOCK);
            assertThat(file.read(0, back)).isEqualTo(BlockFile.DONE);
            assertThat(back.get(2 * BLOCK - 1)).isZero();
            assertThat(back.get(2 * BLOCK)).isEqualTo((byte) 1);
            assertThat(back.get(3 * BLOCK)).isZero();
        }
    }

    @Test
    void readingPastTheEndIsToldApartFromAnErrno() {
        try (DirectFile file = newFile(BLOCK)) {
            assertThat(file.read(BLOCK, AlignedBufferPool.allocate(BLOCK)))
                    .isEqualTo(BlockFile.PAST_END);
        }
    }

    @Test
    void aMisalignedRequestIsABugOfTheCaller() {
        try (DirectFile file = newFile(4 * BLOCK)) {
            assumeTrue(file.alignmentBytes() >= 512, "no O_DIRECT in " + directory);
            assertThatThrownBy(() -> file.read(17, AlignedBufferPool.allocate(BLOCK)))
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("no multiple of");
            ByteBuffer odd = AlignedBufferPool.allocate(2 * BLOCK);
            odd.position(8).limit(8 + BLOCK);
            assertThat(DirectFile.isAligned(odd, 512)).isFalse();
            assertThatThrownBy(() -> file.write(0, odd)).isInstanceOf(InvariantViolation.class);
        }
    }

    @Test
    void aPunchedHoleReadsAsZerosAndAnAllocatedRangeTakesSpace() {
        try (DirectFile file = newFile(16 * BLOCK)) {
            assertThat(file.write(0, filled(16 * BLOCK, (byte) 9))).isEqualTo(BlockFile.DONE);
            assertThat(file.punchHole(4 * BLOCK, 8 * BLOCK)).isEqualTo(BlockFile.DONE);
            ByteBuffer back = AlignedBufferPool.allocate(16 * BLOCK);
            assertThat(file.read(0, back)).isEqualTo(BlockFile.DONE);
            assertThat(back.get(4 * BLOCK - 1)).isEqualTo((byte) 9);
            assertThat(back.get(4 * BLOCK)).isZero();
            assertThat(back.get(12 * BLOCK)).isEqualTo((byte) 9);
            assertThat(file.allocate(0, 32 * BLOCK)).isEqualTo(BlockFile.DONE);
            assertThat(file.sizeBytes()).isEqualTo(32 * BLOCK);
        }
    }

    @Test
    void aFullDeviceIsToldByItsErrno() {
        // /dev/full is the one disk on every machine that is always full.
        try (DirectFile full = DirectFile.open(Path.of("/dev/full"), Option.BUFFERED)) {
            assertThat(full.write(0, filled(BLOCK, (byte) 1))).isEqualTo(Errno.ENOSPC.number());
        }
    }

    @Test
    void aFileThatIsNotThereIsNamedWithARemedy() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> DirectFile.open(missing))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("ENOENT");
        assertThat(Files.exists(missing)).isFalse();
    }

    @Test
    void aLockedFileCannotBeLockedAgainUntilItIsClosed() {
        Path path = directory.resolve("disk");
        DirectFile one = DirectFile.open(path, Option.CREATE);
        try (DirectFile other = DirectFile.open(path)) {
            assertThat(one.tryLock()).isTrue();
            assertThat(other.tryLock()).isFalse();
            one.close();
            assertThat(other.tryLock()).isTrue();
        }
    }

    @Test
    void aPoolGivesAlignedBuffersUntilAllAreTaken() {
        AlignedBufferPool pool = new AlignedBufferPool(2 * BLOCK, 2);
        ByteBuffer one = pool.acquire();
        ByteBuffer two = pool.acquire();
        assertThat(DirectFile.isAligned(one, BLOCK)).isTrue();
        assertThat(DirectFile.isAligned(two, BLOCK)).isTrue();
        assertThat(pool.acquire()).isNull();
        one.position(5);
        pool.release(one);
        assertThat(pool.acquire()).isSameAs(one);
        assertThat(one.position()).isZero();
    }

    private DirectFile newFile(long size) {
        DirectFile file = DirectFile.open(directory.resolve("disk"), Option.CREATE, Option.NEW);
        assertThat(file.resize(size)).isEqualTo(BlockFile.DONE);
        return file;
    }

    private static ByteBuffer filled(int bytes, byte value) {
        ByteBuffer buffer = AlignedBufferPool.allocate(bytes);
        byte[] content = new byte[bytes];
        Arrays.fill(content, value);
        buffer.put(content).flip();
        return buffer;
    }

    @Test
    void whatWasJustWrittenThroughThePageCacheIsReadWithoutWaiting(@TempDir Path folder) {
        try (DirectFile file =
                DirectFile.open(
                        folder.resolve("cached"),
                        DirectFile.Option.CREATE,
                        DirectFile.Option.BUFFERED)) {
            ByteBuffer written = ByteBuffer.allocateDirect(4096).putLong(0, 42);
            assertThat(file.write(8192, written)).isEqualTo(BlockFile.DONE);
            ByteBuffer read = ByteBuffer.allocateDirect(4096);
            // A filesystem may refuse to say; it must not claim what it did not read.
            assertThat(!file.readCached(8192, read) || read.getLong(0) == 42).isTrue();
            assertThat(file.readCached(1 << 20, read)).isFalse();
            assertThat(file.nextData(0)).isIn(0L, 8192L);
            assertThat(file.nextHole(8192)).isEqualTo(12_288);
        }
    }
}
