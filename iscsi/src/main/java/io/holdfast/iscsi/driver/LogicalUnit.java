package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.scsi.LogicalUnitModel;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.ParameterList;
import io.holdfast.iscsi.core.scsi.Plan;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import io.holdfast.replication.volume.BlockVolume;
import io.holdfast.replication.volume.IoCompletion;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/** A unit in service: the pure model behind a lock, and the volume. */
final class LogicalUnit {
    private final int number;
    private final BlockVolume volume;
    private final LunConfig config;
    private final LogicalUnitModel model;
    private final UnitKeeper keeper;
    private final RangeLocks ranges = new RangeLocks();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();

    LogicalUnit(
            int number,
            BlockVolume volume,
            LunConfig config,
            LogicalUnitModel model,
            UnitKeeper keeper) {
        this.number = number;
        this.volume = volume;
        this.config = config;
        this.model = model;
        this.keeper = keeper;
    }

    int number() {
        return number;
    }

    BlockVolume volume() {
        return volume;
    }

    LunConfig config() {
        return config;
    }

    /** Whether a write must be on stable storage before it is answered. */
    boolean throughToDisk(boolean forceUnitAccess) {
        return forceUnitAccess || !config.writeCache();
    }

    RangeLocks ranges() {
        return ranges;
    }

    Plan plan(ScsiCommand command, Nexus nexus, List<Integer> luns) {
        synchronized (model) {
            return model.plan(command, nexus, luns);
        }
    }

    Plan planWithParameters(ScsiCommand command, ParameterList list, Nexus nexus) {
        synchronized (model) {
            return model.planWithParameters(command, list, nexus);
        }
    }

    boolean descriptorSense() {
        synchronized (model) {
            return model.descriptorSense();
        }
    }

    /** Changes the model; what must outlive this process is kept, without waiting for it. */
    void update(Consumer<LogicalUnitModel> change) {
        synchronized (model) {
            long before = model.keptChanges();
            change.accept(model);
            if (model.keptChanges() == before) {
                return;
            }
        }
        whenKept(status -> {});
    }

    /** Completes when all that this unit remembers now would be known after a crash. */
    void whenKept(IoCompletion completion) {
        keeper.keep(this, query(LogicalUnitModel::keptChanges), completion);
    }

    /** The connections of the target's sessions, for whoever takes over. */
    void connectionsChanged(List<ConnectionEnds> connections) {
        keeper.connectionsChanged(this, connections);
    }

    <T> T query(Function<LogicalUnitModel, T> question) {
        synchronized (model) {
            return question.apply(model);
        }
    }

    void countRead(long bytes) {
        reads.increment();
        readBytes.add(bytes);
    }

    void countWrite(long bytes) {
        writes.increment();
        writtenBytes.add(bytes);
    }

    TargetStatus.Lun status() {
        return new TargetStatus.Lun(
                number,
                volume.id().name(),
                volume.sizeBytes(),
                config,
                reads.sum(),
                writes.sum(),
                readBytes.sum(),
                writtenBytes.sum());
    }
}
