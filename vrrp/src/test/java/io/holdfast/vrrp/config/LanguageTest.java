package io.holdfast.vrrp.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.config.text.Finding;
import io.holdfast.vrrp.config.text.Severity;
import io.holdfast.vrrp.core.InstanceSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How text becomes statements: braces, quotes, includes, conditions, variables, repetition. */
class LanguageTest {
    private static final String[] PLAIN = {
        "vrrp_instance A {",
        "  interface eth0",
        "  virtual_router_id 51",
        "  virtual_ipaddress {",
        "    10.0.0.1/24",
        "  }",
        "}"
    };

    private static InstanceSettings only(MemoryFiles files) {
        KeepalivedConf conf = files.load();
        assertThat(conf.settings()).as(conf.findings().toString()).isPresent();
        return conf.settings().orElseThrow().router().instances().getFirst();
    }

    private static String[] with(String... lines) {
        String[] all = new String[PLAIN.length + lines.length];
        System.arraycopy(PLAIN, 0, all, 0, 3);
        System.arraycopy(lines, 0, all, 3, lines.length);
        System.arraycopy(PLAIN, 3, all, 3 + lines.length, PLAIN.length - 3);
        return all;
    }

    private static List<String> addresses(InstanceSettings instance) {
        return instance.addresses().stream().map(a -> a.address().toString()).toList();
    }

    @Test
    void aPlainFileIsUnderstoodWithoutFindings() {
        assertThat(MemoryFiles.of(PLAIN).load().findings()).isEmpty();
        assertThat(only(MemoryFiles.of(PLAIN)).virtualRouterId()).isEqualTo(51);
    }

    @Test
    void bracesMayStandAnywhere() {
        InstanceSettings instance =
                only(
                        MemoryFiles.of(
                                "vrrp_instance A{ interface eth0",
                                "virtual_router_id 5",
                                "virtual_ipaddress",
                                "{",
                                "10.0.0.1 }",
                                "virtual_ipaddress_excluded { 10.0.0.2 } }"));
        assertThat(addresses(instance)).containsExactly("10.0.0.1");
        assertThat(instance.excludedAddresses()).hasSize(1);
    }

    @Test
    void commentsEndAtTheLineAndQuotesProtectTheirMarks() {
        NotifySettings notify =
                MemoryFiles.of(
                                with(
                                        "priority 90 # a",
                                        "! whole line",
                                        "notify_master \"/bin/x a#b !c\""))
                        .load()
                        .settings()
                        .orElseThrow()
                        .instances()
                        .get("A");
        assertThat(notify.master().orElseThrow().command()).containsExactly("/bin/x", "a#b", "!c");
    }

    @Test
    void linesOfOtherNodesAreDropped() {
        String[] lines = with("@node-1 priority 200", "@node-2 priority 150", "@^node-1 version 3");
        assertThat(only(MemoryFiles.of(lines)).priority()).isEqualTo(200);
        assertThat(only(MemoryFiles.of(lines).on("node-2")).priority()).isEqualTo(150);
        assertThat(only(MemoryFiles.of(lines).on("node-2")).version().number()).isEqualTo(3);
    }

    @Test
    void variablesAreReplacedWhenTheyAreUsed() {
        MemoryFiles files =
                MemoryFiles.of(
                        "$BASE=10.2.${SUB}",
                        "$SUB=0",
                        "vrrp_instance A {",
                        "interface eth0",
                        "virtual_router_id 1",
                        "virtual_ipaddress {",
                        "${BASE}.100",
                        "$SUB=10",
                        "${BASE}.100",
                        "}",
                        "}");
        assertThat(addresses(only(files))).containsExactly("10.2.0.100", "10.2.10.100");
    }

    @Test
    void aVariableOfSeveralLinesMakesWholeBlocks() {
        MemoryFiles files =
                MemoryFiles.of(
                        "$INSTANCE= \\",
                        "vrrp_instance VI_${NUM} { \\",
                        "  interface eth0.${NUM} \\",
                        "",
                        "  virtual_router_id ${NUM} \\",
                        "  @node-1 priority 130 \\",
                        "  @node-2 priority 120 \\",
                        "  virtual_ipaddress { \\",
                        "    10.0.${NUM}.254/24 \\",
                        "  } \\",
                        "}",
                        "$NUM=1",
                        "$INSTANCE",
                        "$NUM=2",
                        "$INSTANCE");
        List<InstanceSettings> instances =
                files.load().settings().orElseThrow().router().instances();
        assertThat(instances).extracting(InstanceSettings::name).containsExactly("VI_1", "VI_2");
        assertThat(instances).allMatch(i -> i.priority() == 130);
        assertThat(addresses(instances.get(1))).containsExactly("10.0.2.254");
    }

    @Test
    void predefinedVariablesAreKnown() {
        MemoryFiles files =
                MemoryFiles.of(
                                with(
                                        "priority ${_RANDOM 7 7}",
                                        "advert_int ${_ENV SECONDS}",
                                        "notify \"${_PWD}/x ${_INSTANCE} ${_HASH}${_BANG}\""))
                        .withVariable("SECONDS", "3");
        assertThat(only(files).priority()).isEqualTo(7);
        assertThat(only(files).advertInterval()).hasSeconds(3);
        assertThat(
                        files.load()
                                .settings()
                                .orElseThrow()
                                .instances()
                                .get("A")
                                .any()
                                .orElseThrow()
                                .command())
                .containsExactly("/etc/keepalived/x", "node-1", "#!");
    }

    @Test
    void anUndefinedVariableStaysAsItIs() {
        NotifySettings notify =
                MemoryFiles.of(with("notify \"/bin/x ${NOBODY} $ELSE\""))
                        .load()
                        .settings()
                        .orElseThrow()
                        .instances()
                        .get("A");
        assertThat(notify.any().orElseThrow().command())
                .containsExactly("/bin/x", "${NOBODY}", "$ELSE");
    }

    @Test
    void sequencesAndListsRepeatTheRestOfTheLine() {
        MemoryFiles files =
                MemoryFiles.of(
                        "vrrp_instance A {",
                        "interface eth0",
                        "virtual_router_id 1",
                        "virtual_ipaddress {",
                        "~SEQ(S, 0, 2) 10.0.${S}.1",
                        "~LST({P, Q}, {10,1}, {20,4}) ~SEQ(R,168,2,170) 192.${R}.${P}.${Q}",
                        "}",
                        "virtual_ipaddress_excluded {",
                        "~SEQx(H, 0x90, 0x10, 0xb0) fe80::20:${H}:1/64",
                        "}",
                        "}");
        assertThat(addresses(only(files)))
                .containsExactly(
                        "10.0.0.1",
                        "10.0.1.1",
                        "10.0.2.1",
                        "192.168.10.1",
                        "192.170.10.1",
                        "192.168.20.4",
                        "192.170.20.4");
        assertThat(only(files).excludedAddresses())
                .extracting(a -> a.address().toString())
                .containsExactly("fe80::20:90:1", "fe80::20:a0:1", "fe80::20:b0:1");
    }

    @Test
    void aVariableThatContainsItselfIsAMistakeAndNoHang() {
        KeepalivedConf conf = MemoryFiles.of(with("$A=${A}${A}", "priority ${A}")).load();
        assertThat(conf.findings()).anyMatch(f -> f.problem().why().contains("contain themselves"));
    }

    @Test
    void includesAreRelativeToTheirFileAndSorted() {
        MemoryFiles files =
                MemoryFiles.of("include conf.d/*.conf", "include {one,two}.inc")
                        .with("/etc/keepalived/conf.d/b.conf", "include ../deep/c")
                        .with("/etc/keepalived/conf.d/a.conf", PLAIN)
                        .with("/etc/keepalived/deep/c", "vrrp_script s {", "script /bin/c", "}")
                        .with("/etc/keepalived/two.inc", "global_defs {", "router_id two", "}");
        KeepalivedConf conf = files.load();
        KeepalivedSettings settings = conf.settings().orElseThrow();
        assertThat(settings.router().instances()).hasSize(1);
        assertThat(settings.router().scripts()).hasSize(1);
        assertThat(settings.global().routerId()).isEqualTo("two");
        assertThat(conf.findings())
                .singleElement()
                .matches(f -> f.severity() == Severity.WARNING)
                .matches(f -> f.problem().what().contains("one.inc"));
    }

    @Test
    void aMissingIncludeIsAMistakeOnlyWhereTheFileSaysSo() {
        assertThat(MemoryFiles.of("include no.conf").load().findings())
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .isEmpty();
        assertThat(MemoryFiles.of("includem no.conf").load().has(Severity.ERROR)).isTrue();
        assertThat(MemoryFiles.of("includew *.none").load().has(Severity.ERROR)).isTrue();
        assertThat(
                        MemoryFiles.of("global_defs {", "include_check", "}", "include no.conf")
                                .load()
                                .has(Severity.ERROR))
                .isTrue();
    }

    @Test
    void aCircleOfIncludesEnds() {
        KeepalivedConf conf = MemoryFiles.of("include keepalived.conf").load();
        assertThat(conf.settings()).isEmpty();
        assertThat(conf.findings()).anyMatch(f -> f.problem().why().contains("circle"));
    }

    @Test
    void carriageReturnsAreLineEnds() {
        assertThat(
                        only(
                                new MemoryFiles()
                                        .withBytes(
                                                String.join("\r\n", PLAIN)
                                                        .getBytes(
                                                                java.nio.charset.StandardCharsets
                                                                        .UTF_8))))
                .matches(i -> i.virtualRouterId() == 51);
    }

    @Test
    void noBreakSpacesAndByteOrderMarksAreBlanksWithAWarning() {
        String text = "\ufeff" + String.join("\n", PLAIN).replace("  ", "\u00a0\u3000");
        KeepalivedConf conf = MemoryFiles.of(text).load();
        assertThat(conf.settings()).isPresent();
        Finding warning = conf.findings().getFirst();
        assertThat(conf.findings()).hasSize(1);
        assertThat(warning.severity()).isEqualTo(Severity.WARNING);
        assertThat(warning.place().line()).isEqualTo(1);
        assertThat(warning.problem().why()).contains("nothing configured");
    }

    @Test
    void noBreakSpacesInCommentsAreNobodysBusiness() {
        assertThat(MemoryFiles.of(with("# a\u00a0b")).load().findings()).isEmpty();
    }

    @Test
    void slashRemarksAreLeftOutWithWhatKeepalivedWouldHaveDone() {
        KeepalivedConf conf =
                MemoryFiles.of(with("notify_master /bin/m.sh //run when master", "// alone"))
                        .load();
        assertThat(conf.settings().orElseThrow().instances().get("A").master().orElseThrow())
                .matches(s -> s.command().equals(List.of("/bin/m.sh")) && s.user().isEmpty());
        assertThat(conf.findings())
                .extracting(f -> f.problem().why())
                .anyMatch(why -> why.contains("name of the user"))
                .anyMatch(why -> why.contains("unknown keyword"));
    }

    @Test
    void aPathThatBeginsWithTwoSlashesIsNoRemark() {
        KeepalivedConf conf = MemoryFiles.of(with("notify_master //opt/m.sh")).load();
        assertThat(conf.findings()).isEmpty();
        assertThat(conf.settings().orElseThrow().instances().get("A").master()).isPresent();
    }

    @Test
    void settingsOfHoldfastStandInComments() {
        assertThat(only(MemoryFiles.of(with("#holdfast: needs_lease # why"))).needsLease())
                .isTrue();
        assertThat(only(MemoryFiles.of(with("# needs_lease"))).needsLease()).isFalse();
    }

    @Test
    void anUnclosedQuoteDropsItsLineAlone() {
        KeepalivedConf conf = MemoryFiles.of(with("notify \"/bin/x", "priority 7")).load();
        assertThat(conf.has(Severity.ERROR)).isTrue();
        assertThat(conf.settings().orElseThrow().router().instances().getFirst().priority())
                .isEqualTo(7);
    }

    @Test
    void escapesInScriptsMeanWhatTheyMeanInAShell() {
        NotifySettings notify =
                MemoryFiles.of(with("notify \"/bin/x 'a b' c\\\\ d\""))
                        .load()
                        .settings()
                        .orElseThrow()
                        .instances()
                        .get("A");
        assertThat(notify.any().orElseThrow().command()).startsWith("/bin/x", "a b");
    }
}
