package io.holdfast.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every advert in a folder of packet captures is read; told by -Dholdfast.captures=FOLDER. */
class CapturesTest {
    private static final int ETHERNET_BYTES = 14;

    @Test
    void everyAdvertThatWasCapturedIsRead() throws IOException {
        Path folder = Path.of(System.getProperty("holdfast.captures", "captures"));
        Assumptions.assumeTrue(
                Files.isDirectory(folder), "no captures here: name them with -Dholdfast.captures");
        int adverts = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pcap")) {
            for (Path file : files) {
                for (byte[] frame : frames(ByteBuffer.wrap(Files.readAllBytes(file)))) {
                    adverts += read(frame, file);
                }
            }
        }
        assertThat(adverts).isGreaterThan(100);
    }

    private static int read(byte[] frame, Path file) {
        int type = (frame[12] & 0xff) << 8 | frame[13] & 0xff;
        byte[] packet = Arrays.copyOfRange(frame, ETHERNET_BYTES, frame.length);
        if (type == 0x0800 && (packet[9] == 112 || packet[9] == 51)) {
            Authentication ah = new Authentication(Authentication.Kind.AH, "1111");
            assertThat(AdvertDecoder.decodeV4(packet, id -> Optional.of(ah)))
                    .as(file.toString())
                    .isInstanceOf(DecodedPacket.Good.class);
            return 1;
        }
        if (type == 0x86dd && packet[6] == 112) {
            assertThat(
                            AdvertDecoder.decodeV6(
                                    Arrays.copyOfRange(packet, 40, packet.length),
                                    IpAddress.of(Arrays.copyOfRange(packet, 8, 24)),
                                    IpAddress.of(Arrays.copyOfRange(packet, 24, 40)),
                                    packet[7] & 0xff))
                    .as(file.toString())
                    .isInstanceOf(DecodedPacket.Good.class);
            return 1;
        }
        return 0;
    }

    private static List<byte[]> frames(ByteBuffer file) {
        int magic = file.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) {
            file.order(ByteOrder.BIG_ENDIAN);
        }
        List<byte[]> frames = new ArrayList<>();
        file.position(24);
        while (file.remaining() >= 16) {
            int length = file.getInt(file.position() + 8);
            byte[] frame = new byte[length];
            file.get(file.position() + 16, frame);
            frames.add(frame);
            file.position(file.position() + 16 + length);
        }
        return frames;
    }
}
