package io.holdfast.vrrp.core;

import static io.holdfast.vrrp.core.CoreDriver.HIGHER;
import static io.holdfast.vrrp.core.CoreDriver.LOWER;
import static io.holdfast.vrrp.core.CoreDriver.preempting;
import static io.holdfast.vrrp.core.CoreDriver.v2;
import static io.holdfast.vrrp.core.CoreDriver.v3;
import static io.holdfast.vrrp.core.InstanceState.BACKUP;
import static io.holdfast.vrrp.core.InstanceState.FAULT;
import static io.holdfast.vrrp.core.InstanceState.MASTER;
import static io.holdfast.vrrp.core.InstanceState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The table of {@link VrrpInstance}, row by row. */
class VrrpInstanceTest {
    private static final String VI = "VI_1";

    @Test
    void aStartedInstanceListensForThreeIntervalsAndItsSkew() {
        CoreDriver node = CoreDriver.started(v2(VI, 100));
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(3_609); // 3 s + (256 - 100) / 256 s = 3.609375 s
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(1);
        assertThat(node.state(VI)).isEqualTo(MASTER);
    }

    @Test
    void theSkewOfVersion3IsAPartOfItsInterval() {
        CoreDriver node = CoreDriver.started(v3(VI, 100, 10));
        assertThat(node.data(VI).masterDownNanos()).isEqualTo(36_093_750);
    }

    @Test
    void addressesGoUpAndAreAnnouncedBeforeTheFirstAdvert() {
        CoreDriver node = CoreDriver.started(v2(VI, 100));
        node.pass(3_700);
        assertThat(node.deeds()).containsExactly("up", "announce 5", "advert 100");
    }

    @Test
    void aMasterSendsAnAdvertEachIntervalAndAnnouncesAgainAfterTheDelay() {
        CoreDriver node = master(100);
        node.pass(5_000);
        assertThat(node.deeds())
                .containsExactly(
                        "advert 100",
                        "advert 100",
                        "advert 100",
                        "advert 100",
                        "announce 5",
                        "advert 100");
    }

    @Test
    void aMasterRepeatsItsAnnouncementForRivalsThatItNeverHeard() {
        CoreDriver node = master(100);
        node.pass(5_000);
        node.deeds();
        node.pass(10_000);
        assertThat(node.deeds()).filteredOn("announce 1"::equals).hasSize(2);
    }

    @Test
    void theOwnerIsMasterAtOnce() {
        CoreDriver node = CoreDriver.started(v2(VI, 255));
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.deeds()).contains("advert 255");
    }

    @Test
    void aBackupThatHearsItsMasterStaysBackup() {
        CoreDriver node = CoreDriver.started(v2(VI, 100));
        for (int i = 0; i < 10; i++) {
            node.pass(1_000);
            node.hear(VI, 150, HIGHER);
        }
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(3_700);
        assertThat(node.state(VI)).isEqualTo(MASTER);
    }

    @Test
    void aMasterThatGivesUpIsReplacedAfterTheSkewAlone() {
        CoreDriver node = CoreDriver.started(v2(VI, 90));
        node.hear(VI, 100, LOWER);
        node.pass(500);
        node.hear(VI, 0, LOWER);
        node.pass(648); // (256 - 90) / 256 s = 648.4 ms
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(1);
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.data(VI).lastReason()).contains("gave up");
    }

    @Test
    void aMasterOfLowerPriorityIsPreempted() {
        CoreDriver node = CoreDriver.started(v2(VI, 100));
        for (int i = 0; i < 4; i++) {
            node.pass(900);
            node.hear(VI, 90, LOWER);
        }
        node.pass(100);
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.data(VI).lastReason()).contains("above that of Master 10.0.0.1, 90");
    }

    @Test
    void withNopreemptAMasterOfLowerPriorityStays() {
        CoreDriver node = CoreDriver.started(preempting(v2(VI, 100), Preemption.NEVER));
        for (int i = 0; i < 20; i++) {
            node.pass(1_000);
            node.hear(VI, 90, LOWER);
        }
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(3_700);
        assertThat(node.state(VI)).isEqualTo(MASTER);
    }

    @Test
    void preemptDelayCountsFromTheFirstAdvertOfLowerPriority() {
        CoreDriver node =
                CoreDriver.started(
                        preempting(v2(VI, 100), new Preemption(true, Duration.ofSeconds(10))));
        for (int i = 0; i < 10; i++) {
            node.pass(1_000);
            node.hear(VI, 90, LOWER);
        }
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        for (int i = 0; i < 4; i++) {
            node.pass(1_000);
            node.hear(VI, 90, LOWER);
        }
        node.pass(1_000);
        assertThat(node.state(VI)).isEqualTo(MASTER);
    }

    @Test
    void aMasterGivesWayToAHigherPriorityAndSaysSoOnce() {
        CoreDriver node = master(100);
        node.hear(VI, 101, LOWER);
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        assertThat(node.deeds()).containsExactly("down", "advert 100");
    }

    @Test
    void equalPrioritiesAreDecidedByTheGreaterAddress() {
        CoreDriver node = master(100);
        node.hear(VI, 100, LOWER);
        assertThat(node.state(VI)).isEqualTo(MASTER);
        node.hear(VI, 100, HIGHER);
        assertThat(node.state(VI)).isEqualTo(BACKUP);
    }

    @Test
    void aMasterAnswersARivalOfLowerPriorityAnnouncesAndNamesIt() {
        CoreDriver node = master(100);
        node.pass(2_000);
        node.deeds();
        node.told();
        node.hear(VI, 90, LOWER);
        assertThat(node.deeds()).containsExactly("advert 100", "announce 5");
        assertThat(node.told())
                .hasAtLeastOneElementOfType(VrrpEvent.RivalMaster.class)
                .hasAtLeastOneElementOfType(VrrpEvent.LowerPriorityHeard.class);
        assertThat(node.data(VI).rivals()).containsExactly(LOWER);
        node.pass(3_100);
        assertThat(node.told()).hasAtLeastOneElementOfType(VrrpEvent.RivalGone.class);
        assertThat(node.deeds()).contains("announce 5");
    }

    @Test
    void theFarewellOfAPreemptedMasterIsNoAlarm() {
        CoreDriver node = master(100);
        node.told();
        node.pass(5);
        node.hear(VI, 90, LOWER);
        assertThat(node.told()).isEmpty();
    }

    @Test
    void aMasterThatHearsPriorityZeroSaysAtOnceThatItIsThere() {
        CoreDriver node = master(100);
        node.pass(100);
        node.hear(VI, 0, LOWER);
        assertThat(node.deeds()).containsExactly("advert 100");
    }

    @Test
    void version3LearnsTheIntervalOfTheMaster() {
        CoreDriver node = CoreDriver.started(v3(VI, 100, 500));
        Advert slow =
                new Advert(
                        VrrpVersion.V3,
                        51,
                        150,
                        1_000_000_000L,
                        node.advert(VI, 150).addresses(),
                        Authentication.Kind.NONE,
                        Optional.empty(),
                        0);
        node.hear(VI, slow, HIGHER);
        node.pass(3_600);
        assertThat(node.state(VI)).isEqualTo(BACKUP);
        node.pass(100);
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.data(VI).advertIntervalNanos()).isEqualTo(500_000_000);
    }

    @Test
    void anOtherIntervalOfVersion2IsRefusedAndAMasterSaysThatNobodyWillGiveWay() {
        CoreDriver node = master(100);
        node.told();
        Advert other =
                new Advert(
                        VrrpVersion.V2,
                        51,
                        150,
                        2_000_000_000L,
                        node.advert(VI, 150).addresses(),
                        Authentication.Kind.NONE,
                        Optional.empty(),
                        0);
        node.hear(VI, other, HIGHER);
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.told())
                .hasAtLeastOneElementOfType(VrrpEvent.AdvertRejected.class)
                .hasAtLeastOneElementOfType(VrrpEvent.DisagreeingMaster.class);
        node.hear(VI, other, HIGHER);
        assertThat(node.told()).isEmpty();
        assertThat(node.data(VI).statistics().advertIntervalErrors()).isEqualTo(2);
    }

    @Test
    void anAdvertThatCameThroughARouterIsRefused() {
        CoreDriver node = CoreDriver.started(v2(VI, 100));
        node.take(
                node.core()
                        .advertReceived(
                                VI, node.advert(VI, 0), new AdvertSource(HIGHER, 254), node.now()));
        assertThat(node.data(VI).statistics().ipTtlErrors()).isEqualTo(1);
        assertThat(node.data(VI).everHeard()).isFalse();
    }

    @Test
    void anotherPasswordIsRefused() {
        InstanceSettings own =
                CoreDriver.authenticated(
                        v2(VI, 100), new Authentication(Authentication.Kind.PASS, "1111"));
        CoreDriver node = CoreDriver.started(own);
        Advert right = node.advert(VI, 150);
        Advert wrong =
                new Advert(
                        right.version(),
                        51,
                        150,
                        right.advertIntervalNanos(),
                        right.addresses(),
                        Authentication.Kind.PASS,
                        Optional.of("2222"),
                        0);
        node.hear(VI, wrong, HIGHER);
        assertThat(node.data(VI).statistics().authenticationFailures()).isEqualTo(1);
        node.hear(VI, right, HIGHER);
        assertThat(node.data(VI).statistics().advertsReceived()).isEqualTo(1);
    }

    @Test
    void aRepeatedAhSequenceNumberIsRefusedUntilItsSenderWasSilent() {
        InstanceSettings own =
                CoreDriver.authenticated(
                        v2(VI, 100), new Authentication(Authentication.Kind.AH, "1111"));
        CoreDriver node = CoreDriver.started(own);
        node.hear(VI, sequenced(node, 7), HIGHER);
        node.hear(VI, sequenced(node, 7), HIGHER);
        assertThat(node.data(VI).statistics().authenticationFailures()).isEqualTo(1);
        node.pass(2_100);
        node.hear(VI, sequenced(node, 1), HIGHER);
        assertThat(node.data(VI).statistics().authenticationFailures()).isEqualTo(1);
        assertThat(node.state(VI)).isEqualTo(BACKUP);
    }

    private static Advert sequenced(CoreDriver node, long sequence) {
        Advert a = node.advert(VI, 150);
        return new Advert(
                a.version(),
                a.virtualRouterId(),
                a.priority(),
                a.advertIntervalNanos(),
                a.addresses(),
                Authentication.Kind.AH,
                Optional.empty(),
                sequence);
    }

    @Test
    void otherAddressesAreRefusedByVersion2AndOnlyToldByVersion3() {
        CoreDriver two = CoreDriver.started(v2(VI, 100));
        two.hear(VI, withAddress(two.advert(VI, 150)), HIGHER);
        assertThat(two.data(VI).statistics().addressListErrors()).isEqualTo(1);
        CoreDriver three = CoreDriver.started(v3(VI, 100, 1_000));
        three.hear(VI, withAddress(three.advert(VI, 150)), HIGHER);
        assertThat(three.data(VI).statistics().advertsReceived()).isEqualTo(1);
        assertThat(three.told()).hasAtLeastOneElementOfType(VrrpEvent.Trouble.class);
    }

    private static Advert withAddress(Advert a) {
        return new Advert(
                a.version(),
                a.virtualRouterId(),
                a.priority(),
                a.advertIntervalNanos(),
                List.of(a.addresses().getFirst(), IpAddress.literal("10.0.0.101")),
                a.authentication(),
                a.password(),
                0);
    }

    @Test
    void nobodyEverHeardIsSaidOnBecomingMaster() {
        CoreDriver node = master(100);
        assertThat(node.told()).hasAtLeastOneElementOfType(VrrpEvent.NobodyHeard.class);
    }

    @Test
    void aLostInterfaceIsAFaultAndItsReturnBeginsAnew() {
        CoreDriver node = master(100);
        node.take(node.core().interfaceChanged("eth0", false, "no carrier", node.now()));
        assertThat(node.state(VI)).isEqualTo(FAULT);
        assertThat(node.deeds()).containsExactly("advert 0", "down");
        assertThat(node.data(VI).faults()).containsExactly("interface eth0 is down: no carrier");
        node.take(node.core().interfaceChanged("eth0", true, "carrier", node.now()));
        assertThat(node.state(VI)).isEqualTo(BACKUP);
    }

    @Test
    void withoutAnAddressToSendFromItIsAFault() {
        CoreDriver node = master(100);
        node.take(node.core().primaryAddressChanged(VI, Optional.empty(), node.now()));
        assertThat(node.state(VI)).isEqualTo(FAULT);
    }

    @Test
    void stoppingSaysPriorityZeroAndTakesDown() {
        CoreDriver node = master(100);
        node.take(node.core().stop(node.now()));
        assertThat(node.state(VI)).isEqualTo(STOPPED);
        assertThat(node.deeds()).containsExactly("advert 0", "down");
        node.pass(60_000);
        node.hear(VI, 0, HIGHER);
        assertThat(node.deeds()).isEmpty();
    }

    @Test
    void aLateTimerDoesNotSendAllThatWasMissed() {
        CoreDriver node = master(100);
        node.standStill(30_000);
        assertThat(node.deeds()).filteredOn("advert 100"::equals).hasSize(1);
    }

    @Test
    void flappingIsDampedButASilentMasterIsStillReplaced() {
        CoreDriver node = CoreDriver.started(v3(VI, 100, 100));
        for (int i = 0; i < 6; i++) {
            node.pass(400);
            node.hear(VI, 150, HIGHER); // takes it back
        }
        assertThat(node.told()).hasAtLeastOneElementOfType(VrrpEvent.Damped.class);
        for (int i = 0; i < 20; i++) {
            node.pass(100);
            node.hear(VI, 50, LOWER);
        }
        assertThat(node.state(VI)).as("no preemption for 10 s").isEqualTo(BACKUP);
        node.pass(400);
        assertThat(node.state(VI)).as("silence is another matter").isEqualTo(MASTER);
    }

    @Test
    void reloadedAddressesAreExchangedWithoutLeavingMaster() {
        CoreDriver node = master(100);
        InstanceSettings changed =
                InstanceSettings.of(
                        VI,
                        "eth0",
                        VrrpVersion.V2,
                        51,
                        120,
                        List.of(
                                VirtualAddress.literal("10.0.0.100/24"),
                                VirtualAddress.literal("10.0.0.101/24")));
        node.take(node.core().reload(RouterSettings.of(List.of(changed)), node.now()));
        assertThat(node.state(VI)).isEqualTo(MASTER);
        assertThat(node.data(VI).effectivePriority()).isEqualTo(120);
        assertThat(node.deeds()).containsExactly("exchange");
    }

    @Test
    void anInstanceThatIsNoLongerConfiguredStops() {
        CoreDriver node = master(100);
        node.told();
        node.take(node.core().reload(RouterSettings.of(List.of(v2("other", 90))), node.now()));
        assertThat(node.deeds()).containsExactly("advert 0", "down");
        assertThat(node.told()).hasAtLeastOneElementOfType(VrrpEvent.InstanceDeleted.class);
    }

    private static CoreDriver master(int priority) {
        CoreDriver node = CoreDriver.started(v2(VI, priority));
        while (node.state(VI) != MASTER) {
            node.pass(1);
        }
        node.deeds();
        return node;
    }
}
