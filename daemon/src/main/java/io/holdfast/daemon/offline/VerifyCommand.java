package io.holdfast.daemon.offline;

import io.holdfast.cib.Finding;
import io.holdfast.cib.Severity;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.XmlWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm_verify}: whether a configuration can be used, and all that is wrong or unsafe. */
@Command(
        name = "crm_verify",
        description =
                "Checks a configuration: schema, references, ids, and settings that are unsafe.",
        footer = "%nExit codes: 0 can be used, 1 cannot be read, 64 wrong usage, 78 has errors.",
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
            names = {"-S", "--save-xml"},
            paramLabel = "FILE",
            description = "write what was checked")
    private @Nullable Path save;

    @Option(
            names = {"-V", "--verbose"},
            description = "tell warnings, too; twice: also what is only worth knowing")
    private boolean[] verbose = {};

    @Option(
            names = {"-h", "--help"},
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
    public Integer call() throws IOException {
        if (file == null && !pipe && !live) {
            err.println(
                    "holdfast crm_verify: No configuration source specified.  Use --help for usage"
                            + " information.");
            return ExitCode.ERROR;
        }
        CibSource.Found found = source.find(file, pipe, live);
        if (save != null) {
            Files.writeString(save, XmlWriter.indented(found.cib().root()));
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
