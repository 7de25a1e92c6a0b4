package io.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.Cib;
import io.holdfast.scheduler.Transition.Step;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A promotable volume with a group on top of it: the volume is promoted, then the group starts. */
final class PromotionBeforeGroupTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final String CIB =
            """
            <cib validate-with="pacemaker-3.10" epoch="1" num_updates="0" admin_epoch="0" \
            have-quorum="1" dc-uuid="1">
              <configuration>
                <crm_config><cluster_property_set id="o">
                  <nvpair id="o-1" name="stonith-enabled" value="false"/>
                  <nvpair id="o-2" name="no-quorum-policy" value="ignore"/>
                </cluster_property_set></crm_config>
                <nodes><node id="1" uname="server1"/><node id="2" uname="server2"/></nodes>
                <resources>
                  <master id="ms">
                    <meta_attributes id="ms-m">
                      <nvpair id="ms-m-1" name="master-max" value="1"/>
                      <nvpair id="ms-m-2" name="clone-max" value="2"/>
                      <nvpair id="ms-m-3" name="notify" value="true"/>
                    </meta_attributes>
                    <primitive id="volume" class="ocf" provider="linbit" type="drbd">
                      <operations>
                        <op id="v-m" name="monitor" interval="29" role="Master"/>
                        <op id="v-s" name="monitor" interval="31" role="Slave"/>
                      </operations>
                    </primitive>
                  </master>
                  <group id="service">
                    <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2"/>
                    <primitive id="target" class="ocf" provider="heartbeat" type="SCSTTarget"/>
                  </group>
                </resources>
                <constraints>
                  <rsc_location id="prefer" rsc="ms" node="server1" score="50"/>
                  <rsc_colocation id="with" rsc="service" with-rsc="ms" with-rsc-role="Master" \
            score="INFINITY"/>
                  <rsc_order id="after" first="ms" first-action="promote" then="service" \
            then-action="start" kind="Mandatory"/>
                </constraints>
              </configuration>
              <status>
                <node_state id="1" uname="server1" in_ccm="true" crmd="online" join="member" \
            expected="member">
                  <transient_attributes id="1"><instance_attributes id="s-1">
                    <nvpair id="s-1-1" name="master-volume" value="10"/>
                  </instance_attributes></transient_attributes>
                  <lrm id="1"><lrm_resources/></lrm>
                </node_state>
                <node_state id="2" uname="server2" in_ccm="true" crmd="online" join="member" \
            expected="member"><lrm id="2"><lrm_resources/></lrm></node_state>
              </status>
            </cib>
            """;

    private final Transition transition = Scheduler.schedule(Cib.parse(CIB), NOW);

    @Test
    void theVolumeIsPromotedBeforeTheGroupStarts() {
        assertThat(waitsFor("address_start_0", "volume:0_promote_0")).isTrue();
        assertThat(waitsFor("target_start_0", "address_start_0")).isTrue();
        assertThat(waitsFor("volume:0_promote_0", "volume:0_start_0")).isTrue();
        assertThat(waitsFor("volume:0_start_0", "volume:1_monitor_0")).isTrue();
    }

    @Test
    void theGroupGoesWhereTheVolumeIsPromoted() {
        assertThat(step("volume:0_promote_0").node()).isEqualTo("server1");
        assertThat(step("address_start_0").node()).isEqualTo("server1");
        assertThat(step("target_start_0").node()).isEqualTo("server1");
    }

    @Test
    void bothInstancesAreToldOfThePromotion() {
        assertThat(transition.actions())
                .filteredOn(step -> "promote".equals(step.meta("notify_operation")))
                .filteredOn(step -> "notify".equals(step.task()) && step.node() != null)
                .extracting(Step::node)
                .contains("server1", "server2");
    }

    @Test
    void theSameInputGivesTheSameTransition() {
        assertThat(Scheduler.schedule(Cib.parse(CIB), NOW)).isEqualTo(transition);
    }

    @Test
    void everyInputIsAnActionOfTheGraph() {
        Set<Integer> ids = new HashSet<>();
        transition.actions().forEach(step -> ids.add(step.id()));
        assertThat(transition.actions())
                .allSatisfy(step -> assertThat(ids).containsAll(step.inputs()));
    }

    private Step step(String key) {
        return transition.actions().stream()
                .filter(step -> name(step).equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in " + transition.actions()));
    }

    private static String name(Step step) {
        String internal = step.internalKey();
        return internal == null ? step.key() : internal;
    }

    private boolean waitsFor(String later, String earlier) {
        Map<Integer, Step> byId = new HashMap<>();
        transition.actions().forEach(step -> byId.put(step.id(), step));
        Deque<Integer> open = new ArrayDeque<>(step(later).inputs());
        Set<Integer> seen = new HashSet<>();
        while (!open.isEmpty()) {
            int id = open.pop();
            Step step = byId.get(id);
            if (step != null && seen.add(id)) {
                if (name(step).equals(earlier)) {
                    return true;
                }
                open.addAll(step.inputs());
            }
        }
        return false;
    }
}
