package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.VolumeId;
import io.holdfast.replication.config.DiskOptions;
import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.NetOptions;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.ReplicationConfig;
import io.holdfast.replication.config.VolumeConfig;
import io.holdfast.replication.core.Protocol;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrbdConfTest {
    private static final NodeId SERVER1 = new NodeId("server1");
    private static final NodeId SERVER2 = new NodeId("server2");

    /** A resource r0 on two nodes, with lines of the caller's in it. */
    private static String r0(String lines) {
        return DrbdTexts.R0.formatted(lines);
    }

    private static ReplicationConfig parse(String text) {
        return DrbdConf.parse(text, "drbd.conf");
    }

    private static VolumeConfig only(String text) {
        ReplicationConfig config = parse(text);
        assertThat(config.volumes()).hasSize(1);
        return config.volumes().getFirst();
    }

    private static List<String> warnings(String text) {
        return parse(text).warnings().stream().map(Problem::message).toList();
    }

    private static List<String> mistakes(String text) {
        DrbdConfException refused =
                catchThrowableOfType(DrbdConfException.class, () -> parse(text));
        assertThat(refused).as("refused").isNotNull();
        return refused.mistakes().stream().map(Problem::message).toList();
    }

    @Test
    void twoResourcesOfAnActiveActivePairAreRead() {
        ReplicationConfig config = parse(DrbdTexts.STORAGE_PAIR);

        assertThat(config.warnings()).isEmpty();
        assertThat(config.volumes())
                .containsExactly(
                        new VolumeConfig(
                                new VolumeId("VM_STORAGE_1"),
                                "/dev/drbd0",
                                List.of(
                                        replica(SERVER1, "/srv/one.img", "10.1.0.100", 7788),
                                        replica(SERVER2, "/srv/one.img", "10.1.0.200", 7788)),
                                NetOptions.DEFAULT,
                                DiskOptions.DEFAULT),
                        new VolumeConfig(
                                new VolumeId("VM_STORAGE_2"),
                                "/dev/drbd1",
                                List.of(
                                        replica(SERVER1, "/srv/two.img", "10.1.0.100", 7789),
                                        replica(SERVER2, "/srv/two.img", "10.1.0.200", 7789)),
                                NetOptions.DEFAULT.withProtocol(Protocol.B),
                                DiskOptions.DEFAULT));
    }

    private static ReplicaConfig replica(NodeId node, String disk, String address, int port) {
        return new ReplicaConfig(
                node, Path.of(disk), new MetaDisk.Internal(), List.of(new Endpoint(address, port)));
    }

    @Test
    void whatNodesHaveInCommonStandsInTheResource() {
        VolumeConfig volume =
                only(
                        """
                        global { usage-count no; }
                        resource r0 {
                          net { protocol C; }
                          device /dev/drbd0; disk /dev/vdb; meta-disk internal;
                          on d1 { address 10.99.0.21:7788; }
                          on d2 { address 10.99.0.22:7788; disk /dev/vdc; }
                        }
                        """);

        assertThat(volume.device()).isEqualTo("/dev/drbd0");
        assertThat(volume.replicas())
                .extracting(ReplicaConfig::disk)
                .containsExactly(Path.of("/dev/vdb"), Path.of("/dev/vdc"));
    }

    @Test
    void volumesOfAResourceAreNamedByNumberAndInheritFieldByField() {
        ReplicationConfig config =
                parse(
                        """
                        resource r0 {
                          volume 0 { device minor 3; disk "/dev/vg/a"; }
                          volume 7 { device /dev/drbd_big minor 4; disk /dev/vg/b;
                                     meta-disk /dev/meta; }
                          on alice { node-id 0; address ipv4 10.0.0.1:7000;
                                     volume 7 { disk /dev/vg/own; } }
                          on "bob" { node-id 1; address 10.0.0.2 : 7000; }
                        }
                        """);

        assertThat(config.volumes()).extracting(v -> v.id().name()).containsExactly("r0", "r0.7");
        VolumeConfig second = config.volumes().getLast();
        assertThat(second.device()).isEqualTo("/dev/drbd_big");
        ReplicaConfig alice = second.replicaOn(new NodeId("alice")).orElseThrow();
        assertThat(alice.disk()).isEqualTo(Path.of("/dev/vg/own"));
        assertThat(alice.metaDisk()).isEqualTo(new MetaDisk.External(Path.of("/dev/meta")));
        assertThat(config.volumes().getFirst().device()).isEqualTo("/dev/drbd3");
    }

    @Test
    void aResourceGoesOverCommonWhereverCommonStands() {
        String common = "common { protocol A; net { connect-int 3; } disk { c-min-rate 8M; } }\n";
        VolumeConfig before = only(common + r0("net { protocol C; }"));
        VolumeConfig after = only(r0("net { protocol C; }") + common);

        assertThat(before).isEqualTo(after);
        assertThat(before.net().protocol()).isEqualTo(Protocol.C);
        assertThat(before.net().connectIntervalMillis()).isEqualTo(3000);
        assertThat(before.disk().resyncMinBytesPerSecond()).isEqualTo(8 << 20);
    }

    @Test
    void thePeerMayBeQuietForAPingAndItsAnswer() {
        NetOptions net = only(r0("net { ping-int 10; ping-timeout 5; }")).net();

        assertThat(net.pingIntervalMillis()).isEqualTo(200);
        assertThat(net.pingTimeoutMillis()).isEqualTo(10_500);
        assertThat(only(r0("net { ping-timeout 300; }")).net())
                .isEqualTo(new NetOptions(Protocol.C, 200, 30_200, 250));
        assertThat(only(r0("net { ping-int 1; }")).net())
                .isEqualTo(new NetOptions(Protocol.C, 200, 1800, 250));
    }

    @ParameterizedTest
    @CsvSource({
        "al-extents 7, 7",
        "al-extents 1000, 1000",
        "al-extents 6433, 1000",
        "al-extents 65534, 1000"
    })
    void hotExtentsAreAtMostWhatTheActivityLogHolds(String line, int extents) {
        assertThat(only(r0("disk { " + line + "; }")).disk().activityLogExtents())
                .isEqualTo(extents);
    }

    @ParameterizedTest
    @CsvSource({"250, 256000", "1M, 1048576", "1G, 1073741824", "0, 0", "4k, 4096", "4s, 2048"})
    void ratesAreInKibibytesUnlessTheySayOtherwise(String value, long bytes) {
        assertThat(only(r0("disk { c-min-rate " + value + "; }")).disk().resyncMinBytesPerSecond())
                .isEqualTo(bytes);
    }

    @Test
    void theSyncerOfOldIsRead() {
        String text = r0("syncer { rate 100M; al-extents 257; verify-alg sha1; after r1; }");

        assertThat(only(text).disk().activityLogExtents()).isEqualTo(257);
        assertThat(warnings(text))
                .hasSize(3)
                .anyMatch(w -> w.contains("\"resync-rate\" has no effect"));
    }

    @Test
    void ipv6AndOtherFamiliesAreRead() {
        VolumeConfig volume =
                only(
                        """
                        resource r { device drbd1; disk /dev/a;
                          on a { address ipv6 [fd00::1]:7788; }
                          on b { address ssocks 10.0.0.2:7788; } }
                        """);

        assertThat(volume.device()).isEqualTo("/dev/drbd1");
        assertThat(volume.replicas())
                .flatExtracting(ReplicaConfig::endpoints)
                .containsExactly(new Endpoint("fd00::1", 7788), new Endpoint("10.0.0.2", 7788));
    }

    @Test
    void aConnectionOfSeveralPathsGivesSeveralEndpointsInOrder() {
        VolumeConfig volume =
                only(
                        r0(
                                """
                                connection {
                                  path { host server1 address 10.8.0.1:1; host server2 address 10.8.0.2:1; }
                                  path { host server1 port 2; host server2; }
                                  net { protocol B; }
                                }
                                """));

        assertThat(volume.replicaOn(SERVER1).orElseThrow().endpoints())
                .containsExactly(new Endpoint("10.8.0.1", 1), new Endpoint("10.0.0.1", 2));
        assertThat(volume.replicaOn(SERVER2).orElseThrow().endpoints())
                .containsExactly(new Endpoint("10.8.0.2", 1), new Endpoint("10.0.0.2", 7788));
        assertThat(volume.net().protocol()).isEqualTo(Protocol.B);
    }

    @Test
    void aMeshOfThreeNodesIsRead() {
        VolumeConfig volume =
                only(
                        r0(
                                """
                                on server3 { address 10.0.0.3:7788; }
                                connection-mesh { hosts server1 server2 server3; net { protocol B; } }
                                """));

        assertThat(volume.replicas()).hasSize(3);
        assertThat(volume.net().protocol()).isEqualTo(Protocol.B);
    }

    @Test
    void theStrictestProtocolOfSeveralConnectionsIsTaken() {
        String text =
                r0(
                        """
                        on server3 { address 10.0.0.3:7788; }
                        connection { host server1; host server2; net { protocol C; } }
                        connection { host server1; host server3; net { protocol A; } }
                        """);

        assertThat(only(text).net().protocol()).isEqualTo(Protocol.C);
        assertThat(warnings(text))
                .anyMatch(w -> w.contains("\"protocol\" differs"))
                .anyMatch(w -> w.contains("no connection joins server2 and server3"))
                .anyMatch(w -> w.contains("protocol A can lose"));
    }

    @Test
    void sectionsMarkedSkipAndCommentsAreNothing() {
        assertThat(
                        parse(
                                        "skip resource x { nonsense; }\n# {\n"
                                                + r0("skip disk { size; } # a \"comment\""))
                                .warnings())
                .isEmpty();
    }

    @Test
    void anEmptyFileIsAnEmptyConfiguration() {
        assertThat(parse("")).isEqualTo(ReplicationConfig.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net { after-sb-0pri disconnect; rr-conflict disconnect; allow-two-primaries no; }",
                "net { no-allow-two-primaries; fencing dont-care; }",
                "disk { on-io-error detach; disk-flushes; md-flushes yes; no-disk-barrier; }",
                "options { auto-promote no; on-no-quorum suspend-io; }"
            })
    void valuesThatHoldfastKeepsAnywayNeedNoWarning(String lines) {
        assertThat(warnings(r0(lines))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    net { allow-two-primaries; }             | "allow-two-primaries yes" is unsafe
                    net { after-sb-0pri discard-zero-changes; } | thrown away without a question
                    net { after-sb-1pri discard-secondary; } | thrown away without a question
                    net { after-sb-2pri violently-as0p; }    | thrown away without a question
                    net { rr-conflict violently; }           | overwritten by its peer
                    startup { become-primary-on both; }      | go on with old data
                    protocol A;                              | lose acknowledged writes
                    disk { no-md-flushes; }                  | "md-flushes no" has no effect
                    disk { size 10G; }                       | "size" has no effect
                    net { fencing resource-only; }           | recorded as Outdated
                    handlers { fence-peer "/usr/bin/x r"; } | this handler is not called
                    options { quorum majority; }             | decided by the quorum and leases
                    net { protocl C; }                       | write "protocol" if that was meant
                    quux { a b; }                            | all in it is ignored too
                    proxy { memlimit 100M; }                 | peers connect directly
                    template-file "x";                       | its options do not apply
                    disk { al-extents 257; al-extents 258; } | set a second time
                    net { ko-count 7; }                      | "ko-count" has no effect
                    """)
    void whatIsUnsafeOrNotObeyedIsToldWithItsPlace(String lines, String warning) {
        assertThat(warnings(r0(lines)))
                .anySatisfy(w -> assertThat(w).startsWith("drbd.conf:6: ").contains(warning));
    }

    @Test
    void protocolAIsToldOnceThoughManyResourcesInheritIt() {
        String common = "common { protocol A; net { after-sb-1pri discard-secondary; } }\n";

        assertThat(warnings(common + DrbdTexts.STORAGE_PAIR.replace("protocol C;", "")))
                .filteredOn(w -> w.contains("protocol A"))
                .singleElement()
                .asString()
                .contains("after-sb-1pri discard-secondary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    floating 10.0.0.3:7788 { disk /dev/a; }      | names no node
                    stacked-on-top-of r9 { device /dev/drbd9; }  | stacked on top
                    on a b { disk /dev/x; }                      | shares one replica
                    on c { proxy on c { inside 10.0.0.9:1; } }   | DRBD Proxy
                    """)
    void aResourceThatCannotBeExpressedIsLeftOutWithAWarning(String lines, String why) {
        ReplicationConfig config =
                parse(r0(lines) + DrbdTexts.STORAGE_PAIR.replace("drbd0", "drbd8"));

        assertThat(config.volumes()).hasSize(2);
        assertThat(config.warnings())
                .anySatisfy(w -> assertThat(w.message()).contains("r0 is left out").contains(why));
    }

    @Test
    void aNodeWithoutADiskIsLeftOut() {
        String text = r0("on server3 { address 10.0.0.3:7788; disk none; }");

        assertThat(only(text).replicas()).hasSize(2);
        assertThat(warnings(text)).singleElement().asString().contains("no replica of r0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    net { protocol D; }                  | it is one of A, B, C
                    net { ping-int 0; }                  | it is 1 to 120
                    net { ping-int 121; }                | it is 1 to 120
                    net { ping-int ten; }                | it is a number
                    net { ping-int 99999999999999999; }  | it is a number
                    net { allow-two-primaries maybe; }   | it is yes or no
                    net { connect-int; }                 | it has no value
                    net { connect-int 1 2; }             | it has 2 values where 1 fit
                    net { connect-int { } }              | it has a section after it
                    net;                                 | its '{' is missing
                    disk { c-min-rate 5G; }              | it is 0 to 4194304 KiB
                    disk { al-extents 65535; }           | it is 7 to 65534
                    volume x { }                         | is no volume number
                    volume 65535 { }                     | is no volume number
                    volume 0 { disk /dev/x; }            | some are not
                    disk /dev/other;                     | given twice
                    device /dev/drbd1;                   | given twice
                    meta-disk relative;                  | does not begin with /
                    meta-disk /dev/sdb1;                 | metadata would overwrite data
                    on server1 { }                       | has two "on" sections
                    on server3 { disk /dev/x; }          | node server3 of resource r0 has no address
                    on server3 { address 10.0.0.3; }     | its port is missing
                    on server3 { address 10.0.0.3:0; }   | ports are 1 to 65535
                    on server3 { address 10.0.0.3:65536; } | ports are 1 to 65535
                    on server3 { address 10.0.0.256:1; } | not an IP address
                    on server3 { address 10.0.0.03:1; }  | not an IP address
                    on server3 { address alpha:1; }      | names are not looked up
                    on server3 { address ipv6 [fd::g]:1; } | not an IP address
                    on server3 { address ipv6 fd00::1:1; } | stands in brackets
                    on server3 { address ipv6 10.0.0.3:1; } | not an address of the family ipv6
                    on server3 { address ipv4 [fd00::1]:1; } | not an address of the family ipv4
                    on server3 { address 0.0.0.0:1; }    | no host
                    on server3 { address 224.0.0.18:1; } | no host
                    on server3 { address 10.0.0.1:7788; } | have one address
                    on -bad- { address 10.0.0.3:1; }     | node name "-bad-" is not usable
                    on server3 { address 10.0.0.3:1; device /dev/drbd5; } | different devices
                    on server3 { address 10.0.0.3:1; node-id 99; } | is no node-id
                    on server3 { address 10.0.0.3:1; device minor 1048576; } | 0 to 1048575
                    on server3 { address 10.0.0.3:1; device /dev/drbd1 minor 2; } | says minor 1
                    on server3 { address 10.0.0.3:1; volume 1 { disk /dev/x; } } | has no device
                    connection { host server1; }         | it has 1 ends
                    connection { host server1; host server1; } | both ends are the same node
                    connection { host server1; host server9; } | no node server9
                    connection-mesh { hosts server1 server9; } | no node server9
                    include "x";                         | stands inside a section
                    { }                                  | a section has no name
                    """)
    void mistakesAreToldWithTheirPlaceReasonAndRemedy(String lines, String reason) {
        assertThat(mistakes(r0(lines)))
                .anySatisfy(
                        m ->
                                assertThat(m)
                                        .startsWith("drbd.conf:6: ")
                                        .contains(reason)
                                        .contains("To mend it: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /dev/drbd1      | /dev/drbd0       | device /dev/drbd0 of node server1
                    10.1.0.200:7789 | 10.1.0.200:7788  | address 10.1.0.200 port 7788 of node server2
                    /srv/two.img    | /srv/../srv/one.img | disk /srv/one.img of node server2
                    VM_STORAGE_2    | VM_STORAGE_1     | two resources VM_STORAGE_1
                    VM_STORAGE_2    | all              | cannot be called all
                    VM_STORAGE_2    | a/b              | volume name "a/b" is not usable
                    """)
    void twoResourcesThatWantTheSameAreRefused(String from, String to, String mistake) {
        assertThat(mistakes(DrbdTexts.STORAGE_PAIR.replace(from, to)))
                .anyMatch(m -> m.contains(mistake));
    }

    @Test
    void oneIpv6AddressWrittenInTwoWaysIsOneAddress() {
        assertThat(
                        mistakes(
                                """
                                resource r { device drbd1; disk /dev/a;
                                  on a { address ipv6 [fd00::1]:7788; }
                                  on b { address ipv6 [fd00:0::0001]:7788; } }
                                """))
                .singleElement()
                .asString()
                .contains("have one address");
    }

    @Test
    void allMistakesAreToldAtOnceEachOnce() {
        List<String> mistakes =
                mistakes(
                        """
                        resource r0 {
                          on server1 { device /dev/drbd0; disk /dev/a; address nowhere; }
                          on server2 { device /dev/drbd0; address 10.0.0.2:7788; }
                        }
                        resource r1 { }
                        resource r2 { on server1 { } }
                        """);

        assertThat(mistakes).hasSize(4);
        assertThat(mistakes.get(0)).startsWith("drbd.conf:2: \"nowhere\" is not an address");
        assertThat(mistakes.get(1))
                .startsWith("drbd.conf:3: volume r0 has no disk on node server2");
        assertThat(mistakes.get(2)).startsWith("drbd.conf:5: resource r1 has no \"on\" section");
        assertThat(mistakes.get(3)).startsWith("drbd.conf:6: resource r2 has no volume");
    }

    @Test
    void aMissingSemicolonIsToldOnItsOwnLine() {
        assertThat(
                        mistakes(
                                """
                                resource r0 {
                                  device /dev/drbd0
                                  disk /dev/a;
                                  on server1 { address 10.0.0.1:1; }
                                  on server2 { address 10.0.0.2:1 }
                                }
                                """))
                .satisfiesExactly(
                        m -> assertThat(m).startsWith("drbd.conf:2: the ';' after \"device\""),
                        m -> assertThat(m).startsWith("drbd.conf:5: the ';' after \"address\""));
    }

    @Test
    void bracesThatDoNotMatchAreToldWhereTheyAre() {
        assertThat(mistakes("resource r0 {\n on a {\n }\n"))
                .anySatisfy(m -> assertThat(m).startsWith("drbd.conf:1: the section that begins"));
        assertThat(mistakes("global { }\n}\n"))
                .singleElement()
                .asString()
                .startsWith("drbd.conf:2: a '}' closes nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net { shared-secret \"Pa55word\"; cram-hmac-alg sha1; }",
                "net { shared-secret Pa55word Pa55word; }",
                "net { shared-secret Pa55word }",
                "net { shared-secret \"Pa55word; }",
                "net { shared-secre Pa55word; }",
                "net { shared-secret { Pa55word; } }",
            })
    void aSecretIsNeverShown(String lines) {
        String text = r0(lines);
        String all;
        try {
            all = parse(text).warnings().toString();
        } catch (DrbdConfException e) {
            all = e.getMessage() + e.mistakes();
        }
        assertThat(all).contains("drbd.conf:6").doesNotContain("Pa55word");
    }

    @Test
    void moreReplicasThanAVolumeCanHaveAreRefused() {
        StringBuilder hosts = new StringBuilder();
        for (int i = 3; i <= 6; i++) {
            hosts.append("on server%d { address 10.0.0.%d:7788; } ".formatted(i, i));
        }

        assertThat(mistakes(r0(hosts.toString())))
                .singleElement()
                .asString()
                .contains("it has 6 replicas");
    }

    @Test
    void textsBeyondAllBoundsAreRefused() {
        assertThat(mistakes("#".repeat(DrbdConf.MAX_TEXT_LENGTH + 1)))
                .singleElement()
                .asString()
                .contains("too long");
        assertThat(mistakes("a {".repeat(DrbdConf.MAX_TEXT_LENGTH / 3))).isNotEmpty();
        assertThat(mistakes("}".repeat(DrbdConf.MAX_TEXT_LENGTH)))
                .hasSize(DrbdFindings.MOST_REPORTED + 1);
        assertThat(mistakes(r0("x".repeat(DrbdLexer.MAX_WORD_LENGTH + 1) + ";")))
                .anyMatch(m -> m.contains("a word has 1025 characters"));
    }
}
