package io.holdfast.executor.builtin;

import io.holdfast.api.message.LunState;
import io.holdfast.api.message.LunStatus;
import io.holdfast.api.message.StorageRequest.LunAdd;
import io.holdfast.api.message.StorageRequest.LunRemove;
import io.holdfast.api.message.StorageRequest.LunStatusQuery;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentMetadata.Parameter;
import io.holdfast.executor.agent.AgentResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code ocf:heartbeat:SCSTLun} and {@code ocf:heartbeat:iSCSILogicalUnit}: a LUN of a target that
 * shows a volume.
 */
final class LogicalUnitAgent implements Agent {
    /** SAM single-level addressing of 14 bits. */
    private static final int MAX_LUN = 16_383;

    /** Parameters that are handed on as options under their own names. */
    private static final List<String> HANDED_ON =
            List.of(
                    "device_name",
                    "handler",
                    "scsi_id",
                    "scsi_sn",
                    "vendor_id",
                    "product_id",
                    "allowed_initiators");

    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "a LUN of an iSCSI target",
                    List.of(
                            Parameter.optional("iqn", "", "its target (SCSTLun)"),
                            Parameter.optional("target_iqn", "", "its target (iSCSILogicalUnit)"),
                            Parameter.required("lun", "its number"),
                            Parameter.required("path", "the device: a volume's, or its name"),
                            Parameter.optional("device_name", "", "its name (SCSTLun)"),
                            Parameter.optional("handler", "", "vdisk_fileio, vdisk_blockio, disk"),
                            Parameter.optional("scsi_id", "", "T10 vendor identification"),
                            Parameter.optional("scsi_sn", "", "serial number"),
                            Parameter.optional("vendor_id", "", "vendor, 8 characters"),
                            Parameter.optional("product_id", "", "product, 16 characters"),
                            Parameter.optional("additional_parameters", "", "NAME=VALUE …")),
                    Map.of(
                            Task.START, Duration.ofSeconds(10),
                            Task.STOP, Duration.ofSeconds(10),
                            Task.MONITOR, Duration.ofSeconds(10)));

    private final StorageDaemon storage;

    LogicalUnitAgent(StorageDaemon storage) {
        this.storage = storage;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        String iqn = iqn(call);
        int lun = call.number("lun", 0, MAX_LUN).orElseThrow(() -> missing("lun"));
        return switch (call.task()) {
            case START -> {
                storage.ask(call, new LunAdd(iqn, lun, call.required("path"), options(call)));
                yield AgentResult.OK;
            }
            case STOP -> {
                storage.askIfRunning(call, new LunRemove(iqn, lun));
                yield AgentResult.OK;
            }
            case MONITOR -> monitor(call, iqn, lun);
            case VALIDATE_ALL -> {
                call.required("path");
                options(call);
                yield AgentResult.OK;
            }
            default -> Unimplemented.answer(call);
        };
    }

    private AgentResult monitor(AgentCall call, String iqn, int lun) {
        Optional<LunStatus> status =
                storage.askIfRunning(call, new LunStatusQuery(iqn, lun)).map(LunState::lun);
        if (status.isEmpty()) {
            return AgentResult.NOT_RUNNING;
        }
        return status.get().serving()
                ? AgentResult.OK
                : AgentResult.failed(
                        "volume " + status.get().backing() + " is not Primary on this node");
    }

    private static SortedMap<String, String> options(AgentCall call) {
        TreeMap<String, String> options = new TreeMap<>(Options.of(call, "additional_parameters"));
        for (String name : HANDED_ON) {
            call.parameter(name).ifPresent(value -> options.put(name, value));
        }
        return options;
    }

    private static String iqn(AgentCall call) {
        return call.parameter("target_iqn")
                .or(() -> call.parameter("iqn"))
                .orElseThrow(() -> missing("target_iqn (or iqn)"));
    }

    private static AgentException missing(String name) {
        return AgentException.notConfigured("parameter " + name + " is missing");
    }
}
