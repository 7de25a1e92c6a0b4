package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.TrackerData;
import io.holdfast.vrrp.core.VirtualAddress;

/** {@code holdfast keepalived status}: for people. */
public final class StatusReport {
    private StatusReport() {}

    public static String of(Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        snapshot.instances().forEach(instance -> append(text, instance));
        for (TrackerData tracker : snapshot.trackers()) {
            text.append(tracker.kind().word())
                    .append(' ')
                    .append(tracker.name())
                    .append(": ")
                    .append(tracker.up() ? "up" : "DOWN")
                    .append(" (")
                    .append(tracker.lastReason())
                    .append(")\n");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, InstanceData instance) {
        text.append(instance.settings().name())
                .append(": ")
                .append(instance.state())
                .append(" since ")
                .append(Words.localTime(instance.sinceEpochMillis()))
                .append(", priority ")
                .append(instance.effectivePriority());
        if (instance.effectivePriority() != instance.settings().priority()) {
            text.append(" (configured ").append(instance.settings().priority()).append(')');
        }
        text.append('\n');
        line(text, "why", instance.lastReason());
        line(
                text,
                "where",
                instance.settings().interfaceName()
                        + ", virtual router "
                        + instance.settings().virtualRouterId()
                        + ", version "
                        + instance.settings().version().number()
                        + instance.group().map(group -> ", sync group " + group).orElse(""));
        for (VirtualAddress address : instance.settings().addresses()) {
            line(text, "address", address + (instance.addressesUp() ? " (here)" : ""));
        }
        line(text, "master", master(instance));
        instance.faults().forEach(fault -> line(text, "FAULT", fault));
        instance.rivals()
                .forEach(rival -> line(text, "TWO MASTERS", rival + " is Master beside this node"));
        if (instance.damping() > 0) {
            line(
                    text,
                    "held",
                    "does not preempt for "
                            + instance.damping() / 1_000_000_000
                            + " s, because it changed often");
        }
    }

    private static String master(InstanceData instance) {
        if (instance.state() == InstanceState.MASTER) {
            return instance.everHeard()
                    ? "this node"
                    : "this node; no other router was ever heard (alone, or adverts are filtered)";
        }
        return instance.masterAddress()
                .map(
                        address ->
                                address
                                        + (instance.masterPriority().isPresent()
                                                ? " at priority "
                                                        + instance.masterPriority().getAsInt()
                                                : ""))
                .orElse("nobody heard");
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  ").append(name).append(": ").append(value).append('\n');
    }
}
