package io.holdfast.vrrp.codec;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The integrity value of an IP authentication header (RFC 2402) as Keepalived computes it:
 * HMAC-MD5-96 with the password, padded with zeros to 8 bytes, as the key, over the whole packet
 * with what routers may change set to zero.
 */
final class AhIntegrity {
    static final int BYTES = 12;

    /** Where it begins in the authentication header. */
    static final int OFFSET = 12;

    private static final int PASSWORD_BYTES = 8;

    private AhIntegrity() {}

    /**
     * @param packet IPv4 header without options, authentication header, message; not changed
     * @param unicast then the TTL counts as changeable
     */
    static byte[] of(byte[] packet, String password, boolean unicast) {
        byte[] covered = packet.clone();
        covered[1] = 0; // type of service
        covered[6] = 0; // flags and fragment offset
        covered[7] = 0;
        if (unicast) {
            covered[8] = 0; // TTL
        }
        covered[10] = 0; // checksum
        covered[11] = 0;
        int icv = Ipv4Header.BYTES + OFFSET;
        Arrays.fill(covered, icv, icv + BYTES, (byte) 0);
        return Arrays.copyOf(hmacMd5(key(password), covered), BYTES);
    }

    private static byte[] key(String password) {
        return Arrays.copyOf(password.getBytes(StandardCharsets.ISO_8859_1), PASSWORD_BYTES);
    }

    private static byte[] hmacMd5(byte[] key, byte[] covered) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key, "HmacMD5"));
            return mac.doFinal(covered);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacMD5", e);
        }
    }
}
