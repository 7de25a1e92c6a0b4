package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetlinkReplyTest {
    @Test
    void aLinkIsReadWithItsAttributes() {
        Link link = RtnetlinkReplies.link(NetlinkReply.parse(linkMessage()).getFirst());
        assertThat(link.index()).isEqualTo(5);
        assertThat(link.name()).isEqualTo("ring0");
        assertThat(link.up()).isTrue();
        assertThat(link.running()).isTrue();
        assertThat(link.macAddress()).contains(MacAddress.parse("02:00:0a:01:00:64"));
        assertThat(link.master()).hasValue(3);
        assertThat(link.kind()).contains("veth");
    }

    @Test
    void severalMessagesInOneDatagramAreSplit() {
        ByteBuffer one = linkMessage();
        ByteBuffer two =
                ByteBuffer.allocate(2 * one.limit())
                        .order(ByteOrder.nativeOrder())
                        .put(one.duplicate())
                        .put(one.duplicate())
                        .flip();
        List<NetlinkReply> replies = NetlinkReply.parse(two);
        assertThat(replies).hasSize(2).allMatch(r -> r.type() == RtnetlinkRequests.NEW_LINK);
    }

    @Test
    void everyTruncationIsRefusedOrReadWithoutReachingBeyondTheEnd() {
        ByteBuffer whole = linkMessage();
        for (int length = 1; length < whole.limit(); length++) {
            ByteBuffer cut = whole.slice(0, length);
            assertThatThrownBy(() -> NetlinkReply.parse(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(MalformedNetlinkException.class);
        }
    }

    @Test
    void attributesThatClaimMoreThanIsThereAreRefused() {
        for (int position = 32; position < linkMessage().limit(); position += 4) {
            ByteBuffer damaged = linkMessage();
            damaged.putShort(position, (short) 0xffff);
            Throwable thrown =
                    catchThrowable(
                            () -> NetlinkReply.parse(damaged).forEach(RtnetlinkReplies::link));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(MalformedNetlinkException.class);
            }
        }
    }

    @Test
    void anErrorCarriesErrnoAndTheKernelsSentence() {
        NetlinkMessage error =
                new NetlinkMessage(NetlinkReply.TYPE_ERROR, 0x300, 4)
                        .fixedPart(b -> b.putInt(-17).put(new byte[16]))
                        .attribute(1, "Address already assigned");
        NetlinkReply reply = NetlinkReply.parse(ByteBuffer.wrap(error.bytes())).getFirst();
        assertThat(reply.errorNumber()).isEqualTo(17);
        assertThat(reply.errorText()).contains("Address already assigned");
    }

    private static ByteBuffer linkMessage() {
        NetlinkMessage message =
                new NetlinkMessage(RtnetlinkRequests.NEW_LINK, 0, 1)
                        .fixedPart(
                                b ->
                                        b.putInt(0x0001_0000) // family, ARPHRD_ETHER
                                                .putInt(5)
                                                .putInt(
                                                        RtnetlinkRequests.LINK_UP
                                                                | RtnetlinkRequests.LINK_LOWER_UP)
                                                .putInt(0))
                        .attribute(RtnetlinkRequests.LINK_NAME, "ring0")
                        .attribute(
                                RtnetlinkRequests.LINK_MAC,
                                MacAddress.parse("02:00:0a:01:00:64").bytes())
                        .attribute(RtnetlinkRequests.LINK_MASTER, 3)
                        .nested(
                                RtnetlinkRequests.LINK_INFO,
                                info -> info.attribute(RtnetlinkRequests.LINK_INFO_KIND, "veth"));
        return ByteBuffer.wrap(message.bytes()).order(ByteOrder.nativeOrder());
    }
}
