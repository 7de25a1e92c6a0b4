package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.Advert;
import io.holdfast.vrrp.core.AdvertSource;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.Rejection;
import io.holdfast.vrrp.core.VrrpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Reads adverts. Every length is checked against the bytes that are there before it is believed;
 * bytes behind the message are Ethernet's padding. Nothing that arrives makes it throw.
 */
public final class AdvertDecoder {
    private static final int HEADER_BYTES = 8;
    private static final int AUTHENTICATION_BYTES = 8;
    private static final int AH_BYTES = 24;
    private static final int TYPE_ADVERT = 1;
    private static final long SECOND = 1_000_000_000L;
    private static final long HUNDREDTH = 10_000_000L;

    private AdvertDecoder() {}

    /**
     * A whole IPv4 packet, as a raw socket delivers it.
     *
     * @param passwords of the virtual router with that ID, to check AH; empty: nobody has that ID
     */
    public static DecodedPacket decodeV4(
            byte[] packet, IntFunction<Optional<Authentication>> passwords) {
        if (packet.length < Ipv4Header.BYTES || (packet[0] & 0xff) >>> 4 != 4) {
            return bad(Rejection.TRUNCATED, "it is no IPv4 packet");
        }
        int headerBytes = (packet[0] & 0xf) * 4;
        int total = unsigned16(packet, 2);
        if (headerBytes < Ipv4Header.BYTES || total < headerBytes || total > packet.length) {
            return bad(
                    Rejection.TRUNCATED,
                    "its IP header tells %d of %d bytes, %d are there"
                            .formatted(headerBytes, total, packet.length));
        }
        IpAddress from = IpAddress.of(Arrays.copyOfRange(packet, 12, 16));
        IpAddress to = IpAddress.of(Arrays.copyOfRange(packet, 16, 20));
        AdvertSource source = new AdvertSource(from, packet[8] & 0xff);
        return switch (packet[9] & 0xff) {
            case Checksum.PROTOCOL_VRRP ->
                    new Message(packet, headerBytes, total, source, to).decode(false, 0);
            case Ipv4Header.PROTOCOL_AH ->
                    decodeAh(packet, headerBytes, total, source, to, passwords);
            default ->
                    bad(
                            Rejection.TYPE,
                            "its IP protocol is " + (packet[9] & 0xff),
                            source,
                            OptionalInt.empty());
        };
    }

    /** The message alone, as a raw IPv6 socket delivers it. */
    public static DecodedPacket decodeV6(
            byte[] message, IpAddress from, IpAddress to, int hopLimit) {
        AdvertSource source = new AdvertSource(from, hopLimit);
        return new Message(message, 0, message.length, source, to).decode(false, 0);
    }

    private static DecodedPacket decodeAh(
            byte[] packet,
            int start,
            int total,
            AdvertSource source,
            IpAddress to,
            IntFunction<Optional<Authentication>> passwords) {
        // Options could be changed on the way by rules that nobody here uses: refused.
        if (start != Ipv4Header.BYTES || total < start + AH_BYTES + HEADER_BYTES) {
            return bad(
                    Rejection.TRUNCATED,
                    "its authentication header does not fit in " + total + " bytes",
                    source,
                    OptionalInt.empty());
        }
        if ((packet[start] & 0xff) != Checksum.PROTOCOL_VRRP
                || packet[start + 1] != AH_BYTES / 4 - 2) {
            return bad(
                    Rejection.AUTHENTICATION,
                    "its authentication header is of another kind",
                    source,
                    OptionalInt.empty());
        }
        int id = packet[start + AH_BYTES + 1] & 0xff;
        Optional<Authentication> own = passwords.apply(id);
        if (own.isEmpty()) {
            return bad(
                    Rejection.UNKNOWN_VIRTUAL_ROUTER,
                    "nobody here has virtual router ID " + id,
                    source,
                    OptionalInt.of(id));
        }
        byte[] whole = Arrays.copyOf(packet, total);
        byte[] expected = AhIntegrity.of(whole, own.get().password(), !to.isMulticast());
        int icv = start + AhIntegrity.OFFSET;
        byte[] found = Arrays.copyOfRange(packet, icv, icv + AhIntegrity.BYTES);
        if (own.get().kind() != Authentication.Kind.AH) {
            return bad(
                    Rejection.AUTHENTICATION_TYPE,
                    "its auth_type is AH, this node's is " + own.get().kind(),
                    source,
                    OptionalInt.of(id));
        }
        if (!MessageDigest.isEqual(expected, found)) {
            return bad(
                    Rejection.AUTHENTICATION,
                    "its AH integrity value is wrong: auth_pass is another one",
                    source,
                    OptionalInt.of(id));
        }
        long sequence = (long) unsigned16(packet, start + 8) << 16 | unsigned16(packet, start + 10);
        return new Message(packet, start + AH_BYTES, total, source, to).decode(true, sequence);
    }

    /** The VRRP message in a packet, from {@code start} to {@code end}. */
    private static final class Message {
        private final byte[] packet;
        private final int start;
        private final int end;
        private final AdvertSource source;
        private final IpAddress destination;

        Message(byte[] packet, int start, int end, AdvertSource source, IpAddress destination) {
            this.packet = packet;
            this.start = start;
            this.end = end;
            this.source = source;
            this.destination = destination;
        }

        DecodedPacket decode(boolean inAh, long ahSequence) {
            if (end - start < HEADER_BYTES) {
                return refuse(
                        Rejection.TRUNCATED,
                        "%d bytes are no advert".formatted(end - start),
                        OptionalInt.empty());
            }
            int version = (packet[start] & 0xff) >>> 4;
            OptionalInt id = OptionalInt.of(packet[start + 1] & 0xff);
            if ((packet[start] & 0xf) != TYPE_ADVERT) {
                return refuse(
                        Rejection.TYPE, "its type is " + (packet[start] & 0xf) + ", not 1", id);
            }
            boolean isV4 = source.address().family() == AddressFamily.IPV4;
            if (version != 3 && (version != 2 || !isV4)) {
                return refuse(Rejection.VERSION, "it is of VRRP version " + version, id);
            }
            int count = packet[start + 3] & 0xff;
            int trailer = version == 2 ? AUTHENTICATION_BYTES : 0;
            int addressBytes = count * source.address().family().addressBytes();
            int messageEnd = start + HEADER_BYTES + addressBytes + trailer;
            if (messageEnd > end) {
                return refuse(
                        Rejection.TRUNCATED,
                        "it has %d bytes, %d addresses need %d"
                                .formatted(end - start, count, messageEnd - start),
                        id);
            }
            if (count == 0) { // RFC 9568, erratum 8299
                return refuse(Rejection.ADDRESS_COUNT, "it names no address", id);
            }
            if (!checksumIsRight(version, messageEnd)) {
                return refuse(Rejection.CHECKSUM, "its checksum is wrong", id);
            }
            return version == 2
                    ? decodeV2(count, messageEnd, inAh, ahSequence)
                    : decodeV3(count, inAh);
        }

        private boolean checksumIsRight(int version, int messageEnd) {
            return version == 2
                    ? Checksum.of(packet, start, messageEnd) == 0
                    : Checksum.isRightV3(source.address(), destination, packet, start, messageEnd);
        }

        private DecodedPacket decodeV2(int count, int messageEnd, boolean inAh, long ahSequence) {
            OptionalInt id = OptionalInt.of(packet[start + 1] & 0xff);
            int type = packet[start + 4] & 0xff;
            Authentication.Kind kind;
            if (inAh) {
                kind = Authentication.Kind.AH;
            } else if (type == Authentication.Kind.NONE.code()) {
                kind = Authentication.Kind.NONE;
            } else if (type == Authentication.Kind.PASS.code()) {
                kind = Authentication.Kind.PASS;
            } else {
                return refuse(Rejection.AUTHENTICATION_TYPE, "its auth_type is number " + type, id);
            }
            int seconds = packet[start + 5] & 0xff;
            if (seconds == 0) {
                return refuse(Rejection.ADVERT_INTERVAL, "its interval is 0", id);
            }
            Optional<String> password =
                    kind == Authentication.Kind.PASS
                            ? Optional.of(
                                    new String(
                                            packet,
                                            messageEnd - AUTHENTICATION_BYTES,
                                            AUTHENTICATION_BYTES,
                                            StandardCharsets.ISO_8859_1))
                            : Optional.empty();
            return good(VrrpVersion.V2, seconds * SECOND, count, kind, password, ahSequence);
        }

        private DecodedPacket decodeV3(int count, boolean inAh) {
            OptionalInt id = OptionalInt.of(packet[start + 1] & 0xff);
            if (inAh) {
                return refuse(Rejection.AUTHENTICATION_TYPE, "VRRP version 3 knows no AH", id);
            }
            int hundredths = unsigned16(packet, start + 4) & 0xfff;
            if (hundredths == 0) { // RFC 9568, erratum 8301
                return refuse(Rejection.ADVERT_INTERVAL, "its interval is 0", id);
            }
            return good(
                    VrrpVersion.V3,
                    hundredths * HUNDREDTH,
                    count,
                    Authentication.Kind.NONE,
                    Optional.empty(),
                    0);
        }

        private DecodedPacket good(
                VrrpVersion version,
                long intervalNanos,
                int count,
                Authentication.Kind kind,
                Optional<String> password,
                long ahSequence) {
            return new DecodedPacket.Good(
                    new Advert(
                            version,
                            packet[start + 1] & 0xff,
                            packet[start + 2] & 0xff,
                            intervalNanos,
                            addresses(count),
                            kind,
                            password,
                            ahSequence),
                    source);
        }

        private List<IpAddress> addresses(int count) {
            int bytes = source.address().family().addressBytes();
            List<IpAddress> addresses = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int from = start + HEADER_BYTES + i * bytes;
                addresses.add(IpAddress.of(Arrays.copyOfRange(packet, from, from + bytes)));
            }
            return addresses;
        }

        private DecodedPacket refuse(Rejection cause, String detail, OptionalInt id) {
            return bad(cause, detail, source, id);
        }
    }

    private static DecodedPacket bad(Rejection cause, String detail) {
        return new DecodedPacket.Bad(cause, detail, Optional.empty(), OptionalInt.empty());
    }

    private static DecodedPacket bad(
            Rejection cause, String detail, AdvertSource source, OptionalInt id) {
        return new DecodedPacket.Bad(cause, detail, Optional.of(source), id);
    }

    private static int unsigned16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
