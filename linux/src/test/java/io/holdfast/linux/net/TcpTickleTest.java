package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.base.ProblemException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TcpTickleTest {
    @Test
    void theSegmentIsABareAckWithTheChecksumOfItsAddresses() {
        byte[] from = {10, 1, 24, 10};
        byte[] to = {10, 1, 24, 77};
        byte[] segment = TcpTickle.segment(from, 3260, to, 40_000);
        assertThat(HexFormat.of().formatHex(segment, 0, 16))
                .isEqualTo("0cbc9c400000000000000000" + "50100400");
        // RFC 9293 3.1: with the pseudo header, and the checksum itself, the sum is all ones.
        ByteBuffer all = ByteBuffer.allocate(32);
        all.put(from).put(to).putShort((short) 6).putShort((short) 20).put(segment).flip();
        int sum = 0;
        while (all.hasRemaining()) {
            sum += all.getShort() & 0xffff;
        }
        assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff);
    }

    @Test
    void itIsSentOverBothFamilies() throws Exception {
        for (String loopback : new String[] {"127.0.0.1", "::1"}) {
            InetAddress address = InetAddress.getByName(loopback);
            InetSocketAddress end = new InetSocketAddress(address, 9);
            TcpTickle tickle;
            try {
                tickle = TcpTickle.open(address);
            } catch (ProblemException e) {
                assumeTrue(false, e.problem().message());
                return;
            }
            try (tickle) {
                assertThatCode(() -> tickle.send(end, end)).doesNotThrowAnyException();
            }
        }
    }
}
