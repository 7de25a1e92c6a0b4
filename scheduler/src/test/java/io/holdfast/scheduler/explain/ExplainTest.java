package io.holdfast.scheduler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.xml.XmlReader;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Score;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three nodes, n3 in standby; db on n1 has failed on n2; group g goes by db and never to n2. */
final class ExplainTest {
    private static final String CIB =
            """
            <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1" execution-date="1700000000">
              <configuration>
                <crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="f" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
                <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"><instance_attributes id="n3i"><nvpair id="n3s" name="standby" value="on"/></instance_attributes></node></nodes>
                <resources>
                  <primitive id="db" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="dbm"><nvpair id="dbm1" name="migration-threshold" value="3"/><nvpair id="dbm2" name="failure-timeout" value="2h"/><nvpair id="dbm3" name="resource-stickiness" value="100"/></meta_attributes><operations><op id="dbmon" name="monitor" interval="17s"/></operations></primitive>
                  <group id="g"><primitive id="web" class="ocf" provider="heartbeat" type="Dummy"/><primitive id="ip" class="ocf" provider="heartbeat" type="Dummy"/></group>
                  <clone id="cl"><primitive id="cp" class="ocf" provider="heartbeat" type="Dummy"/></clone>
                </resources>
                <constraints>
                  <rsc_location id="l1" rsc="db" node="n2" score="50"/><rsc_location id="l3" rsc="g" node="n2" score="-INFINITY"/>
                  <rsc_colocation id="c1" rsc="g" with-rsc="db" score="200"/>
                  <rsc_order id="o" first="db" then="g"/></constraints>
              </configuration>
              <status>
                <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources><lrm_resource id="db" class="ocf" provider="heartbeat" type="Dummy"><lrm_rsc_op id="db_last_0" operation="start" operation_key="db_start_0" interval="0" call-id="5" rc-code="0" op-status="0" transition-key="1:1:0:00000000-0000-0000-0000-000000000001" transition-magic="0:0;1:1:0:00000000-0000-0000-0000-000000000001" crm_feature_set="3.16.1" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource></lrm_resources></lrm></node_state>
                <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"><transient_attributes id="2"><instance_attributes id="st"><nvpair id="st1" name="fail-count-db#monitor_17000" value="2"/><nvpair id="st2" name="last-failure-db#monitor_17000" value="1699999000"/></instance_attributes></transient_attributes></node_state>
                <node_state id="3" uname="n3" in_ccm="true" crmd="online" join="member" expected="member"/>
              </status>
            </cib>
            """;

    private static List<Explanation> explain(String cib, String resource) {
        Cluster cluster = new Cluster(XmlReader.string(cib), 1_700_000_000);
        cluster.collectShares = true;
        Scheduler.schedule(cluster);
        return Explain.resource(cluster, resource, ZoneOffset.UTC);
    }

    private static String text(String cib, String resource) {
        StringBuilder all = new StringBuilder();
        explain(cib, resource).forEach(one -> all.append(ExplanationText.of(one)));
        return all.toString();
    }

    @Test
    void thePartsOfEveryScoreAddUpToIt() {
        for (String resource : List.of("db", "g", "cl")) {
            for (Explanation explanation : explain(CIB, resource)) {
                for (Explanation.NodeScore node : explanation.nodes()) {
                    int sum = 0;
                    for (Explanation.Part part : node.parts()) {
                        sum = Score.add(sum, Score.parse(part.score()));
                    }
                    assertThat(Score.text(sum))
                            .as("%s on %s", explanation.resource(), node.node())
                            .isEqualTo(node.score());
                }
            }
        }
    }

    @Test
    void aScoreIsToldWithTheShareOfEachConstraintAndSetting() {
        assertThat(text(CIB, "db"))
                .contains("db is started on n1.", "It belongs on n1, as started.")
                .contains("n1: chosen, score 100", "+100  resource-stickiness: it runs here")
                .contains("n2: not allowed (below 0), score -150")
                .contains("+50  location l1", "-200  colocation c1 of g with it")
                .contains("n2 needs 150 points to be allowed, and 251 to win");
    }

    @Test
    void failuresAreToldWithTheirNumberTheThresholdAndWhenTheyExpire() {
        assertThat(text(CIB, "db"))
                .contains(
                        "failed 2 times, leaves the node after 3 (migration-threshold); expires at"
                                + " 2023-11-14 23:56:40")
                .contains("`holdfast crm resource cleanup db` forgets it");
        assertThat(text(CIB.replace("failure-timeout", "description"), "db"))
                .contains("this does not expire (no failure-timeout)");
    }

    @Test
    void itIsToldHowManyPointsANodeLacksAndWhichConstraintDecides() {
        String without = CIB.replace("rsc=\"g\" with-rsc=\"db\"", "rsc=\"cl\" with-rsc=\"db\"");
        assertThat(text(without, "db"))
                .contains("n2 would win if it had 51 points more: it lacks 50")
                .contains("or without resource-stickiness: it runs here (100 for n1)");
    }

    @Test
    void aForbiddenNodeIsToldWithWhatForbidsItAndWhatItWouldHave() {
        assertThat(text(CIB, "web"))
                .contains("n2: not allowed (below 0), score -INFINITY", "-INFINITY  location l3")
                .contains(
                        "n2 is forbidden by location l3; without that it would have 0 against 200"
                                + " of n1");
        assertThat(text(CIB, "ip")).contains("-INFINITY  its group: with web");
    }

    @Test
    void aNodeThatCannotBeUsedIsToldWithTheWayBack() {
        assertThat(text(CIB, "db")).contains("n3: cannot be used: it is in standby");
        assertThat(text(CIB, "db")).contains("`holdfast crm node online n3` ends that");
    }

    @Test
    void theDecisionIsTheSameWhetherItIsExplainedOrNot() {
        Cluster plain = new Cluster(XmlReader.string(CIB), 1_700_000_000);
        Cluster explained = new Cluster(XmlReader.string(CIB), 1_700_000_000);
        explained.collectShares = true;
        assertThat(Scheduler.schedule(explained)).isEqualTo(Scheduler.schedule(plain));
    }
}
