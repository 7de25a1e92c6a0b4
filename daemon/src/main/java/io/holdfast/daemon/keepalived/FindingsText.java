package io.holdfast.daemon.keepalived;

import io.holdfast.base.Problem;
import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.vrrp.config.text.Finding;
import io.holdfast.vrrp.config.text.Severity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Findings for people. */
final class FindingsText {
    private FindingsText() {}

    /** Three lines each: {@code FILE:LINE: error: what}, why, what to do. */
    static String of(List<Finding> findings) {
        return findings.stream().map(FindingsText::of).collect(Collectors.joining());
    }

    private static String of(Finding finding) {
        Problem problem = finding.problem();
        return problem.object()
                + ": "
                + word(finding.severity())
                + ": "
                + problem.what()
                + "\n  why:     "
                + problem.why()
                + "\n  to mend: "
                + problem.remedy()
                + "\n";
    }

    /** One line each, to the log. */
    static void log(List<Finding> findings) {
        for (Finding finding : findings) {
            String line = finding.problem().message();
            if (finding.severity() == Severity.WARNING || finding.severity() == Severity.SECURITY) {
                ProcessLog.warning(line);
            } else {
                ProcessLog.error(line);
            }
        }
    }

    private static String word(Severity severity) {
        return severity == Severity.FATAL ? "fatal" : severity.name().toLowerCase(Locale.ROOT);
    }
}
