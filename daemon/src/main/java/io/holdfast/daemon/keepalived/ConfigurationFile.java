package io.holdfast.daemon.keepalived;

import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.machine.MachineCheck;
import io.holdfast.vrrp.config.machine.ThisMachine;
import io.holdfast.vrrp.config.text.DiskFiles;
import io.holdfast.vrrp.config.text.Preprocessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's {@code keepalived.conf}, read as often as it is asked for. */
final class ConfigurationFile {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final LaunchOptions options;

    ConfigurationFile(LaunchOptions options) {
        this.options = options;
    }

    /** What it says, without a look at the machine. */
    KeepalivedConf read() {
        String host = hostName();
        String node = host.replaceFirst("\\..*", "");
        return KeepalivedConf.load(
                new DiskFiles(),
                options.configFile(),
                new Preprocessor.Context(
                        options.configId().orElse(node),
                        System::getenv,
                        System.nanoTime(),
                        options.allIncludes()),
                host);
    }

    /** The same with what this machine, in this network namespace, has of it. */
    KeepalivedConf checked(KeepalivedConf conf) {
        return MachineCheck.check(conf, options.configFile(), new ThisMachine());
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
