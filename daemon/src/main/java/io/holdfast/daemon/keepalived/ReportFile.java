package io.holdfast.daemon.keepalived;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes what a signal asked for, whole or not at all, for its owner's eyes only. */
final class ReportFile {
    private ReportFile() {}

    // In /tmp anybody may have put a link of that name: a new file takes its place.
    static void write(Path path, String text) {
        Path made = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(made);
            Files.createFile(
                    made,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(made, text, StandardOpenOption.WRITE);
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            ProcessLog.info("wrote " + path);
        } catch (IOException e) {
            ProcessLog.error("cannot write " + path + ": " + e);
        }
    }
}
