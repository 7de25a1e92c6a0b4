package io.holdfast.simulator;

import io.holdfast.base.Invariant;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's disk: named files whose writes are volatile until synced. A crash keeps, loses or tears
 * each unsynced write on its own, in any combination, as a drive's cache does: a later write may
 * survive an earlier one. {@link #replace} is the write-aside, sync, rename of file systems: old or
 * new, never torn.
 */
public final class SimulatedDisk {
    private static final int SECTOR_BYTES = 512;

    /** A change that a crash may lose. */
    private static final class Change {
        final String file;
        final int offset;
        final byte[] bytes;
        final boolean replacesFile;

        Change(String file, int offset, byte[] bytes, boolean replacesFile) {
            this.file = file;
            this.offset = offset;
            this.bytes = bytes;
            this.replacesFile = replacesFile;
        }
    }

    private final SimulatedNode node;
    private final Map<String, byte[]> durable = new TreeMap<>();
    private final Map<String, byte[]> visible = new TreeMap<>();
    private final NavigableMap<Long, Change> unsynced = new TreeMap<>();
    private long nextChange;
    private long lowestSyncNanos = 50_000;
    private long highestSyncNanos = 2_000_000;

    SimulatedDisk(SimulatedNode node) {
        this.node = node;
    }

    /** How long a sync takes, drawn for each. */
    public void setSyncDelay(long lowestNanos, long highestNanos) {
        lowestSyncNanos = lowestNanos;
        highestSyncNanos = highestNanos;
    }

    /**
     * Writes into a file, which grows as needed; visible to reads at once, durable after a sync.
     */
    public void write(String file, int offset, byte[] bytes) {
        Invariant.check(offset >= 0, "offset %d of %s", offset, file);
        accept(new Change(file, offset, bytes.clone(), false));
    }

    /** Replaces a file as a whole; after a crash before the sync it is the old or the new one. */
    public void replace(String file, byte[] bytes) {
        accept(new Change(file, 0, bytes.clone(), true));
    }

    /** Makes all writes so far durable; {@code whenDurable} runs on the node when they are. */
    public void sync(Runnable whenDurable) {
        long beforeChange = nextChange;
        node.scheduleAfterTrueNanos(
                node.simulation().randomNanos(lowestSyncNanos, highestSyncNanos),
                () -> {
                    makeDurable(beforeChange);
                    whenDurable.run();
                });
    }

    /** Makes all writes so far durable at once: for software that blocks in fsync. */
    public void syncNow() {
        makeDurable(nextChange);
    }

    /** A file as its node sees it, unsynced writes included; empty when there is none. */
    public Optional<byte[]> read(String file) {
        return Optional.ofNullable(visible.get(file)).map(byte[]::clone);
    }

    /** Loses a file, as when somebody replaced the disk. */
    public void delete(String file) {
        unsynced.values().removeIf(change -> change.file.equals(file));
        durable.remove(file);
        visible.remove(file);
    }

    void loseUnsyncedWrites() {
        Simulation simulation = node.simulation();
        for (Change change : unsynced.values()) {
            switch (simulation.random().nextInt(3)) {
                case 0 -> simulation.note(node.id() + " lost a write to " + change.file);
                case 1 -> apply(durable, change);
                default -> tear(change);
            }
        }
        unsynced.clear();
        visible.clear();
        durable.forEach((file, bytes) -> visible.put(file, bytes.clone()));
    }

    /** Of a torn write, each sector is old or new on its own. */
    private void tear(Change change) {
        if (change.replacesFile) {
            return;
        }
        node.simulation().note(node.id() + " tore a write to " + change.file);
        for (int from = 0; from < change.bytes.length; from += SECTOR_BYTES) {
            int to = Math.min(from + SECTOR_BYTES, change.bytes.length);
            if (node.simulation().random().nextBoolean()) {
                byte[] sector = Arrays.copyOfRange(change.bytes, from, to);
                apply(durable, new Change(change.file, change.offset + from, sector, false));
            }
        }
    }

    private void accept(Change change) {
        apply(visible, change);
        unsynced.put(nextChange++, change);
    }

    private void makeDurable(long beforeChange) {
        NavigableMap<Long, Change> covered = unsynced.headMap(beforeChange, false);
        covered.values().forEach(change -> apply(durable, change));
        covered.clear();
    }

    private static void apply(Map<String, byte[]> files, Change change) {
        if (change.replacesFile) {
            files.put(change.file, change.bytes.clone());
            return;
        }
        byte[] old = files.getOrDefault(change.file, new byte[0]);
        int end = change.offset + change.bytes.length;
        byte[] next = Arrays.copyOf(old, Math.max(old.length, end));
        System.arraycopy(change.bytes, 0, next, change.offset, change.bytes.length);
        files.put(change.file, next);
    }
}
