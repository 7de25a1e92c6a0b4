package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.TrackerKind;
import io.holdfast.vrrp.core.VirtualAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Small pieces of text that several reports share. */
final class Words {
    private Words() {}

    /** Keepalived's number of a state. */
    static int number(InstanceState state) {
        return switch (state) {
            case INITIALIZE, STOPPED -> 0;
            case BACKUP -> 1;
            case MASTER -> 2;
            case FAULT -> 3;
        };
    }

    /** {@code 10.0.0.1/24 dev eth0 scope global set}, as Keepalived lists addresses. */
    static String address(VirtualAddress address, InstanceData instance) {
        String prefix =
                address.prefixLength() == address.address().family().addressBits()
                        ? ""
                        : "/" + address.prefixLength();
        return address.address()
                + prefix
                + " dev "
                + address.interfaceName().orElse(instance.settings().interfaceName())
                + " scope "
                + scope(address.scope())
                + (instance.addressesUp() ? " set" : "");
    }

    private static String scope(int number) {
        return switch (number) {
            case 0 -> "global";
            case 200 -> "site";
            case 253 -> "link";
            case 254 -> "host";
            default -> String.valueOf(number);
        };
    }

    static String localTime(long epochMillis) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString()
                .replace('T', ' ');
    }

    /** Seconds with as many decimals as there are. */
    static String seconds(Duration duration) {
        return java.math.BigDecimal.valueOf(duration.toNanos(), 9)
                .stripTrailingZeros()
                .toPlainString();
    }

    static String truth(boolean value) {
        return value ? "true" : "false";
    }

    static String list(List<?> values) {
        return String.join(", ", values.stream().map(Object::toString).toList());
    }

    static String kind(TrackerKind kind) {
        return kind.word();
    }
}
