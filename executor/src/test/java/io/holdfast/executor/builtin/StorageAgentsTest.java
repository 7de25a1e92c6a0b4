package io.holdfast.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.ChapUser;
import io.holdfast.api.message.Portal;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.PromotionAuthority;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agents of volumes, targets and LUNs, over a real socket. */
@Timeout(30)
class StorageAgentsTest {
    private static final String SCORE = "master-DRBD_VM_STORAGE_1";
    private static final String IQN = "iqn.2011-04.ru.domain:VM_STORAGE_1";

    @TempDir Path folder;
    private RehearsalStorage storaged;
    private ControlClient client;
    private StorageDaemon storage;
    private final TransientAttributes attributes = new TransientAttributes();
    private final Authority authority = new Authority();
    private DrbdAgent drbd;
    private TargetAgent target;
    private LogicalUnitAgent lun;

    /** Gives rising epochs and remembers what it was asked. */
    private static final class Authority implements PromotionAuthority {
        final List<String> asked = new ArrayList<>();
        Optional<Problem> objection = Optional.empty();
        long epoch = 6;
        boolean granted;

        @Override
        public Epoch acquire(VolumeId volume) {
            asked.add("acquire " + volume);
            granted = true;
            return new Epoch(++epoch);
        }

        @Override
        public void release(VolumeId volume) {
            asked.add("release " + volume);
            granted = false;
        }

        @Override
        public boolean isGranted(VolumeId volume) {
            return granted;
        }

        @Override
        public Optional<Problem> objection(VolumeId volume) {
            return objection;
        }
    }

    @BeforeEach
    void start() {
        Path socket = folder.resolve("storaged.sock");
        storaged = new RehearsalStorage(socket);
        client = new ControlClient(socket);
        storage = new StorageDaemon(client);
        drbd = new DrbdAgent(storage, authority, attributes);
        target = new TargetAgent(storage);
        lun = new LogicalUnitAgent(storage);
    }

    @AfterEach
    void stop() {
        client.close();
        storaged.close();
    }

    @Test
    void aVolumeGoesUpIsPromotedUnderTheEpochItWasGivenAndComesDown() throws Exception {
        assertThat(drbd(Task.MONITOR)).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(score()).isNull();
        assertThat(drbd(Task.START)).isEqualTo(AgentResult.OK);
        assertThat(score()).isEqualTo("1000");
        assertThat(drbd(Task.MONITOR)).isEqualTo(AgentResult.OK);
        assertThat(drbd(Task.PROMOTE)).isEqualTo(AgentResult.OK);
        assertThat(storaged.status().epoch()).isEqualTo(new Epoch(7));
        assertThat(drbd(Task.MONITOR)).isEqualTo(AgentResult.RUNNING_PROMOTED);
        assertThat(score()).isEqualTo("10000");
        assertThat(drbd(Task.DEMOTE)).isEqualTo(AgentResult.OK);
        assertThat(score()).isEqualTo("1000");
        assertThat(drbd(Task.STOP)).isEqualTo(AgentResult.OK);
        assertThat(score()).isNull();
        assertThat(authority.asked)
                .containsExactly(
                        "acquire VM_STORAGE_1", "release VM_STORAGE_1", "release VM_STORAGE_1");
        assertThat(storaged.asked)
                .containsExactly(
                        "VolumeStatusQuery",
                        "VolumeUp",
                        "VolumeStatusQuery",
                        "VolumePromote",
                        "VolumeStatusQuery",
                        "VolumeDemote",
                        "VolumeDown");
    }

    @Test
    void aPrimaryThatTheLeasePageDoesNotGrantHasFailed() throws Exception {
        drbd(Task.START);
        drbd(Task.PROMOTE);
        authority.granted = false; // clusterd was restarted

        assertThat(drbd(Task.MONITOR).code()).isEqualTo(OcfCode.FAILED_PROMOTED);
    }

    @Test
    void aStopReleasesWhatADeadStoragedHeld() throws Exception {
        drbd(Task.START);
        drbd(Task.PROMOTE);
        storaged.close();

        assertThat(drbd(Task.MONITOR)).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(drbd(Task.STOP)).isEqualTo(AgentResult.OK);
        assertThat(authority.granted).isFalse();
    }

    @Test
    void aPromotionThatStoragedRefusesGivesItsEpochBack() throws Exception {
        drbd(Task.START);
        storaged.disk = VolumeStatus.Disk.INCONSISTENT;
        assertThatThrownBy(() -> drbd(Task.PROMOTE))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Inconsistent");
        assertThat(authority.asked).containsExactly("acquire VM_STORAGE_1", "release VM_STORAGE_1");
    }

    @Test
    void aReplicaRecordedAsOutdatedHasNoScoreAndIsNotPromoted() throws Exception {
        authority.objection =
                Optional.of(
                        new Problem("not promoted", "VM_STORAGE_1", "recorded Outdated", "resync"));
        drbd(Task.START);
        assertThat(score()).isNull();
        assertThatThrownBy(() -> drbd(Task.PROMOTE)).hasMessageContaining("recorded Outdated");
        assertThat(authority.asked).isEmpty();
    }

    @Test
    void anInconsistentReplicaHasNoScoreUntilStoragedTellsThatItIsEqual() throws Exception {
        storaged.disk = VolumeStatus.Disk.INCONSISTENT;
        drbd(Task.START);
        assertThat(score()).isNull();
        storaged.disk = VolumeStatus.Disk.UP_TO_DATE;
        drbd.volumeChanged(storaged.status());
        assertThat(score()).isEqualTo("1000");
        assertThat(drbd.resourceOf(RehearsalStorage.VOLUME)).contains("DRBD_VM_STORAGE_1");
    }

    @Test
    void aConsistentReplicaHasLittleLessScoreThanOneUpToDate() throws Exception {
        storaged.disk = VolumeStatus.Disk.CONSISTENT;
        drbd(Task.START);
        assertThat(score()).isEqualTo("995");
    }

    @Test
    void monitorsLookAtOnceWhenStoragedTellsWhatTheyHaveNotSeen() throws Exception {
        List<String> rechecked = new CopyOnWriteArrayList<>();
        drbd.recheckThrough(rechecked::add);
        drbd(Task.START);
        drbd(Task.PROMOTE);
        drbd.volumeChanged(storaged.status());
        assertThat(rechecked).isEmpty();
        storaged.role = VolumeStatus.Role.SECONDARY; // deposed by a peer with a newer epoch
        drbd.volumeChanged(storaged.status());
        assertThat(rechecked).containsExactly("DRBD_VM_STORAGE_1");
    }

    @Test
    void monitorsLookAtOnceWhenStoragedDies() throws Exception {
        List<String> rechecked = new CopyOnWriteArrayList<>();
        storage.recheckWhenLost(rechecked::add);
        drbd(Task.START);
        target.run(scstTarget(Task.START));
        storaged.close();
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (rechecked.size() < 2 && System.nanoTime() - deadline < 0) {
            Thread.sleep(5);
        }
        assertThat(rechecked).containsExactlyInAnyOrder("DRBD_VM_STORAGE_1", "ISCSI_TGT");
    }

    @Test
    void aVolumeThatIsNotConfiguredHereIsSaidToBe() throws Exception {
        AgentResult result = drbd.run(drbdCall(Task.START, "OTHER"));
        assertThat(result.code()).isEqualTo(OcfCode.NOT_INSTALLED);
        assertThat(result.reason()).contains("drbd.conf");
        assertThatThrownBy(() -> drbd.run(call("x", Task.START, Map.of())))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("drbd_resource is missing");
    }

    @Test
    void aStoragedThatIsGoneServesNothing() throws Exception {
        drbd(Task.START);
        drbd(Task.PROMOTE);
        storaged.close();
        assertThat(drbd(Task.MONITOR)).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(score()).isNull();
        assertThat(drbd(Task.DEMOTE)).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(authority.asked).endsWith("release VM_STORAGE_1");
        assertThat(drbd(Task.STOP)).isEqualTo(AgentResult.OK);
        assertThat(target.run(scstTarget(Task.MONITOR))).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(target.run(scstTarget(Task.STOP))).isEqualTo(AgentResult.OK);
    }

    @Test
    void aStartWaitsForAStoragedThatIsBeingRestarted() throws Exception {
        storaged.close();
        Thread restart =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(200);
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    storaged =
                                            new RehearsalStorage(folder.resolve("storaged.sock"));
                                });
        assertThat(drbd(Task.START)).isEqualTo(AgentResult.OK);
        restart.join();
    }

    @Test
    void anScstTargetOffersItsPortalsAndOptions() throws Exception {
        assertThat(target.run(scstTarget(Task.MONITOR))).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(target.run(scstTarget(Task.START))).isEqualTo(AgentResult.OK);
        var offered = storaged.targets.get(IQN);
        assertThat(offered.portals())
                .containsExactly(new Portal("10.1.24.10", 3260), new Portal("10.1.25.10", 3261));
        assertThat(offered.options())
                .containsEntry("InitialR2T", "No")
                .containsEntry("io_grouping_type", "never")
                .hasSize(3);
        assertThat(offered.incomingUsers()).containsExactly(new ChapUser("esx", "secretsecret"));
        assertThat(offered.allowedInitiators()).containsExactly("iqn.a:1", "iqn.b:2");
        assertThat(target.run(scstTarget(Task.MONITOR))).isEqualTo(AgentResult.OK);
        assertThat(target.run(scstTarget(Task.STOP))).isEqualTo(AgentResult.OK);
        assertThat(storaged.targets).isEmpty();
    }

    @Test
    void portalsAreWrittenInEveryUsualWay() {
        assertThat(TargetAgent.portals("10.0.0.1, [fd00::1]:3261 fd00::2"))
                .containsExactly(
                        new Portal("10.0.0.1", 3260),
                        new Portal("fd00:0:0:0:0:0:0:1", 3261),
                        new Portal("fd00:0:0:0:0:0:0:2", 3260));
        for (String wrong :
                List.of("server1", "10.0.0.1:x", "10.0.0.1:0", "10.0.0.1:70000", "[]:1", ":1")) {
            assertThatThrownBy(() -> TargetAgent.portals(wrong)).isInstanceOf(AgentException.class);
        }
    }

    @Test
    void aUserWithoutASecretIsRefused() {
        assertThatThrownBy(
                        () ->
                                target.run(
                                        call(
                                                "t",
                                                Task.START,
                                                Map.of("iqn", IQN, "incoming_username", "esx"))))
                .hasMessageContaining("only set together");
    }

    @Test
    void aLunShowsItsVolumeAndFailsWhenThatIsNotPrimary() throws Exception {
        Map<String, String> parameters =
                Map.of(
                        "iqn", IQN,
                        "device_name", "VM_STORAGE_1",
                        "lun", "0",
                        "path", "/dev/drbd0",
                        "handler", "vdisk_fileio");
        assertThat(lun.run(call("l", Task.START, parameters))).isEqualTo(AgentResult.OK);
        var offered = storaged.luns.get(IQN + ",0");
        assertThat(offered.backing()).isEqualTo("/dev/drbd0");
        assertThat(offered.options())
                .isEqualTo(Map.of("device_name", "VM_STORAGE_1", "handler", "vdisk_fileio"));
        AgentResult notServing = lun.run(call("l", Task.MONITOR, parameters));
        assertThat(notServing.code()).isEqualTo(OcfCode.ERROR);
        assertThat(notServing.reason()).contains("not Primary");
        storaged.role = VolumeStatus.Role.PRIMARY;
        assertThat(lun.run(call("l", Task.MONITOR, parameters))).isEqualTo(AgentResult.OK);
        assertThat(lun.run(call("l", Task.STOP, parameters))).isEqualTo(AgentResult.OK);
        assertThat(lun.run(call("l", Task.MONITOR, parameters))).isEqualTo(AgentResult.NOT_RUNNING);
    }

    @Test
    void theCommandTwinsNameTheirTargetDifferently() throws Exception {
        Map<String, String> parameters =
                Map.of("target_iqn", IQN, "lun", "3", "path", "VM_STORAGE_1", "scsi_sn", "abc");
        lun.run(call("l", Task.START, parameters));
        assertThat(storaged.luns.get(IQN + ",3").options()).isEqualTo(Map.of("scsi_sn", "abc"));
        assertThatThrownBy(() -> lun.run(call("l", Task.START, Map.of("iqn", IQN, "lun", "-1"))))
                .hasMessageContaining("not a number from 0 to 16383");
        assertThatThrownBy(() -> lun.run(call("l", Task.START, Map.of("iqn", IQN))))
                .hasMessageContaining("lun is missing");
    }

    private AgentResult drbd(Task task) throws InterruptedException {
        return drbd.run(drbdCall(task, "VM_STORAGE_1"));
    }

    private static AgentCall drbdCall(Task task, String volume) {
        return call(
                "DRBD_VM_STORAGE_1",
                task,
                Map.of("drbd_resource", volume, "drbdconf", "/etc/drbd.conf"));
    }

    private static AgentCall scstTarget(Task task) {
        return call(
                "ISCSI_TGT",
                task,
                Map.of(
                        "iqn", IQN,
                        "portals", "10.1.24.10 10.1.25.10:3261",
                        "tgtoptions", "InitialR2T=No MaxBurstLength=1048576 io_grouping_type=never",
                        "incoming_username", "esx",
                        "incoming_password", "secretsecret",
                        "allowed_initiators", "iqn.a:1 iqn.b:2"));
    }

    private static AgentCall call(String resource, Task task, Map<String, String> parameters) {
        return new AgentCall(
                resource,
                new ResourceAgent("ocf", "x", "y"),
                task,
                0,
                5_000,
                new TreeMap<>(parameters),
                new TreeMap<>());
    }

    private String score() {
        return attributes.snapshot().get(SCORE);
    }

    /** Keeps the compiler honest: all three are agents. */
    @Test
    void everyAgentSaysWhatItNeeds() {
        for (Agent agent : List.of(drbd, target, lun)) {
            assertThat(agent.metadata().parameters()).isNotEmpty();
            assertThat(agent.metadata().timeout(Task.START)).isPositive();
        }
    }
}
