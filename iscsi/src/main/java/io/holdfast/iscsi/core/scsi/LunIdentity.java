package io.holdfast.iscsi.core.scsi;

/**
 * What a logical unit says about itself. It must be the same on every node that may serve it, else
 * multipath takes one disk for two.
 *
 * @param vendor T10 vendor identification, at most 8 characters
 * @param product at most 16 characters
 * @param revision at most 4 characters
 * @param serial unit serial number, at most 36 characters
 * @param naa the NAA identifier of VPD page 0x83 in hexadecimal: 16 or 32 digits
 * @param readOnly whether every write is refused
 * @param writeCache whether WCE is reported: a completed write may need a flush to be durable
 * @param asymmetricAccess whether ALUA is offered
 * @param targetName the target's iqn, the designator of its port
 */
public record LunIdentity(
        String vendor,
        String product,
        String revision,
        String serial,
        String naa,
        Provisioning provisioning,
        boolean readOnly,
        boolean writeCache,
        boolean asymmetricAccess,
        String targetName) {}
