package io.holdfast.cib.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Samples;
import io.holdfast.cib.Section;
import io.holdfast.cib.Shared;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.Element;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final String FRAME =
            """
            <cib admin_epoch="0" epoch="1" num_updates="0" validate-with="%s"><configuration>
            <crm_config>%s</crm_config><nodes>%s</nodes><resources>%s</resources>
            <constraints>%s</constraints>%s</configuration><status/></cib>
            """;

    @Test
    void aCibOfEveryKindOfObjectIsValid() {
        assertThat(SchemaValidator.validate(Samples.everything())).isEmpty();
        assertThat(SchemaValidator.validate(Cib.empty())).isEmpty();
    }

    @Test
    void everyFaultIsToldWithElementIdAndReason() {
        Cib cib =
                cib(
                        "pacemaker-3.9",
                        "",
                        "<node id='1' uname='n' type='pong'/>",
                        """
                        <primitive id="A" class="ocf" type="x" wrong="1"><operations>
                          <op id="o" name="monitor" interval="5" on-fail="explode"/>
                        </operations></primitive>
                        <group id="G"/>
                        <clone id="1C"><primitive id="P" template="T" class="lsb"/></clone>
                        """,
                        """
                        <rsc_location id="l" rsc="A" score="many"/>
                        <rsc_order id="r" first="A"/>
                        <surprise/>
                        """,
                        "<acls/><acls/>");
        assertThat(SchemaValidator.validate(cib))
                .extracting(f -> f.object() + ": " + f.what())
                .containsExactlyInAnyOrder(
                        "node 1: type is \"pong\"",
                        "primitive A: the attribute wrong is unknown",
                        "primitive A: an ocf agent needs a provider",
                        "op o: on-fail is \"explode\"",
                        "group G: the element primitive is missing",
                        "clone 1C: id is \"1C\"",
                        "primitive P: it has a template and an agent of its own",
                        "rsc_location l: score is \"many\"",
                        "rsc_location l: it needs score and node, or a rule",
                        "rsc_order r: it has neither resource sets nor then",
                        "surprise: an element surprise has no place in constraints",
                        "acls: there is more than one acls");
        assertThat(SchemaValidator.validate(cib)).allMatch(f -> f.line() > 0);
    }

    @Test
    void unknownSchemasAndDanglingReferencesAreErrors() {
        assertThat(errors(cib("pacemaker-9.1", "", "", "", "", "")))
                .contains("the schema pacemaker-9.1 is not known");
        assertThat(
                        errors(
                                cib(
                                        "pacemaker-3.0",
                                        "",
                                        "",
                                        "<primitive id='A' template='T'/>",
                                        "<rsc_ticket id='A' ticket='t' rsc='B'/>",
                                        "")))
                .containsExactlyInAnyOrder(
                        "there is no template T",
                        "there is no resource B",
                        "the id A is used twice");
    }

    @Test
    void oldClusterOptionsMoveToWhereTheyAreToday() {
        Cib upgraded =
                upgrade(
                        cib(
                                "pacemaker-2.10",
                                """
                                <cluster_property_set id="s">
                                <nvpair id="a1" name="cluster-infrastructure" value="openais"/>
                                <nvpair id="a2" name="default-action-timeout" value="240"/>
                                <nvpair id="a3" name="default_resource_stickiness" value="7"/>
                                <nvpair id="a4" name="expected-quorum-votes" value="2"/>
                                <nvpair id="a5" name="is-managed-default" value="false"/>
                                <nvpair id="a6" name="no_quorum_policy" value="ignore"/>
                                <nvpair id="a7" name="default-resource-failure-stickiness" value="-INFINITY"/>
                                <nvpair id="a8" name="dc-version" value="3"/>
                                </cluster_property_set>
                                """,
                                "<node id='1' uname='n1' type='normal'/>",
                                "",
                                "",
                                "<rsc_defaults><meta_attributes id='rd'>"
                                        + "<nvpair id='rd1' name='is-managed' value='true'/>"
                                        + "</meta_attributes></rsc_defaults>"));

        assertThat(pairs(upgraded.section(Section.CRM_CONFIG)))
                .containsExactly("no-quorum-policy=ignore", "dc-version=3");
        assertThat(pairs(upgraded.section(Section.RSC_DEFAULTS)))
                .containsExactly(
                        "is-managed=true", "resource-stickiness=7", "migration-threshold=1");
        assertThat(pairs(upgraded.section(Section.OP_DEFAULTS))).containsExactly("timeout=240");
        assertThat(upgraded.section(Section.OP_DEFAULTS).children().getFirst().id())
                .isEqualTo("_2TO3_-op-defaults");
        assertThat(upgraded.nodes().children().getFirst().attribute("type")).isEqualTo("member");
        assertThat(upgraded.root().attribute("validate-with")).isEqualTo("pacemaker-3.10");
    }

    @Test
    void oldOperationSettingsMoveToMetaAttributes() {
        Cib upgraded =
                upgrade(
                        cib(
                                "pacemaker-2.3",
                                "",
                                "",
                                """
                                <primitive id="P" class="stonith" type="x">
                                <instance_attributes id="i">
                                  <nvpair id="i1" name="pcmk_arg_map" value="port:domain"/>
                                  <nvpair id="i2" name="pcmk_list_cmd" value="l"/>
                                  <nvpair id="i3" name="pcmk_arg_map" value="a:b,c:d"/>
                                </instance_attributes>
                                <operations>
                                  <op id="start" name="start" interval="0" requires="nothing"/>
                                  <op id="mon" name="monitor" interval="10" requires="fencing">
                                    <instance_attributes id="mi">
                                      <nvpair id="m1" name="timeout" value="7"/>
                                      <nvpair id="m2" name="OCF_CHECK_LEVEL" value="7"/>
                                    </instance_attributes>
                                  </op>
                                </operations></primitive>
                                """,
                                "<rsc_colocation id='c' rsc='P' with-rsc='P' score-attribute='x'/>",
                                ""));
        Element primitive = upgraded.resources().children().getFirst();

        assertThat(pairs(primitive.child("instance_attributes")))
                .containsExactly("pcmk_host_argument=domain", "pcmk_list_action=l");
        assertThat(pairs(primitive.child("meta_attributes"))).containsExactly("requires=nothing");
        Element monitor = primitive.child("operations").child("op", "mon");
        assertThat(pairs(monitor.child("meta_attributes"))).containsExactly("timeout=7");
        assertThat(pairs(monitor.child("instance_attributes")))
                .containsExactly("OCF_CHECK_LEVEL=7");
        assertThat(errors(upgraded)).isEmpty();
    }

    @Test
    void oldAccessControlBecomesTargetsAndRoles() {
        Cib upgraded =
                upgrade(
                        cib(
                                "pacemaker-1.2",
                                "",
                                "",
                                "",
                                "",
                                """
                                <acls><acl_user id="bob"><role_ref id="mon"/></acl_user>
                                <acl_user id="al"><read id="r" xpath="//a" attribute="b"/>
                                  <write id="w" tag="nodes" attribute="uname"/></acl_user>
                                <acl_role id="mon"><deny id="d" ref="bob"/></acl_role></acls>
                                """));
        assertThat(upgraded.section(Section.ACLS).stream().skip(1).map(Element::toString))
                .containsExactly(
                        "<acl_target id=\"bob\"/>",
                        "<role id=\"mon\"/>",
                        "<acl_target id=\"al\"/>",
                        "<role id=\"auto-al\"/>",
                        "<acl_role id=\"auto-al\"/>",
                        "<acl_permission id=\"r\" kind=\"read\" xpath=\"//a[@b]\"/>",
                        "<acl_permission id=\"w\" kind=\"write\" object-type=\"nodes\""
                                + " attribute=\"uname\"/>",
                        "<acl_role id=\"mon\"/>",
                        "<acl_permission id=\"d\" kind=\"deny\" reference=\"bob\"/>");
    }

    @Test
    void everyCibOfTheReferenceIsUsable() throws Exception {
        List<String> refused = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Shared.path("scheduler-cases/xml"), "*.xml")) {
            for (Path file : files) {
                if (!CibVerifier.verify(Cib.read(file)).isUsable()) {
                    refused.add(file.getFileName().toString());
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private static Cib cib(
            String schema,
            String config,
            String nodes,
            String resources,
            String constraints,
            String more) {
        return Cib.parse(FRAME.formatted(schema, config, nodes, resources, constraints, more));
    }

    private static Cib upgrade(Cib cib) {
        return SchemaUpgrade.upgrade(cib).cib();
    }

    private static List<String> errors(Cib cib) {
        return CibVerifier.verify(cib).findings().stream()
                .filter(Finding::isError)
                .map(Finding::what)
                .toList();
    }

    private static List<String> pairs(Element element) {
        return element.stream()
                .filter(e -> e.is("nvpair"))
                .map(e -> e.attribute("name") + "=" + e.attribute("value"))
                .toList();
    }
}
