package io.holdfast.iscsi.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.TargetOptions;
import io.holdfast.iscsi.driver.FileVolume;
import io.holdfast.iscsi.driver.IscsiTargetService;
import io.holdfast.iscsi.driver.LunConfig;
import io.holdfast.iscsi.driver.TargetConfig;
import io.holdfast.iscsi.driver.UnitArrival;
import io.holdfast.iscsi.tgt.TgtConf;
import io.holdfast.iscsi.tgt.TgtIdentity;
import io.holdfast.iscsi.tgt.TgtTarget;
import io.holdfast.iscsi.tgt.TgtadmText;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast iscsi serve}: plain files as an iSCSI target, without a cluster. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serve files as an iSCSI target, without a cluster, until interrupted.",
        footer = {
            "",
            "Example:",
            "  truncate -s 1G disk.img",
            "  holdfast iscsi serve --iqn iqn.2026-01.org.example:disk --portal 127.0.0.1:3260"
                    + " --lun 0=disk.img,thin",
            "or every target of a tgt configuration:",
            "  holdfast iscsi serve --config /etc/tgt/targets.conf --portal 192.168.195.131"
                    + " --portal 192.168.162.131"
        })
public final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "targets as tgt's targets.conf has them, instead of --iqn and --lun")
    private @Nullable Path config;

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "where `holdfast tgtadm` asks what is served")
    private @Nullable Path control;

    @Option(names = "--iqn", description = "name of the target")
    private String iqn = "";

    @Option(
            names = "--portal",
            required = true,
            paramLabel = "IP[:PORT]",
            description = "where to listen; may be given several times (default port 3260)")
    private List<String> portals = new ArrayList<>();

    @Option(
            names = "--lun",
            paramLabel = "N=FILE[,thin][,readonly]",
            description = "a LUN and its file; may be given several times")
    private List<String> luns = new ArrayList<>();

    @Option(
            names = "--chap",
            paramLabel = "USER:PASSWORDFILE",
            description = "demand CHAP; the secret is the file's first line")
    private @Nullable String chap;

    @Option(
            names = "--allow",
            paramLabel = "ADDRESS|NETWORK|IQN",
            description = "who may log in (default: everybody)")
    private List<String> allowed = new ArrayList<>();

    @Option(
            names = "--options",
            paramLabel = "\"KEY=VALUE ...\"",
            description = "negotiation, e.g. \"InitialR2T=No MaxBurstLength=1048576\"")
    private String options = "";

    @Spec private @Nullable CommandSpec spec;

    /** The files behind the volumes, by the volumes' names. */
    private final Map<String, String> files = new ConcurrentHashMap<>();

    /** Serves until the process ends; the number is the exit code. */
    @Override
    public Integer call() throws InterruptedException {
        try (IscsiTargetService service = start();
                StatusSocket status = answerAt(control, service)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(status, service)));
            new CountDownLatch(1).await();
            return 0;
        } catch (ProblemException e) {
            if (spec != null) {
                spec.commandLine().getErr().println(e.problem().message());
            }
            return 1;
        }
    }

    private static void end(StatusSocket status, IscsiTargetService service) {
        status.close();
        service.close();
    }

    private StatusSocket answerAt(@Nullable Path socket, IscsiTargetService service) {
        return socket == null
                ? StatusSocket.NONE
                : StatusSocket.open(
                        socket,
                        () ->
                                TgtadmText.of(
                                        service.status(), name -> files.getOrDefault(name, name)));
    }

    private IscsiTargetService start() {
        if (config == null && (iqn.isEmpty() || luns.isEmpty())) {
            throw wrong(
                    "the command line", "it names no target", "give --iqn and --lun, or --config");
        }
        IscsiTargetService service = new IscsiTargetService();
        try {
            if (config == null) {
                serveLuns(service);
            } else {
                serveTgt(service, TgtConf.read(config));
            }
            return service;
        } catch (ProblemException e) {
            service.close();
            throw e;
        }
    }

    /** Every target on every portal, as tgt has it. */
    private void serveTgt(IscsiTargetService service, TgtConf conf) {
        conf.warnings().forEach(this::warn);
        for (TgtTarget target : conf.targets()) {
            TargetConfig served =
                    TargetConfig.open(
                                    target.iqn(),
                                    portals.stream().map(ServeCommand::portal).toList())
                            .withOptions(TargetOptions.parse(options))
                            .withInitiatorAddresses(target.initiators())
                            .withIncoming(target.incoming())
                            .withController(TgtIdentity.controller(target.tid(), target.iqn()));
            service.addTarget(target.outgoing().map(served::withOutgoing).orElse(served));
            for (TgtTarget.Store store : target.stores()) {
                VolumeId id = new VolumeId("t" + target.tid() + "-lun" + store.lun());
                files.put(id.name(), store.path());
                service.addLun(
                        target.iqn(),
                        store.lun(),
                        FileVolume.open(id, Path.of(store.path())),
                        TgtIdentity.lun(target.tid(), store),
                        UnitArrival.POWERED_ON);
            }
            tell(service, served);
        }
    }

    private void warn(String text) {
        if (spec != null) {
            spec.commandLine().getErr().println("warning: " + text);
        }
    }

    private void serveLuns(IscsiTargetService service) {
        TargetConfig served =
                TargetConfig.open(iqn, portals.stream().map(ServeCommand::portal).toList())
                        .withOptions(TargetOptions.parse(options))
                        .withInitiatorAddresses(allowed);
        if (chap != null) {
            served = served.withIncoming(List.of(account(chap)));
        }
        List<Lun> opened = luns.stream().map(this::lun).toList();
        service.addTarget(served);
        for (Lun lun : opened) {
            service.addLun(iqn, lun.number(), lun.volume(), lun.config(), UnitArrival.POWERED_ON);
        }
        tell(service, served);
    }

    private void tell(IscsiTargetService service, TargetConfig served) {
        if (spec == null) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        for (InetSocketAddress portal : served.portals()) {
            InetSocketAddress bound = service.boundAddress(portal);
            out.printf(
                    "serving iscsi://%s:%d/%s%n",
                    bound.getAddress().getHostAddress(), bound.getPort(), served.iqn());
        }
        out.flush();
    }

    private record Lun(int number, FileVolume volume, LunConfig config) {}

    private Lun lun(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || !text.substring(0, equals).matches("[0-9]{1,5}")) {
            throw wrong("--lun " + text, "it starts with a number and '='", "--lun 0=disk.img");
        }
        List<String> words = List.of(text.substring(equals + 1).split(",", -1));
        int number = Integer.parseInt(text.substring(0, equals));
        Path file = Path.of(words.getFirst());
        boolean thin = words.contains("thin");
        boolean readOnly = words.contains("readonly");
        for (String word : words.subList(1, words.size())) {
            if (!word.equals("thin") && !word.equals("readonly")) {
                throw wrong("--lun " + text, "\"" + word + "\" is unknown", "thin or readonly");
            }
        }
        VolumeId id = new VolumeId("lun" + number);
        files.put(id.name(), file.toString());
        LunConfig lunConfig =
                LunConfig.forVolume(file.toAbsolutePath().toString(), id)
                        .withThin(thin)
                        .withReadOnly(readOnly);
        return new Lun(number, FileVolume.open(id, file), lunConfig);
    }

    private static InetSocketAddress portal(String text) {
        String host = text;
        int port = TargetConfig.DEFAULT_PORT;
        int colon = text.lastIndexOf(':');
        boolean bareIpv6 = text.indexOf(':') != colon && !text.contains("]");
        if (colon >= 0 && !bareIpv6 && text.indexOf(']') < colon) {
            host = text.substring(0, colon);
            String digits = text.substring(colon + 1);
            if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
                throw wrong("--portal " + text, "the port is no number", "--portal 127.0.0.1:3260");
            }
            port = Integer.parseInt(digits);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw wrong(
                    "--portal " + text, "it is no address of IP[:PORT]", "--portal 127.0.0.1:3260");
        }
    }

    private static ChapAccount account(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw wrong(
                    "--chap", "it is not of the form USER:PASSWORDFILE", "--chap me:secret.txt");
        }
        Path file = Path.of(text.substring(colon + 1));
        try {
            String secret =
                    Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
            if (secret.isEmpty()) {
                throw wrong(file.toString(), "its first line is empty", "write the secret there");
            }
            return new ChapAccount(text.substring(0, colon), secret);
        } catch (IOException e) {
            throw wrong(file.toString(), e.toString(), "check that the file can be read");
        }
    }

    private static ProblemException wrong(String object, String why, String remedy) {
        return new ProblemException(
                new Problem("the iSCSI target cannot be served", object, why, remedy));
    }
}
