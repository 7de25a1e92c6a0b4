package io.holdfast.vrrp.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.vrrp.codec.AdvertDecoder;
import io.holdfast.vrrp.codec.AdvertEncoder;
import io.holdfast.vrrp.codec.DecodedPacket;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceStatistics;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.RouterEffect;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VirtualRouters;
import io.holdfast.vrrp.core.VrrpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives: never an exception, and nothing moves because of a packet that fails a check.
 */
class MutatedPacketsTest {
    private static final IpAddress OWN = IpAddress.literal("10.99.0.2");
    private static final IpAddress OTHER = IpAddress.literal("10.99.0.1");
    private static final IpAddress GROUP = IpAddress.literal("224.0.0.18");
    private static final IpAddress OTHER6 = IpAddress.literal("fe80::1");
    private static final IpAddress GROUP6 = IpAddress.literal("ff02::12");

    @Test
    void twentyThousandMutatedPacketsMoveNothing() {
        throwAt(20_000, 4711);
    }

    @Test
    @Tag("nightly")
    void aMillionMutatedPacketsMoveNothing() {
        throwAt(1_000_000, new SplittableRandom().nextLong());
    }

    private static void throwAt(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<InstanceSettings> kinds = kinds();
        for (InstanceSettings kind : kinds) {
            Target master = new Target(kind, true);
            Target backup = new Target(kind, false);
            byte[] good = packet(kind);
            for (int i = 0; i < count / kinds.size(); i++) {
                byte[] packet = mutated(good, random);
                String what = "seed " + seed + ", packet " + i + " for " + kind.name();
                master.takeWithoutMoving(packet, what);
                backup.takeWithoutMoving(packet, what);
            }
        }
    }

    private static List<InstanceSettings> kinds() {
        return List.of(
                new SettingsMaker("v2", VrrpVersion.V2, 51, 100, "10.99.0.200/24").make(),
                new SettingsMaker("pass", VrrpVersion.V2, 51, 100, "10.99.0.200/24")
                        .authentication(Authentication.Kind.PASS, "1111")
                        .make(),
                new SettingsMaker("ah", VrrpVersion.V2, 51, 100, "10.99.0.200/24")
                        .authentication(Authentication.Kind.AH, "1111")
                        .make(),
                new SettingsMaker("v3", VrrpVersion.V3, 51, 100, "10.99.0.200/24").make(),
                new SettingsMaker("ipv6", VrrpVersion.V3, 51, 100, "fe80::200/64").make());
    }

    private static byte[] packet(InstanceSettings kind) {
        return kind.name().equals("ipv6")
                ? AdvertEncoder.message(kind, 200, OTHER6, GROUP6)
                : AdvertEncoder.packetV4(kind, 200, OTHER, GROUP, 1, 255, 2_000);
    }

    private static byte[] mutated(byte[] good, SplittableRandom random) {
        byte[] packet = good.clone();
        int changes = random.nextInt(1, 5);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(packet.length);
            packet[at] =
                    switch (random.nextInt(4)) {
                        case 0 -> (byte) random.nextInt(256);
                        case 1 -> (byte) (packet[at] ^ 1 << random.nextInt(8));
                        case 2 -> (byte) 0xff;
                        default -> 0;
                    };
        }
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(packet, random.nextInt(packet.length + 1));
            case 1 -> Arrays.copyOf(packet, packet.length + random.nextInt(40));
            default -> packet;
        };
    }

    /** A router that is Master or Backup, behind the decoder. */
    private static final class Target {
        private final InstanceSettings settings;
        private final VirtualRouters core;
        private final long now;

        Target(InstanceSettings settings, boolean master) {
            this.settings = settings;
            this.core = new VirtualRouters(RouterSettings.of(List.of(settings)), 0, 0);
            core.interfaceChanged("eth0", true, "", 0);
            core.primaryAddressChanged(
                    settings.name(),
                    Optional.of(
                            settings.name().equals("ipv6") ? IpAddress.literal("fe80::2") : OWN),
                    0);
            core.start(0);
            now = master ? 4_000_000_000L : 1;
            core.timePassed(now);
        }

        void takeWithoutMoving(byte[] packet, String what) {
            InstanceStatistics before = core.data(now, 0).getFirst().statistics();
            DecodedPacket decoded =
                    settings.name().equals("ipv6")
                            ? AdvertDecoder.decodeV6(packet, OTHER6, GROUP6, 255)
                            : AdvertDecoder.decodeV4(
                                    packet, id -> Optional.of(settings.authentication()));
            List<RouterEffect> effects =
                    switch (decoded) {
                        case DecodedPacket.Bad bad when bad.source().isPresent() ->
                                core.packetRefused(
                                        settings.name(),
                                        bad.source().get(),
                                        bad.cause(),
                                        bad.detail(),
                                        now);
                        case DecodedPacket.Bad ignored -> List.of();
                        case DecodedPacket.Good(var advert, var source) ->
                                advert.virtualRouterId() == settings.virtualRouterId()
                                        ? heed(new DecodedPacket.Good(advert, source), before)
                                        : List.of();
                    };
            assertThat(effects).as(what).allMatch(effect -> effect instanceof RouterEffect.Tell);
        }

        /** One that passed every check (its IP header alone was mutated) may move what it likes. */
        private List<RouterEffect> heed(DecodedPacket.Good good, InstanceStatistics before) {
            Target fresh = new Target(settings, now > 1);
            List<RouterEffect> effects =
                    fresh.core.advertReceived(settings.name(), good.advert(), good.source(), now);
            boolean counted = fresh.core.data(now, 0).getFirst().statistics().advertsReceived() > 0;
            assertThat(before.advertsReceived()).isZero();
            return counted ? List.of() : effects;
        }
    }
}
