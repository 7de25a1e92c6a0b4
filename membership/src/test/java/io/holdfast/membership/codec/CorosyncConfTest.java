package io.holdfast.membership.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.membership.MembershipConfig;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CorosyncConfTest {
    private static final String NODELIST =
            """
            totem {
                version: 2
                cluster_name: demo
                transport: udpu
            }
            nodelist {
                node {
                    name: server1
                    nodeid: 1
                    ring0_addr: 10.1.0.100
                    ring1_addr: 192.168.123.100
                }
                node {
                    name: server2
                    nodeid: 2
                    ring0_addr: 10.1.0.200
                    ring1_addr: 192.168.123.200
                }
            }
            quorum {
                provider: corosync_votequorum
                device {
                    model: net
                    votes: 1
                    net {
                        host: 10.1.0.50 192.168.123.50
                    }
                }
            }
            """;

    /** The form of Corosync 1: members by address inside each ring, settings it had then. */
    private static final String INTERFACES =
            """
            compatibility: none
            totem {
                version: 2
                secauth: on
                rrp_mode: active
                interface {
                    member {
                        memberaddr: 10.1.0.100
                    }
                    member {
                        memberaddr: 10.1.0.200
                    }
                    ringnumber: 0
                    bindnetaddr: 10.1.0.0
                    mcastport: 5405
                }
                interface {
                    member {
                        memberaddr: 192.168.123.100
                    }
                    member {
                        memberaddr: 192.168.123.200
                    }
                    ringnumber: 1
                    mcastport: 5407
                }
            }
            amf {
                mode: disabled
            }
            service {
                ver: 1
                name: pacemaker
            }
            """;

    private static final Map<String, String> HOSTS =
            Map.of("10.1.0.100", "server1", "192.168.123.200", "server2");

    private static MembershipConfig parse(String text) {
        return CorosyncConf.parse(
                text,
                "corosync.conf",
                address -> Optional.ofNullable(HOSTS.get(address.getHostAddress())));
    }

    @Test
    void aNodelistGivesNodesRingsAndWitness() {
        MembershipConfig config = parse(NODELIST);

        assertThat(config.clusterName()).isEqualTo("demo");
        assertThat(config.nodes())
                .extracting(n -> n.name().name())
                .containsExactly("server1", "server2");
        assertThat(config.node(new NodeId("server2")).orElseThrow().addresses().get(1).toString())
                .contains("192.168.123.200:5406");
        assertThat(config.witness().orElseThrow().addresses()).hasSize(2);
        assertThat(config.expectedVotes()).isEqualTo(3);
        assertThat(config.quorum()).isEqualTo(2);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theOldFormWithoutNamesTakesThemFromTheHostsFile() {
        MembershipConfig config = parse(INTERFACES);

        assertThat(config.nodes())
                .extracting(n -> n.name().name())
                .containsExactly("server1", "server2");
        assertThat(config.nodes().getFirst().addresses().get(1).getPort()).isEqualTo(5407);
        assertThat(config.nodes().getFirst().addresses()).containsOnlyKeys(0, 1);
    }

    @Test
    void twoNodesWithoutAWitnessAreToldWhatThatMeans() {
        assertThat(parse(INTERFACES).warnings())
                .extracting(Problem::what)
                .anyMatch(what -> what.contains("without a witness"));
    }

    @Test
    void anAddressWithoutANameIsRefusedWithTheRemedy() {
        assertThatThrownBy(
                        () ->
                                CorosyncConf.parse(
                                        INTERFACES, "corosync.conf", address -> Optional.empty()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("add \"name: NAME\"");
    }

    @Test
    void everyMistakeIsToldWithItsLine() {
        String text =
                NODELIST.replace("ring0_addr: 10.1.0.200", "ring0_addr: server2.example")
                        .replace("nodeid: 1", "nodeid: one");

        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("line 9")
                .hasMessageContaining("line 16")
                .hasMessageContaining("2 mistakes");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> parse(NODELIST.replace("name: server2", "name: server1")))
                .hasMessageContaining("used twice");
        assertThatThrownBy(() -> parse(NODELIST.replace("ring1_addr: 192.168.123.200", "")))
                .hasMessageContaining("not on the same rings");
        assertThatThrownBy(() -> parse(NODELIST.replace("host: 10.1.0.50", "host: 10.1.0.100")))
                .hasMessageContaining("the witness is node server1");
        assertThatThrownBy(
                        () -> parse(NODELIST + "holdfast {\n suspicion: 100\n heartbeat: 100\n}\n"))
                .hasMessageContaining("loss of a single packet");
    }

    @Test
    void whatIsNotObeyedIsWarnedOf() {
        String text =
                NODELIST.replace("version: 2", "version: 2\n    secauth: off\n    frobnicate: 3")
                        + "logging {\n to_syslog: yes\n}\n";

        assertThat(parse(text).warnings())
                .extracting(Problem::message)
                .anyMatch(m -> m.contains("frobnicate is not obeyed"))
                .anyMatch(m -> m.contains("switching encryption off"))
                .anyMatch(m -> m.contains("logging section"));
    }

    @Test
    void aTokenTimeoutIsObeyedAndItsPriceIsTold() {
        MembershipConfig config =
                parse(NODELIST.replace("version: 2", "version: 2\n    token: 3000"));

        assertThat(config.suspicionMillis()).isEqualTo(3000);
        assertThat(config.leaseMillis()).isEqualTo(4500);
        assertThat(config.warnings().getFirst().what()).contains("3000 ms");
    }

    @Test
    void anyMutilatedFileIsReadOrRefusedButNeverBreaksTheReader() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? NODELIST : INTERFACES);
            for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) random.nextInt(1, 127));
                    default -> text.setCharAt(at, "{}:\n#9".charAt(random.nextInt(6)));
                }
            }
            try {
                parse(text.toString());
            } catch (ProblemException expected) {
                assertThat(expected.problem().remedy()).isNotEmpty();
            }
        }
    }
}
