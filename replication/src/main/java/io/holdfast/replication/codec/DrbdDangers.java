package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdSettings.Setting;
import java.util.HashSet;
import java.util.Set;

/** Tells of obeyed settings that can lose data, alone or together; once for a line. */
final class DrbdDangers {
    private final DrbdFindings findings;
    private final Set<DrbdPlace> told = new HashSet<>();

    DrbdDangers(DrbdFindings findings) {
        this.findings = findings;
    }

    void tell(DrbdSettings settings) {
        Setting protocol = settings.get(DrbdOptions.PROTOCOL);
        if (protocol == null || !protocol.value().equals("A") || !told.add(protocol.place())) {
            return;
        }
        String also = "";
        for (String policy : DrbdOptions.AFTER_SPLIT_BRAIN) {
            Setting setting = settings.get(policy);
            if (setting != null && !setting.value().equals("disconnect")) {
                also =
                        "; with \""
                                + policy
                                + " "
                                + setting.value()
                                + "\" ("
                                + setting.place()
                                + ") DRBD would then also throw away, without a question, what is"
                                + " left of them when the node comes back";
                break;
            }
        }
        findings.warning(
                protocol.place(),
                "protocol A can lose acknowledged writes",
                "a write is acknowledged when it is on the local disk, so the last ones are"
                        + " missing after a failover"
                        + also,
                "write \"protocol C;\" unless that loss is acceptable");
    }
}
