package io.holdfast.cib.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Samples;
import io.holdfast.cib.Section;
import io.holdfast.cib.Severity;
import io.holdfast.cib.Shared;
import io.holdfast.cib.crm.CrmConfigure.Loaded;
import io.holdfast.cib.xml.Element;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CrmConfigureTest {
    private static final String EVERYTHING = Samples.EVERYTHING;

    @Test
    void everyKindOfStatementIsReadAndPrintedAsItWas() {
        Loaded loaded = replace(EVERYTHING);

        assertThat(loaded.findings()).isEmpty();
        assertThat(CrmConfigure.show(loaded.cib())).isEqualTo(EVERYTHING);
        assertThat(CrmConfigure.save(loaded.cib())).isEqualTo(EVERYTHING);
    }

    @Test
    void partsGetTheIdsThatCrmGives() {
        Cib cib = replace(EVERYTHING).cib();
        Element group = cib.resources().child("group", "G");
        Element a = group.child("primitive", "A");

        assertThat(a.stream().map(Element::id))
                .contains(
                        "A-instance_attributes",
                        "A-instance_attributes-state",
                        "A-monitor-10",
                        "A-start-0",
                        "A-meta_attributes-0-priority");
        assertThat(cib.constraints().stream().map(Element::id))
                .contains(
                        "l1-rule",
                        "l1-rule-expression-0",
                        "l4-rule-0-expression-0-date_spec",
                        "o1-1");
        assertThat(cib.section(Section.FENCING_TOPOLOGY).stream().map(Element::id))
                .contains("fencing", "fencing-0", "fencing-1");
    }

    @Test
    void theScenarioOfTwoServersLoadsAndComesBackEqual() throws Exception {
        String text = Files.readString(Shared.path("scenarios/s4/crm-configure.txt"));
        Loaded loaded = CrmConfigure.load(Cib.empty(), text, LoadMode.REPLACE);

        assertThat(loaded.findings().stream().filter(Finding::isError)).isEmpty();
        assertThat(loaded.findings())
                .extracting(Finding::what)
                .contains("stonith-enabled is off", "no-quorum-policy is ignore");
        Element group = loaded.cib().resources().child("group", "GROUP_ISCSI_1");
        assertThat(group.children("primitive")).hasSize(8);
        Element ms = loaded.cib().resources().child("clone", "MS_DRBD_VM_STORAGE_1");
        assertThat(ms.child("meta_attributes").children())
                .extracting(p -> p.attribute("name") + "=" + p.attribute("value"))
                .contains("promotable=true", "promoted-max=1", "promoted-node-max=1");
        assertThat(comesBack(loaded.cib())).isTrue();
    }

    @Test
    void allMistakesAreToldAtOnceWithLineAndRemedy() {
        Loaded loaded =
                replace(
                        """
                        primitive A ocf:heartbeat: op monitor interval=10s
                        primitive B Dummy op monitor interval=10s
                        group G B X
                        location l G inf
                        colocation c G B
                        params x=y
                        order o Sometimes: G B
                        primitive C Dummy params a="b
                        """);

        assertThat(loaded.isUsable()).isFalse();
        assertThat(loaded.findings().stream().filter(Finding::isError))
                .extracting(f -> f.line() + " " + f.what())
                .containsExactlyInAnyOrder(
                        "1 'ocf:heartbeat:' is no resource agent",
                        "3 there is no resource X",
                        "4 the location says neither a score and a node nor a rule",
                        "5 the colocation has no score",
                        "6 'params' begins no statement",
                        "7 'Sometimes:' is no kind of order",
                        "8 a quotation mark \" is not closed");
        assertThat(loaded.findings()).allMatch(f -> !f.remedy().isBlank() && !f.why().isBlank());
    }

    @Test
    void whatDoesNotExistIsFound() {
        Loaded loaded =
                replace(
                        """
                        node n1
                        primitive A Dummy op monitor interval=10s
                        primitive B @NONE
                        location l1 A 50: n9
                        location l2 Z 50: n1
                        order o A Y
                        primitive A Dummy op monitor interval=10s
                        fencing_topology n1: gone
                        """);

        assertThat(loaded.findings())
                .extracting(f -> f.line() + " " + f.severity() + " " + f.what())
                .contains(
                        "3 ERROR there is no template NONE",
                        "4 WARNING there is no node n9",
                        "5 ERROR there is no resource Z",
                        "6 ERROR there is no resource Y",
                        "7 ERROR the id A is used twice",
                        "8 WARNING there is no fencing device gone");
    }

    @Test
    void unsafeSettingsAreLoadedWithAWarning() {
        Loaded loaded =
                replace(
                        """
                        primitive A ocf:heartbeat:iSCSITarget params incoming_password=secret
                        property stonith-enabled=false no-quorum-policy=ignore
                        """);

        assertThat(loaded.isUsable()).isTrue();
        assertThat(loaded.findings())
                .allMatch(f -> f.severity() == Severity.WARNING)
                .extracting(Finding::what)
                .contains(
                        "stonith-enabled is off",
                        "no-quorum-policy is ignore",
                        "the parameter incoming_password is a password in plain text",
                        "the resource has no recurring monitor");
    }

    @Test
    void updateChangesWhatIsNamedAndKeepsTheRest() {
        Cib before = replace(EVERYTHING).cib();
        Loaded loaded =
                CrmConfigure.load(
                        before,
                        """
                        primitive F lsb:baz op monitor interval=7s
                        primitive NEW Dummy op monitor interval=10s
                        group G F NEW
                        property stonith-enabled=false
                        location l2 G 60: n2
                        """,
                        LoadMode.UPDATE);

        assertThat(loaded.findings().stream().filter(Finding::isError)).isEmpty();
        Element resources = loaded.cib().resources();
        assertThat(resources.child("group", "G").children("primitive"))
                .extracting(Element::id)
                .containsExactly("F", "NEW");
        assertThat(resources.child("group", "G").child("primitive", "F").attribute("type"))
                .isEqualTo("baz");
        assertThat(resources.child("primitive", "A")).as("left the group").isNotNull();
        assertThat(loaded.cib().property("stonith-enabled")).isEqualTo("false");
        assertThat(loaded.cib().property("no-quorum-policy")).isEqualTo("stop");
        assertThat(loaded.cib().constraints().child("rsc_location", "l2").attribute("node"))
                .isEqualTo("n2");
        assertThat(loaded.cib().constraints().children())
                .hasSameSizeAs(before.constraints().children());
    }

    @Test
    void replaceRemovesWhatIsNotNamedButNodes() {
        Cib before = replace(EVERYTHING).cib();
        Cib after =
                CrmConfigure.load(
                                before,
                                "primitive ONLY Dummy op monitor interval=1s\nnode n1 attributes x=y",
                                LoadMode.REPLACE)
                        .cib();

        assertThat(after.resources().children()).extracting(Element::id).containsExactly("ONLY");
        assertThat(after.constraints().children()).isEmpty();
        assertThat(after.nodes().children()).extracting(Element::id).containsExactly("1", "n2");
    }

    @Test
    void statusAndVersionStay() {
        Cib before =
                Cib.parse(
                        "<cib admin_epoch='1' epoch='2' num_updates='3'><configuration/><status><x/>"
                                + "</status></cib>");
        Cib after = CrmConfigure.load(before, "node n1", LoadMode.REPLACE).cib();
        assertThat(after.version()).hasToString("1.2.3");
        assertThat(after.status()).isEqualTo(before.status());
    }

    @Test
    void oldSpellingsAreUnderstood() {
        Cib cib =
                replace(
                                """
                                primitive A Dummy state=1 op monitor interval=5
                                ms M A meta master-max=1 master-node-max=1 notify=true
                                monitor A:Slave 11:20
                                order o inf: M:promote A
                                collocation c INF: A M:master
                                node $id="7" n1:normal standby=off
                                location l M rule $id="r" #uname eq n1
                                """)
                        .cib();
        assertThat(CrmConfigure.show(cib))
                .isEqualTo(
                        """
                        node 7: n1:member \\
                        \tattributes standby=off
                        primitive A Dummy \\
                        \tparams state=1 \\
                        \top monitor interval=5 \\
                        \top monitor role=Slave interval=11 timeout=20
                        clone M A \\
                        \tmeta promotable=true promoted-max=1 promoted-node-max=1 notify=true
                        order o Mandatory: M:promote A
                        colocation c inf: A M:Master
                        location l M \\
                        \trule #uname eq n1
                        """);
        assertThat(CrmConfigure.save(cib)).contains("rule $id=r #uname eq n1");
        assertThat(comesBack(cib)).isTrue();
    }

    @Test
    void idsThatTextWouldNotGiveAreSavedAndReferencesKept() {
        Cib cib =
                Cib.parse(
                        """
                        <cib><configuration><resources>
                          <primitive id="A" class="ocf" provider="heartbeat" type="Dummy">
                            <meta_attributes id="shared"><nvpair id="p" name="priority" value="1"/></meta_attributes>
                            <operations><op id="A-monitor-interval-60s" interval="60s" name="monitor"/></operations>
                          </primitive>
                          <primitive id="B" class="ocf" provider="heartbeat" type="Dummy">
                            <meta_attributes id-ref="shared"/>
                            <operations><op id="B-monitor-60s" interval="60s" name="monitor"/></operations>
                          </primitive>
                        </resources><constraints>
                          <rsc_location id="l" rsc="A"><rule id="l-r" score="1" boolean-op="or">
                            <rule id="l-r-r" boolean-op="and"><expression id="e" attribute="a" operation="defined"/></rule>
                          </rule></rsc_location>
                        </constraints></configuration><status/></cib>
                        """);
        assertThat(CrmConfigure.show(cib))
                .startsWith(
                        """
                        primitive A Dummy \\
                        \tmeta $id=shared priority=1 \\
                        \top monitor interval=60s
                        primitive B Dummy \\
                        \tmeta $id-ref=shared \\
                        \top monitor interval=60s
                        xml <rsc_location id="l" rsc="A"> \\
                        """);
        assertThat(CrmConfigure.save(cib))
                .contains("meta $id=shared $p:priority=1")
                .contains("op monitor $id=A-monitor-interval-60s interval=60s");
        assertThat(comesBack(cib)).isTrue();
    }

    @Test
    void passwordsAreNotShownAndStarsKeepThem() {
        Cib cib =
                replace("primitive A stonith:x params passwd=geheim op monitor interval=9s").cib();
        String shown = CrmConfigure.show(cib);
        assertThat(shown).contains("passwd=\"******\"").doesNotContain("geheim");
        assertThat(CrmConfigure.save(cib)).contains("passwd=geheim");

        Loaded again = CrmConfigure.load(cib, shown, LoadMode.REPLACE);
        assertThat(CrmConfigure.sameConfiguration(again.cib(), cib)).isTrue();
        assertThat(replace(shown).findings())
                .extracting(Finding::what)
                .contains("the value of passwd is hidden");
    }

    @Test
    void aPasswordOfAnAgentThatHasTwoIsNotShownEither() {
        Cib cib =
                replace(
                                "primitive A ocf:heartbeat:SCSTTarget params incoming_password=geheim"
                                        + " outgoing_secret=geheim")
                        .cib();
        assertThat(CrmConfigure.show(cib))
                .contains("incoming_password=\"******\"")
                .doesNotContain("geheim");
    }

    @Test
    void oddValuesSurvive() {
        String odd = "a \"b\" 'c' \\d #e (f) [g] =h; $i @j ümlaut\ttab\nline\\";
        Cib cib =
                Cib.empty()
                        .withSection(
                                Section.RESOURCES,
                                r ->
                                        r.withChild(
                                                Element.builder("primitive")
                                                        .attribute("id", "A")
                                                        .attribute("class", "ocf")
                                                        .attribute("provider", "x")
                                                        .attribute("type", "y")
                                                        .child(
                                                                Element.builder(
                                                                                "instance_attributes")
                                                                        .attribute(
                                                                                "id",
                                                                                "A-instance_attributes")
                                                                        .child(
                                                                                NvSets.nvpair(
                                                                                        "v",
                                                                                        "value",
                                                                                        odd))
                                                                        .child(
                                                                                NvSets.nvpair(
                                                                                        "w",
                                                                                        "empty",
                                                                                        ""))
                                                                        .build())
                                                        .build()));
        assertThat(comesBack(cib)).isTrue();
    }

    static Loaded replace(String text) {
        return CrmConfigure.load(Cib.empty(), text, LoadMode.REPLACE);
    }

    static boolean comesBack(Cib cib) {
        Cib again = CrmConfigure.load(Cib.empty(), CrmConfigure.save(cib), LoadMode.REPLACE).cib();
        return CrmConfigure.sameConfiguration(cib, again);
    }
}
