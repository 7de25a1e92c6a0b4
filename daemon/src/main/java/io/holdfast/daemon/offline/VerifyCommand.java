package io.holdfast.daemon.offline;

import io.holdfast.cib.Finding;
import io.holdfast.cib.Severity;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.XmlWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm_verify}: whether a configuration can be used, and all that is wrong or unsafe. */
@Command(
        name = "crm_verify",
        version = "Holdfast 0.1.0; checks as Pacemaker 3.0, and more",
        customSynopsis = "holdfast crm_verify [OPTION ...]",
        description = {
            "%nChecks a configuration: whether it is well-formed, its schema, references and ids, and"
                    + " settings that are unsafe. What is told as an error must be mended before the"
                    + " configuration can be used; what is told as a warning (-V) works, and may do"
                    + " harm.%n"
        },
        footer = {
            "%nExamples:%n",
            "The running cluster's configuration, with warnings:",
            "  holdfast crm_verify -LV%n",
            "A file:",
            "  holdfast crm_verify -x cib.xml%n",
            "Exit codes: 0 can be used, 1 no configuration named, 64 wrong usage, 66 cannot be read"
                    + " (no such file, clusterd does not answer), 73 cannot write, 78 has errors."
        },
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    @Option(
            names = {"-x", "--xml-file"},
            paramLabel = "FILE",
            description = "the CIB to check")
    private @Nullable Path file;

    @Option(
            names = {"-p", "--xml-pipe"},
            description = "read the CIB from standard input")
    private boolean pipe;

    @Option(
            names = {"-L", "--live-check"},
            description = "check the running cluster's configuration")
    private boolean live;

    @Option(
            names = {"-X", "--xml-text"},
            paramLabel = "XML",
            description = "check the configuration that is given here")
    private @Nullable String text;

    @Option(
            names = {"-S", "--save-xml"},
            paramLabel = "FILE",
            description = "write what was checked")
    private @Nullable Path save;

    @Option(
            names = {"-V", "--verbose"},
            description = "tell warnings, too; twice: also what is only worth knowing")
    private boolean[] verbose = {};

    @Option(
            names = {"-$", "--version"},
            versionHelp = true,
            description = "show the version")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean version;

    @Option(
            names = {"-h", "-?", "--help", "--help-all"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // known to picocli alone
    private boolean help;

    private final CibSource source;
    private final PrintStream err;

    VerifyCommand(CibSource source, PrintStream err) {
        this.source = source;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (file == null && !pipe && !live && text == null) {
            err.println(
                    "holdfast crm_verify: No configuration source specified.  Use --help for usage"
                            + " information.");
            return ExitCode.ERROR;
        }
        CibSource.Found found = text == null ? source.find(file, pipe, live) : CibSource.text(text);
        if (save != null) {
            SimulateCommand.write(save, XmlWriter.indented(found.cib().root()));
        }
        CibVerifier.Verified verified = found.verified();
        for (Finding finding : verified.findings()) {
            if (isShown(finding.severity())) {
                String word = finding.severity().name().toLowerCase(java.util.Locale.ROOT);
                err.println("   " + word + ": " + finding.in(found.name()).message());
            }
        }
        if (verified.isUsable()) {
            return ExitCode.OK;
        }
        err.println("crm_verify: Errors found during check: config not valid");
        if (verbose.length == 0) {
            err.println("-V may provide more details");
        }
        return ExitCode.CONFIGURATION;
    }

    private boolean isShown(Severity severity) {
        return switch (severity) {
            case ERROR -> true;
            case WARNING -> verbose.length > 0;
            case INFO -> verbose.length > 1;
        };
    }
}
