package io.holdfast.scheduler.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.scheduler.Scheduler;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.simulate.Injections;
import io.holdfast.scheduler.simulate.OperationResult;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is printed, on cases whose output Debian's {@code crm_simulate} confirmed. */
final class SimulateTextTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_795_238_662L);

    private static final Element CIB =
            XmlReader.string(
                    """
                    <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" epoch="1"
                        num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">
                      <configuration>
                        <crm_config><cluster_property_set id="o">
                          <nvpair id="o1" name="stonith-enabled" value="false"/>
                        </cluster_property_set></crm_config>
                        <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
                        <resources>
                          <primitive id="a" class="ocf" provider="pacemaker" type="Dummy">
                            <operations><op id="a-m" name="monitor" interval="10s"/></operations>
                          </primitive>
                        </resources>
                        <constraints/>
                      </configuration>
                      <status>
                        <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member"
                            expected="member"><lrm id="1"><lrm_resources>
                          <lrm_resource id="a" class="ocf" provider="pacemaker" type="Dummy">
                            <lrm_rsc_op id="a_last_0" operation_key="a_start_0" operation="start"
                                crm_feature_set="3.16.1" transition-key="1:1:0:x"
                                transition-magic="0:0;1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"
                                on_node="n1" last-rc-change="1700000000" call-id="2" rc-code="0"
                                op-status="0" interval="0"
                                op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/>
                          </lrm_resource>
                        </lrm_resources></lrm></node_state>
                        <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member"
                            expected="member"><lrm id="2"><lrm_resources/></lrm></node_state>
                      </status>
                    </cib>
                    """);

    private static final SimulateText.Options PLAY = new SimulateText.Options(null, true);

    @Test
    void aNodeThatFailsGivesItsResourceAway() {
        Injections failure = Injections.NONE.withNodes(List.of(), List.of(), List.of("n1"));
        assertThat(SimulateText.of(CIB, NOW, PLAY, failure))
                .isEqualTo(
                        """
                        Current cluster status:
                          * Node List:
                            * Online: [ n1 n2 ]

                          * Full List of Resources:
                            * a\t(ocf:pacemaker:Dummy):\t Started n1

                        Performing Requested Modifications:
                          * Failing node n1

                        Transition Summary:
                          * Start      a       (    n2 )

                        Executing Cluster Transition:
                          * Resource action: a               monitor on n2
                          * Resource action: a               start on n2
                          * Resource action: a               monitor=10000 on n2

                        Revised Cluster Status:
                          * Node List:
                            * Online: [ n2 ]
                            * OFFLINE: [ n1 ]

                          * Full List of Resources:
                            * a\t(ocf:pacemaker:Dummy):\t Started n2
                        """);
    }

    @Test
    void anOperationThatFailsEndsTheTransition() {
        Injections failure =
                Injections.NONE.withFailures(
                        List.of(
                                Objects.requireNonNull(
                                        OperationResult.parse("a_monitor_10000@n1=7"))));
        assertThat(SimulateText.of(CIB, NOW, PLAY, failure))
                .contains("  * Resource action: a               monitor=10000 on n1\nPretending")
                .contains("Injecting attribute fail-count-a#monitor_10000=value++ into")
                .endsWith("    * a\t(ocf:pacemaker:Dummy):\t FAILED n1\n");
    }

    @Test
    void aPictureHasEveryActionAndOrder() {
        Cluster cluster = new Cluster(CIB, NOW.getEpochSecond());
        Scheduler.schedule(cluster);
        assertThat(DotText.of(cluster, false))
                .isEqualTo(
                        """
                         digraph "g" {
                        "a_monitor_10000 n1" [ style=bold color="green" fontcolor="black"]
                        "a_monitor_0 n2" [ style=bold color="green" fontcolor="black"]
                        }
                        """);
    }

    @Test
    void resultsAreReadAsTheyAreWritten() {
        assertThat(OperationResult.parse("my_ip_migrate_to_0@n1=1"))
                .isEqualTo(new OperationResult("my_ip", "migrate_to", 0, "n1", 1));
        assertThat(OperationResult.parse("a_monitor_10000@n1=7"))
                .hasToString("a_monitor_10000@n1=7");
        assertThat(OperationResult.parse("nonsense")).isNull();
    }
}
