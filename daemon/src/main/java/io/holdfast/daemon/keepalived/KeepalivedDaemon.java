package io.holdfast.daemon.keepalived;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.lease.LeasePageReader;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.notify.Notifier;
import io.holdfast.daemon.keepalived.option.SignalNumber;
import io.holdfast.daemon.keepalived.report.DataReport;
import io.holdfast.daemon.keepalived.report.JsonReport;
import io.holdfast.daemon.keepalived.report.Snapshot;
import io.holdfast.daemon.keepalived.report.StatisticsReport;
import io.holdfast.daemon.keepalived.script.TrackedScripts;
import io.holdfast.linux.process.MemoryLock;
import io.holdfast.linux.process.Namespace;
import io.holdfast.linux.process.ProcessAttributes;
import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.driver.LeaseGate;
import io.holdfast.vrrp.driver.Surroundings;
import io.holdfast.vrrp.driver.VrrpRouter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The life of the process.
 *
 * <pre>
 *  read the configuration -- cannot run --> exit 2
 *    -> pid files -- somebody runs --> exit 1
 *    -> startup script, pipes, sockets, addresses -- not permitted --> exit 1
 *    -> UP: HUP reloads, USR1, USR2 and SIGJSON write files
 *    -> TERM: priority 0, addresses down, last scripts, pid files away -> exit 0
 * </pre>
 */
final class KeepalivedDaemon {
    private final LaunchOptions options;
    private final ConfigurationFile file;
    private final KeepalivedSettings atStart;
    private final ProcessPaths paths;
    private final Signals signals = Signals.listen();
    private KeepalivedSettings settings;
    private ScheduledReload schedule;

    private KeepalivedDaemon(
            LaunchOptions options, ConfigurationFile file, KeepalivedSettings settings) {
        this.options = options;
        this.file = file;
        this.atStart = settings;
        this.settings = settings;
        this.paths = ProcessPaths.of(options, settings.global().files());
        this.schedule = new ScheduledReload(settings.global().reload());
    }

    /** Runs until told to stop; the exit code. */
    static int run(LaunchOptions options) throws InterruptedException {
        ConfigurationFile file = new ConfigurationFile(options);
        KeepalivedConf read = file.read();
        read.settings()
                .flatMap(s -> options.namespace().or(s.global().files()::networkNamespace))
                .ifPresent(KeepalivedDaemon::enterNamespace);
        KeepalivedConf conf = file.checked(read);
        FindingsText.log(conf.findings());
        if (conf.settings().isEmpty()) {
            ProcessLog.error(
                    options.configFile()
                            + " cannot run; nothing was started. All mistakes: holdfast keepalived"
                            + " --config-test -f "
                            + options.configFile());
            if (options.detached() && !options.logConsole()) {
                System.err.print(FindingsText.of(conf.findings()));
            }
            return ExitCode.CONFIGURATION;
        }
        return new KeepalivedDaemon(options, file, conf.settings().get()).live();
    }

    // Everything that this thread starts from here on is inside as well.
    private static void enterNamespace(String name) {
        Namespace.at(Path.of("/run/netns", name), Namespace.Kind.NETWORK).enter();
    }

    private int live() throws InterruptedException {
        setAttributes();
        try (PidFile _ = PidFile.claim(paths.pidFile());
                PidFile _ = PidFile.claim(paths.vrrpPidFile())) {
            StartupScripts.run(settings.global().startupScript(), settings.global().scriptUser());
            TrackedScripts scripts = new TrackedScripts(settings.global().scriptUser());
            try (Notifier notifier = new Notifier(settings)) {
                live(notifier, scripts);
            }
            StartupScripts.run(settings.global().shutdownScript(), settings.global().scriptUser());
        }
        ProcessLog.info("stopped");
        return ExitCode.OK;
    }

    private void setAttributes() {
        (options.umask().isPresent() ? options.umask() : settings.global().umask())
                .ifPresent(ProcessAttributes::setUmask);
        if (settings.global().lockedInMemory()) {
            MemoryLock.lockAll().ifPresent(p -> ProcessLog.warning(p.message()));
        }
    }

    private void live(Notifier notifier, TrackedScripts scripts) throws InterruptedException {
        try (VrrpRouter router =
                        VrrpRouter.start(settings.router(), surroundings(notifier, scripts));
                ControlSocket _ = ControlSocket.open(paths.socket(), () -> snapshot(router));
                Closing _ = metrics(router)) {
            ProcessLog.info(
                    "up: "
                            + settings.router().instances().size()
                            + " instances of "
                            + options.configFile());
            if (options.dumpConfiguration()) {
                ProcessLog.info(DataReport.of(snapshot(router)));
            }
            tellThatWeAreUp();
            boolean running = true;
            while (running) {
                running = obey(signals.take(), router, notifier, scripts);
            }
            ProcessLog.info("told to stop");
        }
    }

    private Surroundings surroundings(Notifier notifier, TrackedScripts scripts) {
        return new Surroundings(
                notifier,
                scripts,
                lease(),
                settings.global()
                        .realtimePriority()
                        .orElse(Surroundings.DEFAULT_REALTIME_PRIORITY));
    }

    // The cluster's word on whether this node may act, where an instance asks for it.
    private Optional<LeaseGate> lease() {
        if (settings.router().instances().stream().noneMatch(InstanceSettings::needsLease)) {
            return Optional.empty();
        }
        LeasePageReader page = LeasePageReader.open(HoldfastPaths.fromEnvironment().leasePage());
        return Optional.of(() -> page.actingUntilNanos() - System.nanoTime() > 0);
    }

    /** Something to close, or nothing. */
    private interface Closing extends AutoCloseable {
        @Override
        void close();
    }

    private Closing metrics(VrrpRouter router) {
        if (options.metrics().isEmpty()) {
            return () -> {};
        }
        MetricsServer server = MetricsServer.open(options.metrics().get(), () -> snapshot(router));
        return server::close;
    }

    private synchronized Snapshot snapshot(VrrpRouter router) {
        return new Snapshot(settings, router.data(), router.trackers());
    }

    // The launcher waits for this line; then it, and the terminal, are let go.
    private void tellThatWeAreUp() {
        if (options.detached()) {
            System.out.println("up");
            System.out.flush();
            ProcessAttributes.leaveStandardStreams();
        }
    }

    private boolean obey(
            Optional<SignalNumber> signal,
            VrrpRouter router,
            Notifier notifier,
            TrackedScripts scripts) {
        if (signal.isEmpty()) {
            requireAlive(router);
            if (schedule.isDue(ZonedDateTime.now(ZoneId.systemDefault()))) {
                reload(router, notifier, scripts);
            }
            return true;
        }
        switch (signal.get()) {
            case RELOAD -> reload(router, notifier, scripts);
            case DATA -> ReportFile.write(paths.data(), DataReport.of(snapshot(router)));
            case STATS ->
                    ReportFile.write(paths.statistics(), StatisticsReport.of(snapshot(router)));
            case STATS_CLEAR -> {
                ReportFile.write(paths.statistics(), StatisticsReport.of(snapshot(router)));
                router.clearStatistics();
            }
            case JSON -> ReportFile.write(paths.json(), JsonReport.of(snapshot(router)));
            case STOP -> {
                return false;
            }
        }
        return true;
    }

    // A process that lives on without its protocol would look well and protect nothing.
    private static void requireAlive(VrrpRouter router) {
        if (!router.isAlive()) {
            throw new IllegalStateException("the protocol's thread has ended by a bug");
        }
    }

    private void reload(VrrpRouter router, Notifier notifier, TrackedScripts scripts) {
        ProcessLog.info("reloads " + options.configFile());
        KeepalivedConf conf;
        try (ReloadMark _ = ReloadMark.set(settings.global().reload(), paths.reloadFile())) {
            conf = file.checked(file.read());
        }
        FindingsText.log(conf.findings());
        if (conf.settings().isEmpty()) {
            ProcessLog.error("the new configuration cannot run; everything stays as it was");
            return;
        }
        KeepalivedSettings changed = conf.settings().get();
        KeepalivedSettings before = settings;
        notifier.reload(changed);
        scripts.setDefaultUser(changed.global().scriptUser());
        try {
            router.reload(changed.router());
        } catch (ProblemException e) {
            ProcessLog.error(e.problem().message());
            ProcessLog.error("everything stays as it was");
            notifier.reload(before);
            scripts.setDefaultUser(before.global().scriptUser());
            return;
        }
        use(changed);
        if (changed.global().fifoStatesOnReload()) {
            notifier.writeStates(router.data());
        }
        ProcessLog.info("reloaded: " + changed.router().instances().size() + " instances");
    }

    private synchronized void use(KeepalivedSettings changed) {
        settings = changed;
        schedule = new ScheduledReload(changed.global().reload());
        if (!changed.global().files().equals(atStart.global().files())) {
            ProcessLog.warning(
                    "instance, net_namespace and file names change at the next start only");
        }
    }
}
