package io.holdfast.vrrp.codec;

import static io.holdfast.vrrp.codec.Samples.A;
import static io.holdfast.vrrp.codec.Samples.A6;
import static io.holdfast.vrrp.codec.Samples.B;
import static io.holdfast.vrrp.codec.Samples.GROUP;
import static io.holdfast.vrrp.codec.Samples.GROUP6;
import static io.holdfast.vrrp.codec.Samples.ah;
import static io.holdfast.vrrp.codec.Samples.pass;
import static io.holdfast.vrrp.codec.Samples.settings;
import static io.holdfast.vrrp.core.VrrpVersion.V2;
import static io.holdfast.vrrp.core.VrrpVersion.V3;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Byte for byte what Keepalived 2.2.7 was seen to send, IP header and all. */
class GoldenAdvertTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String VIP = "10.99.0.200";

    @Test
    void version2WithAPassword() {
        sends(
                settings(V2, 51, SECOND, pass("1111"), VIP),
                100,
                1,
                "45c0002800010000ff70d02e0a630001e00000122133640101010c3d0a6300c8"
                        + "3131313100000000");
    }

    @Test
    void version2GivingUp() {
        sends(
                settings(V2, 51, SECOND, pass("1111"), VIP),
                0,
                5,
                "45c0002800050000ff70d02a0a630001e0000012213300010101703d0a6300c8"
                        + "3131313100000000");
    }

    @Test
    void version2WithAPasswordOfEightBytesAndTwoSeconds() {
        sends(
                settings(V2, 107, Duration.ofSeconds(2), pass("11112222"), "10.99.0.220"),
                100,
                1,
                "45c0002800010000ff70d02e0a630001e0000012216b64010102a78b0a6300dc"
                        + "3131313132323232");
    }

    @Test
    void version2WithoutAuthenticationStillHasItsEightBytes() {
        sends(
                settings(V2, 51, SECOND, Authentication.NONE, VIP, "10.99.0.201", "10.99.0.202"),
                100,
                1,
                "45c0003000010000ff70d0260a630001e000001221336403000159440a6300c8"
                        + "0a6300c90a6300ca0000000000000000");
    }

    @Test
    void authenticationHeaderToTheGroup() {
        InstanceSettings settings = settings(V2, 51, SECOND, ah("1111"), VIP);
        String wanted =
                "45c0004000010000ff33d0530a630001e0000012700400000a63000100000001"
                        + "4d05c3b969caf2316016baaa2133640102016d9f0a6300c80000000000000000";
        assertThat(hex(AdvertEncoder.packetV4(settings, 100, A, GROUP, 1, 255, 1)))
                .isEqualTo(wanted);
        wanted =
                "45c0004000050000ff33d04f0a630001e0000012700400000a63000100000005"
                        + "18b7f9bfdf70aae27700fff4213300010201d19f0a6300c80000000000000000";
        assertThat(hex(AdvertEncoder.packetV4(settings, 0, A, GROUP, 5, 255, 5))).isEqualTo(wanted);
    }

    @Test
    void authenticationHeaderToAPeerDoesNotCoverTheTtl() {
        InstanceSettings settings = settings(V2, 51, SECOND, ah("1111"), VIP);
        String wanted =
                "45c0004000010000ff33a6010a6300010a630002700400000a63000100000001"
                        + "eb1c552b6c297e9923add5d72133640102016d9f0a6300c80000000000000000";
        assertThat(hex(AdvertEncoder.packetV4(settings, 100, A, B, 1, 255, 1))).isEqualTo(wanted);
    }

    @Test
    void version3OverIpv4HasAPseudoHeader() {
        sends(
                settings(V3, 51, SECOND, Authentication.NONE, VIP),
                100,
                1,
                "45c0002000010000ff70d0360a630001e000001231336401006474490a6300c8");
        sends(
                settings(V3, 51, Duration.ofMillis(10), Authentication.NONE, VIP),
                0,
                44,
                "45c00020002c0000ff70d00b0a630001e0000012313300010001d8ac0a6300c8");
    }

    @Test
    void version3WithThreeAddressesAndATenthOfASecond() {
        sends(
                settings(
                        V3,
                        51,
                        Duration.ofMillis(100),
                        Authentication.NONE,
                        VIP,
                        "10.99.0.201",
                        "10.99.0.202"),
                100,
                1,
                "45c0002800010000ff70d02e0a630001e000001231336403000a5e400a6300c8"
                        + "0a6300c90a6300ca");
    }

    @Test
    void theOwnerSendsPriority255() {
        sends(
                settings(V3, 51, SECOND, Authentication.NONE, VIP),
                255,
                1,
                "45c0002000010000ff70d0360a630001e00000123133ff010064d9480a6300c8");
    }

    @Test
    void version2ToAPeer() {
        assertThat(
                        hex(
                                AdvertEncoder.packetV4(
                                        settings(V2, 51, SECOND, pass("1111"), VIP),
                                        100,
                                        A,
                                        B,
                                        1,
                                        255,
                                        0)))
                .isEqualTo(
                        "45c0002800010000ff70a5dc0a6300010a6300022133640101010c3d0a6300c8"
                                + "3131313100000000");
    }

    @Test
    void version3ToAPeerHasThePeerInItsPseudoHeader() {
        assertThat(
                        hex(
                                AdvertEncoder.packetV4(
                                        settings(V3, 51, SECOND, Authentication.NONE, VIP),
                                        90,
                                        B,
                                        A,
                                        1,
                                        255,
                                        0)))
                .isEqualTo("45c0002000010000ff70a5e40a6300020a63000131335a01006453f70a6300c8");
    }

    @Test
    void version3OverIpv6() {
        InstanceSettings settings =
                settings(V3, 51, SECOND, Authentication.NONE, "fe80::200", "fd00:99::200");
        assertThat(hex(AdvertEncoder.message(settings, 100, A6, GROUP6)))
                .isEqualTo(
                        "31336402006462b9fe800000000000000000000000000200"
                                + "fd000099000000000000000000000200");
        assertThat(hex(AdvertEncoder.message(settings, 0, A6, GROUP6)))
                .isEqualTo(
                        "313300020064c6b9fe800000000000000000000000000200"
                                + "fd000099000000000000000000000200");
    }

    @Test
    void version3OverIpv6ToAPeer() {
        InstanceSettings settings =
                settings(V3, 51, SECOND, Authentication.NONE, "fe80::200", "fd00:99::200");
        IpAddress one = IpAddress.literal("fd00:99::1");
        IpAddress two = IpAddress.literal("fd00:99::2");
        assertThat(hex(AdvertEncoder.message(settings, 100, one, two)))
                .isEqualTo(
                        "3133640200646e7cfe800000000000000000000000000200"
                                + "fd000099000000000000000000000200");
    }

    @Test
    void gratuitousArpWithPhysicalAndVirtualEthernetAddress() {
        assertThat(
                        hex(
                                AnnouncementFrames.announcing(
                                        IpAddress.literal(VIP), bytes("02000a630001"), false)))
                .isEqualTo(
                        "ffffffffffff02000a6300010806000108000604000102000a630001"
                                + "0a6300c8ffffffffffff0a6300c8");
        assertThat(
                        hex(
                                AnnouncementFrames.announcing(
                                        IpAddress.literal(VIP), bytes("00005e000133"), false)))
                .isEqualTo(
                        "ffffffffffff00005e0001330806000108000604000100005e000133"
                                + "0a6300c8ffffffffffff0a6300c8");
    }

    @Test
    void unsolicitedNeighbourAdvertisement() {
        assertThat(
                        hex(
                                AnnouncementFrames.announcing(
                                        IpAddress.literal("fe80::200"),
                                        bytes("02000a630001"),
                                        false)))
                .isEqualTo(
                        "33330000000102000a63000186dd6000000000203afffe800000000000000000000000"
                                + "000200ff0200000000000000000000000000018800493a20000000fe80000000"
                                + "0000000000000000000200020102000a630001");
        assertThat(
                        hex(
                                AnnouncementFrames.announcing(
                                        IpAddress.literal("fe80::200"),
                                        bytes("00005e000233"),
                                        false)))
                .endsWith("8800f56a20000000fe800000000000000000000000000200020100005e000233");
    }

    /** Encodes to the bytes, and decodes from them to what went in. */
    private static void sends(
            InstanceSettings settings, int priority, int identification, String packet) {
        assertThat(
                        hex(
                                AdvertEncoder.packetV4(
                                        settings, priority, A, GROUP, identification, 255, 0)))
                .isEqualTo(packet);
        DecodedPacket decoded =
                AdvertDecoder.decodeV4(bytes(packet), id -> Optional.of(settings.authentication()));
        assertThat(decoded).isInstanceOf(DecodedPacket.Good.class);
        DecodedPacket.Good good = (DecodedPacket.Good) decoded;
        assertThat(good.advert().priority()).isEqualTo(priority);
        assertThat(good.advert().virtualRouterId()).isEqualTo(settings.virtualRouterId());
        assertThat(good.advert().advertIntervalNanos())
                .isEqualTo(settings.advertInterval().toNanos());
        assertThat(good.advert().addresses())
                .containsExactlyElementsOf(
                        settings.addresses().stream().map(a -> a.address()).toList());
        assertThat(good.source().address()).isEqualTo(A);
        assertThat(good.source().ttl()).isEqualTo(255);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
