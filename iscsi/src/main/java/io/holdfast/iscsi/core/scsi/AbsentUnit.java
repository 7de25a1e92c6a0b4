package io.holdfast.iscsi.core.scsi;

import java.util.List;

/** What a target answers for a LUN that has no unit behind it, SPC-4 and SAM-5 4.6.7. */
public final class AbsentUnit {
    private AbsentUnit() {}

    /** Whether the command is answered by the target itself, unit or no unit. */
    public static boolean answers(ScsiCommand command) {
        return command instanceof ScsiCommand.ReportLuns
                || command instanceof ScsiCommand.Inquiry
                || command instanceof ScsiCommand.RequestSense;
    }

    /** The plan for any command to an absent unit. */
    public static Plan plan(ScsiCommand command, LunIdentity nobody, List<Integer> luns) {
        return switch (command) {
            case ScsiCommand.ReportLuns report -> reportLuns(report, luns);
            // Qualifier 011b: no unit can be here.
            case ScsiCommand.Inquiry inquiry when !inquiry.vitalProductData() ->
                    new Plan.Reply(
                            new ScsiData.StandardInquiry(nobody, 3), inquiry.allocationLength());
            case ScsiCommand.RequestSense request ->
                    new Plan.Reply(
                            new ScsiData.SenseReply(
                                    Sense.LUN_NOT_SUPPORTED, request.descriptorFormat()),
                            request.allocationLength());
            default -> new Plan.Check(Sense.LUN_NOT_SUPPORTED);
        };
    }

    /** REPORT LUNS belongs to the target, whatever LUN it is sent to. */
    public static Plan reportLuns(ScsiCommand.ReportLuns report, List<Integer> luns) {
        return switch (report.selectReport()) {
            case 0, 2 -> new Plan.Reply(new ScsiData.LunList(luns), report.allocationLength());
            // Only well known units: there are none.
            case 1 -> new Plan.Reply(new ScsiData.LunList(List.of()), report.allocationLength());
            default -> new Plan.Check(Sense.invalidFieldInCdb(2));
        };
    }
}
