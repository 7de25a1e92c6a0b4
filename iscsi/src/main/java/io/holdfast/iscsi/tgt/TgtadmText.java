package io.holdfast.iscsi.tgt;

import io.holdfast.iscsi.driver.TargetStatus;
import java.util.List;
import java.util.function.UnaryOperator;

/** The text of {@code tgtadm --lld iscsi --mode target --op show}, for those who read it. */
public final class TgtadmText {
    private final StringBuilder out = new StringBuilder();

    private final UnaryOperator<String> backing;

    private TgtadmText(UnaryOperator<String> backing) {
        this.backing = backing;
    }

    /**
     * All targets.
     *
     * @param targets numbered in this order, from 1
     * @param backing what to call the store behind a volume
     */
    public static String of(List<TargetStatus> targets, UnaryOperator<String> backing) {
        TgtadmText text = new TgtadmText(backing);
        for (int i = 0; i < targets.size(); i++) {
            text.target(i + 1, targets.get(i));
        }
        return text.out.toString();
    }

    private void line(int depth, String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }

    private void target(int tid, TargetStatus target) {
        line(0, "Target " + tid + ": " + target.iqn());
        line(1, "System information:");
        line(2, "Driver: iscsi");
        line(2, "State: ready");
        line(1, "I_T nexus information:");
        for (TargetStatus.Session session : target.sessions()) {
            line(2, "I_T nexus: " + session.tsih());
            line(3, "Initiator: " + session.initiatorName() + " alias: none");
            line(3, "Connection: 0");
            line(4, "IP Address: " + session.initiator().getAddress().getHostAddress());
        }
        line(1, "LUN information:");
        if (target.luns().stream().noneMatch(lun -> lun.number() == 0)) {
            controller(tid);
        }
        target.luns().forEach(lun -> lun(tid, lun));
        line(1, "Account information:");
        target.accounts().forEach(account -> line(2, account));
        line(1, "ACL information:");
        List<String> allowed =
                target.initiatorAddresses().isEmpty()
                        ? List.of("ALL")
                        : target.initiatorAddresses();
        allowed.forEach(entry -> line(2, entry));
    }

    /** tgt's LUN 0 is its controller. */
    private void controller(int tid) {
        line(2, "LUN: 0");
        line(3, "Type: controller");
        unit(
                TgtIdentity.scsiId(tid, 0),
                TgtIdentity.serial(tid, 0),
                "0 MB, Block size: 1",
                false,
                false);
        line(3, "Backing store type: null");
        line(3, "Backing store path: None");
        line(3, "Backing store flags: ");
    }

    private void lun(int tid, TargetStatus.Lun lun) {
        line(2, "LUN: " + lun.number());
        line(3, "Type: disk");
        unit(
                TgtIdentity.scsiId(tid, lun.number()),
                lun.config().serial(),
                lun.sizeBytes() / 1_000_000 + " MB, Block size: 512",
                lun.config().readOnly(),
                lun.config().thin());
        line(3, "Backing store type: rdwr");
        line(3, "Backing store path: " + backing.apply(lun.volume()));
        line(3, "Backing store flags: ");
    }

    private void unit(String id, String serial, String size, boolean readOnly, boolean thin) {
        line(3, "SCSI ID: " + id);
        line(3, "SCSI SN: " + serial);
        line(3, "Size: " + size);
        line(3, "Online: Yes");
        line(3, "Removable media: No");
        line(3, "Prevent removal: No");
        line(3, "Readonly: " + yes(readOnly));
        line(3, "SWP: No");
        line(3, "Thin-provisioning: " + yes(thin));
    }

    private static String yes(boolean is) {
        return is ? "Yes" : "No";
    }
}
