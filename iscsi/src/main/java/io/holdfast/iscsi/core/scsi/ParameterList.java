package io.holdfast.iscsi.core.scsi;

import java.util.List;

/** A parameter list that came as data-out, taken apart. */
public sealed interface ParameterList {
    /** It cannot be what the command says. */
    record Malformed(Sense sense) implements ParameterList {}

    record ModePageList(List<ModePages.Page> pages) implements ParameterList {}

    record UnmapList(List<Extent> extents) implements ParameterList {}

    /** PERSISTENT RESERVE OUT basic parameter list. */
    record ReservationParameters(
            long key,
            long serviceActionKey,
            boolean specifyInitiatorPorts,
            boolean allTargetPorts,
            boolean persistThroughPowerLoss)
            implements ParameterList {}

    /** SANITIZE, OVERWRITE. */
    record OverwritePattern(List<Byte> pattern) implements ParameterList {}

    /** EXTENDED COPY(LID1) with block-to-block segments. */
    record CopyList(int listIdentifier, List<Plan.CopySegment> segments) implements ParameterList {}

    /** SET TARGET PORT GROUPS, SPC-4 6.45. */
    record AccessStates(List<Wanted> groups) implements ParameterList {
        /** The state code wanted for a target port group. */
        public record Wanted(int group, int state) {}
    }

    /** Nothing to say. */
    record Empty() implements ParameterList {}
}
