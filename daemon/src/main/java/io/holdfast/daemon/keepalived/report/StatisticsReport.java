package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceStatistics;

/** {@code keepalived.stats}, in Keepalived's layout, which monitoring scripts read. */
public final class StatisticsReport {
    private StatisticsReport() {}

    public static String of(Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        snapshot.instances().forEach(instance -> append(text, instance));
        return text.toString();
    }

    private static void append(StringBuilder text, InstanceData instance) {
        InstanceStatistics s = instance.statistics();
        text.append("VRRP Instance: ").append(instance.settings().name()).append('\n');
        text.append("  Advertisements:\n");
        line(text, "Received", s.advertsReceived());
        line(text, "Sent", s.advertsSent());
        text.append("  Became master: ").append(s.becameMaster()).append('\n');
        text.append("  Released master: ").append(s.releasedMaster()).append('\n');
        text.append("  Packet Errors:\n");
        line(text, "Length", s.packetLengthErrors());
        line(text, "TTL", s.ipTtlErrors());
        line(text, "Invalid Type", s.invalidTypeReceived());
        line(text, "Advertisement Interval", s.advertIntervalErrors());
        line(text, "Address List", s.addressListErrors());
        text.append("  Authentication Errors:\n");
        line(text, "Invalid Type", s.invalidAuthenticationType());
        line(text, "Type Mismatch", s.authenticationTypeMismatches());
        line(text, "Failure", s.authenticationFailures());
        text.append("  Priority Zero:\n");
        line(text, "Received", s.priorityZeroReceived());
        line(text, "Sent", s.priorityZeroSent());
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append("    ").append(name).append(": ").append(value).append('\n');
    }
}
