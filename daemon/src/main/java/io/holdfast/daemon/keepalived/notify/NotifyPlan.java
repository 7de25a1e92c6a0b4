package io.holdfast.daemon.keepalived.notify;

import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.VrrpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an event means to scripts, pipes and people, as Keepalived's users know it. Pure.
 *
 * <table>
 * <caption>Who hears what; the first script runs before the second</caption>
 * <tr><th>event</th><th>first script</th><th>second</th><th>line in the pipes</th></tr>
 * <tr><td>to BACKUP, MASTER, FAULT</td><td>notify_backup ...</td><td>notify</td><td>yes</td></tr>
 * <tr><td>stopped</td><td>notify_stop</td><td>notify, as STOP</td><td>STOP</td></tr>
 * <tr><td>taken out by a reload</td><td>notify_deleted, else notify_fault</td><td>notify</td>
 *     <td>DELETED, else FAULT</td></tr>
 * <tr><td>Master hears a lower one</td><td>notify_master_rx_lower_pri</td><td>-</td>
 *     <td>MASTER_RX_LOWER_PRI</td></tr>
 * <tr><td>priority changed</td><td>-</td><td>-</td><td>MASTER_PRIORITY, BACKUP_PRIORITY</td></tr>
 * </table>
 */
final class NotifyPlan {
    /** What Keepalived tells for a group, which has no priority. */
    private static final int GROUP_PRIORITY = 0;

    private final KeepalivedSettings settings;

    NotifyPlan(KeepalivedSettings settings) {
        this.settings = settings;
    }

    /** Empty when nobody wants to hear of it. */
    Optional<Notice> of(VrrpEvent event) {
        return switch (event) {
            case VrrpEvent.InstanceChanged e ->
                    changed("INSTANCE", e.instance(), instance(e.instance()), e.to(), e.priority());
            case VrrpEvent.GroupChanged e ->
                    changed("GROUP", e.group(), group(e.group()), e.to(), GROUP_PRIORITY);
            case VrrpEvent.InstanceDeleted e ->
                    deleted("INSTANCE", e.instance(), instance(e.instance()), e.priority());
            case VrrpEvent.GroupDeleted e ->
                    deleted("GROUP", e.group(), group(e.group()), GROUP_PRIORITY);
            case VrrpEvent.LowerPriorityHeard e -> lowerHeard(e);
            case VrrpEvent.PriorityChanged e -> priorityChanged(e);
            default -> Optional.empty();
        };
    }

    private NotifySettings instance(String name) {
        return settings.instances().getOrDefault(name, NotifySettings.NONE);
    }

    private NotifySettings group(String name) {
        return settings.groups().getOrDefault(name, NotifySettings.NONE);
    }

    private Optional<Notice> changed(
            String kind, String name, NotifySettings notify, InstanceState to, int priority) {
        Optional<ScriptCommand> own =
                switch (to) {
                    case MASTER -> notify.master();
                    case BACKUP -> notify.backup();
                    case FAULT -> notify.fault();
                    case STOPPED -> notify.stop();
                    case INITIALIZE -> Optional.empty();
                };
        return to == InstanceState.INITIALIZE
                ? Optional.empty()
                : Optional.of(
                        notice(kind, name, notify, own, word(to), priority, mail(kind, name, to)));
    }

    private Optional<Notice> deleted(
            String kind, String name, NotifySettings notify, int priority) {
        String word = notify.tellsDeletion() ? "DELETED" : "FAULT";
        Optional<ScriptCommand> own = notify.tellsDeletion() ? notify.deleted() : notify.fault();
        return Optional.of(notice(kind, name, notify, own, word, priority, Optional.empty()));
    }

    private Notice notice(
            String kind,
            String name,
            NotifySettings notify,
            Optional<ScriptCommand> own,
            String word,
            int priority,
            Optional<Mail> mail) {
        List<ScriptCommand> scripts = new ArrayList<>();
        own.ifPresent(scripts::add);
        notify.any().ifPresent(any -> scripts.add(withArguments(any, kind, name, word, priority)));
        return new Notice(
                kind + " " + name,
                scripts,
                Optional.of(line(kind, name, word, priority)),
                mail.filter(m -> notify.mail()));
    }

    private static ScriptCommand withArguments(
            ScriptCommand any, String kind, String name, String word, int priority) {
        List<String> command = new ArrayList<>(any.command());
        command.addAll(List.of(kind, name, word, String.valueOf(priority)));
        return new ScriptCommand(command, any.user(), any.place());
    }

    private Optional<Notice> lowerHeard(VrrpEvent.LowerPriorityHeard event) {
        NotifySettings notify = instance(event.instance());
        return Optional.of(
                new Notice(
                        "INSTANCE " + event.instance(),
                        notify.masterHearsLower().stream().toList(),
                        Optional.of(
                                line(
                                        "INSTANCE",
                                        event.instance(),
                                        "MASTER_RX_LOWER_PRI",
                                        event.ownPriority())),
                        Optional.empty()));
    }

    private Optional<Notice> priorityChanged(VrrpEvent.PriorityChanged event) {
        boolean told =
                instance(event.instance()).priorityChanges()
                        && (event.state() == InstanceState.MASTER
                                || event.state() == InstanceState.BACKUP);
        return told
                ? Optional.of(
                        new Notice(
                                "INSTANCE " + event.instance(),
                                List.of(),
                                Optional.of(
                                        line(
                                                "INSTANCE",
                                                event.instance(),
                                                event.state() + "_PRIORITY",
                                                event.to())),
                                Optional.empty()))
                : Optional.empty();
    }

    /** A line of the pipes, such as {@code INSTANCE "VI_1" MASTER 100}. */
    static String line(String kind, String name, String word, int priority) {
        return kind + " \"" + name + "\" " + word + " " + priority;
    }

    static String word(InstanceState state) {
        return state == InstanceState.STOPPED ? "STOP" : state.name();
    }

    private Optional<Mail> mail(String kind, String name, InstanceState to) {
        if (to == InstanceState.STOPPED
                || (to == InstanceState.FAULT && !settings.global().mail().faults())) {
            return Optional.empty();
        }
        String what = kind.equals("GROUP") ? "Group" : "Instance";
        String subject =
                "["
                        + settings.global().routerId()
                        + "] VRRP "
                        + what
                        + " "
                        + name
                        + " - Entering "
                        + to
                        + " state";
        String body =
                kind.equals("GROUP")
                        ? "=> All VRRP group instances are now in " + to + " state <="
                        : to == InstanceState.MASTER
                                ? "=> VRRP Instance is now owning VRRP VIPs <="
                                : "=> VRRP Instance is no longer owning VRRP VIPs <=";
        return Optional.of(new Mail(subject, body));
    }
}
