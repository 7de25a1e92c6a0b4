package io.holdfast.lab.scenario;

import io.holdfast.lab.cluster.ClusterPlan;
import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.cluster.LabCluster;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The cluster that the demo and its relatives use. */
public final class DemoCluster {
    /** Small, so that comparing and resyncing are quick; its metadata is inside. */
    private static final long VOLUME_BYTES = 64L << 20;

    private DemoCluster() {}

    /** Machines with files, not yet started. */
    public static LabCluster build() {
        return build(HoldfastProgram.find());
    }

    /** The same, run by a launcher of one's choice. */
    public static LabCluster build(HoldfastProgram program) {
        return LabCluster.build(ClusterPlan.s4InSmall(VOLUME_BYTES, newSecret()), program);
    }

    // RFC 7143 12.1.3: CHAP secrets of less than 96 bits are asking for it.
    private static String newSecret() {
        byte[] secret = new byte[12];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
