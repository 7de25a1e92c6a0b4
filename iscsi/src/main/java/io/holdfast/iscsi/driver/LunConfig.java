package io.holdfast.iscsi.driver;

import io.holdfast.base.VolumeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How a volume presents itself as a logical unit. Derived from names, so that it is the same on
 * every node of the cluster.
 *
 * @param naa NAA identifier in hexadecimal, 32 digits starting with 6 (or 16 with 2, 3 or 5)
 * @param thin whether UNMAP gives space back
 * @param writeCache whether WCE is reported and an initiator flushes; else each write is durable
 *     before it is answered
 * @param asymmetricAccess whether ALUA is offered
 */
public record LunConfig(
        String vendor,
        String product,
        String revision,
        String serial,
        String naa,
        boolean thin,
        boolean readOnly,
        boolean writeCache,
        boolean asymmetricAccess) {
    private static final String REVISION = "0001";

    /** Identity from the cluster's and the volume's name. */
    public static LunConfig forVolume(String clusterName, VolumeId volume) {
        String digest = digest(clusterName + "/" + volume.name());
        return new LunConfig(
                "HOLDFAST",
                "VIRTUAL-DISK",
                REVISION,
                digest.substring(0, 20),
                // NAA 6 without a company id of our own: 100 bits of the digest tell units apart.
                "6000000" + digest.substring(0, 25),
                false,
                false,
                true,
                true);
    }

    public LunConfig withThin(boolean newThin) {
        return new LunConfig(
                vendor,
                product,
                revision,
                serial,
                naa,
                newThin,
                readOnly,
                writeCache,
                asymmetricAccess);
    }

    public LunConfig withReadOnly(boolean newReadOnly) {
        return new LunConfig(
                vendor,
                product,
                revision,
                serial,
                naa,
                thin,
                newReadOnly,
                writeCache,
                asymmetricAccess);
    }

    public LunConfig withWriteCache(boolean newWriteCache) {
        return new LunConfig(
                vendor,
                product,
                revision,
                serial,
                naa,
                thin,
                readOnly,
                newWriteCache,
                asymmetricAccess);
    }

    private static String digest(String name) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
