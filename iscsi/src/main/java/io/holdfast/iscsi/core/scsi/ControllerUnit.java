package io.holdfast.iscsi.core.scsi;

import java.util.List;

/** LUN 0 of a target as tgt has it: a controller without a medium, before the disks. */
public final class ControllerUnit {
    private ControllerUnit() {}

    /** The plan for any command to it. */
    public static Plan plan(ScsiCommand command, LunIdentity identity, List<Integer> luns) {
        return switch (command) {
            case ScsiCommand.TestUnitReady _ -> new Plan.Good();
            case ScsiCommand.ReportLuns report -> AbsentUnit.reportLuns(report, luns);
            case ScsiCommand.RequestSense request ->
                    new Plan.Reply(
                            new ScsiData.SenseReply(Sense.NONE, request.descriptorFormat()),
                            request.allocationLength());
            case ScsiCommand.Inquiry inquiry -> inquiry(inquiry, identity);
            default -> new Plan.Check(Sense.INVALID_OPERATION_CODE);
        };
    }

    private static Plan inquiry(ScsiCommand.Inquiry inquiry, LunIdentity identity) {
        ScsiData data;
        if (!inquiry.vitalProductData() && inquiry.page() == 0) {
            data = new ScsiData.ControllerInquiry(identity);
        } else if (!inquiry.vitalProductData()) {
            return new Plan.Check(Sense.invalidFieldInCdb(2));
        } else {
            switch (inquiry.page()) {
                case 0x00 -> data = new ScsiData.SupportedPages(List.of(0x00, 0x80, 0x83));
                case 0x80 -> data = new ScsiData.UnitSerialNumber(identity.serial());
                case 0x83 -> data = new ScsiData.DeviceIdentification(identity);
                default -> {
                    return new Plan.Check(Sense.invalidFieldInCdb(2));
                }
            }
        }
        return new Plan.Reply(data, inquiry.allocationLength());
    }
}
