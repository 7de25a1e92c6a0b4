package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All checks of a CIB, as crm_verify runs them; every finding is told, not only the first. */
public final class CibVerifier {
    private CibVerifier() {}

    /** What is wrong or unsafe in the configuration: references, ids, settings. */
    public static List<Finding> verifyConfiguration(Cib cib) {
        List<Finding> findings = new ArrayList<>();
        UniqueIds.check(cib, findings);
        References.check(cib, findings);
        UnsafeSettings.check(cib, findings);
        findings.sort(Comparator.comparing(Finding::severity));
        return findings;
    }
}
