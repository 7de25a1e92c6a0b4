package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.VirtualRule;
import io.holdfast.vrrp.core.VirtualRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The lines of {@code virtual_rules} and {@code static_rules}, as {@code ip rule} reads them. */
final class RuleLines {
    /** What Keepalived gives to the first rule without preference; then one less each. */
    private static final int FIRST_PREFERENCE = 16384;

    private static final long LARGEST = 0xffff_ffffL;

    private RuleLines() {}

    static List<VirtualRule> read(Statement block, Findings findings) {
        List<VirtualRule> rules = new ArrayList<>();
        int withoutPreference = 0;
        for (Statement line : block.children()) {
            One one = new One(line, findings);
            Optional<VirtualRule> rule = one.read(FIRST_PREFERENCE - withoutPreference);
            if (rule.isPresent()) {
                rules.add(rule.get());
                withoutPreference += one.priority.isEmpty() ? 1 : 0;
            }
        }
        return rules;
    }

    /** One line. */
    private static final class One {
        private final Options options;
        private final Findings findings;
        private OptionalLong priority = OptionalLong.empty();
        private @Nullable Prefix from;
        private @Nullable Prefix to;
        private int typeOfService;
        private OptionalLong mark = OptionalLong.empty();
        private OptionalLong mask = OptionalLong.empty();
        private @Nullable String input;
        private @Nullable String output;
        private boolean inverted;
        private boolean inet6;
        private @Nullable Action action;
        private OptionalInt suppress = OptionalInt.empty();
        private OptionalInt ipProtocol = OptionalInt.empty();
        private boolean tracked = true;

        One(Statement line, Findings findings) {
            this.options = new Options(line, "rule", findings);
            this.findings = findings;
        }

        Optional<VirtualRule> read(int preferenceOtherwise) {
            while (options.hasNext()) {
                option(options.next());
            }
            if (action == null) {
                options.error(
                        "a rule without table or action",
                        "it says nothing about where packets shall go and is left out",
                        "add table TABLE, or blackhole, unreachable, prohibit, goto PREFERENCE");
                return Optional.empty();
            }
            if (priority.isEmpty()) {
                findings.warning(
                        options.place(),
                        "the rule has no preference; " + preferenceOtherwise + " is taken",
                        "the order of rules without one changes with every takeover",
                        "add preference NUMBER");
            }
            AddressFamily family =
                    inet6 || isSix(from) || isSix(to) ? AddressFamily.IPV6 : AddressFamily.IPV4;
            return Optional.of(
                    new VirtualRule(
                            family,
                            priority.isPresent() ? priority : OptionalLong.of(preferenceOtherwise),
                            Optional.ofNullable(from).map(Prefix::address),
                            from == null ? 0 : from.length(),
                            Optional.ofNullable(to).map(Prefix::address),
                            to == null ? 0 : to.length(),
                            typeOfService,
                            mark,
                            mask,
                            Optional.ofNullable(input),
                            Optional.ofNullable(output),
                            inverted,
                            action,
                            suppress,
                            ipProtocol,
                            tracked));
        }

        private static boolean isSix(@Nullable Prefix prefix) {
            return prefix != null && prefix.address().family() == AddressFamily.IPV6;
        }

        private void option(String option) {
            switch (option) {
                case "from" -> from = prefix(option);
                case "to" -> to = prefix(option);
                case "table", "lookup" -> lookup(option);
                case "preference", "pref", "priority", "order" ->
                        priority = options.number(option, 0, LARGEST);
                case "tos", "dsfield" ->
                        typeOfService = options.integer(option, 0, 255).orElse(typeOfService);
                case "fwmark" -> mark(option);
                case "iif", "dev" -> input = options.value(option).orElse(input);
                case "oif" -> output = options.value(option).orElse(output);
                case "not" -> inverted = true;
                case "inet6" -> inet6 = true;
                case "inet" -> {}
                case "goto" ->
                        options.number(option, 0, LARGEST)
                                .ifPresent(target -> action = new Action.GoTo(target));
                case "blackhole" -> action = new Action.Blackhole();
                case "unreachable" -> action = new Action.Unreachable();
                case "prohibit" -> action = new Action.Prohibit();
                case "nop" -> action = new Action.Nop();
                case "suppress_prefixlength", "suppress_prefixlen" ->
                        suppress = options.integer(option, 0, 128);
                case "ip_proto", "ipproto" -> ipProtocol(option);
                case "no_track" -> tracked = false;
                case "l3mdev" -> options.notServed(option, "the rule is made without it");
                case "realms",
                        "uidrange",
                        "sport",
                        "dport",
                        "protocol",
                        "tun_id",
                        "tunnel_id",
                        "suppress_ifgroup",
                        "track_group" -> {
                    var _ = options.value(option);
                    options.notServed(option, "the rule is made without it");
                }
                default -> options.unknown(option);
            }
        }

        private @Nullable Prefix prefix(String option) {
            Optional<String> text = options.value(option);
            if (text.isEmpty() || text.get().equals("all") || text.get().equals("default")) {
                return null;
            }
            Optional<Prefix> prefix = Prefix.parse(text.get());
            if (prefix.isEmpty()) {
                options.notA(option, "network", text.get());
            }
            return prefix.orElse(null);
        }

        private void lookup(String option) {
            Optional<String> text = options.value(option);
            OptionalInt table = text.map(RoutingNames::table).orElse(OptionalInt.empty());
            if (table.isPresent()) {
                action = new Action.Lookup(table.getAsInt());
            } else {
                text.ifPresent(
                        name ->
                                options.notA(
                                        option, "table that is known here (numbers are)", name));
            }
        }

        // fwmark MARK[/MASK]
        private void mark(String option) {
            Optional<String> text = options.value(option);
            if (text.isEmpty()) {
                return;
            }
            String[] parts = text.get().split("/", 2);
            try {
                mark = OptionalLong.of(Long.decode(parts[0]) & LARGEST);
                mask =
                        parts.length > 1
                                ? OptionalLong.of(Long.decode(parts[1]) & LARGEST)
                                : OptionalLong.empty();
            } catch (NumberFormatException e) {
                options.notA(option, "MARK or MARK/MASK", text.get());
            }
        }

        private void ipProtocol(String option) {
            Optional<String> text = options.value(option);
            int number =
                    switch (text.orElse("").toLowerCase(java.util.Locale.ROOT)) {
                        case "icmp" -> 1;
                        case "tcp" -> 6;
                        case "udp" -> 17;
                        case "ipv6-icmp" -> 58;
                        case "vrrp" -> 112;
                        case "sctp" -> 132;
                        default ->
                                text.orElse("").matches("\\d{1,3}")
                                        ? Integer.parseInt(text.get())
                                        : -1;
                    };
            if (number < 0 || number > 255) {
                text.ifPresent(name -> options.notA(option, "IP protocol", name));
            } else {
                ipProtocol = OptionalInt.of(number);
            }
        }
    }
}
