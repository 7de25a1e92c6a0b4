package io.holdfast.iscsi.tgt;

import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.Provisioning;
import io.holdfast.iscsi.driver.LunConfig;

/** What tgt's units say they are, so that multipath.conf and fstab keep their names. */
public final class TgtIdentity {
    public static final String VENDOR = "IET";
    public static final String PRODUCT = "VIRTUAL-DISK";
    public static final String REVISION = "0001";

    private TgtIdentity() {}

    /** {@code IET 00010001}: target and LUN number. */
    public static String scsiId(int tid, int lun) {
        return String.format("%-8s%04x%04x", VENDOR, tid, lun);
    }

    /** tgt's own serial number when {@code scsi_sn} is not given. */
    public static String serial(int tid, int lun) {
        return "beaf" + tid + lun;
    }

    /** The NAA name of VPD page 0x83; {@code scsi_id} puts a 3 before it. */
    public static String naa(int tid, int lun) {
        return String.format("60000000000000000e000000%04x%04x", tid, lun);
    }

    /** LUN 0 as tgt has it. */
    public static LunIdentity controller(int tid, String iqn) {
        return new LunIdentity(
                VENDOR,
                "Controller",
                REVISION,
                serial(tid, 0),
                naa(tid, 0),
                Provisioning.FULL,
                true,
                false,
                false,
                iqn);
    }

    /** The unit as tgt would show it, but for ALUA, which tgt's units do not offer. */
    public static LunConfig lun(int tid, TgtTarget.Store store) {
        return new LunConfig(
                store.vendor(),
                store.product(),
                store.revision(),
                store.scsiSerial(),
                naa(tid, store.lun()),
                store.thin(),
                store.readOnly(),
                store.writeCache(),
                false);
    }
}
