package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceStatistics;
import io.holdfast.vrrp.core.TrackerData;
import io.holdfast.vrrp.core.TrackerKind;
import io.holdfast.vrrp.core.VirtualAddress;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Prometheus' text format, with the names that the keepalived exporter's dashboards know, and a few
 * that begin with {@code holdfast_}.
 */
public final class MetricsReport {
    private MetricsReport() {}

    public static String of(Snapshot snapshot) {
        StringBuilder text = new StringBuilder(4096);
        metric(text, "keepalived_up", "gauge", "Whether the process runs");
        text.append("keepalived_up 1\n");
        states(text, snapshot.instances());
        counters(text, snapshot.instances());
        own(text, snapshot.instances());
        scripts(text, snapshot.trackers());
        return text.toString();
    }

    private static void states(StringBuilder text, List<InstanceData> instances) {
        metric(
                text,
                "keepalived_vrrp_state",
                "gauge",
                "State of an address (0 init, 1 backup, 2 master, 3 fault)");
        for (InstanceData instance : instances) {
            for (VirtualAddress address : instance.settings().addresses()) {
                text.append("keepalived_vrrp_state{")
                        .append(labels(instance))
                        .append(",ip_address=\"")
                        .append(address.address())
                        .append("\"} ")
                        .append(Words.number(instance.state()))
                        .append('\n');
            }
        }
    }

    private static void counters(StringBuilder text, List<InstanceData> all) {
        counter(
                text,
                all,
                "advertisements_received",
                "Adverts received",
                InstanceStatistics::advertsReceived);
        counter(text, all, "advertisements_sent", "Adverts sent", InstanceStatistics::advertsSent);
        counter(
                text,
                all,
                "become_master",
                "Times it became Master",
                InstanceStatistics::becameMaster);
        counter(
                text,
                all,
                "release_master",
                "Times it gave Master up",
                InstanceStatistics::releasedMaster);
        counter(
                text,
                all,
                "packet_length_errors",
                "Adverts of wrong length",
                InstanceStatistics::packetLengthErrors);
        counter(
                text,
                all,
                "advertisements_interval_errors",
                "Adverts of another interval",
                InstanceStatistics::advertIntervalErrors);
        counter(
                text,
                all,
                "ip_ttl_errors",
                "Adverts of wrong TTL",
                InstanceStatistics::ipTtlErrors);
        counter(
                text,
                all,
                "invalid_type_received",
                "Packets of another type",
                InstanceStatistics::invalidTypeReceived);
        counter(
                text,
                all,
                "address_list_errors",
                "Adverts for other addresses",
                InstanceStatistics::addressListErrors);
        counter(
                text,
                all,
                "authentication_invalid",
                "Adverts of unknown authentication",
                InstanceStatistics::invalidAuthenticationType);
        counter(
                text,
                all,
                "authentication_mismatch",
                "Adverts of another authentication",
                InstanceStatistics::authenticationTypeMismatches);
        counter(
                text,
                all,
                "authentication_failure",
                "Adverts of another password",
                InstanceStatistics::authenticationFailures);
        counter(
                text,
                all,
                "priority_zero_received",
                "Masters that said they stop",
                InstanceStatistics::priorityZeroReceived);
        counter(
                text,
                all,
                "priority_zero_sent",
                "Times it said that it stops",
                InstanceStatistics::priorityZeroSent);
        counter(
                text,
                all,
                "checksum_errors",
                "Adverts of wrong checksum",
                InstanceStatistics::checksumErrors);
        counter(
                text,
                all,
                "version_errors",
                "Adverts of another version",
                InstanceStatistics::versionErrors);
    }

    private static void counter(
            StringBuilder text,
            List<InstanceData> instances,
            String name,
            String help,
            ToLongFunction<InstanceStatistics> value) {
        String full = "keepalived_" + name + "_total";
        metric(text, full, "counter", help);
        for (InstanceData instance : instances) {
            text.append(full)
                    .append('{')
                    .append(labels(instance))
                    .append("} ")
                    .append(value.applyAsLong(instance.statistics()))
                    .append('\n');
        }
    }

    private static void own(StringBuilder text, List<InstanceData> all) {
        gauge(
                text,
                all,
                "effective_priority",
                "Priority with what is tracked",
                InstanceData::effectivePriority);
        gauge(
                text,
                all,
                "rival_masters",
                "Other Masters heard while Master",
                instance -> instance.rivals().size());
        gauge(
                text,
                all,
                "ever_heard",
                "Whether any advert of another router was heard",
                instance -> instance.everHeard() ? 1 : 0);
        gauge(
                text,
                all,
                "preemption_held_seconds",
                "How long preemption is still held back",
                instance -> instance.damping() / 1e9);
        gauge(
                text,
                all,
                "last_transition_timestamp_seconds",
                "When the state changed last",
                instance -> instance.sinceEpochMillis() / 1e3);
    }

    private static void gauge(
            StringBuilder text,
            List<InstanceData> instances,
            String name,
            String help,
            ToDoubleFunction<InstanceData> value) {
        String full = "holdfast_vrrp_" + name;
        metric(text, full, "gauge", help);
        for (InstanceData instance : instances) {
            text.append(full)
                    .append('{')
                    .append(labels(instance))
                    .append("} ")
                    .append(value.applyAsDouble(instance))
                    .append('\n');
        }
    }

    private static void scripts(StringBuilder text, List<TrackerData> trackers) {
        metric(text, "keepalived_script_status", "gauge", "Tracked script (1 good, 0 bad)");
        for (TrackerData tracker : trackers) {
            if (tracker.kind() == TrackerKind.SCRIPT) {
                text.append("keepalived_script_status{name=\"")
                        .append(escaped(tracker.name()))
                        .append("\"} ")
                        .append(tracker.up() ? 1 : 0)
                        .append('\n');
            }
        }
        metric(text, "holdfast_vrrp_tracker_up", "gauge", "Whatever is tracked (1 up, 0 down)");
        for (TrackerData tracker : trackers) {
            text.append("holdfast_vrrp_tracker_up{kind=\"")
                    .append(tracker.kind().word())
                    .append("\",name=\"")
                    .append(escaped(tracker.name()))
                    .append("\"} ")
                    .append(tracker.up() ? 1 : 0)
                    .append('\n');
        }
    }

    private static void metric(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static String labels(InstanceData instance) {
        return "iname=\""
                + escaped(instance.settings().name())
                + "\",intf=\""
                + escaped(instance.settings().interfaceName())
                + "\",vrid=\""
                + instance.settings().virtualRouterId()
                + "\"";
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
