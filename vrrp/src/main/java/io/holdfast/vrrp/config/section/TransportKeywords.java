package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.TransportSettings;
import io.holdfast.vrrp.core.TransportSettings.UnicastPeer;
import io.holdfast.vrrp.core.VrrpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code mcast_*}, {@code unicast_*}: where adverts come from and go to. */
final class TransportKeywords {
    private final String owner;
    private final Findings findings;
    private @Nullable IpAddress source;
    private @Nullable IpAddress group;
    private boolean trackSource;
    private final List<UnicastPeer> peers = new ArrayList<>();
    private boolean limitsTtl;
    private OptionalInt ttl = OptionalInt.empty();
    private @Nullable Boolean checkSource;
    private boolean faultWithoutPeers;
    private @Nullable Boolean checksumAsVersion2;
    private OptionalInt receiveBuffer = OptionalInt.empty();

    TransportKeywords(String owner, Findings findings) {
        this.owner = owner;
        this.findings = findings;
    }

    void addTo(Section section) {
        section.on("mcast_src_ip", s -> source = s.address().orElse(source))
                .on("unicast_src_ip", s -> source = s.address().orElse(source))
                .on("track_src_ip", s -> trackSource = s.flag(true))
                .on("mcast_dst_ip", s -> group = s.address().orElse(group))
                .each("unicast_peer", s -> s.statement().children().forEach(this::peer))
                .on("unicast_ttl", s -> ttl = s.integer(0, 255))
                .on("check_unicast_src", s -> checkSource = s.flag(false))
                .on("unicast_fault_no_peer", s -> faultWithoutPeers = s.flag(true))
                .on("v3_checksum_as_v2", s -> checksumAsVersion2 = s.flag(false))
                .on("kernel_rx_buf_size", s -> receiveBuffer = s.integer(1, Integer.MAX_VALUE))
                // Either checksum is accepted from anybody.
                .without("old_unicast_checksum");
    }

    // ADDRESS [min_ttl N] [max_ttl N]
    private void peer(Statement line) {
        Options options = new Options(line, "unicast_peer", findings);
        Optional<IpAddress> address = options.address("unicast_peer");
        int least = 0;
        int most = 255;
        while (options.hasNext()) {
            String option = options.next();
            switch (option) {
                case "min_ttl" -> least = options.integer(option, 0, 255).orElse(least);
                case "max_ttl" -> most = options.integer(option, 0, 255).orElse(most);
                default -> options.unknown(option);
            }
        }
        limitsTtl |= least > 0 || most < 255;
        if (address.isPresent()) {
            peers.add(new UnicastPeer(address.get(), least, most));
        }
    }

    boolean isUnicast() {
        return !peers.isEmpty();
    }

    Optional<IpAddress> anyAddress() {
        return Optional.ofNullable(source)
                .or(() -> peers.stream().map(UnicastPeer::address).findFirst());
    }

    TransportSettings settings(AddressFamily family, VrrpVersion version, Defaults defaults) {
        List<UnicastPeer> sameFamily =
                peers.stream().filter(p -> matches(p.address(), family, "unicast_peer")).toList();
        IpAddress from = source != null && matches(source, family, "source") ? source : null;
        IpAddress usual = family == AddressFamily.IPV4 ? defaults.group4 : defaults.group6;
        IpAddress to = group != null && matches(group, family, "mcast_dst_ip") ? group : usual;
        boolean asVersion2 =
                checksumAsVersion2 == null ? defaults.checksumAsVersion2 : checksumAsVersion2;
        return new TransportSettings(
                to,
                Optional.ofNullable(from),
                trackSource && from != null,
                sameFamily,
                ttl,
                limitsTtl || (checkSource == null ? defaults.checkUnicastSource : checkSource),
                faultWithoutPeers,
                !(asVersion2 && version == VrrpVersion.V3 && family == AddressFamily.IPV4),
                receiveBuffer);
    }

    private boolean matches(IpAddress address, AddressFamily family, String what) {
        if (address.family() == family) {
            return true;
        }
        findings.error(
                new io.holdfast.vrrp.config.text.Place("(" + owner + ")", 0),
                what + " " + address + " is left out",
                "the instance speaks " + family,
                "write an address of that family");
        return false;
    }
}
