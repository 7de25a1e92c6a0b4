package io.holdfast.iscsi.tgt;

import io.holdfast.iscsi.core.login.ChapAccount;
import java.util.List;
import java.util.Optional;

/**
 * One {@code <target>} of targets.conf.
 *
 * @param tid its number, as tgt-admin would give it
 * @param stores its units, LUN 1 upwards unless the file says otherwise
 * @param initiators addresses, networks, names or ALL; empty means everybody
 * @param outgoing how the target proves itself; of several the last one counts
 */
public record TgtTarget(
        int tid,
        String iqn,
        List<Store> stores,
        List<String> initiators,
        List<ChapAccount> incoming,
        Optional<ChapAccount> outgoing) {
    /**
     * One backing store.
     *
     * @param scsiSerial {@code scsi_sn}, or tgt's own
     */
    public record Store(
            int lun,
            String path,
            boolean writeCache,
            boolean readOnly,
            boolean thin,
            String vendor,
            String product,
            String revision,
            String scsiSerial) {}

    public TgtTarget {
        stores = List.copyOf(stores);
        initiators = List.copyOf(initiators);
        incoming = List.copyOf(incoming);
    }
}
