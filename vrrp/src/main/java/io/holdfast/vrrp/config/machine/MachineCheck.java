package io.holdfast.vrrp.config.machine;

import io.holdfast.vrrp.config.FifoSettings;
import io.holdfast.vrrp.config.GlobalSettings;
import io.holdfast.vrrp.config.KeepalivedConf;
import io.holdfast.vrrp.config.KeepalivedSettings;
import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.config.TimedScript;
import io.holdfast.vrrp.config.machine.Machine.InterfaceKind;
import io.holdfast.vrrp.config.text.Finding;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Severity;
import io.holdfast.vrrp.core.GroupSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.Tracking;
import io.holdfast.vrrp.core.VirtualMacSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks whether a machine has what a configuration names. What Keepalived would leave out (a script
 * that is not there, or of a user that is not) is left out here too, but told as a mistake.
 */
public final class MachineCheck {
    /** Scripts run as this user when it exists and the file names no other. */
    public static final String DEFAULT_SCRIPT_USER = "keepalived_script";

    private final Machine machine;
    private final Place file;
    private final KeepalivedSettings settings;
    private final Findings findings = new Findings();
    private int rootScripts;
    private Optional<String> firstWeakness = Optional.empty();

    private MachineCheck(Machine machine, Place file, KeepalivedSettings settings) {
        this.machine = machine;
        this.file = file;
        this.settings = settings;
    }

    /** The configuration with what can be had on this machine, and all findings. */
    public static KeepalivedConf check(KeepalivedConf conf, Path file, Machine machine) {
        if (conf.settings().isEmpty()) {
            return conf;
        }
        Place place = new Place(file.toString(), 0);
        MachineCheck check = new MachineCheck(machine, place, conf.settings().get());
        KeepalivedSettings possible = check.run();
        List<Finding> all =
                Findings.sorted(
                        Stream.concat(conf.findings().stream(), check.findings.inOrder().stream())
                                .toList());
        boolean fatal = all.stream().anyMatch(f -> f.severity() == Severity.FATAL);
        return new KeepalivedConf(fatal ? Optional.empty() : Optional.of(possible), all);
    }

    private KeepalivedSettings run() {
        interfaces();
        GlobalSettings global = settings.global();
        Optional<ScriptUser> scriptUser = defaultUser(global.scriptUser());
        RouterSettings router = withScripts(settings.router());
        KeepalivedSettings checked =
                new KeepalivedSettings(
                        router,
                        withScripts(global, scriptUser),
                        notifications(settings.instances()),
                        notifications(settings.groups()));
        tellOfSecurity();
        return checked;
    }

    // --- interfaces ----------------------------------------------------------------------------

    private void interfaces() {
        Set<String> made = new HashSet<>();
        Map<String, String> wanted = new LinkedHashMap<>();
        for (InstanceSettings instance : settings.router().instances()) {
            instance.virtualMac().map(VirtualMacSettings::interfaceName).ifPresent(made::add);
            wanted.putIfAbsent(
                    instance.interfaceName(), "interface of vrrp_instance " + instance.name());
            Stream.concat(instance.addresses().stream(), instance.excludedAddresses().stream())
                    .flatMap(address -> address.interfaceName().stream())
                    .forEach(n -> wanted.putIfAbsent(n, "an address of " + instance.name()));
            tracked(instance.tracking(), instance.name(), wanted);
            if (machine.interfaceKind(instance.interfaceName()) == InterfaceKind.LOOPBACK) {
                findings.fatal(
                        file,
                        "vrrp_instance " + instance.name() + " cannot run on a loopback interface",
                        instance.interfaceName()
                                + " leads to nobody else; Keepalived refuses it"
                                + " too",
                        "name the interface that leads to the other node");
            }
        }
        for (GroupSettings group : settings.router().groups()) {
            tracked(group.tracking(), group.name(), wanted);
        }
        settings.router().staticAddresses().stream()
                .flatMap(address -> address.interfaceName().stream())
                .forEach(name -> wanted.putIfAbsent(name, "a static address"));
        wanted.forEach(
                (name, purpose) -> {
                    if (!made.contains(name)
                            && machine.interfaceKind(name) == InterfaceKind.MISSING) {
                        missing(name, purpose);
                    }
                });
    }

    private static void tracked(Tracking tracking, String owner, Map<String, String> wanted) {
        tracking.interfaces()
                .forEach(t -> wanted.putIfAbsent(t.name(), "track_interface of " + owner));
    }

    private void missing(String name, String purpose) {
        boolean awaited = settings.router().dynamicInterfaces();
        findings.add(
                awaited ? Severity.WARNING : Severity.FATAL,
                file,
                "there is no interface " + name,
                "it is needed as "
                        + purpose
                        + (awaited
                                ? "; with dynamic_interfaces it is waited for"
                                : "; Keepalived refuses to run too"),
                "correct the name (`ip link` lists them), or add dynamic_interfaces to global_defs");
    }

    // --- users ---------------------------------------------------------------------------------

    private Optional<ScriptUser> defaultUser(Optional<ScriptUser> configured) {
        if (configured.isPresent()) {
            if (isKnown(configured.get())) {
                return configured;
            }
            findings.error(
                    file,
                    "script_user " + configured.get() + " is left out",
                    "there is no such user or group",
                    "make it: useradd --system " + configured.get().name());
        }
        return machine.hasUser(DEFAULT_SCRIPT_USER)
                ? Optional.of(new ScriptUser(DEFAULT_SCRIPT_USER, Optional.empty()))
                : Optional.empty();
    }

    private boolean isKnown(ScriptUser user) {
        return machine.hasUser(user.name()) && user.group().map(machine::hasGroup).orElse(true);
    }

    // --- scripts -------------------------------------------------------------------------------

    /** The scripts that can be run; trackers of others are taken out, as Keepalived does. */
    private RouterSettings withScripts(RouterSettings router) {
        List<ScriptSettings> kept = new ArrayList<>();
        Set<String> dropped = new HashSet<>();
        Set<String> used = usedScripts(router);
        for (ScriptSettings script : router.scripts()) {
            ScriptCommand command =
                    new ScriptCommand(script.command(), script.user().map(ScriptUser::parse), file);
            if (isRunnable(command, "vrrp_script " + script.name(), ", and nothing is watched")) {
                kept.add(script);
            } else {
                dropped.add(script.name());
            }
            if (!used.contains(script.name())) {
                findings.warning(
                        file,
                        "vrrp_script " + script.name() + " is never run",
                        "nothing tracks it",
                        "name it in track_script of an instance, or remove it");
            }
        }
        return dropped.isEmpty() ? router : without(router, kept, dropped);
    }

    private static Set<String> usedScripts(RouterSettings router) {
        Set<String> used = new HashSet<>();
        router.instances().forEach(i -> i.tracking().scripts().forEach(t -> used.add(t.name())));
        router.groups().forEach(g -> g.tracking().scripts().forEach(t -> used.add(t.name())));
        return used;
    }

    private static RouterSettings without(
            RouterSettings r, List<ScriptSettings> kept, Set<String> dropped) {
        return new RouterSettings(
                r.instances().stream().map(i -> without(i, dropped)).toList(),
                r.groups().stream()
                        .map(
                                g ->
                                        new GroupSettings(
                                                g.name(),
                                                g.members(),
                                                without(g.tracking(), dropped),
                                                g.trackingWeight()))
                        .toList(),
                kept,
                r.files(),
                r.processes(),
                r.staticAddresses(),
                r.staticRoutes(),
                r.staticRules(),
                r.interfaceDelays(),
                r.startupDelay(),
                r.dynamicInterfaces(),
                r.logUnknownVirtualRouters());
    }

    private static Tracking without(Tracking tracking, Set<String> dropped) {
        List<Tracked> scripts =
                tracking.scripts().stream().filter(t -> !dropped.contains(t.name())).toList();
        return new Tracking(tracking.interfaces(), scripts, tracking.files(), tracking.processes());
    }

    private static InstanceSettings without(InstanceSettings i, Set<String> dropped) {
        return new InstanceSettings(
                i.name(),
                i.virtualRouterId(),
                i.version(),
                i.family(),
                i.interfaceName(),
                i.startAsMaster(),
                i.priority(),
                i.advertInterval(),
                i.authentication(),
                i.addresses(),
                i.excludedAddresses(),
                i.routes(),
                i.rules(),
                i.preemption(),
                i.transport(),
                i.virtualMac(),
                i.announcements(),
                i.advertRules(),
                without(i.tracking(), dropped),
                i.trackPrimary(),
                i.promoteSecondaries(),
                i.flapDamping(),
                i.needsLease());
    }

    private Map<String, NotifySettings> notifications(Map<String, NotifySettings> all) {
        Map<String, NotifySettings> checked = new LinkedHashMap<>();
        all.forEach(
                (name, n) ->
                        checked.put(
                                name,
                                new NotifySettings(
                                        runnable(n.master(), name, "notify_master"),
                                        runnable(n.backup(), name, "notify_backup"),
                                        runnable(n.fault(), name, "notify_fault"),
                                        runnable(n.stop(), name, "notify_stop"),
                                        runnable(n.deleted(), name, "notify_deleted"),
                                        runnable(n.any(), name, "notify"),
                                        runnable(
                                                n.masterHearsLower(),
                                                name,
                                                "notify_master_rx_lower_pri"),
                                        n.tellsDeletion(),
                                        n.priorityChanges(),
                                        n.mail() && hasMail(name))));
        return checked;
    }

    private boolean hasMail(String owner) {
        boolean has =
                settings.global().mail().server().isPresent()
                        && !settings.global().mail().to().isEmpty();
        if (!has) {
            findings.warning(
                    file,
                    owner + " sends no mails",
                    "smtp_alert is on, but global_defs has no smtp_server or no notification_email",
                    "add both to global_defs");
        }
        return has;
    }

    private GlobalSettings withScripts(GlobalSettings g, Optional<ScriptUser> scriptUser) {
        return new GlobalSettings(
                g.routerId(),
                g.mail(),
                scriptUser,
                g.scriptSecurity(),
                timed(g.startupScript(), "startup_script"),
                timed(g.shutdownScript(), "shutdown_script"),
                fifo(g.allFifo(), "notify_fifo"),
                fifo(g.vrrpFifo(), "vrrp_notify_fifo"),
                g.fifoStatesOnReload(),
                g.realtimePriority(),
                g.nice(),
                g.umask(),
                g.lockedInMemory(),
                g.files(),
                g.reload());
    }

    private Optional<TimedScript> timed(Optional<TimedScript> script, String keyword) {
        return script.filter(s -> isRunnable(s.script(), keyword, ""));
    }

    private Optional<FifoSettings> fifo(Optional<FifoSettings> fifo, String keyword) {
        return fifo.map(
                f ->
                        new FifoSettings(
                                f.path(),
                                f.owner().filter(this::isKnown),
                                f.script().filter(s -> isRunnable(s, keyword + "_script", ""))));
    }

    private Optional<ScriptCommand> runnable(
            Optional<ScriptCommand> script, String owner, String keyword) {
        return script.filter(s -> isRunnable(s, keyword + " of " + owner, ""));
    }

    private boolean isRunnable(ScriptCommand script, String what, String consequence) {
        String program = script.command().getFirst();
        if (script.user().isPresent() && !isKnown(script.user().get())) {
            findings.error(
                    script.place(),
                    what + " is left out" + consequence,
                    "there is no user or group `"
                            + script.user().get()
                            + "`: the word after a"
                            + " script is the user to run it as; Keepalived drops the script too,"
                            + " while its --config-test finds nothing wrong",
                    "put a script and its arguments in quotes (\""
                            + program
                            + " ARGUMENT\"), or"
                            + " make the user");
            return false;
        }
        Optional<Path> path = machine.program(program);
        if (path.isEmpty()) {
            findings.error(
                    script.place(),
                    what + " is left out" + consequence,
                    program + " is not there, or may not be executed",
                    "make it, then: chmod 755 " + program);
            return false;
        }
        return isSafe(script, path.get(), what);
    }

    private boolean isSafe(ScriptCommand script, Path path, String what) {
        if (!machine.isRoot() || !runsAsRoot(script.user())) {
            return true;
        }
        rootScripts++;
        Optional<String> weakness = machine.writableByOthers(path);
        if (weakness.isEmpty()) {
            return true;
        }
        if (settings.global().scriptSecurity()) {
            findings.error(
                    script.place(),
                    what + " is left out",
                    "enable_script_security is on, it would run as root, and " + weakness.get(),
                    "chown root and chmod go-w that path, or name another user for the script");
            return false;
        }
        firstWeakness = firstWeakness.isPresent() ? firstWeakness : weakness;
        return true;
    }

    private boolean runsAsRoot(Optional<ScriptUser> own) {
        return own.or(settings.global()::scriptUser)
                .map(user -> user.name().equals("root") || user.name().equals("0"))
                .orElse(!machine.hasUser(DEFAULT_SCRIPT_USER));
    }

    private void tellOfSecurity() {
        if (settings.global().scriptSecurity() || rootScripts == 0) {
            return;
        }
        findings.add(
                Severity.SECURITY,
                file,
                "scripts run as root, and enable_script_security is off",
                firstWeakness
                        .map(w -> w + ", so somebody else can make root run anything")
                        .orElse(
                                "whoever can change one of them, now or later, can make root run"
                                        + " anything"),
                "add enable_script_security to global_defs, and script_user root where root is"
                        + " needed (or make the user "
                        + DEFAULT_SCRIPT_USER
                        + ")");
    }
}
