package io.holdfast.daemon.keepalived.report;

import io.holdfast.vrrp.config.GlobalSettings;
import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.TrackerData;
import io.holdfast.vrrp.core.VirtualAddress;
import java.util.List;
import java.util.Optional;

/**
 * {@code keepalived.data}: everything that is configured and how it stands, in the manner of
 * Keepalived's, whose own layout is not promised to last.
 */
public final class DataReport {
    private DataReport() {}

    public static String of(Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        global(text, snapshot.settings().global());
        text.append("------< VRRP Topology >------\n");
        for (InstanceData instance : snapshot.instances()) {
            instance(text, instance, snapshot);
        }
        scripts(text, snapshot);
        trackers(text, snapshot.trackers());
        return text.toString();
    }

    private static void global(StringBuilder text, GlobalSettings global) {
        text.append("------< Global definitions >------\n");
        line(text, 1, "Router ID", global.routerId());
        line(text, 1, "Smtp server", global.mail().server().orElse("none"));
        line(text, 1, "Smtp server port", global.mail().port());
        line(text, 1, "Email notification", Words.list(global.mail().to()));
        line(text, 1, "Script security", global.scriptSecurity() ? "enabled" : "disabled");
        line(
                text,
                1,
                "Default script user",
                global.scriptUser().map(Object::toString).orElse("this process's own"));
        global.vrrpFifo().ifPresent(fifo -> line(text, 1, "VRRP notify fifo", fifo.path()));
        global.allFifo().ifPresent(fifo -> line(text, 1, "Notify fifo", fifo.path()));
    }

    private static void instance(StringBuilder text, InstanceData instance, Snapshot snapshot) {
        InstanceSettings s = instance.settings();
        line(text, 1, "VRRP Instance", s.name());
        line(text, 2, "VRRP Version", s.version().number());
        line(text, 2, "State", instance.state());
        line(text, 2, "Wantstate", instance.wantedState());
        line(text, 2, "Last transition", Words.localTime(instance.sinceEpochMillis()));
        line(text, 2, "Reason", instance.lastReason());
        line(text, 2, "Master down timer", instance.masterDownNanos() / 1000 + " usecs");
        line(text, 2, "Interface", s.interfaceName());
        instance.primaryAddress().ifPresent(a -> line(text, 2, "Using src_ip", a));
        if (s.transport().isUnicast()) {
            line(
                    text,
                    2,
                    "Unicast peers",
                    Words.list(
                            s.transport().unicastPeers().stream().map(p -> p.address()).toList()));
        } else {
            line(text, 2, "Multicast address", s.transport().multicastGroup());
        }
        line(text, 2, "Gratuitous ARP delay", s.announcements().delay().toSeconds());
        line(text, 2, "Gratuitous ARP repeat", s.announcements().repeat());
        line(text, 2, "Gratuitous ARP refresh", s.announcements().refresh().toSeconds());
        line(text, 2, "Gratuitous ARP refresh repeat", s.announcements().refreshRepeat());
        line(text, 2, "Down timer adverts", s.advertRules().downTimerAdverts());
        line(text, 2, "Virtual Router ID", s.virtualRouterId());
        line(text, 2, "Priority", s.priority());
        line(text, 2, "Effective priority", instance.effectivePriority());
        line(text, 2, "Advert interval", Words.seconds(s.advertInterval()) + " sec");
        line(text, 2, "Accept", s.advertRules().accept() ? "enabled" : "disabled");
        line(text, 2, "Preempt", s.preemption().allowed() ? "enabled" : "disabled");
        line(text, 2, "Preempt delay", Words.seconds(s.preemption().delay()) + " sec");
        line(text, 2, "Authentication type", s.authentication().kind());
        addresses(text, "Virtual IP", s.addresses(), instance);
        addresses(text, "Excluded virtual IP", s.excludedAddresses(), instance);
        tracked(text, "Tracked scripts", s.tracking().scripts());
        tracked(text, "Tracked interfaces", s.tracking().interfaces());
        tracked(text, "Tracked files", s.tracking().files());
        tracked(text, "Tracked processes", s.tracking().processes());
        NotifySettings notify =
                snapshot.settings().instances().getOrDefault(s.name(), NotifySettings.NONE);
        line(text, 2, "Using smtp notification", notify.mail() ? "yes" : "no");
        script(text, "Master", notify.master());
        script(text, "Backup", notify.backup());
        script(text, "Fault", notify.fault());
        script(text, "Stop", notify.stop());
        script(text, "Generic", notify.any());
        if (!instance.rivals().isEmpty()) {
            line(text, 2, "Other masters heard", Words.list(instance.rivals()));
        }
        if (!instance.faults().isEmpty()) {
            line(text, 2, "Faults", Words.list(instance.faults()));
        }
    }

    private static void addresses(
            StringBuilder text, String title, List<VirtualAddress> addresses, InstanceData of) {
        if (addresses.isEmpty()) {
            return;
        }
        text.append("   ").append(title).append(" (").append(addresses.size()).append("):\n");
        addresses.forEach(
                address -> text.append("     ").append(Words.address(address, of)).append('\n'));
    }

    private static void tracked(StringBuilder text, String title, List<Tracked> tracked) {
        if (tracked.isEmpty()) {
            return;
        }
        text.append("   ").append(title).append(" :\n");
        tracked.forEach(
                t ->
                        text.append("     ")
                                .append(t.name())
                                .append(" weight ")
                                .append(t.weight())
                                .append(t.reversed() ? " reverse" : "")
                                .append('\n'));
    }

    private static void script(StringBuilder text, String what, Optional<ScriptCommand> script) {
        script.ifPresent(
                s ->
                        line(
                                text,
                                2,
                                what + " state transition script",
                                String.join(" ", s.command())));
    }

    private static void scripts(StringBuilder text, Snapshot snapshot) {
        if (snapshot.settings().router().scripts().isEmpty()) {
            return;
        }
        text.append("------< VRRP Scripts >------\n");
        for (ScriptSettings script : snapshot.settings().router().scripts()) {
            line(text, 1, "VRRP Script", script.name());
            line(text, 2, "Command", String.join(" ", script.command()));
            line(text, 2, "Interval", Words.seconds(script.interval()) + " sec");
            line(text, 2, "Timeout", Words.seconds(script.timeout()) + " sec");
            line(text, 2, "Rise", script.rise());
            line(text, 2, "Fall", script.fall());
        }
    }

    private static void trackers(StringBuilder text, List<TrackerData> trackers) {
        text.append("------< Trackers >------\n");
        for (TrackerData tracker : trackers) {
            line(
                    text,
                    1,
                    tracker.kind().word() + " " + tracker.name(),
                    (tracker.up() ? "up" : "DOWN") + " (" + tracker.lastReason() + ")");
        }
    }

    private static void line(StringBuilder text, int depth, String name, Object value) {
        text.append(depth == 1 ? " " : "   ").append(name).append(" = ").append(value).append('\n');
    }
}
