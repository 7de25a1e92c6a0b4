package io.holdfast.membership.driver;

import static io.holdfast.membership.driver.LoopbackCluster.millisUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessServerTest {
    @TempDir Path directory;

    @Test
    void aRestartedWitnessRemembersAndServesAgain() throws Exception {
        try (LoopbackCluster cluster = new LoopbackCluster(directory, 2, true)) {
            WitnessServer witness = cluster.startWitness();
            LoopbackCluster.Member a = cluster.start(1);
            millisUntil(() -> a.isQuorateWith(1), "quorate");
            witness.close();
            millisUntil(() -> !a.view().quorate(), "no quorum without the witness");
            cluster.startWitness();
            millisUntil(() -> a.isQuorateWith(1), "quorate again");
        }
    }

    @Test
    void aWitnessAnswersNothingThatIsNotAuthentic() throws Exception {
        LoopbackCluster.writeKey(directory.resolve("authkey"), 1);
        InetSocketAddress address = LoopbackCluster.freeAddress("127.0.0.1");
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            try (WitnessServer witness =
                    WitnessServer.open(
                            new WitnessServer.Config(
                                    List.of(address),
                                    directory.resolve("authkey"),
                                    directory.resolve("state")))) {
                assertThat(witness.clusterCount()).isEqualTo(1);
                socket.setSoTimeout(300);
                for (int length : new int[] {0, 1, 40, 200, 1_400}) {
                    socket.send(new DatagramPacket(new byte[length], length, address));
                }
                assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[1], 1)))
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsAProblem() throws Exception {
        LoopbackCluster.writeKey(directory.resolve("authkey"), 1);
        try (DatagramSocket taken =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            WitnessServer.Config config =
                    new WitnessServer.Config(
                            List.of((InetSocketAddress) taken.getLocalSocketAddress()),
                            directory.resolve("authkey"),
                            directory.resolve("state"));
            assertThatThrownBy(() -> WitnessServer.open(config))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("a UDP port is taken");
        }
    }

    @Test
    void aFolderOfKeysServesAClusterForEach() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        LoopbackCluster.writeKey(keys.resolve("one"), 1);
        LoopbackCluster.writeKey(keys.resolve("two"), 2);
        WitnessServer.Config config =
                new WitnessServer.Config(List.of(), keys, directory.resolve("state"));
        try (WitnessServer witness = WitnessServer.open(config)) {
            assertThat(witness.clusterCount()).isEqualTo(2);
        }
    }

    @Test
    void aWitnessWithoutKeysSaysWhereToPutThem() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        WitnessServer.Config config =
                new WitnessServer.Config(List.of(), keys, directory.resolve("state"));
        assertThatThrownBy(() -> WitnessServer.open(config))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("copy the authkey");
    }
}
