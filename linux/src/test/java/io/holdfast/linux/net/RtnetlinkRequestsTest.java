package io.holdfast.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Golden bytes, laid out as the kernel's headers say; little-endian. */
class RtnetlinkRequestsTest {
    @BeforeAll
    static void onlyOnLittleEndianMachines() {
        assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "netlink is in the machine's byte order, the golden bytes are little-endian");
    }

    @Test
    void settingALinkUpChangesThatFlagAlone() {
        assertThat(hex(RtnetlinkRequests.setUp(7, 5, true)))
                .isEqualTo(
                        fields(
                                "20000000 1000 0500 07000000 00000000" // header: NEWLINK,
                                        // REQUEST|ACK
                                        + " 00 00 0000 05000000 01000000 01000000")); // ifinfomsg
        assertThat(hex(RtnetlinkRequests.setUp(7, 5, false)))
                .endsWith(fields("05000000 00000000 01000000"));
    }

    @Test
    void anIpv4AddressCarriesItsBroadcastLabelAndLifetime() {
        AddressOptions options = AddressOptions.PLAIN.withLabel("eth0:1").withValidSeconds(3);
        InetAddress address = InetAddress.ofLiteral("192.168.123.31");
        assertThat(hex(RtnetlinkRequests.addAddress(1, 2, address, 24, options, false)))
                .isEqualTo(
                        fields(
                                "50000000 1400 0506 01000000 00000000" // NEWADDR,
                                        // REQUEST|ACK|CREATE|EXCL
                                        + " 02 18 00 00 02000000" // ifaddrmsg
                                        + " 0800 0200 c0a87b1f" // IFA_LOCAL
                                        + " 0800 0100 c0a87b1f" // IFA_ADDRESS
                                        + " 0800 0400 c0a87bff" // IFA_BROADCAST
                                        + " 0b00 0300 657468303a3100 00" // IFA_LABEL, padded
                                        + " 1400 0600 03000000 03000000 00000000 00000000")); // CACHEINFO
    }

    @Test
    void anIpv6AddressIsUsableAtOnceUnlessDuplicatesAreLookedFor() {
        InetAddress address = InetAddress.ofLiteral("2001:db8::1");
        assertThat(hex(RtnetlinkRequests.addAddress(1, 2, address, 64, AddressOptions.PLAIN, true)))
                .isEqualTo(
                        fields(
                                "48000000 1400 0505 01000000 00000000" // REQUEST|ACK|CREATE|REPLACE
                                        + " 0a 40 00 00 02000000"
                                        + " 1400 0200 20010db8000000000000000000000001"
                                        + " 1400 0100 20010db8000000000000000000000001"
                                        + " 0800 0800 02000000")); // IFA_FLAGS: IFA_F_NODAD
    }

    @Test
    void aVethPairNamesItsPeerAndThePeersNamespace() {
        assertThat(hex(RtnetlinkRequests.createVethPair(9, "a", "bc", OptionalInt.of(77))))
                .isEqualTo(
                        fields(
                                "60000000 1000 0506 09000000 00000000"
                                        + " 00 00 0000 00000000 00000000 00000000"
                                        + " 0600 0300 6100 0000" // IFLA_IFNAME "a"
                                        + " 3800 1200" // IFLA_LINKINFO
                                        + " 0900 0100 7665746800 000000" // IFLA_INFO_KIND "veth"
                                        + " 2800 0200" // IFLA_INFO_DATA
                                        + " 2400 0100" // VETH_INFO_PEER
                                        + " 00 00 0000 00000000 00000000 00000000"
                                        + " 0700 0300 626300 00" // IFLA_IFNAME "bc"
                                        + " 0800 1c00 4d000000")); // IFLA_NET_NS_FD 77
    }

    private static String hex(NetlinkMessage message) {
        return HexFormat.of().formatHex(message.bytes());
    }

    /** Expectations are written field by field; the blanks between fields are for the reader. */
    private static String fields(String spaced) {
        return spaced.replace(" ", "");
    }
}
