package io.holdfast.daemon.keepalived.notify;

import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.script.ChildProgram;
import io.holdfast.linux.process.NamedPipe;
import io.holdfast.vrrp.config.FifoSettings;
import io.holdfast.vrrp.config.ScriptUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pipe that every change is written to, and the program that reads it, if one is configured. */
final class NotifyFifo implements AutoCloseable {
    private static final int OWNER_ONLY = 0600;

    private final FifoSettings settings;
    private final NamedPipe pipe;
    private final @Nullable ChildProgram reader;
    private int lost;

    private NotifyFifo(FifoSettings settings, NamedPipe pipe, @Nullable ChildProgram reader) {
        this.settings = settings;
        this.pipe = pipe;
        this.reader = reader;
    }

    /** Empty, and told, when it cannot be had: addresses matter more than news of them. */
    static Optional<NotifyFifo> open(FifoSettings settings, Optional<ScriptUser> defaultUser) {
        try {
            NamedPipe pipe = NamedPipe.open(Path.of(settings.path()), OWNER_ONLY);
            settings.owner().ifPresent(owner -> give(settings.path(), owner));
            return Optional.of(new NotifyFifo(settings, pipe, startReader(settings, defaultUser)));
        } catch (ProblemException e) {
            ProcessLog.error(e.problem().message());
            return Optional.empty();
        }
    }

    private static @Nullable ChildProgram startReader(
            FifoSettings settings, Optional<ScriptUser> defaultUser) {
        if (settings.script().isEmpty()) {
            return null;
        }
        List<String> command = new ArrayList<>(settings.script().get().command());
        command.add(settings.path());
        try {
            return ChildProgram.start(
                    command, settings.script().get().user().or(() -> defaultUser));
        } catch (IOException e) {
            ProcessLog.error("the reader of " + settings.path() + ": " + e.getMessage());
            return null;
        }
    }

    private static void give(String path, ScriptUser owner) {
        try {
            UserPrincipalLookupService users =
                    FileSystems.getDefault().getUserPrincipalLookupService();
            PosixFileAttributeView file =
                    Files.getFileAttributeView(Path.of(path), PosixFileAttributeView.class);
            if (file != null) {
                file.setOwner(users.lookupPrincipalByName(owner.name()));
                if (owner.group().isPresent()) {
                    file.setGroup(users.lookupPrincipalByGroupName(owner.group().get()));
                }
            }
        } catch (IOException e) {
            ProcessLog.error("the pipe " + path + " cannot be given to " + owner + ": " + e);
        }
    }

    FifoSettings settings() {
        return settings;
    }

    /** One line; lost, and told once, while nobody reads and the pipe is full. */
    void write(String line) {
        try {
            if (pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8))) {
                lost = 0;
            } else if (lost++ == 0) {
                ProcessLog.warning("nobody reads " + settings.path() + "; lines to it are lost");
            }
        } catch (ProblemException e) {
            ProcessLog.error(e.problem().message());
        }
    }

    @Override
    public void close() {
        pipe.close();
        if (reader != null) {
            reader.end();
        }
    }
}
