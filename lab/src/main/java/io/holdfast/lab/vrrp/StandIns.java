package io.holdfast.lab.vrrp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Programs that stand in for {@code systemctl}, {@code service}, {@code drbdadm}, {@code mount} and
 * {@code umount} on one machine. A service is a file: it runs while the file is there. Each call is
 * written to {@code calls} when it is done, with its time in ms, so that the order of operations
 * can be told.
 */
@SuppressWarnings("InlineFormatString") // programs are easier read as files
public final class StandIns {
    /**
     * A service named {@code broken-NAME} in the folder does not start. Stopping {@code keepalived}
     * is what the real program would do: its process is asked to end.
     */
    private static final String SERVICE_SCRIPT =
            """
            #!/bin/sh
            # %1$s: the machine's folder. Called with ACTION NAME.
            note() { echo "$(date +%%s%%3N) service $2 $1" >> %1$s/calls; }
            running=%1$s/services/$2
            case $1 in
                status)
                    note "$@"
                    test -e "$running" ;;
                start|restart)
                    rm -f "$running"
                    test -e "%1$s/services/broken-$2" || touch "$running"
                    note "$@"
                    test -e "$running" ;;
                stop)
                    rm -f "$running"
                    note "$@"
                    if test "$2" = keepalived; then kill -TERM "$(cat %1$s/pid)"; fi ;;
            esac
            """;

    private static final String OLD_SERVICE_SCRIPT =
            """
            #!/bin/sh
            exec %1$s/bin/systemctl "$2" "$1"
            """;

    /** The rule that DRBD keeps: one Primary, and none of the two while it is mounted. */
    private static final String DRBDADM_SCRIPT =
            """
            #!/bin/sh
            echo "$(date +%%s%%3N) drbdadm $1 $2" >> %1$s/calls
            case $1 in
                primary)
                    if test -e %2$s/primary; then echo "Multiple primaries not allowed" >&2; exit 11; fi
                    touch %1$s/primary ;;
                secondary)
                    if test -e %1$s/mounted; then echo "Device is held open by someone" >&2; exit 11; fi
                    rm -f %1$s/primary ;;
            esac
            """;

    private static final String MOUNT_SCRIPT =
            """
            #!/bin/sh
            echo "$(date +%%s%%3N) mount $1" >> %1$s/calls
            test -e %1$s/primary && touch %1$s/mounted
            """;

    private static final String UMOUNT_SCRIPT =
            """
            #!/bin/sh
            echo "$(date +%%s%%3N) umount $1" >> %1$s/calls
            test -e %1$s/mounted && rm -f %1$s/mounted
            """;

    private final Path root;

    /**
     * Makes them in {@code ROOT/bin}.
     *
     * @param peerRoot the other machine's folder: DRBD asks it for its role
     */
    public StandIns(Path root, Path peerRoot) {
        this.root = root;
        try {
            Files.createDirectories(root.resolve("bin"));
            Files.createDirectories(root.resolve("services"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        program("bin/systemctl", SERVICE_SCRIPT.formatted(root));
        program("bin/service", OLD_SERVICE_SCRIPT.formatted(root));
        program("bin/drbdadm", DRBDADM_SCRIPT.formatted(root, peerRoot));
        program("bin/mount", MOUNT_SCRIPT.formatted(root));
        program("bin/umount", UMOUNT_SCRIPT.formatted(root));
    }

    /** Writes a program that root alone may change, as script security wants it. */
    public Path program(String name, String text) {
        Path file = root.resolve(name);
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    public boolean runs(String service) {
        return Files.exists(root.resolve("services").resolve(service));
    }

    /** A service dies by itself. */
    public void kill(String service) {
        delete("services/" + service);
    }

    public void start(String service) {
        touch("services/" + service);
    }

    /** From now on it does not start any more, or does again. */
    public void setBroken(String service, boolean broken) {
        if (broken) {
            touch("services/broken-" + service);
        } else {
            delete("services/broken-" + service);
        }
    }

    public boolean isPrimary() {
        return Files.exists(root.resolve("primary"));
    }

    public boolean isMounted() {
        return Files.exists(root.resolve("mounted"));
    }

    /** A machine that lost its power has nothing mounted and no service. */
    public void loseState() {
        delete("primary");
        delete("mounted");
        for (String service : List.of("nfs", "glusterd", "glusterfsd")) {
            kill(service);
        }
    }

    /** What was called, oldest first: time in ms, program and arguments. */
    public List<String> calls() {
        Path file = root.resolve("calls");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void forgetCalls() {
        delete("calls");
    }

    private void touch(String name) {
        try {
            Files.write(root.resolve(name), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(String name) {
        try {
            Files.deleteIfExists(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
