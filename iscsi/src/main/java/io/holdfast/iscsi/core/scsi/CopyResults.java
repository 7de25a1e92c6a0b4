package io.holdfast.iscsi.core.scsi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What RECEIVE COPY RESULTS, COPY STATUS tells: the last copy of each nexus, told once (SPC-4
 * 6.22.2). Single owner, pure.
 */
final class CopyResults {
    private record Kept(int listIdentifier, ScsiData.CopyStatus status) {}

    private final Map<Nexus, Kept> last = new LinkedHashMap<>();

    void keep(Nexus nexus, int listIdentifier, ScsiData.CopyStatus status) {
        last.put(nexus, new Kept(listIdentifier, status));
    }

    Optional<ScsiData.CopyStatus> take(Nexus nexus, int listIdentifier) {
        Kept kept = last.get(nexus);
        if (kept == null || kept.listIdentifier() != listIdentifier) {
            return Optional.empty();
        }
        last.remove(nexus);
        return Optional.of(kept.status());
    }

    void forget(Nexus nexus) {
        last.remove(nexus);
    }
}
