package io.holdfast.iscsi.core.scsi;

import java.util.List;
import java.util.Optional;

/** Data-in that is not read from the medium. */
public sealed interface ScsiData {
    /** Standard INQUIRY data; an absent unit has peripheral qualifier 1 or 3. */
    record StandardInquiry(LunIdentity identity, int peripheralQualifier) implements ScsiData {}

    /** Standard INQUIRY data of a storage array controller. */
    record ControllerInquiry(LunIdentity identity) implements ScsiData {}

    /** VPD page 0x00. */
    record SupportedPages(List<Integer> pages) implements ScsiData {}

    /** VPD page 0x80. */
    record UnitSerialNumber(String serial) implements ScsiData {}

    /** VPD page 0x83. */
    record DeviceIdentification(LunIdentity identity) implements ScsiData {}

    /** VPD page 0x86. */
    record ExtendedInquiry() implements ScsiData {}

    /** VPD page 0x8F. */
    record ThirdPartyCopy() implements ScsiData {}

    /** VPD page 0xB0. */
    record BlockLimitsPage(Provisioning provisioning) implements ScsiData {}

    /** VPD page 0xB1. */
    record BlockDeviceCharacteristics(Provisioning provisioning) implements ScsiData {}

    /** VPD page 0xB2. */
    record LogicalBlockProvisioning(Provisioning provisioning) implements ScsiData {}

    record Capacity10(long lastLba) implements ScsiData {}

    record Capacity16(long lastLba, Provisioning provisioning) implements ScsiData {}

    record LunList(List<Integer> luns) implements ScsiData {}

    /** REQUEST SENSE data. */
    record SenseReply(Sense sense, boolean descriptorFormat) implements ScsiData {}

    /**
     * MODE SENSE data.
     *
     * @param blocks for the block descriptor, absent when it is not wanted
     */
    record ModeParameters(
            boolean ten,
            boolean longLba,
            boolean writeProtected,
            Optional<Long> blocks,
            List<ModePages.Page> pages)
            implements ScsiData {}

    record OperationList(List<SupportedOperations.Operation> operations, boolean timeouts)
            implements ScsiData {}

    record OneOperation(Optional<SupportedOperations.Operation> operation, boolean timeouts)
            implements ScsiData {}

    record ReservationKeys(int generation, List<Long> keys) implements ScsiData {}

    /** PERSISTENT RESERVE IN, READ RESERVATION. */
    record ReservationHolder(int generation, Optional<Held> held) implements ScsiData {
        /** Who holds what; the key is 0 for the "all registrants" types. */
        public record Held(long key, int type) {}
    }

    /**
     * PERSISTENT RESERVE IN, REPORT CAPABILITIES.
     *
     * @param capable PTPL_C: the volume has a place for them
     * @param active PTPL_A
     */
    record ReservationCapabilities(boolean capable, boolean active) implements ScsiData {}

    record FullStatus(int generation, List<Registrant> registrants) implements ScsiData {
        /** One descriptor of READ FULL STATUS. */
        public record Registrant(Nexus nexus, long key, boolean holder, int type) {}
    }

    /** GET LBA STATUS descriptors. */
    record LbaStatus(List<Provisioned> extents) implements ScsiData {
        /**
         * One descriptor.
         *
         * @param anchored of what is not mapped: space is kept for it
         */
        public record Provisioned(Extent extent, boolean mapped, boolean anchored) {}
    }

    /** An empty defect list. */
    record DefectList(boolean twelve, int format, boolean primary, boolean grown)
            implements ScsiData {}

    /**
     * REPORT TARGET PORT GROUPS with the one group that is there.
     *
     * @param setByInitiator whether the state comes from SET TARGET PORT GROUPS
     */
    record TargetPortGroups(boolean extended, AccessState access, boolean setByInitiator)
            implements ScsiData {}

    /** RECEIVE COPY RESULTS, OPERATING PARAMETERS. */
    record CopyOperatingParameters() implements ScsiData {}

    /** RECEIVE COPY RESULTS, COPY STATUS. */
    record CopyStatus(int segments, long bytes, boolean failed) implements ScsiData {}
}
