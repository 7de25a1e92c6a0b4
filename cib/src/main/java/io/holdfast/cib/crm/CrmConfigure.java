package io.holdfast.cib.crm;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.schema.SchemaUpgrade;
import io.holdfast.cib.schema.SchemaValidator;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What {@code crm configure} does with a whole configuration: load, show, save.
 *
 * <p>Loading never stops at the first mistake: every statement is read, what could be read is put
 * together and checked, and everything found is told at once with its line.
 */
public final class CrmConfigure {
    private CrmConfigure() {}

    /**
     * The outcome of a load.
     *
     * @param cib the configuration after it; with errors among the findings it must not be used,
     *     and is only what could be read
     * @param findings what is wrong or unsafe, by line
     */
    public record Loaded(Cib cib, List<Finding> findings) {
        public Loaded {
            findings = List.copyOf(findings);
        }

        public boolean isUsable() {
            return findings.stream().noneMatch(Finding::isError);
        }
    }

    /**
     * Loads a text into a CIB. Status and version stay; raising the epoch is the caller's.
     *
     * @param base what is there
     */
    public static Loaded load(Cib base, String text, LoadMode mode) {
        Lexer.Lexed lexed = Lexer.lex(text);
        List<Finding> findings = new ArrayList<>(lexed.mistakes());
        List<Definition> definitions = new ArrayList<>();
        for (Statement statement : lexed.statements()) {
            definitions.addAll(Statements.read(statement, findings));
        }
        // Lines of the document that base came from would be taken for lines of this text.
        Cib withoutLines = new Cib(Lines.all(base.root(), 0));
        Cib cib = Assembly.assemble(withoutLines, mode, definitions, findings);
        Element configuration = HiddenSecrets.reveal(cib.configuration(), base, findings);
        SchemaUpgrade.Upgraded modern =
                SchemaUpgrade.modernize(new Cib(cib.root().withOnlyChild(configuration)));
        findings.addAll(modern.notes());
        findings.addAll(shapesOfText(modern.cib()));
        findings.addAll(CibVerifier.verifyConfiguration(modern.cib()));
        findings.sort(Comparator.comparingInt(Finding::line));
        return new Loaded(modern.cib(), findings);
    }

    /**
     * What of the text does not fit the schema; what came with the base is not the text's fault.
     */
    private static List<Finding> shapesOfText(Cib cib) {
        return SchemaValidator.validate(cib).stream().filter(f -> f.line() > 0).toList();
    }

    /** For reading, as {@code crm configure show}: without ids of parts, passwords hidden. */
    public static String show(Cib cib) {
        return Printer.print(cib, PrintStyle.SHOW);
    }

    /** For keeping, as {@code crm configure save}: loading it gives {@link #sameConfiguration}. */
    public static String save(Cib cib) {
        return Printer.print(cib, PrintStyle.SAVE);
    }

    /**
     * Whether two CIBs say the same, ids included: the order of different parts within one object,
     * empty sections, comments and values that are the default are no difference.
     */
    public static boolean sameConfiguration(Cib a, Cib b) {
        return Canonical.exact(a.configuration()).equals(Canonical.exact(b.configuration()));
    }
}
