package io.holdfast.iscsi.core.scsi;

import io.holdfast.iscsi.core.scsi.PersistentReservations.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One logical unit: from a command and the nexus it came by to a {@link Plan}. Single owner,
 * mutable, pure; the driver serializes calls and does the I/O.
 *
 * <p>Order of checks: sanitizing, unit attention, reservations, then the command itself. A command
 * with a parameter list is planned twice: {@link Plan.AwaitParameters} first, then {@link
 * #planWithParameters}.
 */
public final class LogicalUnitModel {
    private static final int BLOCK = BlockLimits.BLOCK_BYTES;
    private static final Plan GOOD = new Plan.Good();
    private static final int TARGET_PORT_GROUP = 1;
    private static final Plan CONFLICT = new Plan.Conflict();

    /** How a command stands to reservations, SPC-4 table 66 and SBC-3 table 13. */
    private enum AccessKind {
        FREE,
        READS,
        WRITES
    }

    private final LunIdentity identity;
    private final long blocks;
    private final ModePages modePages;
    private final UnitAttentions attentions = new UnitAttentions();
    private final PersistentReservations reservations = new PersistentReservations();
    private @Nullable Nexus reservedBy;
    private boolean sanitizing;
    private boolean sanitizeFailed;
    private final CopyResults copyResults = new CopyResults();
    private final boolean keepsState;
    private AccessState access = AccessState.ACTIVE_OPTIMIZED;
    private boolean accessSetByInitiator;
    private Set<Nexus> movedWith = Set.of();
    private long keptChanges;
    private List<Nexus> abortRequests = List.of();

    /**
     * A unit as after power on.
     *
     * @param sizeBytes of the volume; an incomplete last block is not offered
     * @param keepsState whether {@link #kept} outlives this process
     */
    public LogicalUnitModel(LunIdentity identity, long sizeBytes, boolean keepsState) {
        this.keepsState = keepsState;
        this.identity = identity;
        this.blocks = sizeBytes / BLOCK;
        this.modePages = new ModePages(identity.writeCache());
    }

    public LunIdentity identity() {
        return identity;
    }

    public long blocks() {
        return blocks;
    }

    /** Whether sense data goes out in descriptor format (D_SENSE of the control page). */
    public boolean descriptorSense() {
        return modePages.descriptorSense();
    }

    public PersistentReservations reservations() {
        return reservations;
    }

    /** What is to be kept with the volume, as it is now. */
    public KeptState kept() {
        return new KeptState(
                reservations.state(),
                modePages.descriptorSense(),
                modePages.softwareWriteProtect(),
                access,
                accessSetByInitiator,
                sanitizing || sanitizeFailed,
                attentions.kept());
    }

    /** Grows with each change of {@link #kept} that matters before a command is answered. */
    public long keptChanges() {
        return keptChanges;
    }

    /**
     * Goes on from what another node, or an earlier process, kept. A SANITIZE that was running then
     * has failed.
     *
     * @param nowTakenOver whether initiators see a lost nexus rather than a power on
     */
    public void restore(KeptState state, boolean nowTakenOver) {
        reservations.restore(state.reservations());
        modePages.restore(state.descriptorSense(), state.softwareWriteProtect());
        access = state.access();
        accessSetByInitiator = state.accessSetByInitiator();
        sanitizeFailed = state.sanitizeUnfinished();
        attentions.restore(state.attentions());
        movedWith = nowTakenOver ? registered(state) : Set.of();
    }

    private static Set<Nexus> registered(KeptState state) {
        return state.reservations().registrations().stream()
                .map(PersistentReservations.Registration::nexus)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Nexuses whose tasks the last PREEMPT AND ABORT wants gone. */
    public List<Nexus> takeAbortRequests() {
        List<Nexus> taken = abortRequests;
        abortRequests = List.of();
        return taken;
    }

    /**
     * A session came: its first command learns that state may have been lost. Whose registration
     * moved with the unit hears only of the lost nexus, lest it believe its registration lost; all
     * others hear what every initiator expects of a first command (libiscsi's tools know no other).
     */
    public void nexusEstablished(Nexus nexus) {
        attentions.arrived(nexus, movedWith.contains(nexus) ? Sense.NEXUS_LOSS : Sense.POWER_ON);
    }

    /** A session went: SPC-2 reservations go with it, persistent ones stay. */
    public void nexusLost(Nexus nexus) {
        attentions.left(nexus);
        copyResults.forget(nexus);
        if (nexus.equals(reservedBy)) {
            reservedBy = null;
        }
    }

    /** LOGICAL UNIT RESET or a target reset asked for by {@code by}, SAM-5 6.3.3. */
    public void reset(Nexus by) {
        reservedBy = null;
        modePages.reset();
        keptChanges++;
        attentions.establishForAllBut(by, Sense.BUS_DEVICE_RESET);
        attentions.establish(by, Sense.BUS_DEVICE_RESET);
    }

    /** Tells every nexus, as when LUNs came or went. */
    public void tellAll(Sense sense) {
        attentions.establishForAll(sense);
    }

    /** Another initiator had tasks aborted. */
    public void tell(Nexus nexus, Sense sense) {
        attentions.establish(nexus, sense);
    }

    /** A {@link Plan.SanitizeAll} has ended. */
    public void sanitizeEnded(boolean succeeded) {
        sanitizing = false;
        sanitizeFailed = !succeeded;
        keptChanges++;
    }

    /** A {@link Plan.CopySegments} has ended. */
    public void copyEnded(Nexus nexus, int listIdentifier, ScsiData.CopyStatus status) {
        copyResults.keep(nexus, listIdentifier, status);
    }

    /** What to do for this command. */
    public Plan plan(ScsiCommand command, Nexus nexus, List<Integer> luns) {
        if (command instanceof ScsiCommand.RequestSense request) {
            Sense sense =
                    attentions
                            .take(nexus)
                            .orElse(sanitizing ? Sense.SANITIZE_IN_PROGRESS : Sense.NONE);
            return reply(
                    new ScsiData.SenseReply(sense, request.descriptorFormat()),
                    request.allocationLength());
        }
        boolean always =
                command instanceof ScsiCommand.Inquiry || command instanceof ScsiCommand.ReportLuns;
        if (!always) {
            Optional<Sense> attention = attentions.take(nexus);
            if (attention.isPresent()) {
                return new Plan.Check(attention.get());
            }
            Optional<Sense> inaccessible = access.refuse(command);
            if (inaccessible.isPresent()) {
                return new Plan.Check(inaccessible.get());
            }
            if (conflicts(command, nexus)) {
                return CONFLICT;
            }
            if ((sanitizing || sanitizeFailed) && !allowedWhileSanitizing(command)) {
                return new Plan.Check(
                        sanitizing
                                ? Sense.SANITIZE_IN_PROGRESS
                                : Sense.of(Sense.MEDIUM_ERROR, 0x3103));
            }
        }
        return interpret(command, nexus, luns);
    }

    private boolean conflicts(ScsiCommand command, Nexus nexus) {
        boolean spc2Conflict = reservedBy != null && !nexus.equals(reservedBy);
        if (!spc2Conflict && reservations.none()) {
            return false;
        }
        if (command instanceof ScsiCommand.ReleaseUnit) {
            return false;
        }
        // SPC-4 5.13.3: RESERVE and RELEASE are refused while there are registrations.
        if (command instanceof ScsiCommand.ReserveUnit) {
            return true;
        }
        if (command instanceof ScsiCommand.PersistentReserveIn
                || command instanceof ScsiCommand.PersistentReserveOut) {
            return spc2Conflict;
        }
        AccessKind kind = kind(command);
        return kind != AccessKind.FREE
                && (spc2Conflict || reservations.conflicts(nexus, kind == AccessKind.WRITES));
    }

    private static AccessKind kind(ScsiCommand command) {
        return switch (command) {
            case ScsiCommand.TestUnitReady _,
                    ScsiCommand.ReadCapacity10 _,
                    ScsiCommand.ReadCapacity16 _,
                    ScsiCommand.ReportTargetPortGroups _,
                    ScsiCommand.RequestSense _,
                    ScsiCommand.ReceiveCopyResults _,
                    ScsiCommand.GetLbaStatus _,
                    ScsiCommand.Unsupported _,
                    ScsiCommand.InvalidField _ ->
                    AccessKind.FREE;
            case ScsiCommand.PreventAllowRemoval prevent ->
                    prevent.prevent() == 0 ? AccessKind.FREE : AccessKind.WRITES;
            case ScsiCommand.Read _,
                    ScsiCommand.Verify _,
                    ScsiCommand.PreFetch _,
                    ScsiCommand.ReadDefectData _,
                    ScsiCommand.ModeSense _,
                    ScsiCommand.ReportSupportedOperations _ ->
                    AccessKind.READS;
            default -> AccessKind.WRITES;
        };
    }

    private static boolean allowedWhileSanitizing(ScsiCommand command) {
        return command instanceof ScsiCommand.Sanitize
                || command instanceof ScsiCommand.PersistentReserveIn
                || command instanceof ScsiCommand.PersistentReserveOut
                || command instanceof ScsiCommand.ReportTargetPortGroups
                || command instanceof ScsiCommand.SetTargetPortGroups
                || command instanceof ScsiCommand.ReportSupportedOperations;
    }

    private Plan interpret(ScsiCommand command, Nexus nexus, List<Integer> luns) {
        return switch (command) {
            case ScsiCommand.Read read -> read(read);
            case ScsiCommand.Write write -> write(write);
            case ScsiCommand.SynchronizeCache sync -> synchronize(sync);
            case ScsiCommand.TestUnitReady _ -> GOOD;
            case ScsiCommand.RequestSense _ -> throw new IllegalStateException("planned before");
            case ScsiCommand.Inquiry inquiry -> inquiry(inquiry);
            case ScsiCommand.ReportLuns report -> AbsentUnit.reportLuns(report, luns);
            case ScsiCommand.ReadCapacity10 capacity -> capacity10(capacity);
            case ScsiCommand.ReadCapacity16 capacity ->
                    reply(
                            new ScsiData.Capacity16(blocks - 1, identity.provisioning()),
                            capacity.allocationLength());
            case ScsiCommand.WriteAtomic atomic -> writeAtomic(atomic);
            case ScsiCommand.WriteVerify verify -> writeVerify(verify);
            case ScsiCommand.Verify verify -> verify(verify);
            case ScsiCommand.CompareAndWrite compare -> compareAndWrite(compare);
            case ScsiCommand.OrWrite orWrite -> orWrite(orWrite);
            case ScsiCommand.WriteSame same -> writeSame(same);
            case ScsiCommand.Unmap unmap -> unmap(unmap);
            case ScsiCommand.GetLbaStatus status -> lbaStatus(status);
            case ScsiCommand.PreFetch fetch ->
                    outOfRange(fetch.lba(), fetch.blocks()) ? outOfRange() : GOOD;
            case ScsiCommand.ReadDefectData defects ->
                    reply(
                            new ScsiData.DefectList(
                                    defects.twelve(),
                                    defects.listFormat(),
                                    defects.primary(),
                                    defects.grown()),
                            defects.allocationLength());
            case ScsiCommand.ModeSense sense -> modeSense(sense);
            case ScsiCommand.ModeSelect select -> modeSelect(select);
            // A unit shared by several initiators does not stop because one of them says so.
            case ScsiCommand.StartStopUnit _ -> GOOD;
            case ScsiCommand.PreventAllowRemoval _ -> GOOD;
            case ScsiCommand.ReportSupportedOperations report -> supportedOperations(report);
            case ScsiCommand.ReportTargetPortGroups groups ->
                    reply(
                            new ScsiData.TargetPortGroups(
                                    groups.extended(), access, accessSetByInitiator),
                            groups.allocationLength());
            case ScsiCommand.SetTargetPortGroups groups -> awaitAccessStates(groups);
            case ScsiCommand.ReserveUnit reserve -> reserveUnit(reserve.thirdParty(), nexus);
            case ScsiCommand.ReleaseUnit release -> releaseUnit(release.thirdParty(), nexus);
            case ScsiCommand.PersistentReserveIn in -> persistentReserveIn(in);
            case ScsiCommand.PersistentReserveOut out -> awaitReservation(out);
            case ScsiCommand.Sanitize sanitize -> sanitize(sanitize);
            case ScsiCommand.ExtendedCopy copy -> extendedCopy(copy);
            case ScsiCommand.ReceiveCopyResults results -> copyResults(results, nexus);
            case ScsiCommand.SendDiagnostic diagnostic ->
                    diagnostic.parameterListLength() == 0
                            ? GOOD
                            : new Plan.Check(Sense.invalidFieldInCdb(3));
            case ScsiCommand.Unsupported _ -> new Plan.Check(Sense.INVALID_OPERATION_CODE);
            case ScsiCommand.InvalidField(int index) -> invalidCdb(index);
        };
    }

    private Plan read(ScsiCommand.Read read) {
        Plan refused = checkTransfer(read.lba(), read.blocks(), read.protect());
        if (refused != null) {
            return refused;
        }
        return read.blocks() == 0
                ? GOOD
                : new Plan.ReadBlocks(read.lba() * BLOCK, (int) read.blocks() * BLOCK);
    }

    private Plan write(ScsiCommand.Write write) {
        return plainWrite(
                write.lba(),
                write.blocks(),
                write.protect(),
                write.forceUnitAccess(),
                false,
                false);
    }

    private Plan plainWrite(
            long lba, long count, int protect, boolean force, boolean verify, boolean atomic) {
        Plan refused = checkTransfer(lba, count, protect);
        if (refused != null) {
            return refused;
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        return count == 0
                ? GOOD
                : new Plan.WriteBlocks(lba * BLOCK, (int) count * BLOCK, force, verify, atomic);
    }

    private Plan writeAtomic(ScsiCommand.WriteAtomic atomic) {
        if (atomic.blocks() > BlockLimits.MAX_ATOMIC) {
            return invalidCdb(12);
        }
        // ATOMIC BOUNDARY: no boundary size is offered, so none may be asked for.
        if (atomic.boundary() != 0) {
            return invalidCdb(10);
        }
        return plainWrite(
                atomic.lba(),
                atomic.blocks(),
                atomic.protect(),
                atomic.forceUnitAccess(),
                false,
                true);
    }

    private Plan writeVerify(ScsiCommand.WriteVerify verify) {
        if (verify.byteCheck() > 1) {
            return invalidCdb(1);
        }
        return plainWrite(verify.lba(), verify.blocks(), verify.protect(), false, true, false);
    }

    private Plan verify(ScsiCommand.Verify verify) {
        if (verify.protect() != 0 || verify.byteCheck() == 2) {
            return invalidCdb(1);
        }
        if (outOfRange(verify.lba(), verify.blocks())) {
            return outOfRange();
        }
        if (verify.blocks() == 0) {
            return GOOD;
        }
        long offset = verify.lba() * BLOCK;
        if (verify.byteCheck() == 0) {
            return new Plan.CheckReadable(offset, verify.blocks() * BLOCK);
        }
        if (verify.blocks() > BlockLimits.MAX_TRANSFER) {
            return invalidCdb(7);
        }
        return new Plan.CompareBlocks(
                offset, (int) verify.blocks() * BLOCK, verify.byteCheck() == 3);
    }

    private Plan compareAndWrite(ScsiCommand.CompareAndWrite compare) {
        Plan refused = checkTransfer(compare.lba(), compare.blocks(), compare.protect());
        if (refused != null) {
            return refused;
        }
        if (compare.blocks() > BlockLimits.MAX_COMPARE_AND_WRITE) {
            return invalidCdb(13);
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        return new Plan.CompareAndWriteBlocks(
                compare.lba() * BLOCK, compare.blocks() * BLOCK, compare.forceUnitAccess());
    }

    private Plan orWrite(ScsiCommand.OrWrite orWrite) {
        Plan refused = checkTransfer(orWrite.lba(), orWrite.blocks(), orWrite.protect());
        if (refused != null) {
            return refused;
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        return orWrite.blocks() == 0
                ? GOOD
                : new Plan.OrBlocks(
                        orWrite.lba() * BLOCK,
                        (int) orWrite.blocks() * BLOCK,
                        orWrite.forceUnitAccess());
    }

    private Plan writeSame(ScsiCommand.WriteSame same) {
        // ANC_SUP says whether ANCHOR may be asked for; WSNZ is 1.
        boolean refused =
                same.protect() != 0
                        || (same.anchor() && !(same.unmap() && anchors()))
                        || same.obsoleteBits()
                        || (same.unmap() && !identity.provisioning().unmaps());
        if (refused) {
            return invalidCdb(1);
        }
        if (outOfRange(same.lba(), same.blocks())) {
            return outOfRange();
        }
        if (same.blocks() == 0 || same.blocks() > BlockLimits.MAX_WRITE_SAME) {
            return invalidCdb(10);
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        return new Plan.FillBlocks(
                same.lba() * BLOCK, same.blocks() * BLOCK, same.noDataOut(), same.unmap());
    }

    private Plan unmap(ScsiCommand.Unmap unmap) {
        if (!identity.provisioning().unmaps()) {
            return new Plan.Check(Sense.INVALID_OPERATION_CODE);
        }
        if (unmap.anchor() && !anchors()) {
            return invalidCdb(1);
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        return unmap.parameterListLength() == 0
                ? GOOD
                : new Plan.AwaitParameters(unmap.parameterListLength());
    }

    private boolean anchors() {
        return identity.provisioning() == Provisioning.RESOURCE;
    }

    private Plan lbaStatus(ScsiCommand.GetLbaStatus status) {
        if (!identity.provisioning().unmaps()) {
            return invalidCdb(1);
        }
        return outOfRange(status.lba(), 1)
                ? outOfRange()
                : new Plan.ReportLbaStatus(status.lba(), blocks - 1, status.allocationLength());
    }

    private Plan synchronize(ScsiCommand.SynchronizeCache sync) {
        // A flush is of the whole unit: more than was asked for, never less.
        return outOfRange(sync.lba(), sync.blocks()) ? outOfRange() : new Plan.Flush();
    }

    private Plan capacity10(ScsiCommand.ReadCapacity10 capacity) {
        // SBC-3 5.15: without PMI the LBA must be zero.
        if (!capacity.partial() && capacity.lba() != 0) {
            return invalidCdb(2);
        }
        return reply(new ScsiData.Capacity10(blocks - 1), 8);
    }

    private Plan inquiry(ScsiCommand.Inquiry inquiry) {
        if (!inquiry.vitalProductData()) {
            return inquiry.page() != 0
                    ? invalidCdb(2)
                    : reply(new ScsiData.StandardInquiry(identity, 0), inquiry.allocationLength());
        }
        Provisioning space = identity.provisioning();
        return switch (inquiry.page()) {
            case 0x00 ->
                    reply(
                            new ScsiData.SupportedPages(
                                    List.of(0x00, 0x80, 0x83, 0x86, 0x8f, 0xb0, 0xb1, 0xb2)),
                            inquiry.allocationLength());
            case 0x80 ->
                    reply(
                            new ScsiData.UnitSerialNumber(identity.serial()),
                            inquiry.allocationLength());
            case 0x83 ->
                    reply(new ScsiData.DeviceIdentification(identity), inquiry.allocationLength());
            case 0x86 -> reply(new ScsiData.ExtendedInquiry(), inquiry.allocationLength());
            case 0x8f -> reply(new ScsiData.ThirdPartyCopy(), inquiry.allocationLength());
            case 0xb0 -> reply(new ScsiData.BlockLimitsPage(space), inquiry.allocationLength());
            case 0xb1 ->
                    reply(
                            new ScsiData.BlockDeviceCharacteristics(space),
                            inquiry.allocationLength());
            case 0xb2 ->
                    reply(new ScsiData.LogicalBlockProvisioning(space), inquiry.allocationLength());
            default -> invalidCdb(2);
        };
    }

    private Plan modeSense(ScsiCommand.ModeSense sense) {
        if (sense.pageControl() == ModePages.SAVED) {
            return new Plan.Check(Sense.SAVING_NOT_SUPPORTED);
        }
        List<ModePages.Page> pages =
                modePages.select(sense.page(), sense.subpage(), sense.pageControl());
        if (pages.isEmpty()) {
            return invalidCdb(2);
        }
        return reply(
                new ScsiData.ModeParameters(
                        sense.ten(),
                        sense.longLba(),
                        writeProtected(),
                        sense.disableBlockDescriptors() ? Optional.empty() : Optional.of(blocks),
                        pages),
                sense.allocationLength());
    }

    private static Plan modeSelect(ScsiCommand.ModeSelect select) {
        if (!select.pageFormat() || select.savePages()) {
            return invalidCdb(1);
        }
        return select.parameterListLength() == 0
                ? GOOD
                : new Plan.AwaitParameters(select.parameterListLength());
    }

    private Plan supportedOperations(ScsiCommand.ReportSupportedOperations report) {
        List<SupportedOperations.Operation> all =
                SupportedOperations.all(identity.provisioning().unmaps());
        int opcode = report.opcode();
        boolean serviceActions = SupportedOperations.hasServiceActions(all, opcode);
        return switch (report.option()) {
            case 0 ->
                    reply(
                            new ScsiData.OperationList(all, report.timeouts()),
                            report.allocationLength());
            case 1 -> serviceActions ? invalidCdb(2) : one(all, report, -1);
            case 2 ->
                    !serviceActions && SupportedOperations.known(all, opcode)
                            ? invalidCdb(2)
                            : one(all, report, report.serviceAction());
            case 3 -> one(all, report, serviceActions ? report.serviceAction() : -1);
            default -> invalidCdb(2);
        };
    }

    private static Plan one(
            List<SupportedOperations.Operation> all,
            ScsiCommand.ReportSupportedOperations report,
            int serviceAction) {
        return reply(
                new ScsiData.OneOperation(
                        SupportedOperations.find(all, report.opcode(), serviceAction),
                        report.timeouts()),
                report.allocationLength());
    }

    private Plan reserveUnit(boolean thirdParty, Nexus nexus) {
        if (thirdParty) {
            return invalidCdb(1);
        }
        reservedBy = nexus;
        return GOOD;
    }

    private Plan releaseUnit(boolean thirdParty, Nexus nexus) {
        if (thirdParty) {
            return invalidCdb(1);
        }
        // SPC-2 7.22: a release by one that does not hold it changes nothing and is good.
        if (nexus.equals(reservedBy)) {
            reservedBy = null;
        }
        return GOOD;
    }

    private Plan persistentReserveIn(ScsiCommand.PersistentReserveIn in) {
        PersistentReservations.State state = reservations.state();
        int generation = state.generation();
        return switch (in.serviceAction()) {
            case 0 ->
                    reply(
                            new ScsiData.ReservationKeys(
                                    generation,
                                    state.registrations().stream()
                                            .map(PersistentReservations.Registration::key)
                                            .toList()),
                            in.allocationLength());
            case 1 ->
                    reply(
                            new ScsiData.ReservationHolder(generation, held(state)),
                            in.allocationLength());
            case 2 ->
                    reply(
                            new ScsiData.ReservationCapabilities(keepsState, state.persistent()),
                            in.allocationLength());
            case 3 ->
                    reply(new ScsiData.FullStatus(generation, full(state)), in.allocationLength());
            default -> invalidCdb(1);
        };
    }

    private Optional<ScsiData.ReservationHolder.Held> held(PersistentReservations.State state) {
        if (state.type() == 0) {
            return Optional.empty();
        }
        Nexus holder = state.holder();
        long key = holder == null ? 0 : reservations.keyOf(holder).orElse(0L);
        return Optional.of(new ScsiData.ReservationHolder.Held(key, state.type()));
    }

    private List<ScsiData.FullStatus.Registrant> full(PersistentReservations.State state) {
        List<ScsiData.FullStatus.Registrant> registrants = new ArrayList<>();
        for (PersistentReservations.Registration registration : state.registrations()) {
            boolean holder = state.type() != 0 && reservations.holds(registration.nexus());
            registrants.add(
                    new ScsiData.FullStatus.Registrant(
                            registration.nexus(), registration.key(), holder, state.type()));
        }
        return registrants;
    }

    private static Plan awaitReservation(ScsiCommand.PersistentReserveOut out) {
        // SPC-4 6.16.1: basic parameter lists have 24 bytes.
        return out.parameterListLength() < 24 || out.parameterListLength() > 4096
                ? new Plan.Check(Sense.PARAMETER_LIST_LENGTH)
                : new Plan.AwaitParameters((int) out.parameterListLength());
    }

    private Plan awaitAccessStates(ScsiCommand.SetTargetPortGroups groups) {
        if (!identity.asymmetricAccess()) {
            return new Plan.Check(Sense.INVALID_OPERATION_CODE);
        }
        if (groups.parameterListLength() == 0) {
            return GOOD;
        }
        return groups.parameterListLength() > 4096
                ? new Plan.Check(Sense.PARAMETER_LIST_LENGTH)
                : new Plan.AwaitParameters((int) groups.parameterListLength());
    }

    private Plan setAccess(List<ParameterList.AccessStates.Wanted> groups, Nexus nexus) {
        AccessState wanted = access;
        for (ParameterList.AccessStates.Wanted group : groups) {
            Optional<AccessState> state = AccessState.of(group.state());
            if (group.group() != TARGET_PORT_GROUP || state.isEmpty()) {
                return new Plan.Check(Sense.INVALID_IN_PARAMETER_LIST);
            }
            wanted = state.get();
        }
        if (wanted != access) {
            access = wanted;
            accessSetByInitiator = true;
            keptChanges++;
            attentions.establishForAllBut(nexus, Sense.ACCESS_STATE_CHANGED);
        }
        return GOOD;
    }

    private Plan sanitize(ScsiCommand.Sanitize sanitize) {
        if (sanitizing) {
            return new Plan.Check(Sense.SANITIZE_IN_PROGRESS);
        }
        boolean overwrite = sanitize.serviceAction() == 1;
        // BLOCK ERASE unmaps everything. CRYPTO ERASE promises that nothing old can be read any
        // more; without a key to throw away that is kept by the same means.
        boolean erase = sanitize.serviceAction() == 2 || sanitize.serviceAction() == 3;
        boolean known = overwrite || (erase && identity.provisioning().unmaps());
        // Only OVERWRITE has a parameter list, SBC-3 5.30.
        if (!overwrite && sanitize.parameterListLength() != 0) {
            return invalidCdb(7);
        }
        if (sanitize.serviceAction() == 0x1f) {
            sanitizeFailed = false;
            keptChanges++;
            return GOOD;
        }
        if (!known) {
            return invalidCdb(1);
        }
        if (writeProtected()) {
            return new Plan.Check(Sense.WRITE_PROTECTED);
        }
        if (overwrite) {
            int length = sanitize.parameterListLength();
            return length < 5 || length > 4 + BLOCK
                    ? invalidCdb(7)
                    : new Plan.AwaitParameters(length);
        }
        sanitizeBegins();
        return new Plan.SanitizeAll(List.of(), sanitize.immediate());
    }

    private void sanitizeBegins() {
        sanitizing = true;
        sanitizeFailed = false;
        keptChanges++;
    }

    private Plan extendedCopy(ScsiCommand.ExtendedCopy copy) {
        if (copy.serviceAction() != 0) {
            return invalidCdb(1);
        }
        if (copy.parameterListLength() == 0) {
            return GOOD;
        }
        return copy.parameterListLength() > 65_536
                ? new Plan.Check(Sense.PARAMETER_LIST_LENGTH)
                : new Plan.AwaitParameters((int) copy.parameterListLength());
    }

    private Plan copyResults(ScsiCommand.ReceiveCopyResults results, Nexus nexus) {
        return switch (results.serviceAction()) {
            case 0 ->
                    copyResults
                            .take(nexus, results.listIdentifier())
                            .map(status -> reply(status, results.allocationLength()))
                            .orElse(invalidCdb(2));
            case 3 -> reply(new ScsiData.CopyOperatingParameters(), results.allocationLength());
            default -> invalidCdb(1);
        };
    }

    /** The second half of a command whose parameter list has come. */
    public Plan planWithParameters(ScsiCommand command, ParameterList list, Nexus nexus) {
        return switch (list) {
            case ParameterList.Malformed(Sense sense) -> new Plan.Check(sense);
            case ParameterList.ModePageList(List<ModePages.Page> pages) -> setModes(pages, nexus);
            case ParameterList.UnmapList(List<Extent> extents) -> unmapExtents(extents);
            case ParameterList.ReservationParameters parameters ->
                    reservationOut((ScsiCommand.PersistentReserveOut) command, parameters, nexus);
            case ParameterList.OverwritePattern(List<Byte> pattern) -> {
                sanitizeBegins();
                yield new Plan.SanitizeAll(pattern, ((ScsiCommand.Sanitize) command).immediate());
            }
            case ParameterList.CopyList(int identifier, List<Plan.CopySegment> segments) ->
                    new Plan.CopySegments(nexus, identifier, segments);
            case ParameterList.AccessStates(List<ParameterList.AccessStates.Wanted> groups) ->
                    setAccess(groups, nexus);
            case ParameterList.Empty() -> GOOD;
        };
    }

    private Plan setModes(List<ModePages.Page> pages, Nexus nexus) {
        Optional<Sense> refused = modePages.refuse(pages);
        if (refused.isPresent()) {
            return new Plan.Check(refused.get());
        }
        if (modePages.apply(pages)) {
            keptChanges++;
            attentions.establishForAllBut(nexus, Sense.MODE_PARAMETERS_CHANGED);
        }
        return GOOD;
    }

    private Plan unmapExtents(List<Extent> extents) {
        if (extents.size() > BlockLimits.MAX_UNMAP_DESCRIPTORS) {
            return new Plan.Check(Sense.INVALID_IN_PARAMETER_LIST);
        }
        for (Extent extent : extents) {
            if (outOfRange(extent.lba(), extent.blocks())) {
                return outOfRange();
            }
            if (extent.blocks() > BlockLimits.MAX_UNMAP) {
                return new Plan.Check(Sense.INVALID_IN_PARAMETER_LIST);
            }
        }
        return new Plan.UnmapExtents(extents);
    }

    private Plan reservationOut(
            ScsiCommand.PersistentReserveOut command,
            ParameterList.ReservationParameters parameters,
            Nexus nexus) {
        boolean registers =
                command.serviceAction() == PersistentReservations.REGISTER
                        || command.serviceAction() == PersistentReservations.REGISTER_AND_IGNORE;
        // SPC-4 6.16.3: without PTPL_C, APTPL is an error; other service actions ignore it.
        if (registers && parameters.persistThroughPowerLoss() && !keepsState) {
            return new Plan.Check(Sense.invalidFieldInParameters(20));
        }
        return switch (reservations.execute(nexus, command, parameters)) {
            case Outcome.Conflict() -> CONFLICT;
            case Outcome.Refused(Sense sense) -> new Plan.Check(sense);
            case Outcome.Done(
                            List<PersistentReservations.Attention> tell,
                            List<Nexus> abortTasksOf) -> {
                keptChanges++;
                tell.forEach(a -> attentions.establish(a.nexus(), a.sense()));
                abortRequests = abortTasksOf;
                yield GOOD;
            }
        };
    }

    private @Nullable Plan checkTransfer(long lba, long count, int protect) {
        if (protect != 0) {
            return invalidCdb(1);
        }
        if (outOfRange(lba, count)) {
            return outOfRange();
        }
        return count > BlockLimits.MAX_TRANSFER ? invalidCdb(10) : null;
    }

    private boolean writeProtected() {
        return identity.readOnly() || modePages.softwareWriteProtect();
    }

    /** Written so that neither a huge LBA nor a huge count can overflow. */
    private boolean outOfRange(long lba, long count) {
        return lba < 0 || lba > blocks || count > blocks - lba;
    }

    private static Plan outOfRange() {
        return new Plan.Check(Sense.LBA_OUT_OF_RANGE);
    }

    private static Plan invalidCdb(int byteIndex) {
        return new Plan.Check(Sense.invalidFieldInCdb(byteIndex));
    }

    private static Plan reply(ScsiData data, long allocationLength) {
        return new Plan.Reply(data, allocationLength);
    }
}
