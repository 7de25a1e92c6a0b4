package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.BlockLimits;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.ModePages;
import io.holdfast.iscsi.core.scsi.Provisioning;
import io.holdfast.iscsi.core.scsi.ScsiData;
import io.holdfast.iscsi.core.scsi.SupportedOperations.Operation;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Data-in that is not medium content: {@link ScsiData} to bytes (SPC-4, SBC-3). */
public final class ScsiDataCodec {
    private static final int RELATIVE_TARGET_PORT = 1;
    private static final int TARGET_PORT_GROUP = 1;

    private ScsiDataCodec() {}

    public static byte[] encode(ScsiData data) {
        return switch (data) {
            case ScsiData.StandardInquiry(LunIdentity identity, int qualifier) ->
                    // Device type 0 is a disk; 0x1f with qualifier 3 says that nothing can be
                    // there.
                    standardInquiry(identity, qualifier == 0 ? 0x00 : (qualifier << 5) | 0x1f);
            case ScsiData.ControllerInquiry(LunIdentity identity) ->
                    standardInquiry(identity, 0x0c);
            case ScsiData.SupportedPages(List<Integer> pages) -> {
                ByteSink body = new ByteSink();
                pages.forEach(body::u8);
                yield page(0x00, body);
            }
            case ScsiData.UnitSerialNumber(String serial) ->
                    page(0x80, new ByteSink().ascii(serial));
            case ScsiData.DeviceIdentification(LunIdentity identity) ->
                    page(0x83, deviceIdentification(identity));
            // SIMPSUP, ORDSUP and HEADSUP: byte 5 of the page; NV_SUP and V_SUP say nothing.
            case ScsiData.ExtendedInquiry() -> page(0x86, new ByteSink().u8(0).u8(7).zeros(58));
            case ScsiData.ThirdPartyCopy() -> page(0x8f, thirdPartyCopy());
            case ScsiData.BlockLimitsPage(Provisioning space) ->
                    page(0xb0, blockLimits(space.unmaps()));
            // Not a rotating medium; WABEREQ and WACEREQ 01b: blocks read as zeros after an erase.
            case ScsiData.BlockDeviceCharacteristics(Provisioning space) ->
                    page(0xb1, new ByteSink().u16(1).u8(0).u8(space.unmaps() ? 0x50 : 0).zeros(56));
            case ScsiData.LogicalBlockProvisioning(Provisioning space) ->
                    page(0xb2, provisioning(space));
            case ScsiData.Capacity10(long lastLba) ->
                    new ByteSink()
                            .u32(Math.min(lastLba, 0xffff_ffffL))
                            .u32(BlockLimits.BLOCK_BYTES)
                            .bytes();
            case ScsiData.Capacity16(long lastLba, Provisioning space) ->
                    capacity16(lastLba, space.unmaps());
            case ScsiData.LunList(List<Integer> luns) -> lunList(luns);
            case ScsiData.SenseReply(var sense, boolean descriptor) ->
                    SenseCodec.encode(sense, descriptor);
            case ScsiData.ModeParameters mode -> modeParameters(mode);
            case ScsiData.OperationList(List<Operation> operations, boolean timeouts) ->
                    operationList(operations, timeouts);
            case ScsiData.OneOperation(Optional<Operation> operation, boolean timeouts) ->
                    oneOperation(operation, timeouts);
            case ScsiData.ReservationKeys(int generation, List<Long> keys) -> {
                ByteSink out = new ByteSink().u32(generation).u32(8L * keys.size());
                keys.forEach(out::u64);
                yield out.bytes();
            }
            case ScsiData.ReservationHolder holder -> reservationHolder(holder);
            // CRH 0, SIP_C 0, ATP_C 0; TMV 1 and all six types.
            case ScsiData.ReservationCapabilities(boolean capable, boolean active) ->
                    new ByteSink()
                            .u16(8)
                            .u8(capable ? 0x01 : 0)
                            .u8(0x80 | (active ? 1 : 0))
                            .u16(0xea01)
                            .u16(0)
                            .bytes();
            case ScsiData.FullStatus(int generation, List<ScsiData.FullStatus.Registrant> all) ->
                    fullStatus(generation, all);
            case ScsiData.LbaStatus(List<ScsiData.LbaStatus.Provisioned> extents) ->
                    lbaStatus(extents);
            case ScsiData.DefectList list -> defectList(list);
            case ScsiData.TargetPortGroups groups -> targetPortGroups(groups);
            case ScsiData.CopyOperatingParameters() -> copyParameters();
            case ScsiData.CopyStatus(int segments, long bytes, boolean failed) ->
                    new ByteSink()
                            .u32(8)
                            .u8(failed ? 2 : 1)
                            .u16(segments)
                            // Transfer count in units of 1 KiB, which is unit code 1.
                            .u8(1)
                            .u32(bytes / 1024)
                            .bytes();
        };
    }

    private static byte[] standardInquiry(LunIdentity identity, int peripheral) {
        ByteSink out = new ByteSink();
        out.u8(peripheral);
        out.u8(0);
        // SPC-4.
        out.u8(0x06);
        // HiSup, response data format 2.
        out.u8(0x12);
        out.u8(91);
        // TPGS 11b (implicit and explicit ALUA), 3PC.
        out.u8(identity.asymmetricAccess() ? 0x38 : 0x08).u8(0);
        // CmdQue.
        out.u8(0x02);
        out.padded(identity.vendor(), 8).padded(identity.product(), 16);
        out.padded(identity.revision(), 4);
        out.zeros(22);
        // Version descriptors: SAM-5, SPC-4, SBC-3, iSCSI.
        out.u16(0x00a0).u16(0x0460).u16(0x04c0).u16(0x0960);
        return out.zeros(96 - out.size()).bytes();
    }

    private static ByteSink deviceIdentification(LunIdentity identity) {
        ByteSink out = new ByteSink();
        byte[] naa = HexFormat.of().parseHex(identity.naa());
        // Binary, associated with the unit, NAA.
        out.u8(0x01).u8(0x03).u8(0).u8(naa.length).put(naa);
        // ASCII, unit, T10 vendor identification.
        byte[] vendorId =
                new ByteSink().padded(identity.vendor(), 8).ascii(identity.serial()).bytes();
        out.u8(0x02).u8(0x01).u8(0).u8(vendorId.length).put(vendorId);
        // Binary, PIV and port association; protocol 5 is iSCSI.
        out.u8(0x51).u8(0x94).u8(0).u8(4).u16(0).u16(RELATIVE_TARGET_PORT);
        out.u8(0x51).u8(0x95).u8(0).u8(4).u16(0).u16(TARGET_PORT_GROUP);
        // UTF-8 SCSI name strings of the port and of the device, zero-ended and padded to four.
        nameString(out, 0x98, identity.targetName() + ",t,0x0001");
        nameString(out, 0xa8, identity.targetName());
        return out;
    }

    private static void nameString(ByteSink out, int association, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 1 + 3) & ~3;
        out.u8(0x53).u8(association).u8(0).u8(padded).put(text).zeros(padded - text.length);
    }

    private static ByteSink thirdPartyCopy() {
        // Supported commands: EXTENDED COPY(LID1) and two service actions of RECEIVE COPY RESULTS.
        ByteSink out = new ByteSink();
        out.u16(0x0001).u16(12).u8(8).u8(0x83).u8(1).u8(0x00).u8(0x84).u8(2).u8(0).u8(3).zeros(4);
        return out;
    }

    private static ByteSink blockLimits(boolean unmaps) {
        // WSNZ: WRITE SAME of zero blocks is refused.
        ByteSink out = new ByteSink().u8(0x01).u8(BlockLimits.MAX_COMPARE_AND_WRITE);
        out.u16(BlockLimits.OPTIMAL_GRANULARITY);
        out.u32(BlockLimits.MAX_TRANSFER).u32(BlockLimits.OPTIMAL_TRANSFER).u32(0);
        out.u32(unmaps ? BlockLimits.MAX_UNMAP : 0);
        out.u32(unmaps ? BlockLimits.MAX_UNMAP_DESCRIPTORS : 0);
        out.u32(unmaps ? BlockLimits.UNMAP_GRANULARITY : 0);
        // UGAVALID with alignment 0.
        out.u32(unmaps ? 0x8000_0000L : 0);
        out.u64(BlockLimits.MAX_WRITE_SAME);
        // Atomic: maximum length, alignment, granularity; with boundary: none.
        out.u32(BlockLimits.MAX_ATOMIC).u32(0).u32(0).u32(0).u32(0);
        return out;
    }

    private static ByteSink provisioning(Provisioning space) {
        // LBPU, LBPWS, LBPWS10, LBPRZ=1; ANC_SUP where what is unmapped keeps its space.
        int anchors = space == Provisioning.RESOURCE ? 0x02 : 0;
        int flags = space.unmaps() ? 0xe4 | anchors : 0;
        return new ByteSink().u8(0).u8(flags).u8(space.type()).u8(0);
    }

    private static byte[] capacity16(long lastLba, boolean unmaps) {
        ByteSink out = new ByteSink().u64(lastLba).u32(BlockLimits.BLOCK_BYTES).u8(0);
        out.u8(BlockLimits.PHYSICAL_EXPONENT);
        // LBPME and LBPRZ.
        return out.u16(unmaps ? 0xc000 : 0).zeros(16).bytes();
    }

    private static byte[] lunList(List<Integer> luns) {
        ByteSink out = new ByteSink().u32(8L * luns.size()).u32(0);
        // Peripheral addressing below 256, flat above, SAM-5 4.7.
        luns.forEach(lun -> out.u16(lun < 256 ? lun : 0x4000 | lun).zeros(6));
        return out.bytes();
    }

    private static byte[] modeParameters(ScsiData.ModeParameters mode) {
        ByteSink pages = new ByteSink();
        for (ModePages.Page page : mode.pages()) {
            byte[] body = HexFormat.of().parseHex(page.body());
            if (page.subpage() == 0) {
                pages.u8(page.page()).u8(body.length);
            } else {
                // SPF.
                pages.u8(0x40 | page.page()).u8(page.subpage()).u16(body.length);
            }
            pages.put(body);
        }
        ByteSink descriptor = new ByteSink();
        mode.blocks().ifPresent(blocks -> blockDescriptor(descriptor, blocks, mode.longLba()));
        // WP, and DPOFUA: FUA is honoured.
        int specific = (mode.writeProtected() ? 0x80 : 0) | 0x10;
        ByteSink out = new ByteSink();
        if (mode.ten()) {
            out.u16(6 + descriptor.size() + pages.size()).u8(0).u8(specific);
            out.u8(mode.longLba() ? 1 : 0).u8(0).u16(descriptor.size());
        } else {
            out.u8(3 + descriptor.size() + pages.size()).u8(0).u8(specific).u8(descriptor.size());
        }
        return out.put(descriptor.bytes()).put(pages.bytes()).bytes();
    }

    private static void blockDescriptor(ByteSink out, long blocks, boolean longLba) {
        if (longLba) {
            out.u64(blocks).u32(0).u32(BlockLimits.BLOCK_BYTES);
        } else {
            out.u32(Math.min(blocks, 0xffff_ffffL)).u32(BlockLimits.BLOCK_BYTES);
        }
    }

    private static byte[] operationList(List<Operation> operations, boolean timeouts) {
        ByteSink body = new ByteSink();
        for (Operation operation : operations) {
            boolean serviceAction = operation.serviceAction() >= 0;
            body.u8(operation.opcode()).u8(0).u16(Math.max(0, operation.serviceAction())).u8(0);
            body.u8((timeouts ? 2 : 0) | (serviceAction ? 1 : 0)).u16(operation.cdbBytes());
            if (timeouts) {
                timeoutsDescriptor(body);
            }
        }
        return new ByteSink().u32(body.size()).put(body.bytes()).bytes();
    }

    private static byte[] oneOperation(Optional<Operation> operation, boolean timeouts) {
        if (operation.isEmpty()) {
            // SUPPORT 001b: not supported.
            return new ByteSink().u8(0).u8(1).u16(0).bytes();
        }
        byte[] usage = HexFormat.of().parseHex(operation.get().usage());
        ByteSink out = new ByteSink().u8(0).u8((timeouts ? 0x80 : 0) | 3).u16(usage.length);
        out.put(usage);
        if (timeouts) {
            timeoutsDescriptor(out);
        }
        return out.bytes();
    }

    private static void timeoutsDescriptor(ByteSink out) {
        // Length 10, no nominal and no recommended time-out.
        out.u16(10).zeros(10);
    }

    private static byte[] reservationHolder(ScsiData.ReservationHolder holder) {
        ByteSink out = new ByteSink().u32(holder.generation());
        if (holder.held().isEmpty()) {
            return out.u32(0).bytes();
        }
        ScsiData.ReservationHolder.Held held = holder.held().get();
        return out.u32(16).u64(held.key()).u32(0).u8(0).u8(held.type()).u16(0).bytes();
    }

    private static byte[] fullStatus(int generation, List<ScsiData.FullStatus.Registrant> all) {
        ByteSink body = new ByteSink();
        for (ScsiData.FullStatus.Registrant registrant : all) {
            byte[] name = registrant.nexus().portName().getBytes(StandardCharsets.UTF_8);
            int padded = (name.length + 1 + 3) & ~3;
            body.u64(registrant.key()).u32(0);
            body.u8(registrant.holder() ? 1 : 0).u8(registrant.holder() ? registrant.type() : 0);
            body.u32(0).u16(RELATIVE_TARGET_PORT).u32(4L + padded);
            // TransportID of iSCSI, format 01b: name and ISID.
            body.u8(0x45).u8(0).u16(padded).put(name).zeros(padded - name.length);
        }
        return new ByteSink().u32(generation).u32(body.size()).put(body.bytes()).bytes();
    }

    private static byte[] lbaStatus(List<ScsiData.LbaStatus.Provisioned> extents) {
        ByteSink out = new ByteSink().u32(4L + 16L * extents.size()).u32(0);
        for (ScsiData.LbaStatus.Provisioned extent : extents) {
            out.u64(extent.extent().lba()).u32(extent.extent().blocks());
            // 0 mapped, 1 deallocated, 2 anchored.
            int unmapped = extent.anchored() ? 2 : 1;
            out.u8(extent.mapped() ? 0 : unmapped).zeros(3);
        }
        return out.bytes();
    }

    private static byte[] defectList(ScsiData.DefectList list) {
        int flags = (list.primary() ? 0x10 : 0) | (list.grown() ? 0x08 : 0) | list.format();
        ByteSink out = new ByteSink().u8(0).u8(flags);
        return list.twelve() ? out.u16(0).u32(0).bytes() : out.u16(0).bytes();
    }

    private static byte[] targetPortGroups(ScsiData.TargetPortGroups groups) {
        ByteSink group = new ByteSink();
        // AO_SUP, AN_SUP, S_SUP and U_SUP; status code 1 is "set by a command"; one port.
        group.u8(groups.access().code()).u8(0x0f).u16(TARGET_PORT_GROUP);
        group.u8(0).u8(groups.setByInitiator() ? 1 : 0).u8(0).u8(1);
        group.u16(0).u16(RELATIVE_TARGET_PORT);
        ByteSink out = new ByteSink();
        if (groups.extended()) {
            out.u32(4L + group.size()).u8(0x10).zeros(3);
        } else {
            out.u32(group.size());
        }
        return out.put(group.bytes()).bytes();
    }

    private static byte[] copyParameters() {
        ByteSink out = new ByteSink();
        // SNLID; descriptor and list limits; segments of at most 65535 blocks.
        out.u8(1).zeros(3).u16(CopyListCodec.MAX_TARGETS).u16(CopyListCodec.MAX_SEGMENTS);
        out.u32(CopyListCodec.MAX_DESCRIPTOR_BYTES).u32(65_535L * BlockLimits.BLOCK_BYTES);
        // No inline data, no held data, no streams.
        out.u32(0).u32(0).u32(0).u16(0);
        // One copy at a time, in granules of 2^9 bytes.
        out.u16(1).u8(1).u8(9).u8(0).u8(0).zeros(3);
        // Block-to-block segments and identification descriptors.
        out.u8(2).u8(0x02).u8(0xe4);
        return new ByteSink().u32(out.size()).put(out.bytes()).bytes();
    }

    private static byte[] page(int code, ByteSink body) {
        return new ByteSink().u8(0).u8(code).u16(body.size()).put(body.bytes()).bytes();
    }
}
