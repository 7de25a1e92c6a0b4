package io.holdfast.iscsi.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.UnitNotes;
import io.holdfast.iscsi.codec.UnitNotesCodec;
import io.holdfast.iscsi.core.scsi.KeptState;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import io.holdfast.replication.volume.IoCompletion;
import io.holdfast.replication.volume.IoStatus;
import io.holdfast.replication.volume.VolumeNotes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a logical unit remembers in the notes of its volume (docs/adr/0004). Each store is of
 * the whole state as it is when it begins; the notes join stores that meet.
 */
final class UnitKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(UnitKeeper.class);

    private final String volume;
    private final Optional<VolumeNotes> notes;
    private final AtomicLong keptChanges = new AtomicLong();
    private volatile List<ConnectionEnds> connections = List.of();

    UnitKeeper(String volume, Optional<VolumeNotes> notes) {
        this.volume = volume;
        this.notes = notes;
    }

    boolean keeps() {
        return notes.isPresent();
    }

    /**
     * What was kept last.
     *
     * @throws ProblemException when it cannot be understood; it is left as it is
     */
    UnitNotes load() {
        try {
            UnitNotes loaded = UnitNotesCodec.decode(notes.map(VolumeNotes::load).orElse(NOTHING));
            connections = loaded.connections();
            return loaded;
        } catch (MalformedPduException e) {
            throw new ProblemException(
                    new Problem(
                            "the unit cannot be served",
                            volume,
                            String.valueOf(e.getMessage()),
                            "serve it with the version of Holdfast that wrote them; without them"
                                    + " a reservation might be forgotten"),
                    e);
        }
    }

    private static final byte[] NOTHING = new byte[0];

    /** Completes at once when these changes are kept already, or cannot be. */
    void keep(LogicalUnit unit, long changes, IoCompletion completion) {
        if (notes.isEmpty() || changes <= keptChanges.get()) {
            completion.done(IoStatus.OK);
            return;
        }
        store(unit, completion);
    }

    /** Sessions came or went; nobody waits for it to be kept. */
    void connectionsChanged(LogicalUnit unit, List<ConnectionEnds> now) {
        connections = now;
        store(unit, status -> {});
    }

    private void store(LogicalUnit unit, IoCompletion completion) {
        if (notes.isEmpty()) {
            completion.done(IoStatus.OK);
            return;
        }
        record Snapshot(KeptState state, long changes) {}
        Snapshot now = unit.query(model -> new Snapshot(model.kept(), model.keptChanges()));
        notes.get()
                .store(
                        UnitNotesCodec.encode(new UnitNotes(now.state(), connections)),
                        status -> {
                            if (status == IoStatus.OK) {
                                keptChanges.accumulateAndGet(now.changes(), Math::max);
                            } else if (status != IoStatus.NOT_PRIMARY) {
                                LOG.error("what SCSI says of {} is not kept: {}", volume, status);
                            }
                            completion.done(status);
                        });
    }
}
