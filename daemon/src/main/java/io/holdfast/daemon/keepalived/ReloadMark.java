package io.holdfast.daemon.keepalived;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.vrrp.config.ReloadSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code reload_file}: empty and there while the configuration is being read, gone afterwards. */
final class ReloadMark implements AutoCloseable {
    private final Optional<Path> file;

    private ReloadMark(Optional<Path> file) {
        this.file = file;
    }

    static ReloadMark set(ReloadSettings settings, Path usual) {
        Optional<Path> file =
                settings.lockFile().map(name -> name.isEmpty() ? usual : Path.of(name));
        file.ifPresent(
                path -> {
                    try {
                        Path _ = Files.write(path, new byte[0]);
                    } catch (IOException e) {
                        ProcessLog.warning("reload_file " + path + ": " + e);
                    }
                });
        return new ReloadMark(file);
    }

    @Override
    public void close() {
        file.ifPresent(
                path -> {
                    try {
                        boolean _ = Files.deleteIfExists(path);
                    } catch (IOException e) {
                        ProcessLog.warning("reload_file " + path + ": " + e);
                    }
                });
    }
}
