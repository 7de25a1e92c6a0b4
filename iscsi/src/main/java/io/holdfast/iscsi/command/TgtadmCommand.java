package io.holdfast.iscsi.command;

import io.holdfast.base.ProblemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast tgtadm -L iscsi -m target -o show}, for what {@code iscsi serve} serves. */
@Command(
        name = "tgtadm",
        mixinStandardHelpOptions = true,
        description = "Show what `holdfast iscsi serve --control SOCKET` serves, as tgtadm would.")
final class TgtadmCommand implements Callable<Integer> {
    private static final int NOT_SUPPORTED = 22;

    @Option(
            names = "--control",
            required = true,
            paramLabel = "SOCKET",
            description = "as given to `holdfast iscsi serve`")
    private Path control = Path.of("");

    @Option(
            names = {"-L", "--lld"},
            defaultValue = "iscsi",
            description = "iscsi")
    private String driver = "iscsi";

    @Option(
            names = {"-m", "--mode"},
            required = true,
            description = "target")
    private String mode = "";

    @Option(
            names = {"-o", "--op"},
            required = true,
            description = "show")
    private String operation = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            return 1;
        }
        if (!driver.equals("iscsi") || !mode.equals("target") || !operation.equals("show")) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "holdfast tgtadm only shows targets: -L iscsi -m target -o show. Change"
                                    + " what is served with `holdfast iscsi serve`.");
            return NOT_SUPPORTED;
        }
        try {
            spec.commandLine().getOut().print(StatusSocket.ask(control));
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ProblemException e) {
            spec.commandLine().getErr().println(e.problem().message());
            return 1;
        }
    }
}
