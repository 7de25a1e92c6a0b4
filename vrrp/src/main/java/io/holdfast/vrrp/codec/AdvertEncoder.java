package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VrrpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds adverts.
 *
 * <pre>
 *  version 2 (RFC 3768 5.1)                 version 3 (RFC 9568 5.1)
 *  0      1      2        3                 0      1      2        3
 *  0x21   id     priority count             0x31   id     priority count
 *  auth   seconds    checksum               0   hundredths         checksum
 *  address 1 (4 bytes) …                    address 1 (4 or 16 bytes) …
 *  authentication data (8 bytes, always)
 * </pre>
 *
 * The checksum of version 2 covers the message alone; that of version 3 a pseudo-header too (for
 * IPv4 as configured). With AH the message follows an authentication header of 24 bytes: next
 * header, length, two zeros, SPI (the sender's address), sequence number, integrity value.
 */
public final class AdvertEncoder {
    private static final int VERSION_2_ADVERT = 0x21;
    private static final int VERSION_3_ADVERT = 0x31;
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_OFFSET = 6;
    private static final int AUTHENTICATION_BYTES = 8;
    private static final int AH_BYTES = 24;
    private static final long NANOS_PER_HUNDREDTH = 10_000_000L;

    private AdvertEncoder() {}

    /**
     * The message without any IP header, as a raw IPv6 socket sends it.
     *
     * @param priority 0 to 255
     */
    public static byte[] message(
            InstanceSettings settings, int priority, IpAddress source, IpAddress destination) {
        byte[] message =
                settings.version() == VrrpVersion.V2
                        ? messageV2(settings, priority)
                        : messageV3(settings, priority);
        int checksum = checksum(settings, message, source, destination);
        message[CHECKSUM_OFFSET] = (byte) (checksum >> 8);
        message[CHECKSUM_OFFSET + 1] = (byte) checksum;
        return message;
    }

    /**
     * A whole IPv4 packet, as a raw IPv4 socket with a header of our own sends it.
     *
     * @param identification of the IP packet; AH covers it
     * @param ttl 255, unless configured for unicast
     * @param ahSequence counts only where AH is configured
     */
    public static byte[] packetV4(
            InstanceSettings settings,
            int priority,
            IpAddress source,
            IpAddress destination,
            int identification,
            int ttl,
            long ahSequence) {
        boolean ah =
                settings.version() == VrrpVersion.V2
                        && settings.authentication().kind() == Authentication.Kind.AH;
        byte[] message = message(settings, priority, source, destination);
        int total = Ipv4Header.BYTES + (ah ? AH_BYTES : 0) + message.length;
        ByteBuffer packet =
                ByteBuffer.allocate(total)
                        .put((byte) 0x45)
                        .put((byte) Ipv4Header.TYPE_OF_SERVICE)
                        .putShort((short) total)
                        .putShort((short) identification)
                        .putShort((short) 0)
                        .put((byte) ttl)
                        .put((byte) (ah ? Ipv4Header.PROTOCOL_AH : Checksum.PROTOCOL_VRRP))
                        .putShort((short) 0) // the header's checksum, below
                        .put(source.bytes())
                        .put(destination.bytes());
        if (ah) {
            packet.put((byte) Checksum.PROTOCOL_VRRP)
                    .put((byte) (AH_BYTES / 4 - 2)) // RFC 2402 2.2
                    .putShort((short) 0)
                    .put(source.bytes())
                    .putInt((int) ahSequence)
                    .put(new byte[AhIntegrity.BYTES]);
        }
        packet.put(message);
        packet.putShort(10, (short) Checksum.of(packet.array(), 0, Ipv4Header.BYTES));
        if (ah) {
            boolean unicast = !destination.isMulticast();
            packet.put(
                    Ipv4Header.BYTES + AhIntegrity.OFFSET,
                    AhIntegrity.of(packet.array(), settings.authentication().password(), unicast));
        }
        return packet.array();
    }

    private static byte[] messageV2(InstanceSettings settings, int priority) {
        byte[] message = new byte[bytes(settings) + AUTHENTICATION_BYTES];
        begin(message, VERSION_2_ADVERT, settings, priority)
                .put((byte) settings.authentication().kind().code())
                .put((byte) settings.advertInterval().toSeconds())
                .putShort((short) 0)
                .put(addresses(settings))
                .put(authenticationData(settings.authentication()));
        return message;
    }

    private static byte[] messageV3(InstanceSettings settings, int priority) {
        byte[] message = new byte[bytes(settings)];
        begin(message, VERSION_3_ADVERT, settings, priority)
                .putShort((short) (settings.advertInterval().toNanos() / NANOS_PER_HUNDREDTH))
                .putShort((short) 0)
                .put(addresses(settings));
        return message;
    }

    private static int bytes(InstanceSettings settings) {
        return HEADER_BYTES + settings.addresses().size() * settings.family().addressBytes();
    }

    private static ByteBuffer begin(
            byte[] message, int versionAndType, InstanceSettings settings, int priority) {
        return ByteBuffer.wrap(message)
                .put((byte) versionAndType)
                .put((byte) settings.virtualRouterId())
                .put((byte) priority)
                .put((byte) settings.addresses().size());
    }

    private static byte[] addresses(InstanceSettings settings) {
        int each = settings.family().addressBytes();
        byte[] addresses = new byte[settings.addresses().size() * each];
        int position = 0;
        for (VirtualAddress address : settings.addresses()) {
            System.arraycopy(address.address().bytes(), 0, addresses, position, each);
            position += each;
        }
        return addresses;
    }

    private static byte[] authenticationData(Authentication authentication) {
        // With AH the password is the key, and never travels.
        String password =
                authentication.kind() == Authentication.Kind.PASS ? authentication.password() : "";
        return Arrays.copyOf(password.getBytes(StandardCharsets.ISO_8859_1), AUTHENTICATION_BYTES);
    }

    private static int checksum(
            InstanceSettings settings, byte[] message, IpAddress source, IpAddress destination) {
        boolean pseudoHeader =
                settings.version() == VrrpVersion.V3
                        && (source.bytes().length == 16 || settings.transport().pseudoHeader());
        return pseudoHeader
                ? Checksum.withPseudoHeader(
                        source, destination, Checksum.PROTOCOL_VRRP, message, 0, message.length)
                : Checksum.of(message, 0, message.length);
    }
}
