package io.holdfast.lab.world;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a machine must offer so that a lab can be built on it. */
public final class LabRequirements {
    /** util-linux and coreutils: on every Debian and RHEL system. */
    private static final List<String> PROGRAMS = List.of("unshare", "nsenter", "setsid", "sh");

    private static final List<String> NAMESPACES = List.of("net", "uts", "pid", "mnt");
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;

    private LabRequirements() {}

    /** Everything that is missing; empty when a lab can be built. */
    public static List<Problem> missing() {
        List<Problem> problems = new ArrayList<>();
        NAMESPACES.stream()
                .filter(kind -> !Files.exists(Path.of("/proc/self/ns", kind)))
                .map(LabRequirements::noNamespaces)
                .forEach(problems::add);
        capabilityMissing().ifPresent(problems::add);
        PROGRAMS.stream()
                .filter(program -> !isOnPath(program))
                .map(LabRequirements::noProgram)
                .forEach(problems::add);
        return problems;
    }

    /** Throws the first thing that is missing. */
    public static void require() {
        missing().stream()
                .findFirst()
                .ifPresent(
                        problem -> {
                            throw new ProblemException(problem);
                        });
    }

    private static Problem noNamespaces(String kind) {
        return new Problem(
                "no lab can be built on this machine",
                "/proc/self/ns/" + kind,
                "the kernel has no " + kind + " namespaces",
                "use a kernel with CONFIG_NAMESPACES (any distribution's), and mount /proc");
    }

    private static Problem noProgram(String program) {
        return new Problem(
                "no lab can be built on this machine",
                program,
                "the program is not on the PATH",
                "apt-get install util-linux");
    }

    private static Optional<Problem> capabilityMissing() {
        long effective = effectiveCapabilities();
        boolean enough =
                (effective >> CAP_SYS_ADMIN & 1) == 1 && (effective >> CAP_NET_ADMIN & 1) == 1;
        return enough
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                "no lab can be built by this user",
                                System.getProperty("user.name", "this user"),
                                "namespaces need CAP_SYS_ADMIN and CAP_NET_ADMIN",
                                "run it as root (sudo ./holdfast …); in a container, start that"
                                        + " with --privileged"));
    }

    private static long effectiveCapabilities() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0L);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether a program of this name is installed. */
    public static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
