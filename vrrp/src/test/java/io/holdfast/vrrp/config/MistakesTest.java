package io.holdfast.vrrp.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.config.text.Finding;
import io.holdfast.vrrp.config.text.Severity;
import io.holdfast.vrrp.core.InstanceSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake is found, all at once, each with its line; what can run still runs. */
class MistakesTest {
    private static List<String> file(String... inInstance) {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "vrrp_script s {",
                                "script /bin/true",
                                "}",
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 51"));
        lines.addAll(List.of(inInstance));
        lines.addAll(List.of("virtual_ipaddress {", "10.0.0.1/24", "}", "}"));
        return lines;
    }

    private static KeepalivedConf load(List<String> lines) {
        return MemoryFiles.of(lines.toArray(String[]::new)).load();
    }

    /** Line 7 is the first of {@link #file}'s. */
    @ParameterizedTest
    @CsvSource({
        "priority 300, ERROR",
        "priority, ERROR",
        "priority 100;, ERROR",
        "priority 90 80, WARNING",
        "state backup, ERROR",
        "bogus 5, ERROR",
        "prioritie 5, ERROR",
        "advert_int 0.5, ERROR",
        "advert_int 0, ERROR",
        "advert_int 300, ERROR",
        "version 4, ERROR",
        "preempt_delay 2000, ERROR",
        "strict_mode maybe, ERROR",
        "garp_master_delay -1, ERROR",
        "virtual_router_id 256, FATAL",
        "notify_master, ERROR",
        "notify_master a b c d, ERROR",
        "mcast_src_ip 10.0.0.300, ERROR",
        "use_ipvlan, WARNING",
        "unicast_ttl 256, ERROR",
        "priority {, ERROR",
        "}, ERROR",
        "~SEQ(X;1;0;3), ERROR",
    })
    void aBadLineIsToldWithItsNumber(String line, Severity severity) {
        KeepalivedConf conf = load(file(line.replace(';', line.startsWith("~") ? ',' : ';')));
        assertThat(conf.findings())
                .as(line)
                .anyMatch(f -> f.severity() == severity && isAtOrAbout(f));
        assertThat(conf.findings()).allMatch(f -> !f.problem().remedy().isBlank());
    }

    private static boolean isAtOrAbout(Finding finding) {
        return finding.place().line() == 7 || finding.place().line() == 4;
    }

    @Test
    void allMistakesAreToldAtOnceInTheOrderOfLines() {
        KeepalivedConf conf =
                load(file("priority x", "bogus", "advert_int y", "track_script {", "t", "}"));
        assertThat(conf.findings()).extracting(f -> f.place().line()).containsExactly(7, 8, 9, 11);
        assertThat(conf.settings()).isPresent();
    }

    @Test
    void anUnknownWordIsMatchedWithTheNearest() {
        assertThat(load(file("prioritie 5")).findings().getFirst().problem().remedy())
                .contains("`priority`");
    }

    @Test
    void aKeywordOfTheFileInsideABlockNamesTheMissingBrace() {
        KeepalivedConf conf =
                load(
                        List.of(
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 1",
                                "virtual_ipaddress {",
                                "10.0.0.1",
                                "}",
                                "vrrp_instance B {",
                                "}"));
        assertThat(conf.settings()).isEmpty();
        assertThat(conf.findings())
                .anyMatch(
                        f ->
                                f.severity() == Severity.FATAL
                                        && f.place().line() == 7
                                        && f.problem().why().contains("} is missing"));
    }

    @Test
    void aBlockThatIsOpenAtTheEndIsNamedWithItsLine() {
        List<String> lines = file();
        lines.removeLast();
        KeepalivedConf conf = load(lines);
        assertThat(conf.findings())
                .singleElement()
                .matches(f -> f.place().line() == 4 && f.severity() == Severity.ERROR);
        assertThat(conf.settings()).isPresent();
    }

    @Test
    void aBlockOfAnUnknownKeywordIsLeftOutWhole() {
        KeepalivedConf conf = load(file("bogus {", "priority 3", "inner {", "}", "}"));
        assertThat(conf.findings()).hasSize(1);
        assertThat(instance(conf).priority()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"''", "'global_defs {\n}'", "'virtual_server 10.0.0.1 80 {\n}'", "garbage"})
    void aFileThatConfiguresNothingIsRefused(String text) {
        KeepalivedConf conf = MemoryFiles.of(text).load();
        assertThat(conf.settings()).isEmpty();
        assertThat(conf.findings())
                .anyMatch(f -> f.problem().what().equals("nothing is configured"));
    }

    @Test
    void aFileThatIsMissingIsRefused() {
        KeepalivedConf conf = new MemoryFiles().load();
        assertThat(conf.settings()).isEmpty();
        assertThat(conf.findings()).anyMatch(f -> f.severity() == Severity.FATAL);
    }

    @Test
    void instancesWithoutInterfaceOrIdCannotRun() {
        KeepalivedConf conf =
                load(List.of("vrrp_instance A {", "virtual_ipaddress {", "10.0.0.1", "}", "}"));
        assertThat(conf.findings())
                .filteredOn(f -> f.severity() == Severity.FATAL)
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void twoInstancesOfOneIdOnOneInterfaceAreRefused() {
        List<String> lines = file();
        lines.addAll(
                file().stream()
                        .skip(3)
                        .map(l -> l.replace("vrrp_instance A", "vrrp_instance B"))
                        .toList());
        KeepalivedConf conf = load(lines);
        assertThat(conf.settings()).isEmpty();
        assertThat(conf.findings())
                .anyMatch(f -> f.problem().what().contains("both use virtual_router_id 51"));
    }

    @Test
    void theSameIdForBothFamiliesOrOnAnotherInterfaceIsFine() {
        List<String> lines = file();
        file().stream()
                .skip(3)
                .map(l -> l.replace("instance A", "instance B").replace("eth0", "eth1"))
                .forEach(lines::add);
        file().stream()
                .skip(3)
                .map(l -> l.replace("instance A", "instance C").replace("10.0.0.1/24", "fe80::1"))
                .forEach(lines::add);
        assertThat(load(lines).settings().orElseThrow().router().instances()).hasSize(3);
    }

    @Test
    void loadBalancingIsToldOnceAndNotServed() {
        List<String> lines = file();
        for (int i = 0; i < 5; i++) {
            lines.addAll(
                    List.of(
                            "virtual_server 10.0.0.1 " + (80 + i) + " {",
                            "lb_algo rr",
                            "real_server 10.1.1.1 80 {",
                            "TCP_CHECK {",
                            "}",
                            "}",
                            "}"));
        }
        KeepalivedConf conf = load(lines);
        assertThat(conf.settings()).isPresent();
        assertThat(conf.findings())
                .singleElement()
                .matches(f -> f.problem().what().contains("load balancing"));
    }

    @Test
    void intervalsAreMadeWhatTheVersionCanSay() {
        assertThat(instance(load(file("advert_int 1.6"))).advertInterval())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(instance(load(file("version 3", "advert_int 0.014"))).advertInterval())
                .isEqualTo(Duration.ofMillis(10));
        assertThat(instance(load(file("version 3", "advert_int 50"))).advertInterval())
                .isEqualTo(Duration.ofMillis(40_950));
    }

    @Test
    void aPasswordIsNeverTold() {
        KeepalivedConf conf =
                load(
                        file(
                                "authentication {",
                                "auth_type PASS",
                                "auth_pass secret_that_is_long",
                                "}"));
        assertThat(conf.findings()).hasSize(2);
        assertThat(conf.toString()).doesNotContain("secret");
        assertThat(instance(conf).authentication().password()).isEqualTo("secret_t");
    }

    @Test
    void versionThreeHasNoAuthentication() {
        KeepalivedConf conf =
                load(file("version 3", "authentication {", "auth_type AH", "auth_pass x", "}"));
        assertThat(instance(conf).authentication().password()).isEmpty();
        assertThat(conf.has(Severity.ERROR)).isTrue();
    }

    @Test
    void nopreemptWithStateMasterIsLeftOutAsKeepalivedDoes() {
        KeepalivedConf conf = load(file("state MASTER", "priority 90", "nopreempt"));
        assertThat(instance(conf).preemption().allowed()).isTrue();
        assertThat(conf.findings()).singleElement().matches(f -> f.place().line() == 4);
    }

    @Test
    void addressLinesTellWhatTheyDoNotUnderstand() {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "vrrp_instance A {",
                                "interface eth0",
                                "virtual_router_id 1",
                                "virtual_ipaddress {",
                                "10.0.0.1/33",
                                "10.0.0.999",
                                "10.0.0.2 10.0.0.3",
                                "10.0.0.4 scope nowhere_else",
                                "10.0.0.4 dev",
                                "fe80::1",
                                "224.0.0.1",
                                "}",
                                "}"));
        KeepalivedConf conf = load(lines);
        assertThat(conf.findings())
                .extracting(f -> f.place().line())
                .containsExactlyInAnyOrder(1, 5, 6, 7, 8, 9, 9, 11);
        assertThat(instance(conf).addresses()).hasSize(3);
    }

    @Test
    void manyFindingsAreBounded() {
        KeepalivedConf conf = MemoryFiles.of("~SEQ(X, 1, 5000) bogus${X}").load();
        assertThat(conf.findings()).hasSizeLessThan(1100);
        assertThat(conf.findings()).anyMatch(f -> f.problem().what().contains("not shown"));
    }

    private static InstanceSettings instance(KeepalivedConf conf) {
        return conf.settings().orElseThrow().router().instances().getFirst();
    }
}
