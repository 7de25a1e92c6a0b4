package io.holdfast.vrrp.codec;

import static io.holdfast.vrrp.codec.Samples.A;
import static io.holdfast.vrrp.codec.Samples.GROUP;
import static io.holdfast.vrrp.codec.Samples.ah;
import static io.holdfast.vrrp.codec.Samples.pass;
import static io.holdfast.vrrp.codec.Samples.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.Rejection;
import io.holdfast.vrrp.core.VrrpVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdvertDecoderTest {
    private final InstanceSettings v2 = of(VrrpVersion.V2, pass("1111"));
    private final InstanceSettings v3 = of(VrrpVersion.V3, Authentication.NONE);

    @Test
    void everyTruncationIsRefused() {
        for (InstanceSettings settings : new InstanceSettings[] {v2, v3, withAh("1111")}) {
            byte[] whole = packet(settings);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThat(decode(cut, settings)).isInstanceOf(DecodedPacket.Bad.class);
                if (length >= 20) { // also when the IP header admits it
                    assertThat(decode(withTotalLength(cut, length), settings))
                            .isInstanceOf(DecodedPacket.Bad.class);
                }
            }
        }
    }

    @Test
    void paddingBehindTheMessageIsIgnored() {
        assertThat(decode(Arrays.copyOf(packet(v3), 46), v3))
                .isInstanceOf(DecodedPacket.Good.class);
    }

    @Test
    void version3OverIpv4WithoutPseudoHeaderIsAcceptedToo() {
        byte[] packet = packet(v3);
        packet[26] = 0;
        packet[27] = 0;
        int checksum = Checksum.of(packet, 20, packet.length);
        packet[26] = (byte) (checksum >> 8);
        packet[27] = (byte) checksum;
        assertThat(decode(packet, v3)).isInstanceOf(DecodedPacket.Good.class);
    }

    @Test
    void everyFlippedBitOfTheMessageIsNoticed() {
        for (InstanceSettings settings : new InstanceSettings[] {v2, v3}) {
            byte[] whole = packet(settings);
            for (int bit = 20 * 8; bit < whole.length * 8; bit++) {
                byte[] spoiled = whole.clone();
                spoiled[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(decode(spoiled, settings))
                        .as("bit %d", bit)
                        .isInstanceOf(DecodedPacket.Bad.class);
            }
        }
    }

    @Test
    void aWrongAhPasswordIsAnAuthenticationFailure() {
        assertThat(refusal(decode(packet(withAh("1111")), withAh("2222"))))
                .isEqualTo(Rejection.AUTHENTICATION);
    }

    @Test
    void ahForAnInstanceWithoutItIsAnAuthenticationTypeMismatch() {
        assertThat(refusal(decode(packet(withAh("1111")), v2)))
                .isEqualTo(Rejection.AUTHENTICATION_TYPE);
    }

    @Test
    void anIntervalOfZeroIsRefused() {
        byte[] packet = packet(v3);
        packet[24] = 0;
        packet[25] = 0;
        assertThat(refusal(decode(checksummed(packet), v3))).isEqualTo(Rejection.ADVERT_INTERVAL);
    }

    @Test
    void noAddressAtAllIsRefused() {
        byte[] packet = packet(v3);
        packet[23] = 0;
        assertThat(refusal(decode(checksummed(packet), v3))).isEqualTo(Rejection.ADDRESS_COUNT);
    }

    @Test
    void otherVersionsAndTypesAreRefused() {
        for (int version = 0; version < 16; version++) {
            for (int type = 0; type < 16; type++) {
                if ((version == 2 || version == 3) && type == 1) {
                    continue;
                }
                byte[] packet = packet(v2);
                packet[20] = (byte) (version << 4 | type);
                assertThat(refusal(decode(checksummed(packet), v2)))
                        .isIn(Rejection.VERSION, Rejection.TYPE);
            }
        }
    }

    @Test
    void theLimitsOfAllFieldsComeThrough() {
        for (int id : new int[] {1, 255}) {
            for (int hundredths : new int[] {1, 100, 4095}) {
                InstanceSettings settings =
                        settings(
                                VrrpVersion.V3,
                                id,
                                Duration.ofMillis(hundredths * 10L),
                                Authentication.NONE,
                                "255.255.255.255");
                DecodedPacket.Good good = (DecodedPacket.Good) decode(packet(settings), settings);
                assertThat(good.advert().virtualRouterId()).isEqualTo(id);
                assertThat(good.advert().advertIntervalNanos()).isEqualTo(hundredths * 10_000_000L);
                assertThat(good.advert().addresses())
                        .containsExactly(IpAddress.literal("255.255.255.255"));
            }
        }
    }

    private static InstanceSettings of(VrrpVersion version, Authentication authentication) {
        return settings(version, 51, Duration.ofSeconds(1), authentication, "10.99.0.200");
    }

    private static InstanceSettings withAh(String password) {
        return of(VrrpVersion.V2, ah(password));
    }

    private static byte[] packet(InstanceSettings settings) {
        return AdvertEncoder.packetV4(settings, 100, A, GROUP, 1, 255, 7);
    }

    private static DecodedPacket decode(byte[] packet, InstanceSettings receiver) {
        return AdvertDecoder.decodeV4(packet, id -> Optional.of(receiver.authentication()));
    }

    private static Rejection refusal(DecodedPacket decoded) {
        return ((DecodedPacket.Bad) decoded).cause();
    }

    private static byte[] withTotalLength(byte[] packet, int length) {
        ByteBuffer.wrap(packet).putShort(2, (short) length);
        return packet;
    }

    /** With a right checksum again, by version 2's rule, which version 3 receivers accept too. */
    private static byte[] checksummed(byte[] packet) {
        packet[26] = 0;
        packet[27] = 0;
        int checksum = Checksum.of(packet, 20, packet.length);
        packet[26] = (byte) (checksum >> 8);
        packet[27] = (byte) checksum;
        return packet;
    }
}
