package io.holdfast.vrrp.core;

import static io.holdfast.vrrp.core.CoreDriver.HIGHER;
import static io.holdfast.vrrp.core.CoreDriver.tracking;
import static io.holdfast.vrrp.core.CoreDriver.v2;
import static io.holdfast.vrrp.core.InstanceState.BACKUP;
import static io.holdfast.vrrp.core.InstanceState.FAULT;
import static io.holdfast.vrrp.core.InstanceState.INITIALIZE;
import static io.holdfast.vrrp.core.InstanceState.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Scripts, files, weights, sync groups, the lease. */
class TrackingTest {
    private static final String SCRIPT = "check";

    @Test
    void aScriptWithoutWeightMustRunBeforeAnInstanceStarts() {
        CoreDriver node = with(script(1, 1), scripts(Tracked.fatal(SCRIPT)));
        assertThat(node.state("A")).isEqualTo(INITIALIZE);
        ended(node, true);
        assertThat(node.state("A")).isEqualTo(BACKUP);
    }

    @Test
    void theFirstResultDecidesAtOnceLaterOnesNeedRiseAndFall() {
        CoreDriver node = with(script(2, 3), scripts(Tracked.fatal(SCRIPT)));
        ended(node, true);
        ended(node, false);
        ended(node, false);
        assertThat(node.state("A")).isEqualTo(BACKUP);
        ended(node, false);
        assertThat(node.state("A")).isEqualTo(FAULT);
        ended(node, true);
        assertThat(node.state("A")).isEqualTo(FAULT);
        ended(node, true);
        assertThat(node.state("A")).isEqualTo(BACKUP);
    }

    @Test
    void aPositiveWeightIsAddedWhileItIsUpAndANegativeOneTakenWhileItIsDown() {
        CoreDriver plus = with(script(1, 1), scripts(Tracked.weighted(SCRIPT, 20)));
        assertThat(plus.data("A").effectivePriority()).isEqualTo(100);
        ended(plus, true);
        assertThat(plus.data("A").effectivePriority()).isEqualTo(120);
        CoreDriver minus = with(script(1, 1), scripts(Tracked.weighted(SCRIPT, -20)));
        ended(minus, true);
        assertThat(minus.data("A").effectivePriority()).isEqualTo(100);
        ended(minus, false);
        assertThat(minus.data("A").effectivePriority()).isEqualTo(80);
    }

    @Test
    void weightsNeverReachZeroOr255AndNeverTouchAnOwner() {
        CoreDriver high = with(script(1, 1), scripts(Tracked.weighted(SCRIPT, 253)));
        ended(high, true);
        assertThat(high.data("A").effectivePriority()).isEqualTo(254);
        CoreDriver low = with(script(1, 1), scripts(Tracked.weighted(SCRIPT, -253)));
        ended(low, false);
        assertThat(low.data("A").effectivePriority()).isEqualTo(1);
        CoreDriver owner =
                started(
                        List.of(tracking(v2("A", 255), scripts(Tracked.weighted(SCRIPT, -20)))),
                        List.of(),
                        script(1, 1));
        ended(owner, false);
        assertThat(owner.data("A").effectivePriority()).isEqualTo(255);
    }

    @Test
    void aFileAddsItsNumberTimesTheWeightOrIsAFault() {
        Tracking weighted =
                new Tracking(List.of(), List.of(), List.of(Tracked.weighted("f", 2)), List.of());
        CoreDriver node = with(script(1, 1), weighted);
        file(node, 10);
        assertThat(node.data("A").effectivePriority()).isEqualTo(120);
        file(node, -127);
        assertThat(node.state("A")).isEqualTo(FAULT);
        Tracking fatal = new Tracking(List.of(), List.of(), List.of(Tracked.fatal("f")), List.of());
        CoreDriver other = with(script(1, 1), fatal);
        file(other, 0);
        assertThat(other.state("A")).isEqualTo(BACKUP);
        file(other, 1);
        assertThat(other.state("A")).isEqualTo(FAULT);
    }

    @Test
    void aGroupGoesToMasterOnlyWhenAllItsMembersWantTo() {
        CoreDriver node = group();
        for (int i = 0; i < 10; i++) {
            node.pass(1_000);
            node.hear("B", 150, HIGHER); // A hears nothing: perhaps its wire is cut
        }
        assertThat(node.state("A")).isEqualTo(BACKUP);
        node.pass(8_000);
        assertThat(node.state("A")).isEqualTo(MASTER);
        assertThat(node.state("B")).isEqualTo(MASTER);
        assertThat(node.told()).hasAtLeastOneElementOfType(VrrpEvent.GroupChanged.class);
    }

    @Test
    void oneMemberThatGivesWayTakesTheOthersWithIt() {
        CoreDriver node = group();
        node.pass(8_000);
        node.hear("B", 150, HIGHER);
        assertThat(node.state("A")).isEqualTo(BACKUP);
        assertThat(node.state("B")).isEqualTo(BACKUP);
    }

    @Test
    void aFaultOfOneMemberIsAFaultOfAll() {
        CoreDriver node = group();
        node.pass(8_000);
        node.take(node.core().primaryAddressChanged("B", Optional.empty(), node.now()));
        assertThat(node.state("A")).isEqualTo(FAULT);
        assertThat(node.state("B")).isEqualTo(FAULT);
    }

    @Test
    void aGroupOfOneKeepsItsWeights() {
        CoreDriver node =
                started(
                        List.of(tracking(v2("A", 100), scripts(Tracked.weighted(SCRIPT, 20)))),
                        List.of(new GroupSettings("G", List.of("A"), Tracking.NOTHING, false)),
                        script(1, 1));
        ended(node, true);
        assertThat(node.data("A").effectivePriority()).isEqualTo(120);
    }

    @Test
    void withoutTheLeaseAnInstanceThatNeedsItHasNoAddresses() {
        CoreDriver node = CoreDriver.started(leased());
        assertThat(node.state("A")).isEqualTo(INITIALIZE);
        node.take(node.core().leaseChanged(true, node.now()));
        node.pass(4_000);
        assertThat(node.state("A")).isEqualTo(MASTER);
        node.deeds();
        node.take(node.core().leaseChanged(false, node.now()));
        assertThat(node.state("A")).isEqualTo(FAULT);
        assertThat(node.deeds()).containsExactly("advert 0", "down");
    }

    private static CoreDriver group() {
        return started(
                List.of(v2("A", 100), v2("B", 100)),
                List.of(new GroupSettings("G", List.of("A", "B"), Tracking.NOTHING, false)),
                script(1, 1));
    }

    private static CoreDriver with(ScriptSettings script, Tracking tracking) {
        return started(List.of(tracking(v2("A", 100), tracking)), List.of(), script);
    }

    private static CoreDriver started(
            List<InstanceSettings> instances, List<GroupSettings> groups, ScriptSettings script) {
        CoreDriver node =
                new CoreDriver(
                        new RouterSettings(
                                instances,
                                groups,
                                List.of(script),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                Duration.ZERO,
                                false,
                                false));
        node.start();
        return node;
    }

    private static InstanceSettings leased() {
        InstanceSettings s = v2("A", 100);
        return new InstanceSettings(
                s.name(),
                s.virtualRouterId(),
                s.version(),
                s.family(),
                s.interfaceName(),
                false,
                s.priority(),
                s.advertInterval(),
                s.authentication(),
                s.addresses(),
                List.of(),
                List.of(),
                List.of(),
                s.preemption(),
                s.transport(),
                Optional.empty(),
                s.announcements(),
                s.advertRules(),
                s.tracking(),
                true,
                false,
                s.flapDamping(),
                true);
    }

    private static ScriptSettings script(int rise, int fall) {
        return new ScriptSettings(
                SCRIPT,
                List.of("/bin/true"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                rise,
                fall,
                Optional.empty(),
                false);
    }

    private static Tracking scripts(Tracked tracked) {
        return new Tracking(List.of(), List.of(tracked), List.of(), List.of());
    }

    private static void ended(CoreDriver node, boolean success) {
        node.take(node.core().scriptEnded(SCRIPT, success, "exit code", node.now()));
    }

    private static void file(CoreDriver node, int value) {
        node.take(
                node.core()
                        .trackerChanged(TrackerKind.FILE, "f", value == 0, value, "", node.now()));
    }
}
