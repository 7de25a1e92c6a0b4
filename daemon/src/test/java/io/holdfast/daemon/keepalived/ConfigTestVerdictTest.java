package io.holdfast.daemon.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.daemon.keepalived.option.CommandLineReader;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.process.Namespace;
import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.text.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's Keepalived and Holdfast judge the same small files, in the same network namespace. Where
 * they differ on purpose, the case says why.
 */
class ConfigTestVerdictTest {
    private static final String AS_MEANT = "Holdfast does what the file means, with a warning";
    private static final String NOT_SILENT = "Keepalived drops it without a word";

    /**
     * A file.
     *
     * @param difference why the verdicts differ; empty: they must not
     */
    private record Case(String text, String difference) {}

    private static final String HEAD = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 5\n";
    private static final String TAIL = "virtual_ipaddress {\n192.0.2.9\n}\n}\n";
    private static final String SECURE =
            "global_defs {\nenable_script_security\nscript_user root\n}\n";

    private static Case same(String inInstance) {
        return new Case(HEAD + inInstance + "\n" + TAIL, "");
    }

    private static Case differs(String inInstance, String why) {
        return new Case(HEAD + inInstance + "\n" + TAIL, why);
    }

    private static List<Case> corpus() {
        List<Case> cases = new ArrayList<>();
        for (String line :
                new String[] {
                    "",
                    "priority 90",
                    "priority 0",
                    "priority 300",
                    "priority",
                    "priority 100;",
                    "priority 90 80",
                    "priority 90 # comment",
                    "priority 90!comment",
                    "state MASTER",
                    "state backup",
                    "state FOO",
                    "bogus 5",
                    "bogus {\na\n}",
                    "version 3",
                    "version 4",
                    "advert_int 2",
                    "advert_int 0.5",
                    "advert_int 0",
                    "advert_int 300",
                    "version 3\nadvert_int 0.05",
                    "version 3\nadvert_int 0.505",
                    "version 3\nadvert_int 50",
                    "preempt_delay 5",
                    "preempt_delay 2000",
                    "nopreempt",
                    "state MASTER\nnopreempt",
                    "state MASTER\npreempt_delay 20",
                    "strict_mode maybe",
                    "garp_master_delay -1",
                    "garp_master_repeat 1\ngarp_master_refresh 60\ngarp_lower_prio_repeat 2",
                    "authentication {\nauth_type PASS\nauth_pass 1111\n}",
                    "authentication {\nauth_type PASS\nauth_pass 123456789\n}",
                    "authentication {\nauth_type PASS\nauth_pass it's\n}",
                    "version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}",
                    "authentication { auth_type AH\nauth_pass 11 }",
                    "track_script {\nnobody\n}",
                    "track_interface {\nnobody\n}",
                    "track_interface {\neth1\n}",
                    "track_interface {\neth1 weight 10\n}",
                    "unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.2\n192.0.2.3 min_ttl 255\n}",
                    "virtual_ipaddress {\n192.0.2.10\nfe80::9\n}",
                    "virtual_ipaddress {\n192.0.2.10/33\n}",
                    "virtual_ipaddress {\n192.0.2.999\n}",
                    "virtual_ipaddress {\n192.0.2.10 dev nobody\n}",
                    "virtual_ipaddress {\n192.0.2.10 scope foo\n}",
                    "virtual_ipaddress {\n192.0.2.10 192.0.2.11\n}",
                    "virtual_ipaddress { 192.0.2.10 }",
                    "virtual_ipaddress_excluded {\nfe80::9\n}",
                    "virtual_ipaddress {\n~SEQ(X,1,3) 192.0.2.1${X}\n}",
                    "virtual_ipaddress {\n~SEQ(X,1,0,3) 192.0.2.1${X}\n}",
                    "virtual_routes {\n10.8.0.0/16 via 192.0.2.2 dev eth0\n}",
                    "virtual_routes {\nbogus x\n}",
                    "virtual_rules {\nfrom 10.8.0.0/16 table 100 preference 7\n}",
                    "virtual_rules {\nbogus x\n}",
                    "smtp_alert on\naccept\npromote_secondaries\nlower_prio_no_advert",
                    "use_vmac",
                    "vrrp_instance B {\ninterface eth1\n",
                }) {
            cases.add(same(line));
        }
        cases.add(differs("// a remark", AS_MEANT));
        cases.add(differs("track_interface {\neth0\n}", AS_MEANT));
        cases.add(differs("\u00a0priority 90", AS_MEANT));
        cases.add(differs("notify_master /bin/nobody", NOT_SILENT));
        cases.add(differs("notify_master /bin/true nobody_at_all", NOT_SILENT));
        cases.add(
                differs(
                        "virtual_rules {\nfrom 10.8.0.0/16 table 100\n}",
                        "the same preference is taken, with a warning"));
        cases.add(new Case("vrrp_sync_group G {\ngroup {\nA\n}\n}\n" + HEAD + TAIL, AS_MEANT));
        cases.add(new Case("vrrp_sync_group G {\ngroup {\nB\n}\n}\n" + HEAD + TAIL, ""));
        cases.add(new Case("bogus 5\n" + HEAD + TAIL, ""));
        cases.add(new Case("", "a daemon with nothing to do is refused"));
        cases.add(new Case("global_defs {\n}\n", "a daemon with nothing to do is refused"));
        cases.add(new Case(HEAD + TAIL + "}\n", ""));
        cases.add(new Case(HEAD + TAIL.substring(0, TAIL.length() - 2), ""));
        cases.add(new Case(HEAD + "}\n", ""));
        cases.add(new Case(HEAD.replace("5", "256") + TAIL, ""));
        cases.add(new Case(HEAD.replace("eth0", "nobody") + TAIL, ""));
        cases.add(new Case(HEAD.replace("eth0", "lo") + TAIL, ""));
        cases.add(new Case(HEAD.replace("virtual_router_id 5", "") + TAIL, ""));
        cases.add(new Case(HEAD.replace(" A ", " ") + TAIL, ""));
        cases.add(
                new Case(HEAD + TAIL + HEAD.replace(" A ", " B ") + TAIL.replace(".9", ".8"), ""));
        cases.add(new Case("global_defs {\nfoo bar\n}\n" + HEAD + TAIL, ""));
        cases.add(new Case("global_defs {\nrouter_id x\nvrrp_strict\n}\n" + HEAD + TAIL, ""));
        cases.add(new Case("include /nowhere/*.conf\n" + HEAD + TAIL, ""));
        cases.add(new Case("includea /nowhere/x.conf\n" + HEAD + TAIL, ""));
        cases.add(new Case("$P=90\n" + HEAD + "priority ${P}\n" + TAIL, ""));
        cases.add(new Case("@nobody bogus\n@^nobody $P=90\n" + HEAD + "priority $P\n" + TAIL, ""));
        cases.add(script("script /bin/true", ""));
        cases.add(script("script /bin/true\ninterval 2\nweight -20\nrise 2\nfall 3", ""));
        cases.add(script("script /bin/nobody", ""));
        cases.add(script("", ""));
        cases.add(script("script /bin/true\nweight 300", ""));
        cases.add(script("script /bin/true\nrise 0", ""));
        cases.add(
                new Case(
                        "vrrp_script s {\nscript /bin/true\n}\n"
                                + HEAD
                                + "track_script {\ns\n}\n"
                                + TAIL,
                        ""));
        cases.add(
                new Case(
                        "track_file f {\nfile /run/x\nweight 5\n}\n"
                                + HEAD
                                + "track_file {\nf\n}\n"
                                + TAIL,
                        ""));
        cases.add(
                new Case(
                        "vrrp_track_process p {\nprocess nginx\n}\n"
                                + HEAD
                                + "track_process {\np\n}\n"
                                + TAIL,
                        ""));
        return cases;
    }

    private static Case script(String lines, String difference) {
        return new Case(
                SECURE
                        + "vrrp_script s {\n"
                        + lines
                        + "\n}\n"
                        + HEAD
                        + "track_script {\ns\n}\n"
                        + TAIL,
                difference);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void verdictsAreThoseOfKeepalivedOrDifferOnPurpose(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/keepalived")),
                "keepalived is not installed: apt-get install keepalived");
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "namespaces need root");
        List<String> wrong = new ArrayList<>();
        try (Namespace namespace = Namespace.create(Namespace.Kind.NETWORK)) {
            wire(namespace);
            int number = 0;
            for (Case one : corpus()) {
                Path file = folder.resolve("case" + number++ + ".conf");
                Files.writeString(file, one.text());
                boolean theirs = keepalived(namespace, file);
                KeepalivedConf conf = namespace.call(() -> holdfast(file));
                boolean ours =
                        conf.findings().stream().allMatch(f -> f.severity() == Severity.WARNING);
                if ((theirs != ours) != !one.difference().isEmpty()) {
                    wrong.add(
                            "Keepalived: "
                                    + theirs
                                    + ", Holdfast: "
                                    + ours
                                    + " "
                                    + conf.findings()
                                    + "\n"
                                    + one.text());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void wire(Namespace namespace) throws IOException {
        try (Rtnetlink links = Rtnetlink.open(namespace)) {
            links.createVethPair("eth0", "eth1", namespace);
            links.setUp("eth0");
            links.setUp("eth1");
            links.addAddress("eth0", InetAddress.getByName("192.0.2.1"), 24);
        }
    }

    private static KeepalivedConf holdfast(Path file) {
        LaunchOptions options =
                LaunchOptions.of(CommandLineReader.read(List.of("-f", file.toString())), Map.of());
        ConfigurationFile configuration = new ConfigurationFile(options);
        return configuration.checked(configuration.read());
    }

    /** Whether it finds nothing wrong. */
    private static boolean keepalived(Namespace namespace, Path file) {
        try {
            Process process =
                    new ProcessBuilder(
                                    "nsenter",
                                    "--net=" + namespace.path(),
                                    "/usr/sbin/keepalived",
                                    "-t",
                                    "-f",
                                    file.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
