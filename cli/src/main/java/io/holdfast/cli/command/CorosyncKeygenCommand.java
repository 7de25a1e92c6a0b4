package io.holdfast.cli.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cli.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code corosync-keygen}: makes the secret that a cluster's nodes and its witness share. Unlike
 * Corosync's it never replaces a key: the nodes that still have the old one would be strangers.
 */
@Command(
        name = "corosync-keygen",
        description = "Makes the cluster's key, etc/holdfast/authkey, readable by its owner alone.")
public final class CorosyncKeygenCommand extends Subcommand {
    /** As Corosync 3's. */
    private static final int DEFAULT_BYTES = 256;

    /** What membership accepts (io.holdfast.membership.AuthKey). */
    private static final int LEAST_BYTES = 32;

    private static final int MOST_BYTES = 4096;

    @Option(
            names = {"-k", "--key-file"},
            paramLabel = "FILE",
            description = "another file; copy it to etc/holdfast/authkey of each node yourself")
    @Nullable Path file;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "BYTES",
            description = "32 to 4096; default: ${DEFAULT-VALUE}")
    int sizeBytes = DEFAULT_BYTES;

    @Option(
            names = {"-l", "--less-secure"},
            description = "obeyed and needless: good random bytes never make it wait")
    boolean lessSecure;

    public CorosyncKeygenCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        Path target = file == null ? context.keyFile() : file;
        if (sizeBytes < LEAST_BYTES || sizeBytes > MOST_BYTES) {
            throw new ProblemException(
                    new Problem(
                            "no key is made",
                            sizeBytes + " bytes",
                            "shorter ones could be guessed, longer ones are not read",
                            "leave -s out, or give " + LEAST_BYTES + " to " + MOST_BYTES));
        }
        byte[] key = new byte[sizeBytes];
        new SecureRandom().nextBytes(key);
        try {
            write(target, key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        context.say(
                "wrote "
                        + sizeBytes
                        + " bytes to "
                        + target
                        + "; copy it to every node and to the witness, mode 0400");
        return done();
    }

    private static void write(Path target, byte[] key) {
        // With its mode from the start: nobody else may have it open before it is written.
        try (FileChannel out =
                FileChannel.open(
                        target,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("r--------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new ProblemException(
                    new Problem(
                            "no key is made",
                            target.toString(),
                            "there is one already, and other nodes may have it too",
                            "move it away first if the whole cluster is to get a new one"),
                    e);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the key cannot be written",
                            target.toString(),
                            e.toString(),
                            "see that its folder is there and that you may write to it"),
                    e);
        }
    }
}
