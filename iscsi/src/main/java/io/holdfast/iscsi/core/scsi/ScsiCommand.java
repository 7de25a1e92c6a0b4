package io.holdfast.iscsi.core.scsi;

/**
 * A command descriptor block taken apart (SPC-4, SBC-3). Lengths in blocks or bytes as the standard
 * counts them, unsigned values widened to long where they need it.
 */
public sealed interface ScsiCommand {
    record TestUnitReady() implements ScsiCommand {}

    record RequestSense(boolean descriptorFormat, int allocationLength) implements ScsiCommand {}

    record Inquiry(boolean vitalProductData, int page, int allocationLength)
            implements ScsiCommand {}

    record ReportLuns(int selectReport, long allocationLength) implements ScsiCommand {}

    record ReadCapacity10(long lba, boolean partial) implements ScsiCommand {}

    record ReadCapacity16(long allocationLength) implements ScsiCommand {}

    record Read(long lba, long blocks, int protect, boolean forceUnitAccess)
            implements ScsiCommand {}

    record Write(long lba, long blocks, int protect, boolean forceUnitAccess)
            implements ScsiCommand {}

    /** WRITE ATOMIC(16): all of it or nothing of it after a crash. */
    record WriteAtomic(long lba, long blocks, int protect, boolean forceUnitAccess, int boundary)
            implements ScsiCommand {}

    /** WRITE AND VERIFY. */
    record WriteVerify(long lba, long blocks, int protect, int byteCheck) implements ScsiCommand {}

    record Verify(long lba, long blocks, int protect, int byteCheck) implements ScsiCommand {}

    record CompareAndWrite(long lba, int blocks, int protect, boolean forceUnitAccess)
            implements ScsiCommand {}

    record OrWrite(long lba, long blocks, int protect, boolean forceUnitAccess)
            implements ScsiCommand {}

    record WriteSame(
            long lba,
            long blocks,
            int protect,
            boolean anchor,
            boolean unmap,
            boolean obsoleteBits,
            boolean noDataOut)
            implements ScsiCommand {}

    record Unmap(boolean anchor, int parameterListLength) implements ScsiCommand {}

    record GetLbaStatus(long lba, long allocationLength) implements ScsiCommand {}

    record PreFetch(long lba, long blocks) implements ScsiCommand {}

    record SynchronizeCache(long lba, long blocks) implements ScsiCommand {}

    record ReadDefectData(
            boolean twelve, int listFormat, boolean primary, boolean grown, long allocationLength)
            implements ScsiCommand {}

    record ModeSense(
            boolean ten,
            boolean disableBlockDescriptors,
            boolean longLba,
            int pageControl,
            int page,
            int subpage,
            int allocationLength)
            implements ScsiCommand {}

    record ModeSelect(boolean ten, boolean pageFormat, boolean savePages, int parameterListLength)
            implements ScsiCommand {}

    record StartStopUnit(boolean noFlush, boolean loadEject, boolean start, int powerCondition)
            implements ScsiCommand {}

    record PreventAllowRemoval(int prevent) implements ScsiCommand {}

    record ReportSupportedOperations(
            boolean timeouts, int option, int opcode, int serviceAction, long allocationLength)
            implements ScsiCommand {}

    record ReportTargetPortGroups(boolean extended, long allocationLength) implements ScsiCommand {}

    record SetTargetPortGroups(long parameterListLength) implements ScsiCommand {}

    record ReserveUnit(boolean thirdParty) implements ScsiCommand {}

    record ReleaseUnit(boolean thirdParty) implements ScsiCommand {}

    record PersistentReserveIn(int serviceAction, int allocationLength) implements ScsiCommand {}

    record PersistentReserveOut(int serviceAction, int scope, int type, long parameterListLength)
            implements ScsiCommand {}

    record Sanitize(
            int serviceAction, boolean immediate, boolean allowFailureExit, int parameterListLength)
            implements ScsiCommand {}

    /** EXTENDED COPY(LID1), SPC-4 6.4. */
    record ExtendedCopy(int serviceAction, long parameterListLength) implements ScsiCommand {}

    record ReceiveCopyResults(int serviceAction, int listIdentifier, long allocationLength)
            implements ScsiCommand {}

    record SendDiagnostic(boolean selfTest, int parameterListLength) implements ScsiCommand {}

    /** An operation code, or service action, that no table knows. */
    record Unsupported(int opcode) implements ScsiCommand {}

    /** A known operation whose service action does not exist, or with a bad reserved field. */
    record InvalidField(int byteIndex) implements ScsiCommand {}
}
