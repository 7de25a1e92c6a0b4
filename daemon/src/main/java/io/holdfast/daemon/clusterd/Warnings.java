package io.holdfast.daemon.clusterd;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Severity;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.controller.core.UnfencedResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an administrator should look at: of the files, of the running cluster (the last ones), and
 * unsafe settings of the configuration in force.
 */
final class Warnings {
    private static final int KEPT = 50;

    private final Map<String, Problem> known = new LinkedHashMap<>();

    /** The same problem of the same object is kept once, the latest words of it. */
    synchronized void add(Problem problem) {
        String key = problem.object() + "\n" + problem.what();
        known.remove(key);
        if (known.size() == KEPT) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(key, problem);
    }

    /** A term was installed: what kept the cluster from deciding is over. */
    synchronized void clearBlocked() {
        known.keySet().removeIf(key -> key.startsWith("configuration log\n"));
    }

    synchronized List<Problem> with(Cib configuration) {
        List<Problem> all = new ArrayList<>(known.values());
        CibVerifier.verifyConfiguration(configuration).stream()
                .filter(finding -> finding.severity() == Severity.WARNING)
                .map(finding -> finding.in("configuration"))
                .forEach(all::add);
        all.addAll(UnfencedResources.warnings(configuration));
        return all;
    }
}
