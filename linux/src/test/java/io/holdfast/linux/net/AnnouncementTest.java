package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.process.Namespace;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
    private static final MacAddress OWNER = MacAddress.parse("02:00:c0:a8:7b:64");
    private static final Inet4Address FLOATING =
            (Inet4Address) InetAddress.ofLiteral("192.168.123.31");

    @Test
    void anArpAnnouncementIsABroadcastRequestForOnesOwnAddress() {
        assertThat(HexFormat.of().formatHex(ArpPacket.announcement(OWNER, FLOATING).encode()))
                .isEqualTo(
                        "ffffffffffff"
                                + "0200c0a87b64"
                                + "0806" // Ethernet
                                + "0001"
                                + "0800"
                                + "06"
                                + "04"
                                + "0001" // Ethernet, IPv4, request
                                + "0200c0a87b64"
                                + "c0a87b1f" // sender
                                + "000000000000"
                                + "c0a87b1f"); // target
    }

    @Test
    void aGratuitousReplyNamesItsOwnerTwice() {
        assertThat(HexFormat.of().formatHex(ArpPacket.gratuitousReply(OWNER, FLOATING).encode()))
                .isEqualTo(
                        "ffffffffffff"
                                + "0200c0a87b64"
                                + "0806"
                                + "0001"
                                + "0800"
                                + "06"
                                + "04"
                                + "0002"
                                + "0200c0a87b64"
                                + "c0a87b1f"
                                + "0200c0a87b64"
                                + "c0a87b1f");
    }

    @Test
    void whatWasEncodedIsDecodedAlsoWithPaddingButNeverCut() {
        ArpPacket packet = ArpPacket.announcement(OWNER, FLOATING);
        ByteBuffer padded = ByteBuffer.allocate(60).put(packet.encode()).position(0);
        assertThat(ArpPacket.decode(padded)).isEqualTo(packet);
        for (int length = 0; length < ArpPacket.BYTES; length++) {
            ByteBuffer cut = ByteBuffer.wrap(packet.encode(), 0, length);
            assertThatThrownBy(() -> ArpPacket.decode(cut)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void otherProtocolsAndOperationsAreRefused() {
        for (int position : new int[] {12, 14, 16, 18, 19, 20}) {
            byte[] frame = ArpPacket.announcement(OWNER, FLOATING).encode();
            frame[position] ^= 0x40;
            assertThatThrownBy(() -> ArpPacket.decode(ByteBuffer.wrap(frame)))
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void anUnsolicitedNeighborAdvertisementOverridesAndIsChecksummed() {
        Inet6Address address = (Inet6Address) InetAddress.ofLiteral("2001:db8::31");
        assertThat(HexFormat.of().formatHex(new NeighborAdvertisement(OWNER, address).encode()))
                .isEqualTo(
                        "333300000001"
                                + "0200c0a87b64"
                                + "86dd"
                                + "60000000"
                                + "0020"
                                + "3a"
                                + "ff"
                                + "20010db8000000000000000000000031"
                                + "ff020000000000000000000000000001"
                                + "88"
                                + "00"
                                + "bcbe" // checksum, computed apart from this code
                                + "20000000"
                                + "20010db8000000000000000000000031"
                                + "02"
                                + "01"
                                + "0200c0a87b64");
    }

    @Test
    void neighboursOnTheLinkHearTheAnnouncement() {
        try (Namespace here = OwnNetwork.create();
                Namespace there = OwnNetwork.create();
                Rtnetlink ours = Rtnetlink.open(here);
                Rtnetlink theirs = Rtnetlink.open(there)) {
            ours.createVethPair("left", "right", there);
            ours.setMacAddress("left", OWNER);
            ours.setUp("left");
            theirs.setUp("right");
            Link right = theirs.requireLink("right");
            try (PacketSocket listener =
                            there.call(() -> PacketSocket.open(right, ArpPacket.ETHERTYPE, 2_000));
                    AddressAnnouncement announcement =
                            here.call(
                                    () ->
                                            AddressAnnouncement.of(
                                                    ours.requireLink("left"), FLOATING))) {
                announcement.send();
                assertThat(ArpPacket.decode(listener.receive()))
                        .isEqualTo(ArpPacket.announcement(OWNER, FLOATING));
                assertThat(ArpPacket.decode(listener.receive()))
                        .isEqualTo(ArpPacket.gratuitousReply(OWNER, FLOATING));
            }
        }
    }
}
