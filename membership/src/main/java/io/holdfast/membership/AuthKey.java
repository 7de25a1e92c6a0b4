package io.holdfast.membership;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all nodes of a cluster share, as corosync-keygen makes it. Never printed; other
 * secrets are derived from it, each for one purpose.
 */
public final class AuthKey {
    /** Corosync's own keys have 128 or 256 bytes; fewer than 32 could be guessed. */
    static final int MIN_BYTES = 32;

    static final int MAX_BYTES = 4096;

    private static final Set<PosixFilePermission> FORBIDDEN =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private final byte[] secret;

    private AuthKey(byte[] secret) {
        this.secret = secret;
    }

    /** For tests and for keys from elsewhere; the bytes are copied. */
    public static AuthKey of(byte[] secret) {
        return new AuthKey(secret.clone());
    }

    /** Reads a key file that nobody else can read. */
    public static AuthKey read(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(FORBIDDEN::contains)) {
                throw new ProblemException(
                        new Problem(
                                "the key can be read by others",
                                file.toString(),
                                "whoever has it can command the cluster",
                                "chmod 400 " + file + ", and make a new one if it may be known"));
            }
            if (Files.size(file) < MIN_BYTES || Files.size(file) > MAX_BYTES) {
                throw new ProblemException(
                        new Problem(
                                "the key has a wrong size",
                                file.toString(),
                                "it has "
                                        + Files.size(file)
                                        + " bytes; "
                                        + MIN_BYTES
                                        + " to "
                                        + MAX_BYTES
                                        + " are accepted",
                                "move it away, make one with `holdfast corosync-keygen`, and copy"
                                        + " it to every node"));
            }
            return new AuthKey(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the cluster's key cannot be read",
                            file.toString(),
                            e.toString(),
                            "copy the authkey of another node there, or make one with `holdfast"
                                    + " corosync-keygen`"),
                    e);
        }
    }

    /**
     * A 32-byte secret for one purpose (HMAC-SHA-256 of the purpose under the key, one block of
     * HKDF-Expand, RFC 5869).
     */
    public byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthKey key && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(derive("hash"));
    }

    @Override
    public String toString() {
        return "AuthKey";
    }
}
