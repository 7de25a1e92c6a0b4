package io.holdfast.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.Cib;
import io.holdfast.cib.status.CibStatus;
import io.holdfast.cib.status.NodeState;
import io.holdfast.scheduler.Scheduler;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsOfTransitionTest {
    private static final String CLONE_THAT_WANTS_NOTIFICATIONS =
            """
            <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.8" epoch="1" num_updates="0" admin_epoch="0"
                 have-quorum="1">
              <configuration>
                <crm_config>
                  <cluster_property_set id="options">
                    <nvpair id="no-fencing" name="stonith-enabled" value="false"/>
                  </cluster_property_set>
                </crm_config>
                <nodes><node id="1" uname="n1"/></nodes>
                <resources>
                  <clone id="volumes">
                    <meta_attributes id="volumes-meta">
                      <nvpair id="volumes-notify" name="notify" value="true"/>
                    </meta_attributes>
                    <primitive id="volume" class="ocf" provider="pacemaker" type="Stateful"/>
                  </clone>
                </resources>
                <constraints/>
              </configuration>
              <status/>
            </cib>
            """;

    @Test
    void anAgentThatHearsNotificationsIsNotified() {
        assertThat(notifications(steps(true)))
                .isNotEmpty()
                .extracting(Step::kind)
                .contains(Step.Kind.OPERATION);
    }

    @Test
    void anAgentThatHearsNoneIsNotAskedAndNobodyWaitsForIt() {
        assertThat(notifications(steps(false)))
                .isNotEmpty()
                .extracting(Step::kind)
                .containsOnly(Step.Kind.PSEUDO);
        assertThat(steps(false)).hasSameSizeAs(steps(true));
    }

    private static List<Step> notifications(List<Step> steps) {
        return steps.stream().filter(step -> step.task().equals("notify")).toList();
    }

    private static List<Step> steps(boolean hears) {
        Cib cib =
                CibStatus.withNodeState(
                        Cib.parse(CLONE_THAT_WANTS_NOTIFICATIONS), NodeState.member("n1", 1));
        return new StepsOfTransition(1, "n1.1", agent -> hears)
                .of(Scheduler.schedule(cib, Instant.ofEpochSecond(1)).actions());
    }
}
