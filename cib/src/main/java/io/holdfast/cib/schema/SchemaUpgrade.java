package io.holdfast.cib.schema;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a CIB of an older schema a current one, as Pacemaker does when it reads it.
 *
 * <pre>
 * 1.0 … 1.3  ->  2.0    access control: users become targets and roles   {@link AclUpgrade}
 * 2.0 … 2.10 ->  3.0    options, defaults and attributes under new names {@link ObsoleteNames}
 * 3.0 … 3.10            only additions
 * </pre>
 */
public final class SchemaUpgrade {
    private SchemaUpgrade() {}

    /**
     * The outcome of an upgrade.
     *
     * @param cib as the current schema has it; the same when nothing had to be done
     * @param notes what was changed and what was dropped, or why it could not be upgraded (an
     *     error)
     */
    public record Upgraded(Cib cib, List<Finding> notes) {
        public Upgraded {
            notes = List.copyOf(notes);
        }
    }

    /** Upgrades by the CIB's own {@code validate-with}. A CIB without validation stays as it is. */
    public static Upgraded upgrade(Cib cib) {
        String name = cib.root().attribute("validate-with", "");
        if (name.equals("none") || name.isEmpty()) {
            return new Upgraded(cib, List.of(notValidated(cib, name)));
        }
        SchemaVersion from = SchemaVersion.parse(name);
        if (from == null || !from.isKnown()) {
            return new Upgraded(cib, List.of(unknownSchema(cib, name)));
        }
        List<Finding> notes = new ArrayList<>();
        Cib upgraded = cib;
        if (from.major() < 2) {
            upgraded = AclUpgrade.upgrade(upgraded, notes);
        }
        if (from.major() < 3) {
            upgraded = ObsoleteNames.upgrade(upgraded, notes);
        }
        if (from.compareTo(SchemaVersion.CURRENT) < 0) {
            upgraded = upgraded.withAttribute("validate-with", SchemaVersion.CURRENT.toString());
        }
        return new Upgraded(upgraded, notes);
    }

    /**
     * Puts today's names where a configuration written by hand (as a text) has those of before 3.0,
     * whatever schema it is loaded into.
     */
    public static Upgraded modernize(Cib cib) {
        List<Finding> notes = new ArrayList<>();
        return new Upgraded(ObsoleteNames.upgrade(cib, notes), notes);
    }

    private static Finding notValidated(Cib cib, String name) {
        return Finding.warning(
                cib.root(),
                name.isEmpty() ? "the CIB names no schema" : "validation is switched off",
                "mistakes in the configuration are not found before they act",
                "set validate-with to " + SchemaVersion.CURRENT);
    }

    private static Finding unknownSchema(Cib cib, String name) {
        return new Finding(
                Severity.ERROR,
                "cib",
                cib.root().line(),
                "the schema " + name + " is not known",
                "schemas from "
                        + SchemaVersion.OLDEST
                        + " to "
                        + SchemaVersion.CURRENT
                        + " can be read",
                "write the configuration by one of them");
    }
}
