package io.holdfast.replication.simulation;

import io.holdfast.replication.core.VolumeGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A data disk with a volatile cache: each sector holds one number (a stamp). A crash of the process
 * loses nothing; a loss of power keeps, loses or tears by sectors each write that was not flushed.
 */
final class SimulatedVolumeDisk {
    /** A write that the cache may still lose. */
    static final class Write {
        private final int firstSector;
        private final long[] stamps;
        private boolean answered;

        private Write(int firstSector, long[] stamps) {
            this.firstSector = firstSector;
            this.stamps = stamps;
        }
    }

    private final long[] durable;
    private final long[] visible;
    private final List<Write> unflushed = new ArrayList<>();

    SimulatedVolumeDisk(long sizeBytes) {
        int sectors = (int) (sizeBytes / VolumeGeometry.SECTOR_BYTES);
        durable = new long[sectors];
        visible = new long[sectors];
    }

    long[] read(long offsetBytes, int lengthBytes) {
        long[] stamps = new long[lengthBytes / VolumeGeometry.SECTOR_BYTES];
        System.arraycopy(
                visible,
                (int) (offsetBytes / VolumeGeometry.SECTOR_BYTES),
                stamps,
                0,
                stamps.length);
        return stamps;
    }

    /** The write is visible at once; {@link #answer} it later. */
    Write write(long offsetBytes, long[] stamps) {
        int first = (int) (offsetBytes / VolumeGeometry.SECTOR_BYTES);
        System.arraycopy(stamps, 0, visible, first, stamps.length);
        Write write = new Write(first, stamps.clone());
        unflushed.add(write);
        return write;
    }

    void answer(Write write) {
        write.answered = true;
    }

    /** What a flush that begins now covers: the writes that were answered. */
    List<Write> beginFlush() {
        return unflushed.stream().filter(w -> w.answered).toList();
    }

    void endFlush(List<Write> covered) {
        for (Write write : covered) {
            if (unflushed.remove(write)) {
                System.arraycopy(write.stamps, 0, durable, write.firstSector, write.stamps.length);
            }
        }
    }

    /** The kernel finishes what a process had asked for when it died. */
    void finishWrites() {
        unflushed.forEach(w -> w.answered = true);
    }

    void losePower(SplittableRandom random) {
        for (Write write : unflushed) {
            int fate = random.nextInt(3);
            for (int i = 0; i < write.stamps.length; i++) {
                boolean kept = fate == 0 || (fate == 1 && random.nextBoolean());
                if (kept) {
                    durable[write.firstSector + i] = write.stamps[i];
                }
            }
        }
        unflushed.clear();
        System.arraycopy(durable, 0, visible, 0, durable.length);
    }

    long[] contents() {
        return visible.clone();
    }
}
