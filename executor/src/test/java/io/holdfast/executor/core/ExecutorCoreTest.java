package io.holdfast.executor.core;

import static io.holdfast.executor.OcfCode.ERROR;
import static io.holdfast.executor.OcfCode.NOT_RUNNING;
import static io.holdfast.executor.OcfCode.OK;
import static io.holdfast.executor.OcfCode.RUNNING_PROMOTED;
import static io.holdfast.executor.Requests.delayed;
import static io.holdfast.executor.Requests.every;
import static io.holdfast.executor.Requests.expecting;
import static io.holdfast.executor.Requests.once;
import static io.holdfast.executor.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OperationFinished;
import io.holdfast.executor.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutorCoreTest {
    private static final ResourceAgent ADDRESS = new ResourceAgent("ocf", "heartbeat", "IPaddr2");

    private final CoreUnderTest core = new CoreUnderTest();

    @Test
    void operationsOfOneResourceRunOneAfterAnother() {
        core.request(once("a", Task.START), once("a", Task.PROMOTE));
        assertThat(core.happened()).containsExactly("run a_start_0");
        core.answer("a_start_0", OK);
        assertThat(core.happened()).containsExactly("tell a_start_0 DONE 0", "run a_promote_0");
    }

    @Test
    void operationsOfDifferentResourcesRunAtTheSameTime() {
        core.request(once("a", Task.START), once("b", Task.START));
        assertThat(core.happened()).containsExactly("run a_start_0", "run b_start_0");
    }

    @Test
    void timesAreTold() {
        core.request(once("a", Task.START), once("a", Task.MONITOR));
        core.pass(300);
        core.answer("a_start_0", OK);
        core.pass(50);
        core.answer("a_monitor_0", OK);
        OperationFinished monitor = core.lastTold();
        assertThat(monitor.queuedMillis()).isEqualTo(300);
        assertThat(monitor.executionMillis()).isEqualTo(50);
        assertThat(monitor.startedEpochMillis()).isEqualTo(1_001_300);
        assertThat(monitor.callId()).isEqualTo(2);
    }

    @Test
    void aRecurringMonitorRunsAnIntervalAfterItEndedAndTellsOnlyNews() {
        core.request(every("a", 10_000));
        core.answer("a_monitor_10000", OK);
        assertThat(core.happened())
                .containsExactly("run a_monitor_10000", "tell a_monitor_10000 DONE 0");
        core.pass(9_999);
        assertThat(core.happened()).isEmpty();
        core.pass(1);
        core.answer("a_monitor_10000", OK);
        assertThat(core.happened()).containsExactly("run a_monitor_10000");
        core.pass(10_000);
        core.answer("a_monitor_10000", NOT_RUNNING);
        assertThat(core.happened())
                .containsExactly("run a_monitor_10000", "tell a_monitor_10000 DONE 7");
        core.pass(10_000);
        core.answer("a_monitor_10000", NOT_RUNNING);
        assertThat(core.happened()).containsExactly("run a_monitor_10000");
        assertThat(core.lastTold().callId()).isEqualTo(1);
    }

    @Test
    void twoMonitorsOfOneResourceEachKeepTheirInterval() {
        core.request(every("a", 29_000), every("a", 31_000));
        core.answerAll();
        core.happened();
        core.pass(29_000);
        core.answerAll();
        core.pass(2_000);
        assertThat(core.happened()).containsExactly("run a_monitor_29000", "run a_monitor_31000");
    }

    @Test
    void aMonitorDueWhileAnotherOperationRunsWaitsForIt() {
        core.request(every("a", 1_000));
        core.answerAll();
        core.request(once("a", Task.NOTIFY));
        core.pass(5_000);
        core.happened();
        core.answer("a_notify_0", OK);
        assertThat(core.happened()).containsExactly("tell a_notify_0 DONE 0", "run a_monitor_1000");
    }

    @Test
    void aMonitorAskedForAgainRunsAtOnceAndIsToldThoughNothingChanged() {
        core.request(every("a", 1_000));
        core.answerAll();
        core.happened();
        core.request(every("a", 1_000));
        core.answerAll();
        assertThat(core.happened())
                .containsExactly("run a_monitor_1000", "tell a_monitor_1000 DONE 0");
        core.pass(1_000);
        assertThat(core.happened()).containsExactly("run a_monitor_1000");
    }

    @Test
    void aRecheckRunsMonitorsNowAndTheirIntervalBeginsAnew() {
        core.request(every("a", 10_000));
        core.answerAll();
        core.pass(4_000);
        core.happened();
        core.recheck("a");
        core.recheck("a");
        assertThat(core.happened()).containsExactly("run a_monitor_10000");
        core.answerAll();
        core.pass(9_999);
        assertThat(core.happened()).isEmpty();
        core.pass(1);
        assertThat(core.happened()).containsExactly("run a_monitor_10000");
    }

    @Test
    void anOperationThatChangesTheStateCancelsMonitorsFirst() {
        core.request(every("a", 1_000));
        core.answerAll();
        core.happened();
        core.request(once("a", Task.STOP));
        assertThat(core.happened())
                .containsExactly("tell a_monitor_1000 CANCELLED 0", "run a_stop_0");
        core.answerAll();
        core.happened();
        core.pass(60_000);
        assertThat(core.happened()).isEmpty();
        assertThat(core.timers).isEmpty();
    }

    @Test
    void aStopBreaksOffAMonitorThatHangsAndWaitsForItsEnd() {
        core.request(every("a", 1_000), once("a", Task.STOP));
        assertThat(core.happened())
                .containsExactly(
                        "run a_monitor_1000",
                        "kill a_monitor_1000",
                        "tell a_monitor_1000 CANCELLED 0");
        core.answer("a_monitor_1000", ERROR);
        assertThat(core.happened()).containsExactly("run a_stop_0");
    }

    @Test
    void aCancelledMonitorIsToldAndNeverRunsAgain() {
        core.request(every("a", 1_000));
        core.answerAll();
        core.cancel("a", Task.MONITOR, 1_000);
        assertThat(core.lastTold().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(core.lastTold().callId()).isEqualTo(1);
        core.happened();
        core.pass(10_000);
        assertThat(core.happened()).isEmpty();
        assertThat(core.history()).isEmpty();
    }

    @Test
    void cancellingWhatIsNotThereIsToldToo() {
        core.cancel("a", Task.MONITOR, 1_000);
        assertThat(core.happened()).containsExactly("tell a_monitor_1000 CANCELLED 0");
        assertThat(core.lastTold().callId()).isZero();
    }

    @Test
    void aDelayedMonitorWaitsForItsFirstRun() {
        core.request(delayed(every("a", 1_000), 5_000));
        core.pass(4_999);
        assertThat(core.happened()).isEmpty();
        core.pass(1);
        assertThat(core.happened()).containsExactly("run a_monitor_1000");
    }

    @Test
    void anOperationThatTakesTooLongIsBrokenOffAndToldAtOnce() {
        core.request(once("a", Task.START));
        core.pass(20_000);
        assertThat(core.happened())
                .containsExactly("run a_start_0", "kill a_start_0", "tell a_start_0 TIMEOUT 1");
        assertThat(core.lastTold().exitReason()).contains("longer than 20000 ms");
    }

    @Test
    void noAgentRunsBesideOneThatWasBrokenOffButDoesNotEnd() {
        core.request(once("a", Task.START));
        core.pass(20_000);
        core.request(once("a", Task.STOP));
        core.happened();
        core.pass(19_000);
        assertThat(core.happened()).isEmpty();
        core.answer("a_start_0", OK);
        assertThat(core.happened()).containsExactly("run a_stop_0");
        // The stop has its whole time from now on.
        core.pass(19_000);
        assertThat(core.happened()).isEmpty();
        core.answer("a_stop_0", OK);
        assertThat(core.happened()).containsExactly("tell a_stop_0 DONE 0");
    }

    @Test
    void whatWaitsBehindAnAgentThatNeverEndsTimesOutToo() {
        core.request(once("a", Task.START));
        core.pass(20_000);
        core.request(once("a", Task.STOP), once("a", Task.MONITOR));
        core.happened();
        core.pass(20_000);
        assertThat(core.happened()).containsExactly("tell a_stop_0 TIMEOUT 1");
        assertThat(core.lastTold().exitReason()).contains("does not end");
        core.pass(20_000);
        assertThat(core.happened()).containsExactly("tell a_monitor_0 TIMEOUT 1");
    }

    @Test
    void aMonitorThatTimesOutGoesOn() {
        core.request(every("a", 1_000));
        core.pass(20_000);
        core.answer("a_monitor_1000", OK); // the broken-off run ends
        core.happened();
        core.pass(1_000);
        core.answerAll();
        assertThat(core.happened())
                .containsExactly("run a_monitor_1000", "tell a_monitor_1000 DONE 0");
    }

    @Test
    void historyHoldsTheLastResultTheLastFailureAndEachMonitor() {
        core.request(expecting("a", Task.MONITOR, NOT_RUNNING));
        core.answer("a_monitor_0", NOT_RUNNING);
        core.request(once("a", Task.START));
        core.answer("a_start_0", OK);
        core.request(every("a", 1_000), every("b", 5_000), once("b", Task.NOTIFY));
        core.answerAll();
        assertThat(keys()).containsExactly("a_start_0", "a_monitor_1000", "b_monitor_5000");
        core.pass(1_000);
        core.answer("a_monitor_1000", NOT_RUNNING);
        assertThat(keys())
                .containsExactly("a_start_0", "a_monitor_1000", "b_monitor_5000", "a_monitor_1000");
        assertThat(core.history().getLast().returnCode()).isEqualTo(NOT_RUNNING);
        core.request(once("a", Task.STOP));
        core.answer("a_stop_0", OK);
        assertThat(keys()).containsExactly("b_monitor_5000", "a_monitor_1000", "a_stop_0");
    }

    @Test
    void aForgottenResourceHasNoHistoryAndNoMonitor() {
        core.request(once("a", Task.START), every("a", 1_000));
        core.answerAll();
        core.forget("a");
        core.happened();
        core.pass(10_000);
        assertThat(core.happened()).isEmpty();
        assertThat(core.history()).isEmpty();
    }

    @Test
    void surrenderStopsEverythingNewestFirstAndDemotesBefore() {
        core.request(once("address", Task.START));
        core.answerAll();
        core.request(once("volume", Task.START), once("volume", Task.PROMOTE));
        core.answerAll();
        core.request(once("target", Task.START), every("target", 1_000));
        core.answerAll();
        core.request(once("stopped", Task.START), once("stopped", Task.STOP));
        core.answerAll();
        core.happened();

        core.surrender();
        assertThat(core.happened())
                .containsExactly("tell target_monitor_1000 CANCELLED 0", "run target_stop_0");
        core.answer("target_stop_0", OK);
        assertThat(core.happened())
                .containsExactly("tell target_stop_0 DONE 0", "run volume_demote_0");
        core.answer("volume_demote_0", OK);
        core.answer("volume_stop_0", OK);
        core.answer("address_stop_0", OK);
        assertThat(core.happened()).endsWith("tell address_stop_0 DONE 0", "surrendered {}");
    }

    @Test
    void whatAProbeFoundIsGivenUpToo() {
        core.request(expecting("v", Task.MONITOR, NOT_RUNNING));
        core.answer("v_monitor_0", RUNNING_PROMOTED);
        core.surrender();
        core.answer("v_demote_0", OK);
        core.answer("v_stop_0", OK);
        assertThat(core.happened()).endsWith("tell v_stop_0 DONE 0", "surrendered {}");
    }

    @Test
    void aStartThatFailedIsStoppedAllTheSame() {
        core.request(once("a", Task.START));
        core.answer("a_start_0", ERROR);
        core.surrender();
        core.answer("a_stop_0", OK);
        assertThat(core.happened()).endsWith("surrendered {}");
    }

    @Test
    void surrenderBreaksOffAStartAndStopsItAfterItsEnd() {
        core.request(once("a", Task.START), once("a", Task.PROMOTE));
        core.happened();
        core.surrender();
        assertThat(core.happened())
                .containsExactly(
                        "tell a_promote_0 CANCELLED 0", "kill a_start_0", "tell a_start_0 ERROR 1");
        core.answer("a_start_0", OK);
        core.answer("a_stop_0", OK);
        assertThat(core.happened())
                .containsExactly("run a_stop_0", "tell a_stop_0 DONE 0", "surrendered {}");
    }

    @Test
    void whatCannotBeStoppedIsToldAndTheRestIsStoppedAnyway() {
        core.request(once("a", Task.START));
        core.answerAll();
        core.request(once("b", Task.START), once("b", Task.PROMOTE));
        core.answerAll();
        core.surrender();
        core.answer("b_demote_0", ERROR);
        core.answer("b_stop_0", ERROR);
        core.answer("a_stop_0", OK);
        assertThat(core.happened()).endsWith("tell a_stop_0 DONE 0", "surrendered {b_stop_0=1}");
    }

    @Test
    void surrenderEndsThoughAnAgentNeverDoes() {
        core.request(once("a", Task.START));
        core.surrender();
        core.happened();
        core.pass(100_000);
        assertThat(core.happened())
                .containsExactly("tell a_stop_0 TIMEOUT 1", "surrendered {a_stop_0=1}");
    }

    @Test
    void surrenderThatTakesLongStopsTheRestAtOnce() {
        for (String resource : List.of("a", "b", "c")) {
            core.request(once(resource, Task.START));
            core.answerAll();
        }
        core.happened();
        core.surrender();
        assertThat(core.happened()).containsExactly("run c_stop_0");
        core.pass(ExecutorCore.ORDER_PATIENCE_MILLIS);
        assertThat(core.happened()).containsExactly("run b_stop_0", "run a_stop_0");
        core.answerAll();
        assertThat(core.happened()).endsWith("surrendered {}");
    }

    @Test
    void theEndOfTheLeaseStopsNewestFirstWhatItDoesNotGate() {
        core.request(once("filesystem", Task.START));
        core.answerAll();
        core.request(request("address", ADDRESS, Task.START, 0, Map.of()));
        core.answerAll();
        core.request(once("server", Task.START), every("server", 10_000));
        core.answerAll();
        core.happened();
        core.leaseEnds();
        assertThat(core.happened())
                .containsExactly("tell server_monitor_10000 CANCELLED 0", "run server_stop_0");
        core.answerAll();
        assertThat(core.happened())
                .containsExactly(
                        "tell server_stop_0 DONE 0",
                        "run filesystem_stop_0",
                        "tell filesystem_stop_0 DONE 0");
    }

    @Test
    void aStopThatHangsWithoutLeaseHoldsUpTheOthersOnlyForAWhile() {
        for (String resource : List.of("a", "b", "c")) {
            core.request(once(resource, Task.START));
            core.answerAll();
        }
        core.happened();
        core.leaseEnds();
        core.pass(ExecutorCore.ORDER_PATIENCE_MILLIS - 1);
        assertThat(core.happened()).containsExactly("run c_stop_0");
        core.pass(1);
        assertThat(core.happened()).containsExactly("run b_stop_0", "run a_stop_0");
    }

    @Test
    void whatCannotBeStoppedWithoutLeaseIsTold() {
        core.request(once("a", Task.START));
        core.answerAll();
        core.happened();
        core.leaseEnds();
        core.answer("a_stop_0", ERROR);
        assertThat(core.happened())
                .containsExactly("run a_stop_0", "tell a_stop_0 DONE 1", "not stopped a");
    }

    @Test
    void aStartThatTheEndOfTheLeaseBrokeOffIsNoFailureAndIsStopped() {
        core.request(once("a", Task.START));
        core.happened();
        core.leaseEnds();
        assertThat(core.happened()).containsExactly("kill a_start_0", "tell a_start_0 CANCELLED 1");
        assertThat(core.history()).isEmpty();
        core.answer("a_start_0", ERROR);
        assertThat(core.happened()).containsExactly("run a_stop_0");
    }

    @Test
    void whatNoLeaseGatesDoesNotBeginWithoutIt() {
        core.leaseEnds();
        core.request(once("a", Task.START), request("address", ADDRESS, Task.START, 0, Map.of()));
        assertThat(core.happened()).containsExactly("run address_start_0");
        core.leaseBegins();
        assertThat(core.happened()).containsExactly("run a_start_0");
    }

    @Test
    void aStartThatWaitedForTheLeaseInVainIsToldAndIsNoFailure() {
        core.leaseEnds();
        core.request(once("a", Task.START));
        core.pass(20_000);
        assertThat(core.happened()).containsExactly("tell a_start_0 CANCELLED 0");
    }

    @Test
    void probesNeedNoLease() {
        core.leaseEnds();
        core.request(expecting("a", Task.MONITOR, NOT_RUNNING));
        assertThat(core.happened()).containsExactly("run a_monitor_0");
    }

    @Test
    void whatAProbeFindsWithoutLeaseIsStopped() {
        core.leaseEnds();
        core.request(expecting("a", Task.MONITOR, NOT_RUNNING));
        core.answer("a_monitor_0", OK);
        assertThat(core.happened()).endsWith("run a_stop_0");
    }

    @Test
    void aLeaseThatIsBackInTimeLeavesTheRestRunning() {
        core.request(once("a", Task.START), every("a", 10_000));
        core.answerAll();
        core.request(once("b", Task.START));
        core.answerAll();
        core.happened();
        core.leaseEnds();
        core.leaseBegins();
        core.answer("b_stop_0", OK);
        assertThat(core.happened()).containsExactly("run b_stop_0", "tell b_stop_0 DONE 0");
        core.pass(10_000);
        assertThat(core.happened()).containsExactly("run a_monitor_10000");
    }

    @Test
    void whatOutlivesTheProcessIsRememberedFromItsBeginningToItsEnd() {
        core.request(once("a", Task.START), request("address", ADDRESS, Task.START, 0, Map.of()));
        assertThat(core.remembered).extracting(Outliving::resource).containsExactly("a");
        core.answerAll();
        core.request(once("b", Task.START), every("a", 10_000));
        assertThat(core.remembered).extracting(Outliving::resource).containsExactly("a", "b");
        core.answerAll();
        core.request(once("a", Task.STOP));
        assertThat(core.remembered).hasSize(2);
        core.answerAll();
        assertThat(core.remembered).extracting(Outliving::resource).containsExactly("b");
    }

    @Test
    void whatAnEarlierProcessLeftIsStoppedNewestFirst() {
        core.request(once("a", Task.START));
        core.answerAll();
        core.request(once("b", Task.START));
        core.answerAll();
        CoreUnderTest next = new CoreUnderTest();
        next.leaseEnds();
        next.inherit(core.remembered);
        next.answerAll();
        assertThat(next.happened())
                .containsExactly(
                        "run b_stop_0",
                        "tell b_stop_0 DONE 0",
                        "run a_stop_0",
                        "tell a_stop_0 DONE 0");
        assertThat(next.remembered).isEmpty();
        assertThat(next.isNothingLeftWithoutLease()).isTrue();
    }

    @Test
    void nothingIsTakenOnWhileGivingUpAndEverythingAfterwards() {
        core.request(once("a", Task.START));
        core.answerAll();
        core.surrender();
        core.happened();
        core.request(once("b", Task.START));
        assertThat(core.happened()).containsExactly("tell b_start_0 ERROR 1");
        core.answer("a_stop_0", OK);
        core.happened();
        core.request(once("b", Task.START));
        assertThat(core.happened()).containsExactly("run b_start_0");
    }

    @Test
    void surrenderOfNothingIsDoneAtOnce() {
        core.surrender();
        assertThat(core.happened()).containsExactly("surrendered {}");
    }

    private java.util.List<String> keys() {
        return core.history().stream().map(each -> each.request().operationKey()).toList();
    }
}
