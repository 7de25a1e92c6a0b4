package io.holdfast.api.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.control.ControlLine.Answered;
import io.holdfast.api.control.ControlLine.Asked;
import io.holdfast.api.control.ControlLine.Hello;
import io.holdfast.api.control.ControlLine.Progressed;
import io.holdfast.api.control.ControlLine.Refused;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ChapUser;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.ClusterStatus;
import io.holdfast.api.message.ConfigurationLoaded;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.ConfigurationText;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Events;
import io.holdfast.api.message.Lines;
import io.holdfast.api.message.LoadMode;
import io.holdfast.api.message.LunState;
import io.holdfast.api.message.LunStatus;
import io.holdfast.api.message.Portal;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.ResourceStatus;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.api.message.StorageStatus;
import io.holdfast.api.message.TargetRole;
import io.holdfast.api.message.TargetState;
import io.holdfast.api.message.TargetStatus;
import io.holdfast.api.message.VolumeState;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Epoch;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    static final NodeId SERVER1 = new NodeId("server1");
    static final VolumeId VOLUME = new VolumeId("VM_STORAGE_1");
    static final Problem PROBLEM = new Problem("it \"broke\"\n", "disk", "worn", "replace it");
    static final VolumeStatus VOLUME_STATUS =
            new VolumeStatus(
                    VOLUME,
                    "/dev/drbd0",
                    true,
                    VolumeStatus.Role.PRIMARY,
                    VolumeStatus.Disk.UP_TO_DATE,
                    "C",
                    new Epoch(4),
                    1L << 40,
                    false,
                    List.of(
                            new VolumeStatus.Peer(
                                    new NodeId("server2"),
                                    VolumeStatus.Connection.CONNECTED,
                                    VolumeStatus.Role.SECONDARY,
                                    VolumeStatus.Disk.INCONSISTENT,
                                    VolumeStatus.Replication.SYNC_SOURCE,
                                    12.5,
                                    1 << 20)),
                    VolumeStatus.Counters.NONE,
                    null);

    static Stream<Request<?>> requests() {
        return Stream.of(
                new ClusterRequest.ClusterStatusQuery(),
                new ClusterRequest.ConfigurationLoad(
                        ConfigurationSyntax.CRM, LoadMode.UPDATE, "node a\n\\ # ü", null),
                new ClusterRequest.ConfigurationShow(ConfigurationSyntax.XML),
                new ClusterRequest.CibShow(),
                new ClusterRequest.NodeStandby(SERVER1, true, AttributeLifetime.FOREVER),
                new ClusterRequest.ResourceCleanup(null, null),
                new ClusterRequest.ResourceCleanup("r1", SERVER1),
                new ClusterRequest.ResourceTargetRole("r1", TargetRole.PROMOTED),
                new ClusterRequest.EventsQuery(5, 10),
                new ClusterRequest.VolumeRecordOutdated(VOLUME, new Epoch(4), SERVER1),
                new ClusterRequest.VolumeRecordUpToDate(VOLUME, new Epoch(4), SERVER1),
                new ClusterRequest.VolumeStateChanged(VOLUME_STATUS),
                new StorageRequest.StorageStatusQuery(),
                new StorageRequest.VolumeStatusQuery(VOLUME),
                new StorageRequest.TargetStatusQuery("iqn.x:y"),
                new StorageRequest.LunStatusQuery("iqn.x:y", 3),
                new StorageRequest.VolumeUp(VOLUME),
                new StorageRequest.VolumeDown(VOLUME),
                new StorageRequest.VolumePromote(VOLUME, new Epoch(Long.MAX_VALUE)),
                new StorageRequest.VolumeDemote(VOLUME),
                new StorageRequest.VolumeCreateMetadata(VOLUME, true),
                new StorageRequest.VolumeNewCurrentUuid(VOLUME, true),
                new StorageRequest.TargetAdd(
                        "iqn.x:y",
                        List.of(new Portal("10.1.24.10", 3260)),
                        new TreeMap<>(Map.of("InitialR2T", "No")),
                        List.of(new ChapUser("in", "secret")),
                        null,
                        List.of("iqn.a:b")),
                new StorageRequest.TargetRemove("iqn.x:y"),
                new StorageRequest.LunAdd("iqn.x:y", 0, "/dev/drbd0", new TreeMap<>()),
                new StorageRequest.LunRemove("iqn.x:y", 0),
                new StorageRequest.MembersChanged(new Term(9), true, List.of(SERVER1)),
                new StorageRequest.VolumeOrder(VOLUME, StorageRequest.VolumeOrder.Order.VERIFY),
                new StorageRequest.ConfigurationAdjust(),
                new StorageRequest.VolumeTextQuery(
                        VOLUME, StorageRequest.VolumeTextQuery.Subject.SPLIT_BRAIN),
                new ClusterRequest.VolumePromoteHere(VOLUME, true),
                new ClusterRequest.VolumeDemoteHere(VOLUME),
                new StorageRequest.LinkChanged(SERVER1, "10.1.0.100", false));
    }

    static Stream<Answer> answers() {
        LunStatus lun = new LunStatus("iqn.x:y", 0, "VM_STORAGE_1", 4096, true);
        TargetStatus target =
                new TargetStatus(
                        "iqn.x:y",
                        List.of(new Portal("::1", 3260)),
                        List.of(lun),
                        List.of(new TargetStatus.Session("iqn.a:b", "10.0.0.9")));
        return Stream.of(
                Done.QUIETLY,
                new Lines(List.of("one", "two")),
                new Done(List.of(PROBLEM)),
                new ConfigurationLoaded(false, "0.5.0", List.of(), List.of(PROBLEM)),
                new ConfigurationText(ConfigurationSyntax.XML, "0.5.0", "<cib/>"),
                new Events(
                        List.of(
                                new Events.Event(
                                        1,
                                        2,
                                        3,
                                        SERVER1,
                                        "kind",
                                        "object",
                                        "text",
                                        new TreeMap<>()))),
                new VolumeState(null),
                new VolumeState(VOLUME_STATUS),
                new TargetState(target),
                new LunState(null),
                new LunState(lun),
                new StorageStatus(SERVER1, 500, List.of(VOLUME_STATUS), List.of(target)),
                clusterStatus());
    }

    static ClusterStatus clusterStatus() {
        ResourceStatus drbd =
                new ResourceStatus.Primitive(
                        "DRBD",
                        "ocf:linbit:drbd",
                        List.of(
                                new ResourceStatus.Active(
                                        SERVER1, ResourceStatus.ActiveRole.PROMOTED)),
                        true,
                        false,
                        false,
                        false,
                        null);
        return new ClusterStatus(
                "demo",
                SERVER1,
                new ClusterStatus.View(new Term(3), List.of(SERVER1), SERVER1, true, 3, 2, 2),
                new ClusterStatus.Witness(new NodeId("witness"), true),
                List.of(new ClusterStatus.Link(0, new NodeId("server2"), null, "10.1.0.200", true)),
                430,
                List.of(
                        new ClusterStatus.Node(
                                SERVER1, 1, ClusterStatus.NodeState.ONLINE, false, false)),
                List.of(
                        new ResourceStatus.Clone("MS", "DRBD", true, false, true, List.of(drbd)),
                        new ResourceStatus.Group("G", List.of())),
                List.of(
                        new ClusterStatus.FailedOperation(
                                "r",
                                "monitor",
                                10_000,
                                SERVER1,
                                7,
                                "not running",
                                "complete",
                                "",
                                12,
                                1,
                                2)),
                List.of(VOLUME_STATUS),
                List.of(new ClusterStatus.FloatingAddress("IP", "10.1.24.10", 24, "eth0", SERVER1)),
                List.of(PROBLEM),
                "0.5.0",
                new LogPosition(new Term(3), 17),
                new ClusterStatus.LastChange(1, SERVER1, "crm"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestComesBackAsItWas(Request<?> request) {
        ControlLine line = new Asked(7, request);
        assertThat(ControlCodec.decode(ControlCodec.encode(line))).isEqualTo(line);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void everyAnswerComesBackAsItWas(Answer answer) {
        ControlLine line = new Answered(8, answer);
        assertThat(ControlCodec.decode(ControlCodec.encode(line))).isEqualTo(line);
    }

    @Test
    void everyKindOfRequestAndAnswerIsTried() {
        assertThat(requests().map(Object::getClass).distinct()).hasSize(types(Request.class));
        assertThat(answers().map(Object::getClass).distinct()).hasSize(types(Answer.class));
    }

    @Test
    void linesLookAsDocumented() {
        assertThat(text(new Hello(1))).isEqualTo("{\"holdfast\":\"control\",\"version\":1}");
        assertThat(text(new Asked(7, new StorageRequest.VolumePromote(VOLUME, new Epoch(4)))))
                .isEqualTo(
                        "{\"id\":7,\"request\":\"VolumePromote\",\"body\":{\"volume\":\"VM_STORAGE_1\",\"epoch\":4,\"force\":false}}");
        assertThat(text(new Progressed(7, "half"))).isEqualTo("{\"id\":7,\"progress\":\"half\"}");
        assertThat(text(new Answered(7, Done.QUIETLY)))
                .isEqualTo("{\"id\":7,\"answer\":\"Done\",\"body\":{\"warnings\":[]}}");
        assertThat(text(new Refused(7, PROBLEM)))
                .isEqualTo(
                        "{\"id\":7,\"problem\":{\"what\":\"it \\\"broke\\\"\\n\",\"object\":\"disk\",\"why\":\"worn\",\"remedy\":\"replace it\"}}");
    }

    @Test
    void noLineHoldsANewlineWhateverTheTextSays() {
        byte[] line =
                ControlCodec.encode(
                        new Asked(
                                1,
                                new ClusterRequest.ConfigurationLoad(
                                        ConfigurationSyntax.CRM,
                                        LoadMode.REPLACE,
                                        "a\nb\r\n",
                                        null)));
        assertThat(new String(line, UTF_8)).doesNotContain("\n").doesNotContain("\r");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyTruncationIsRefusedWithAProblem(Request<?> request) {
        byte[] whole = ControlCodec.encode(new Asked(7, request));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ControlCodec.decode(part))
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void whatIsNotAMessageIsRefusedWithTheReason() {
        refused("[]", "not a JSON object");
        refused("{\"id\":1}", "none of the fields");
        refused("{\"id\":\"x\",\"request\":\"VolumeUp\"}", "not a whole number");
        refused("{\"id\":1,\"request\":\"Explode\",\"body\":{}}", "has no such request");
        refused("{\"id\":1,\"request\":\"Done\",\"body\":{}}", "has no such request");
        refused("{\"id\":1,\"request\":\"VolumeUp\",\"body\":{\"volume\":\"../x\"}}", "not usable");
        refused("{\"id\":1,\"request\":\"VolumeUp\"}", "VolumeUp");
        refused("{\"id\":1,\"request\":\"VolumeUp\",\"body\":{}}", "volume");
        refused(
                "{\"id\":1,\"request\":\"VolumePromote\",\"body\":{\"volume\":\"v\",\"epoch\":\"x\"}}",
                "VolumePromote");
    }

    @Test
    void aFieldOfANewerVersionIsPassedOver() {
        assertThat(
                        ControlCodec.decode(
                                "{\"id\":1,\"request\":\"VolumeUp\",\"body\":{\"volume\":\"v\",\"new\":1}}"
                                        .getBytes(UTF_8)))
                .isEqualTo(new Asked(1, new StorageRequest.VolumeUp(new VolumeId("v"))));
    }

    @Test
    void aSecretIsNeverPrinted() {
        assertThat(requests().map(Object::toString)).noneMatch(text -> text.contains("secret"));
    }

    private static void refused(String line, String reason) {
        assertThatThrownBy(() -> ControlCodec.decode(line.getBytes(UTF_8)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(reason);
    }

    private static String text(ControlLine line) {
        return new String(ControlCodec.encode(line), UTF_8);
    }

    private static int types(Class<?> type) {
        return type.isRecord()
                ? 1
                : Arrays.stream(type.getPermittedSubclasses())
                        .mapToInt(ControlCodecTest::types)
                        .sum();
    }
}
