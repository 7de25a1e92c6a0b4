package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.schema.SchemaUpgrade;
import io.holdfast.cib.schema.SchemaValidator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All checks of a CIB, as crm_verify runs them; every finding is told, not only the first. */
public final class CibVerifier {
    private CibVerifier() {}

    /**
     * A CIB made ready to decide from.
     *
     * @param cib as the current schema has it
     * @param findings errors first, by line
     */
    public record Verified(Cib cib, List<Finding> findings) {
        public Verified {
            findings = List.copyOf(findings);
        }

        /** Without errors; nothing may be decided from a CIB that has some. */
        public boolean isUsable() {
            return findings.stream().noneMatch(Finding::isError);
        }
    }

    /** Upgrades a CIB to the current schema and checks all of it. */
    public static Verified verify(Cib cib) {
        SchemaUpgrade.Upgraded upgraded = SchemaUpgrade.upgrade(cib);
        List<Finding> findings = new ArrayList<>(upgraded.notes());
        boolean validated = !"none".equals(cib.root().attribute("validate-with"));
        if (validated) {
            findings.addAll(SchemaValidator.validate(upgraded.cib()));
            UniqueIds.check(upgraded.cib(), findings);
            References.check(upgraded.cib(), findings);
        }
        UnsafeSettings.check(upgraded.cib(), findings);
        return new Verified(upgraded.cib(), sorted(findings));
    }

    /**
     * As {@link #verify}, for a CIB that is of the current schema already: references, ids, risks.
     */
    public static List<Finding> verifyConfiguration(Cib cib) {
        List<Finding> findings = new ArrayList<>();
        UniqueIds.check(cib, findings);
        References.check(cib, findings);
        UnsafeSettings.check(cib, findings);
        return sorted(findings);
    }

    private static List<Finding> sorted(List<Finding> findings) {
        findings.sort(Comparator.comparing(Finding::severity).thenComparingInt(Finding::line));
        return findings;
    }
}
