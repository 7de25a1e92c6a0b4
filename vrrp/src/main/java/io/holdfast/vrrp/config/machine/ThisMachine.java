package io.holdfast.vrrp.config.machine;

import io.holdfast.linux.net.Rtnetlink;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine, and the network namespace, that this process runs on. */
public final class ThisMachine implements Machine {
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final List<String> PATH =
            List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin");

    // By netlink: the JDK's NetworkInterface knows only those that have an address.
    @Override
    public InterfaceKind interfaceKind(String name) {
        try (Rtnetlink links = Rtnetlink.open()) {
            return links.link(name)
                    .map(link -> link.loopback() ? InterfaceKind.LOOPBACK : InterfaceKind.ORDINARY)
                    .orElse(InterfaceKind.MISSING);
        }
    }

    @Override
    public boolean hasUser(String name) {
        try {
            var _ =
                    FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean hasGroup(String name) {
        try {
            var _ =
                    FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Optional<Path> program(String name) {
        try {
            Stream<Path> candidates =
                    name.indexOf('/') >= 0
                            ? Stream.of(Path.of(name))
                            : PATH.stream().map(folder -> Path.of(folder, name));
            return candidates
                    .filter(Files::isExecutable)
                    .filter(candidate -> !Files.isDirectory(candidate))
                    .findFirst();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    // The file itself and each directory on the way to it, both as named and where links lead.
    @Override
    public Optional<String> writableByOthers(Path program) {
        try {
            Path named = program.toAbsolutePath().normalize();
            Path real = program.toRealPath();
            for (Path start : List.of(named, real)) {
                for (Path part = start; part != null; part = part.getParent()) {
                    Optional<String> weakness = weakness(part);
                    if (weakness.isPresent()) {
                        return weakness;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("it cannot be looked at: " + e.getMessage());
        }
    }

    private static Optional<String> weakness(Path part) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(part, "unix:uid,gid,mode");
        int mode = number(attributes, "mode");
        // In a sticky directory such as /tmp only its owner may replace a file.
        boolean protectedFiles = Files.isDirectory(part) && (mode & STICKY) != 0;
        if (number(attributes, "uid") != 0) {
            return Optional.of(part + " does not belong to root");
        }
        if ((mode & OTHERS_WRITE) != 0 && !protectedFiles) {
            return Optional.of(part + " may be written by everybody");
        }
        if ((mode & GROUP_WRITE) != 0 && number(attributes, "gid") != 0 && !protectedFiles) {
            return Optional.of(part + " may be written by its group");
        }
        return Optional.empty();
    }

    private static int number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Integer number ? number : -1;
    }
}
