package io.holdfast.membership.simulation;

import io.holdfast.base.LogPosition;
import io.holdfast.base.Term;
import io.holdfast.membership.simulation.Packet.Entry;
import io.holdfast.simulator.SimulatedDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A configuration log on a simulated disk, always written as a whole. */
final class SimulatedLog {
    static final String FILE = "log";
    private static final int ENTRY_BYTES = 3 * Long.BYTES;

    private final SimulatedDisk disk;
    private List<Entry> entries;
    private List<Entry> durable;

    SimulatedLog(SimulatedDisk disk) {
        this.disk = disk;
        this.entries = disk.read(FILE).map(SimulatedLog::decode).orElse(List.of());
        this.durable = entries;
    }

    List<Entry> entries() {
        return durable;
    }

    /** Of the last durable entry. */
    LogPosition position() {
        return durable.isEmpty() ? LogPosition.NONE : durable.getLast().position();
    }

    boolean isDurable(List<Entry> log) {
        return durable.equals(log);
    }

    void write(List<Entry> log, Runnable whenDurable) {
        entries = List.copyOf(log);
        List<Entry> written = entries;
        disk.replace(FILE, encode(written));
        disk.sync(
                () -> {
                    durable = written;
                    whenDurable.run();
                });
    }

    private static byte[] encode(List<Entry> log) {
        ByteBuffer out = ByteBuffer.allocate(log.size() * ENTRY_BYTES);
        for (Entry entry : log) {
            out.putLong(entry.position().term().number());
            out.putLong(entry.position().sequence());
            out.putLong(entry.id());
        }
        return out.array();
    }

    private static List<Entry> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Entry> log = new ArrayList<>();
        while (in.hasRemaining()) {
            LogPosition position = new LogPosition(new Term(in.getLong()), in.getLong());
            log.add(new Entry(position, in.getLong()));
        }
        return List.copyOf(log);
    }
}
