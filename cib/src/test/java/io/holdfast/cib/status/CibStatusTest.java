package io.holdfast.cib.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import org.junit.jupiter.api.Test;

class CibStatusTest {
    private static final ResourceAgent DUMMY = new ResourceAgent("ocf", "heartbeat", "Dummy");
    private static final Cib START =
            Cib.empty()
                    .withSection(
                            Section.NODES,
                            n -> n.withChild(Element.of("node", "id", "7", "uname", "alpha")));

    @Test
    void aStartIsWrittenAsTheSchedulerReadsIt() {
        Cib cib = CibStatus.withOperation(START, "alpha", operation("start", 0, 5, 0, 0));

        assertThat(CibStatus.nodeState(cib, "alpha").attribute("id")).isEqualTo("7");
        assertThat(entry(cib, "A_last_0").toString())
                .isEqualTo(
                        "<lrm_rsc_op id=\"A_last_0\" operation_key=\"A_start_0\" operation=\"start\""
                                + " crm_feature_set=\"3.20.5\" transition-key=\"3:1:0:c0ffee\""
                                + " transition-magic=\"0:0;3:1:0:c0ffee\" exit-reason=\"\""
                                + " on_node=\"alpha\" call-id=\"5\" rc-code=\"0\" op-status=\"0\""
                                + " interval=\"0\" last-rc-change=\"100\" exec-time=\"12\""
                                + " queue-time=\"1\" op-digest=\"abc\"/>");
        assertThat(history(cib).toString())
                .isEqualTo(
                        "<lrm_resource id=\"A\" class=\"ocf\" provider=\"heartbeat\""
                                + " type=\"Dummy\"/>");
    }

    @Test
    void aFailedMonitorLeavesTheLastGoodOneAndAFailure() {
        Cib good = CibStatus.withOperation(START, "alpha", operation("monitor", 10000, 6, 0, 0));
        Cib failed = CibStatus.withOperation(good, "alpha", operation("monitor", 10000, 6, 7, 0));

        assertThat(history(failed).children())
                .extracting(Element::id)
                .containsExactly("A_monitor_10000", "A_last_failure_0");
        assertThat(entry(failed, "A_last_failure_0").attribute("last-rc-change")).isEqualTo("101");
        Cib cleaned = CibStatus.withoutLastFailure(failed, "alpha", "A");
        assertThat(history(cleaned)).isEqualTo(history(good));
        assertThat(history(CibStatus.withoutRecurring(cleaned, "alpha", "A", "monitor", 10000)))
                .satisfies(h -> assertThat(h.children()).isEmpty());
    }

    @Test
    void aFailedStartReplacesTheLastOperationToo() {
        Cib cib = CibStatus.withOperation(START, "alpha", operation("start", 0, 5, 1, 0));

        assertThat(history(cib).children())
                .extracting(Element::id)
                .containsExactly("A_last_failure_0", "A_last_0");
    }

    @Test
    void aProbeThatExpectsNotRunningDoesNotFail() {
        Cib cib = CibStatus.withOperation(START, "alpha", operation("monitor", 0, 5, 7, 7));

        assertThat(history(cib).children()).extracting(Element::id).containsExactly("A_last_0");
    }

    @Test
    void pendingThenFinishedIsOneEntry() {
        OperationRecord pending =
                OperationRecord.pending(
                        "A", DUMMY, "stop", 0, new TransitionKey(4, 2, 0, "c0ffee"), 200);
        Cib cib = CibStatus.withOperation(START, "alpha", pending);
        assertThat(entry(cib, "A_last_0").attribute("op-status")).isEqualTo("-1");
        assertThat(entry(cib, "A_last_0").attribute("rc-code")).isEqualTo("193");

        cib =
                CibStatus.withOperation(
                        cib, "alpha", pending.finished(9, OperationStatus.DONE, 0, "", 30));
        assertThat(history(cib).children()).hasSize(1);
        assertThat(entry(cib, "A_last_0").attribute("call-id")).isEqualTo("9");
    }

    @Test
    void notificationsLeaveNoHistory() {
        Cib cib = CibStatus.withOperation(START, "alpha", operation("notify", 0, 5, 0, 0));
        assertThat(cib.status().stream().filter(e -> e.is("lrm_rsc_op"))).isEmpty();
    }

    @Test
    void transientAttributesAreSetChangedAndRemoved() {
        Cib cib = CibStatus.withTransientAttribute(START, "alpha", "master-A", "5");
        cib = CibStatus.withTransientAttribute(cib, "alpha", "fail-count-A#start_0", "1");
        cib = CibStatus.withTransientAttribute(cib, "alpha", "master-A", "10");

        assertThat(CibStatus.transientAttribute(cib, "alpha", "master-A")).isEqualTo("10");
        assertThat(cib.status().stream().filter(e -> e.is("nvpair")).map(Element::id))
                .containsExactly("status-7-master-A", "status-7-fail-count-A.start_0");
        cib = CibStatus.withoutTransientAttribute(cib, "alpha", "master-A");
        assertThat(CibStatus.transientAttribute(cib, "alpha", "master-A")).isNull();
        assertThat(CibStatus.withoutHistory(cib, "alpha").status().children().getFirst().children())
                .isEmpty();
    }

    @Test
    void nodeStatesKeepHistoryAndSayWhetherANodeIsMissed() {
        Cib cib = CibStatus.withOperation(START, "alpha", operation("start", 0, 5, 0, 0));
        cib = CibStatus.withNodeState(cib, NodeState.member("alpha", 1700000000));
        assertThat(CibStatus.nodeState(cib, "alpha").toString())
                .isEqualTo(
                        "<node_state id=\"7\" uname=\"alpha\" in_ccm=\"1700000000\""
                                + " crmd=\"1700000000\" join=\"member\" expected=\"member\"/>");
        cib = CibStatus.withNodeState(cib, NodeState.lost("alpha"));
        assertThat(CibStatus.nodeState(cib, "alpha").attribute("in_ccm")).isEqualTo("0");
        assertThat(entry(cib, "A_last_0")).isNotNull();
        assertThat(CibStatus.withoutNode(cib, "alpha").status().children()).isEmpty();
    }

    @Test
    void ticketsAreGrantedAndRevoked() {
        Cib cib = CibStatus.withTicket(START, "T", true, 50);
        cib = CibStatus.withTicket(cib, "T", false, 60);
        assertThat(cib.status().child("tickets").children().getFirst().toString())
                .isEqualTo("<ticket_state id=\"T\" granted=\"false\" last-granted=\"50\"/>");
    }

    private static OperationRecord operation(
            String task, long interval, int callId, int rc, int expectedRc) {
        return new OperationRecord(
                "A",
                DUMMY,
                task,
                interval,
                callId,
                OperationStatus.DONE,
                rc,
                new TransitionKey(3, 1, expectedRc, "c0ffee"),
                "",
                100,
                101,
                12,
                1,
                OperationRecord.Digests.ofAll("abc"),
                null);
    }

    private static Element history(Cib cib) {
        return CibStatus.nodeState(cib, "alpha")
                .child("lrm")
                .child("lrm_resources")
                .child("lrm_resource", "A");
    }

    private static Element entry(Cib cib, String id) {
        return history(cib).child("lrm_rsc_op", id);
    }
}
