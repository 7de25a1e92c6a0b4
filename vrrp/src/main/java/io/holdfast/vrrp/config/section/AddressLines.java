package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.VirtualAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of {@code virtual_ipaddress}, {@code virtual_ipaddress_excluded} and {@code
 * static_ipaddress}: {@code ADDRESS[/MASK] [brd A] [dev I] [scope S] [label L] [peer A] ...}.
 */
final class AddressLines {
    private static final int LONGEST_INTERFACE_NAME = 15;

    private AddressLines() {}

    static List<VirtualAddress> read(Statement block, Findings findings) {
        List<VirtualAddress> addresses = new ArrayList<>();
        Set<IpAddress> seen = new HashSet<>();
        for (Statement line : block.children()) {
            Optional<VirtualAddress> address = new One(line, findings).read();
            if (address.isPresent() && !seen.add(address.get().address())) {
                findings.warning(
                        line.place(),
                        "the address " + address.get().address() + " stands twice",
                        "the kernel holds it once on an interface; this line is left out",
                        "remove one of the lines");
            } else {
                address.ifPresent(addresses::add);
            }
        }
        return addresses;
    }

    /** One line. */
    private static final class One {
        private final Options options;
        private final Findings findings;
        private @Nullable String device;
        private @Nullable IpAddress broadcast;
        private int scope;
        private @Nullable String label;
        private @Nullable IpAddress peer;
        private boolean home;
        private boolean manageTemporary;
        private boolean noPrefixRoute;
        private boolean autojoin;
        private boolean detectDuplicates = true;
        private @Nullable Duration preferredLifetime;
        private boolean preferredForEver;
        private boolean tracked = true;
        private boolean onVirtualMac;

        One(Statement line, Findings findings) {
            this.options = new Options(line, "address", findings);
            this.findings = findings;
        }

        Optional<VirtualAddress> read() {
            String text = options.next();
            Optional<Prefix> prefix = Prefix.parse(text);
            if (prefix.isEmpty()) {
                prefix = Prefix.parse(text.replaceFirst("/.*", ""));
                findings.error(
                        options.place(),
                        "`" + text + "` is no address",
                        prefix.isEmpty()
                                ? "it is neither IPv4 nor IPv6; Keepalived leaves the line out,"
                                        + " and so does Holdfast"
                                : "its prefix length is not from 0 to "
                                        + prefix.get().length()
                                        + "; "
                                        + prefix.get().length()
                                        + " is taken, as Keepalived does",
                        "write ADDRESS/PREFIXLENGTH, such as 192.0.2.10/24");
            }
            return prefix.flatMap(this::withOptions);
        }

        private Optional<VirtualAddress> withOptions(Prefix prefix) {
            IpAddress address = prefix.address();
            while (options.hasNext()) {
                option(options.next(), prefix);
            }
            boolean lonely = prefix.length() == address.family().addressBits();
            if (address.family() == AddressFamily.IPV6
                    && lonely
                    && preferredLifetime == null
                    && !preferredForEver
                    && !address.isLinkLocal()) {
                // Never a source of this machine's own packets, as Keepalived does.
                preferredLifetime = Duration.ZERO;
            }
            if (address.isMulticast()) {
                options.error(
                        "a multicast address cannot be put on an interface",
                        "it names a group, not a machine",
                        "write a unicast address");
                return Optional.empty();
            }
            return Optional.of(
                    new VirtualAddress(
                            address,
                            prefix.length(),
                            Optional.ofNullable(device),
                            Optional.ofNullable(broadcast),
                            scope,
                            Optional.ofNullable(label),
                            Optional.ofNullable(peer),
                            home,
                            manageTemporary,
                            noPrefixRoute,
                            autojoin,
                            detectDuplicates,
                            Optional.ofNullable(preferredLifetime),
                            tracked,
                            onVirtualMac));
        }

        private void option(String option, Prefix prefix) {
            switch (option) {
                case "dev" -> device = interfaceName(option).orElse(device);
                case "brd", "broadcast" -> broadcast = broadcast(option, prefix);
                case "scope" -> scope();
                case "label" -> label = interfaceName(option).orElse(label);
                case "peer" -> peer = options.address(option).orElse(peer);
                case "home" -> home = true;
                case "mngtmpaddr" -> manageTemporary = true;
                case "noprefixroute" -> noPrefixRoute = true;
                case "autojoin" -> autojoin = true;
                case "nodad", "-nodad" -> detectDuplicates = false;
                case "preferred_lft" -> preferredLifetime();
                case "no_track" -> tracked = false;
                case "use_vmac" -> onVirtualMac = true;
                case "track_group" -> {
                    var _ = options.value(option);
                    options.notServed(
                            option,
                            "a static address that is lost is put up again,"
                                    + " and no instance goes to FAULT for it");
                }
                default -> options.unknown(option);
            }
        }

        private Optional<String> interfaceName(String option) {
            Optional<String> name = options.value(option);
            if (name.isPresent() && name.get().length() > LONGEST_INTERFACE_NAME) {
                options.notA(option, "name of at most 15 characters", name.get());
                return Optional.empty();
            }
            return name;
        }

        // brd + sets the host bits, brd - leaves none.
        private @Nullable IpAddress broadcast(String option, Prefix prefix) {
            if (options.hasNext() && options.peek().matches("[+-]")) {
                return options.next().equals("-") ? null : prefixBroadcast(prefix);
            }
            return options.address(option).orElse(null);
        }

        private static @Nullable IpAddress prefixBroadcast(Prefix prefix) {
            byte[] bytes = prefix.address().bytes();
            if (bytes.length != AddressFamily.IPV4.addressBytes()) {
                return null;
            }
            for (int bit = prefix.length(); bit < Integer.SIZE; bit++) {
                bytes[bit / 8] |= (byte) (0x80 >> (bit % 8));
            }
            return IpAddress.of(bytes);
        }

        private void scope() {
            Optional<String> name = options.value("scope");
            OptionalInt number = name.map(RoutingNames::scope).orElse(OptionalInt.empty());
            if (number.isPresent()) {
                scope = number.getAsInt();
            } else {
                name.ifPresent(
                        text -> options.notA("scope", "scope (global, site, link, host)", text));
            }
        }

        private void preferredLifetime() {
            if (options.hasNext() && options.peek().equals("forever")) {
                String _ = options.next();
                preferredForEver = true;
                return;
            }
            options.number("preferred_lft", 0, Integer.MAX_VALUE)
                    .ifPresent(seconds -> preferredLifetime = Duration.ofSeconds(seconds));
        }
    }
}
