package io.holdfast.vrrp.config;

import io.holdfast.vrrp.config.section.ConfigurationReader;
import io.holdfast.vrrp.config.text.ConfigFiles;
import io.holdfast.vrrp.config.text.Finding;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Preprocessor;
import io.holdfast.vrrp.config.text.Severity;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.config.text.StatementParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads a {@code keepalived.conf}. Never throws for what files say: every mistake is a finding.
 *
 * @param settings empty when a finding is {@link Severity#FATAL}
 * @param findings in the order of the lines; none is lost
 */
public record KeepalivedConf(Optional<KeepalivedSettings> settings, List<Finding> findings) {
    public KeepalivedConf {
        findings = List.copyOf(findings);
    }

    /**
     * Reads {@code file} and all that it includes.
     *
     * @param hostName for {@code router_id} when the file has none
     */
    public static KeepalivedConf load(
            ConfigFiles files, Path file, Preprocessor.Context context, String hostName) {
        Findings findings = new Findings();
        List<Statement> statements =
                StatementParser.parse(Preprocessor.read(files, file, context, findings), findings);
        KeepalivedSettings settings =
                ConfigurationReader.read(statements, file.toString(), hostName, findings);
        return of(settings, findings);
    }

    private static KeepalivedConf of(KeepalivedSettings settings, Findings findings) {
        List<Finding> all = findings.inOrder();
        return new KeepalivedConf(
                has(all, Severity.FATAL) ? Optional.empty() : Optional.of(settings), all);
    }

    public boolean has(Severity severity) {
        return has(findings, severity);
    }

    private static boolean has(List<Finding> findings, Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity() == severity);
    }
}
