package io.holdfast.daemon.keepalived;

import io.holdfast.linux.process.Namespace;
import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.text.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code --config-test[=FILE]}: every mistake at once. */
final class ConfigTest {
    private ConfigTest() {}

    /** To standard error, or to {@code report}; the exit code. */
    static int run(LaunchOptions options, Optional<Path> report) throws IOException {
        options.namespace()
                .ifPresent(
                        name ->
                                Namespace.at(Path.of("/run/netns", name), Namespace.Kind.NETWORK)
                                        .enter());
        ConfigurationFile file = new ConfigurationFile(options);
        KeepalivedConf conf = file.checked(file.read());
        String text = FindingsText.of(conf.findings());
        if (report.isPresent()) {
            Files.writeString(report.get(), text);
        } else {
            System.err.print(text);
        }
        return code(conf);
    }

    private static int code(KeepalivedConf conf) {
        if (conf.has(Severity.FATAL) || conf.has(Severity.ERROR)) {
            return ExitCode.TEST_FAILED;
        }
        return conf.has(Severity.SECURITY) ? ExitCode.TEST_FOUND_INSECURE_SCRIPTS : ExitCode.OK;
    }
}
