package io.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.control.ControlServer;
import io.holdfast.api.control.Progress;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ConfigurationLoaded;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.ConfigurationText;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Lines;
import io.holdfast.api.message.LoadMode;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.api.message.TargetRole;
import io.holdfast.api.message.VolumeState;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands, from arguments to exit code, against daemons that answer from memory. */
@Timeout(30)
class MainTest {
    @TempDir Path root;
    private final List<Request<?>> asked = new CopyOnWriteArrayList<>();
    private ControlServer clusterd;
    private ControlServer storaged;
    private ClusterStatus status = S4.healthy();
    private ByteArrayOutputStream out;
    private ByteArrayOutputStream err;

    @BeforeEach
    void daemons() {
        Path run = root.resolve("run/holdfast");
        clusterd = ControlServer.start(run.resolve("clusterd.sock"), this::answer);
        storaged = ControlServer.start(run.resolve("storaged.sock"), this::answer);
    }

    @AfterEach
    void stop() {
        clusterd.close();
        storaged.close();
    }

    private Answer answer(Request<?> request, Progress progress) {
        asked.add(request);
        return switch (request) {
            case ClusterRequest.ClusterStatusQuery _ -> status;
            case ClusterRequest.ConfigurationShow(ConfigurationSyntax syntax) ->
                    new ConfigurationText(syntax, "0.5.0", syntax + " text\n");
            case ClusterRequest.ConfigurationLoad load ->
                    load.text().contains("primitve")
                            ? new ConfigurationLoaded(
                                    false,
                                    "0.5.0",
                                    List.of(),
                                    List.of(
                                            new Problem(
                                                    "unknown word primitve",
                                                    "line 1",
                                                    "no such object",
                                                    "write primitive")))
                            : new ConfigurationLoaded(
                                    true,
                                    "0.6.0",
                                    List.of(
                                            new Problem(
                                                    "stonith is off",
                                                    "property",
                                                    "split brain",
                                                    "fence")),
                                    List.of());
            case ClusterRequest.ResourceCleanup(String resource, NodeId _)
                    when "nosuch".equals(resource) ->
                    throw new ProblemException(
                            new Problem(
                                    "there is no such resource",
                                    "nosuch",
                                    "not configured",
                                    "see crm configure show"));
            case StorageRequest.StorageStatusQuery _ ->
                    new StorageStatus(S4.SERVER1, 400, S4.recovering().volumes(), List.of());
            case StorageRequest.VolumeStatusQuery(VolumeId volume) ->
                    new VolumeState(
                            S4.recovering().volumes().stream()
                                    .filter(each -> each.volume().equals(volume))
                                    .findFirst()
                                    .orElse(null));
            case StorageRequest.VolumeTextQuery q ->
                    new Lines(List.of(q.subject() + " of " + q.volume()));
            case StorageRequest.VolumeUp _ -> new VolumeState(S4.recovering().volumes().getFirst());
            default -> Done.QUIETLY;
        };
    }

    @Test
    void helpNamesEveryCommandAndTheNewcomersNextStep() {
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("holdfast demo", "status", "drbdadm", "Exit codes");
        assertThat(out().lines()).allMatch(line -> line.length() <= 150);
        assertThat(run()).isZero();
        assertThat(run("help", "crm")).isZero();
        assertThat(out()).contains("Usage: holdfast crm", "configure", "resource");
    }

    @Test
    void statusIsForPeopleAndJsonForPrograms() {
        assertThat(run("status")).isZero();
        assertThat(out()).contains("demo: quorate", "IP_iSCSI_1_1");
        assertThat(run("status", "--json")).isZero();
        assertThat(out()).contains("\"clusterName\" : \"demo\"", "\"kind\" : \"group\"");
    }

    @Test
    void theFamiliarStatusesAreThere() {
        assertThat(run("crm_mon", "-1")).isZero();
        assertThat(out()).contains("Cluster Summary:");
        assertThat(run("crm", "status")).isZero();
        assertThat(out()).contains("Full List of Resources:");
        assertThat(run("pcs", "status")).isZero();
        assertThat(out()).startsWith("Cluster name: demo\nCluster Summary:");
        assertThat(run("corosync-cfgtool", "-s")).isZero();
        assertThat(out()).contains("LINK ID 0 udp");
        assertThat(run("corosync-quorumtool")).isZero();
        status = S4.recovering();
        assertThat(run("corosync-quorumtool", "-s")).isEqualTo(ExitCode.NOT_QUORATE);
        assertThat(out()).contains("Quorate:          No");
    }

    @Test
    void aConfigurationIsLoadedFromAFile() throws IOException {
        Path file = Files.writeString(root.resolve("c.crm"), "node server1\n");
        assertThat(run("crm", "configure", "load", "update", file.toString())).isZero();
        assertThat(out()).contains("Configuration 0.6.0 is in force.");
        assertThat(err()).contains("warning: property: stonith is off");
        assertThat(asked.getLast())
                .isEqualTo(
                        new ClusterRequest.ConfigurationLoad(
                                ConfigurationSyntax.CRM, LoadMode.UPDATE, "node server1\n", null));
        Path xml = Files.writeString(root.resolve("c.xml"), "\n <cib/>");
        assertThat(run("crm", "configure", "load", "replace", xml.toString())).isZero();
        assertThat(asked.getLast())
                .isEqualTo(
                        new ClusterRequest.ConfigurationLoad(
                                ConfigurationSyntax.XML, LoadMode.REPLACE, "\n <cib/>", null));
        assertThat(run("crm", "configure", "show")).isZero();
        assertThat(out()).isEqualTo("CRM text\n");
        assertThat(run("crm", "configure", "show", "xml")).isZero();
        assertThat(out()).isEqualTo("XML text\n");
    }

    @Test
    void aWrongConfigurationIsExplainedLineByLine() throws IOException {
        Path file = Files.writeString(root.resolve("c.crm"), "primitve x\n");
        assertThat(run("crm", "configure", "load", "update", file.toString()))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err())
                .contains(
                        "error: line 1: unknown word primitve",
                        "write primitive",
                        "not loaded (1 to mend)");
        assertThat(run("crm", "configure", "load", "update", "/no/such/file"))
                .isEqualTo(ExitCode.NO_INPUT);
        assertThat(err()).contains("there is no such file");
        Path binary = Files.write(root.resolve("b"), new byte[] {(byte) 0xff, 0});
        assertThat(run("crm", "configure", "load", "update", binary.toString()))
                .isEqualTo(ExitCode.NO_INPUT);
        assertThat(err()).contains("not UTF-8");
        assertThat(run("crm", "configure", "load", "merge", file.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("crm", "configure", "load")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void nodesGoToStandbyAndBackWithEachShellsWords() {
        run("crm", "node", "standby", "server2");
        run("crm", "node", "standby", "server2", "reboot");
        run("crm", "node", "online");
        run("pcs", "cluster", "standby", "server1", "server2");
        run("pcs", "node", "unstandby", "--all");
        assertThat(asked)
                .filteredOn(request -> request instanceof ClusterRequest.NodeStandby)
                .containsExactly(
                        standby("server2", true, AttributeLifetime.FOREVER),
                        standby("server2", true, AttributeLifetime.REBOOT),
                        standby("server1", false, AttributeLifetime.FOREVER),
                        standby("server1", true, AttributeLifetime.FOREVER),
                        standby("server2", true, AttributeLifetime.FOREVER),
                        standby("server1", false, AttributeLifetime.FOREVER),
                        standby("server2", false, AttributeLifetime.FOREVER));
    }

    @Test
    void resourcesAreStartedStoppedAndCleanedUp() {
        assertThat(run("crm", "resource", "start", "MS_1", "MS_2")).isZero();
        run("crm", "resource", "stop", "MS_1");
        run("pcs", "resource", "enable", "MS_1");
        run("crm", "resource", "cleanup");
        run("crm", "resource", "cleanup", "IP", "server2");
        assertThat(asked)
                .containsExactly(
                        new ClusterRequest.ResourceTargetRole("MS_1", TargetRole.STARTED),
                        new ClusterRequest.ResourceTargetRole("MS_2", TargetRole.STARTED),
                        new ClusterRequest.ResourceTargetRole("MS_1", TargetRole.STOPPED),
                        new ClusterRequest.ResourceTargetRole("MS_1", null),
                        new ClusterRequest.ResourceCleanup(null, null),
                        new ClusterRequest.ResourceCleanup("IP", S4.SERVER2));
    }

    @Test
    void volumesAreLookedAfter() {
        assertThat(run("drbdadm", "create-md", "VM_STORAGE_1")).isZero();
        run("drbdadm", "up", "all");
        run("drbdadm", "new-current-uuid", "--clear-bitmap", "VM_STORAGE_1/0");
        assertThat(asked)
                .containsExactly(
                        new StorageRequest.VolumeCreateMetadata(
                                new VolumeId("VM_STORAGE_1"), false),
                        new StorageRequest.StorageStatusQuery(),
                        new StorageRequest.VolumeUp(new VolumeId("VM_STORAGE_1")),
                        new StorageRequest.VolumeUp(new VolumeId("VM_STORAGE_2")),
                        new StorageRequest.VolumeNewCurrentUuid(
                                new VolumeId("VM_STORAGE_1"), true));
        run("drbdadm", "status");
        assertThat(out()).contains("VM_STORAGE_1 role:Primary", "VM_STORAGE_2 role:Secondary");
        run("drbdadm", "dstate", "VM_STORAGE_1");
        assertThat(out()).isEqualTo("UpToDate/Inconsistent\n");
        run("drbdadm", "role", "all");
        assertThat(out()).isEqualTo("Primary/Secondary\nSecondary/Unknown\n");
        run("drbdadm", "status", "--proc");
        assertThat(out())
                .contains(
                        " 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----",
                        "    ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:3072",
                        "\t[============>........] sync'ed: 62.5% (0/8)M",
                        " 1: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----");
        run("drbdadm", "status", "--table");
        assertThat(out())
                .contains("m:res           cs            ro", "0:VM_STORAGE_1  SyncSource");
        run("drbdadm", "status", "--overview", "VM_STORAGE_1");
        assertThat(out())
                .isEqualTo(
                        " 0:VM_STORAGE_1/0 SyncSource Primary/Secondary UpToDate/Inconsistent C\n");
        run("drbdadm", "status", "--json");
        assertThat(out()).contains("\"replication-state\" : \"SyncSource\"", "\"minor\" : 1");
        assertThat(run("drbdadm", "role", "NOSUCH")).isEqualTo(ExitCode.REFUSED);
        assertThat(err()).contains("not in this node's drbd.conf");
        assertThat(run("drbdadm", "up")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void eachOrderOfDrbdadmIsPassedOn() {
        VolumeId volume = new VolumeId("VM_STORAGE_1");
        for (StorageRequest.VolumeOrder.Order order : StorageRequest.VolumeOrder.Order.values()) {
            asked.clear();
            if (order == StorageRequest.VolumeOrder.Order.CONNECT_DISCARDING_MY_DATA) {
                run("drbdadm", "connect", "--discard-my-data", "VM_STORAGE_1");
            } else {
                String word = order.name().toLowerCase(Locale.ROOT).replace('_', '-');
                assertThat(run("drbdadm", word, "VM_STORAGE_1")).isZero();
            }
            assertThat(asked).containsExactly(new StorageRequest.VolumeOrder(volume, order));
        }
        asked.clear();
        run("drbdadm", "primary", "--force", "VM_STORAGE_1");
        run("drbdadm", "secondary", "VM_STORAGE_1");
        run("drbdadm", "adjust", "all");
        assertThat(asked)
                .containsExactly(
                        new ClusterRequest.VolumePromoteHere(volume, true),
                        new ClusterRequest.VolumeDemoteHere(volume),
                        new StorageRequest.ConfigurationAdjust());
        run("drbdadm", "dump-md", "VM_STORAGE_1");
        assertThat(out()).isEqualTo("METADATA of VM_STORAGE_1\n");
        assertThat(run("drbdadm", "check-md", "VM_STORAGE_1")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void whatTheDaemonRefusesIsToldWithItsRemedy() {
        assertThat(run("crm", "resource", "cleanup", "nosuch")).isEqualTo(ExitCode.REFUSED);
        assertThat(err())
                .isEqualTo(
                        """
                        holdfast crm resource cleanup: nosuch: there is no such resource
                          why:     not configured
                          to mend: see crm configure show
                        """);
        assertThat(run("crm", "node", "standby", "../x")).isEqualTo(ExitCode.REFUSED);
        assertThat(err()).contains("not usable");
    }

    @Test
    void aDaemonThatDoesNotRunIsSaidToBe() {
        clusterd.close();
        assertThat(run("status")).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err()).contains("clusterd cannot be asked", "HOLDFAST_ROOT");
    }

    @Test
    void aSlipOfTheFingersIsUnderstood() {
        assertThat(run("stauts")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("holdfast status");
        assertThat(run("drdbadm")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("holdfast drbdadm");
        assertThat(run("xyzzy")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).doesNotContain("perhaps");
        assertThat(run("crm", "configure", "laod")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("Perhaps you mean `load`");
        assertThat(run("crm", "node")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("standby, online");
    }

    @Test
    void aKeyIsMadeForItsOwnerAloneAndNeverReplaced() throws IOException {
        Path key = Files.createDirectories(root.resolve("etc/holdfast")).resolve("authkey");

        assertThat(run("corosync-keygen")).isZero();

        byte[] made = Files.readAllBytes(key);
        assertThat(made).hasSize(256);
        assertThat(Files.getPosixFilePermissions(key))
                .isEqualTo(PosixFilePermissions.fromString("r--------"));
        assertThat(out.toString(UTF_8)).contains("authkey").contains("mode 0400");
        assertThat(run("corosync-keygen")).isNotZero();
        assertThat(err.toString(UTF_8)).contains("there is one already");
        assertThat(Files.readAllBytes(key)).isEqualTo(made);

        Path other = root.resolve("other");
        assertThat(run("corosync-keygen", "-l", "-s", "128", "-k", other.toString())).isZero();
        assertThat(Files.size(other)).isEqualTo(128);
        Files.delete(other);
        assertThat(run("corosync-keygen", "-s", "16", "-k", other.toString())).isNotZero();
        assertThat(other).doesNotExist();
    }

    @Test
    void completionKnowsEveryWord() {
        assertThat(run("completion", "bash")).isZero();
        assertThat(out())
                .contains("\"crm node\") words=\"standby online --help\"")
                .contains("\"crm configure load\") words=\"update replace xml --help\"")
                .contains("demo lab");
        assertThat(run("completion", "fish")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theWarmUpLeavesNothingBehind() {
        assertThat(run("warm-up")).isZero();
        assertThat(out()).isEmpty();
    }

    private static ClusterRequest.NodeStandby standby(
            String node, boolean standby, AttributeLifetime lifetime) {
        return new ClusterRequest.NodeStandby(new NodeId(node), standby, lifetime);
    }

    private int run(String... arguments) {
        out = new ByteArrayOutputStream();
        err = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        false);
        return Main.run(
                terminal,
                Map.of("HOLDFAST_ROOT", root.toString(), "HOLDFAST_NODE_NAME", "server1"),
                arguments);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
