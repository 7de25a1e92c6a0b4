package io.holdfast.daemon.keepalived.notify;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.vrrp.config.FifoSettings;
import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.VrrpEvent;
import io.holdfast.vrrp.driver.VrrpListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Hears what happened, writes it to the log, and tells scripts, pipes and people. */
public final class Notifier implements VrrpListener, AutoCloseable {
    /**
     * How long the end of the process waits for its last scripts. Longer would hang where a
     * notify_stop script asks the service manager to restart us, which waits for us in turn.
     */
    private static final Duration LAST_SCRIPTS = Duration.ofSeconds(15);

    private final ScriptQueues scripts;
    private final Mailer mailer = new Mailer();
    private KeepalivedSettings settings;
    private KeepalivedSettings previous;
    private final List<NotifyFifo> fifos = new ArrayList<>();

    public Notifier(KeepalivedSettings settings) {
        this.settings = settings;
        this.previous = settings;
        this.scripts = new ScriptQueues(settings.global().scriptUser());
        openFifos();
    }

    /** A new configuration is about to be used. */
    public synchronized void reload(KeepalivedSettings changed) {
        previous = settings;
        settings = changed;
        scripts.setDefaultUser(changed.global().scriptUser());
        if (!wanted(changed).equals(fifos.stream().map(NotifyFifo::settings).toList())) {
            closeFifos();
            openFifos();
        }
    }

    @Override
    public synchronized void happened(VrrpEvent event) {
        tellLog(event);
        notice(event).ifPresent(this::carryOut);
    }

    private Optional<Notice> notice(VrrpEvent event) {
        // What a reload took out is in the configuration before it alone.
        boolean gone =
                switch (event) {
                    case VrrpEvent.InstanceDeleted e ->
                            !settings.instances().containsKey(e.instance());
                    case VrrpEvent.GroupDeleted e -> !settings.groups().containsKey(e.group());
                    default -> false;
                };
        return new NotifyPlan(gone ? previous : settings).of(event);
    }

    private void carryOut(Notice notice) {
        notice.fifoLine().ifPresent(line -> fifos.forEach(fifo -> fifo.write(line)));
        notice.scripts().forEach(script -> scripts.add(notice.subject(), script));
        notice.mail().ifPresent(mail -> mailer.send(settings.global().mail(), mail));
    }

    /** {@code fifo_write_vrrp_states_on_reload}. */
    public synchronized void writeStates(List<InstanceData> instances) {
        for (InstanceData instance : instances) {
            String line =
                    NotifyPlan.line(
                            "INSTANCE",
                            instance.settings().name(),
                            NotifyPlan.word(instance.state()),
                            instance.effectivePriority());
            fifos.forEach(fifo -> fifo.write(line));
        }
    }

    private static void tellLog(VrrpEvent event) {
        switch (event) {
            case VrrpEvent.Trouble e -> ProcessLog.error(e.text());
            case VrrpEvent.RivalMaster e -> ProcessLog.warning(e.text());
            case VrrpEvent.DisagreeingMaster e -> ProcessLog.warning(e.text());
            case VrrpEvent.NobodyHeard e -> ProcessLog.warning(e.text());
            case VrrpEvent.AdvertRejected e -> ProcessLog.warning(e.text());
            case VrrpEvent.Damped e -> ProcessLog.warning(e.text());
            case VrrpEvent.LowerPriorityHeard e -> ProcessLog.detail(e.text());
            default -> ProcessLog.info(event.text());
        }
    }

    private static List<FifoSettings> wanted(KeepalivedSettings settings) {
        return Stream.of(settings.global().allFifo(), settings.global().vrrpFifo())
                .flatMap(Optional::stream)
                .toList();
    }

    private void openFifos() {
        wanted(settings)
                .forEach(
                        fifo ->
                                NotifyFifo.open(fifo, settings.global().scriptUser())
                                        .ifPresent(fifos::add));
    }

    private void closeFifos() {
        fifos.forEach(NotifyFifo::close);
        fifos.clear();
    }

    /** Waits for the last scripts, for a while. */
    @Override
    public void close() {
        try {
            if (!scripts.drain(LAST_SCRIPTS)) {
                ProcessLog.warning(
                        "notify scripts still run after "
                                + LAST_SCRIPTS.toSeconds()
                                + " s; they are left running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            closeFifos();
        }
        mailer.close();
    }
}
