package io.holdfast.linux.net;

import static io.holdfast.linux.net.NetlinkReply.number;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads what rtnetlink tells about links and addresses. */
final class RtnetlinkReplies {
    private RtnetlinkReplies() {}

    static Link link(NetlinkReply reply) {
        Map<Integer, ByteBuffer> attributes = reply.attributes(RtnetlinkRequests.LINK_FIXED_BYTES);
        int flags = reply.payload().getInt(8);
        ByteBuffer name = attributes.get(RtnetlinkRequests.LINK_NAME);
        if (name == null) {
            throw new MalformedNetlinkException("a link without a name");
        }
        return new Link(
                reply.payload().getInt(4),
                NetlinkReply.string(name),
                Optional.ofNullable(attributes.get(RtnetlinkRequests.LINK_MAC))
                        .filter(mac -> mac.limit() == MacAddress.BYTES)
                        .map(mac -> MacAddress.of(NetlinkReply.bytes(mac))),
                number(attributes, RtnetlinkRequests.LINK_MTU).orElse(0),
                (flags & RtnetlinkRequests.LINK_UP) != 0,
                (flags & RtnetlinkRequests.LINK_LOWER_UP) != 0,
                (flags & RtnetlinkRequests.LINK_LOOPBACK) != 0,
                number(attributes, RtnetlinkRequests.LINK_MASTER),
                Optional.ofNullable(attributes.get(RtnetlinkRequests.LINK_INFO))
                        .flatMap(RtnetlinkReplies::kind));
    }

    static InterfaceAddress address(NetlinkReply reply) {
        Map<Integer, ByteBuffer> attributes =
                reply.attributes(RtnetlinkRequests.ADDRESS_FIXED_BYTES);
        // On a point-to-point link ADDRESS is the other end; LOCAL is always ours where it is
        // given.
        ByteBuffer bytes =
                attributes.getOrDefault(
                        RtnetlinkRequests.ADDRESS_LOCAL,
                        attributes.get(RtnetlinkRequests.ADDRESS_ADDRESS));
        if (bytes == null) {
            throw new MalformedNetlinkException("an address entry without an address");
        }
        OptionalInt wideFlags = number(attributes, RtnetlinkRequests.ADDRESS_FLAGS);
        return new InterfaceAddress(
                reply.payload().getInt(4),
                inetAddress(NetlinkReply.bytes(bytes)),
                reply.payload().get(1) & 0xff,
                Optional.ofNullable(attributes.get(RtnetlinkRequests.ADDRESS_LABEL))
                        .map(NetlinkReply::string),
                validSeconds(attributes),
                (wideFlags.orElse(reply.payload().get(2)) & RtnetlinkRequests.ADDRESS_SECONDARY)
                        != 0);
    }

    private static Optional<String> kind(ByteBuffer linkInfo) {
        return Optional.ofNullable(
                        NetlinkReply.attributes(linkInfo, 0).get(RtnetlinkRequests.LINK_INFO_KIND))
                .map(NetlinkReply::string);
    }

    private static OptionalLong validSeconds(Map<Integer, ByteBuffer> attributes) {
        ByteBuffer cacheInfo = attributes.get(RtnetlinkRequests.ADDRESS_CACHE_INFO);
        if (cacheInfo == null || cacheInfo.limit() < 8) {
            return OptionalLong.empty();
        }
        long valid = cacheInfo.getInt(4) & RtnetlinkRequests.FOREVER;
        return valid == RtnetlinkRequests.FOREVER ? OptionalLong.empty() : OptionalLong.of(valid);
    }

    private static InetAddress inetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new MalformedNetlinkException("an address of " + bytes.length + " bytes");
        }
    }
}
