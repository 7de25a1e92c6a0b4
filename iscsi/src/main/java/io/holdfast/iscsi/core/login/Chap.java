package io.holdfast.iscsi.core.login;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * CHAP of RFC 1994 as RFC 7143 12.1.3 carries it in text keys. Pure: challenges come from outside.
 */
public final class Chap {
    /** RFC 7143 12.1.3: a CHAP_C of more than 1024 bytes is an error. */
    static final int MAX_BINARY_BYTES = 1024;

    /** CHAP_A values of IANA's registry that we can compute, the strongest first. */
    public enum Algorithm {
        SHA3_256(8, "SHA3-256", 32),
        SHA_256(7, "SHA-256", 32),
        SHA1(6, "SHA-1", 20),
        MD5(5, "MD5", 16);

        private final int number;
        private final String digest;
        private final int responseBytes;

        Algorithm(int number, String digest, int responseBytes) {
            this.number = number;
            this.digest = digest;
            this.responseBytes = responseBytes;
        }

        public int number() {
            return number;
        }

        int responseBytes() {
            return responseBytes;
        }
    }

    private static final List<Algorithm> KNOWN = List.of(Algorithm.values());

    private Chap() {}

    /** The first algorithm of the initiator's list that we know, by RFC 7143 12.1.3. */
    static java.util.Optional<Algorithm> choose(String offeredList) {
        for (String offered : offeredList.split(",", -1)) {
            for (Algorithm algorithm : KNOWN) {
                if (offered.trim().equals(Integer.toString(algorithm.number))) {
                    return java.util.Optional.of(algorithm);
                }
            }
        }
        return java.util.Optional.empty();
    }

    /** The response of RFC 1994 4.1: digest of identifier, secret and challenge. */
    public static byte[] respond(
            Algorithm algorithm, int identifier, String secret, byte[] challenge) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.digest);
            digest.update((byte) identifier);
            digest.update(secret.getBytes(StandardCharsets.UTF_8));
            digest.update(challenge);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm.digest, e);
        }
    }

    /** A binary value of RFC 7143 6.1 as text: {@code 0x} and hexadecimal digits. */
    public static String toText(byte[] value) {
        return "0x" + HexFormat.of().formatHex(value);
    }

    /**
     * A binary value of RFC 7143 6.1 from text: hexadecimal or base64.
     *
     * @throws IllegalArgumentException when it is neither, or longer than 1024 bytes
     */
    public static byte[] toBytes(String text) {
        if (text.length() > 2 + 2 * MAX_BINARY_BYTES) {
            throw new IllegalArgumentException("a binary value of more than 1024 bytes");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("0x")) {
            String digits = lower.substring(2);
            return HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits);
        }
        if (lower.startsWith("0b")) {
            return Base64.getDecoder().decode(text.substring(2));
        }
        throw new IllegalArgumentException("a binary value starts with 0x or 0b");
    }

    /** CHAP_I: one byte, as a decimal or 0x number. */
    public static int identifier(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean hexadecimal = lower.startsWith("0x");
        String digits = hexadecimal ? lower.substring(2) : lower;
        if (digits.isEmpty() || digits.length() > 4) {
            throw new IllegalArgumentException("CHAP_I is one byte");
        }
        int value = new BigInteger(digits, hexadecimal ? 16 : 10).intValueExact();
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("CHAP_I is one byte");
        }
        return value;
    }
}
