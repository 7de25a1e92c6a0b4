package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.FifoSettings;
import io.holdfast.vrrp.config.GlobalSettings;
import io.holdfast.vrrp.config.MailSettings;
import io.holdfast.vrrp.config.ProcessFiles;
import io.holdfast.vrrp.config.ReloadSettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.config.TimedScript;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.VrrpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code global_defs}, and the few settings that stand outside any block. */
final class GlobalDefs {
    private static final int LONGEST_SCRIPT_SECONDS = 1000;
    private static final String KEEPALIVED_LVS =
            "it concerns load balancing (LVS), which Holdfast does not do";
    private static final String LEAVE_LVS = "leave load balancing to Keepalived with --check";

    private final Defaults defaults;
    private final Findings findings;

    private final List<String> mailTo = new ArrayList<>();
    private @Nullable String mailFrom;
    private @Nullable String smtpServer;
    private int smtpPort = MailSettings.SMTP_PORT;
    private Duration smtpTimeout = MailSettings.CONNECT_TIMEOUT;
    private @Nullable String heloName;
    private boolean mailFaults = true;
    private @Nullable Boolean smtpAlert;
    private @Nullable Boolean smtpAlertVrrp;
    private String routerId;

    private @Nullable ScriptUser scriptUser;
    private boolean scriptSecurity;
    private @Nullable ScriptCommand startupScript;
    private @Nullable ScriptCommand shutdownScript;
    private Duration startupTimeout = Duration.ofSeconds(10);
    private Duration shutdownTimeout = Duration.ofSeconds(10);
    private final Fifo allFifo = new Fifo();
    private final Fifo vrrpFifo = new Fifo();
    private boolean fifoStatesOnReload;

    private OptionalInt realtime = OptionalInt.empty();
    private OptionalInt nice = OptionalInt.empty();
    private OptionalInt umask = OptionalInt.empty();
    private boolean lockedInMemory;

    private @Nullable String instance;
    private boolean runDirectory;
    private @Nullable String networkNamespace;
    private @Nullable String dataFile;
    private @Nullable String statisticsFile;
    private @Nullable String jsonFile;
    private boolean dataUsesInstance;
    private @Nullable String reloadTimeFile;
    private boolean reloadRepeat;
    private @Nullable String reloadFile;

    /** A FIFO while its keywords are read. */
    private static final class Fifo {
        private @Nullable String path;
        private @Nullable ScriptUser owner;
        private @Nullable ScriptCommand script;

        Optional<FifoSettings> settings() {
            String name = path;
            return name == null
                    ? Optional.empty()
                    : Optional.of(
                            new FifoSettings(
                                    name, Optional.ofNullable(owner), Optional.ofNullable(script)));
        }
    }

    GlobalDefs(Defaults defaults, String hostName, Findings findings) {
        this.defaults = defaults;
        this.routerId = hostName;
        this.findings = findings;
    }

    /** A block of {@code global_defs}; there may be several. */
    void read(Statement block) {
        Section section = new Section("global_defs", findings);
        mails(section);
        protocol(section);
        scripts(section);
        process(section);
        reload(section);
        unserved(section);
        outside(section);
        section.read(block.children());
        defaults.smtpAlert = smtpAlertVrrp != null ? smtpAlertVrrp : smtpAlert != null && smtpAlert;
    }

    /** A setting that stands outside any block, as 1.x and a few newer ones do. */
    void readOutside(Statement statement) {
        Section section = new Section("the file", findings);
        outside(section);
        section.read(List.of(statement));
    }

    static boolean standsOutside(String keyword) {
        return switch (keyword) {
            case "net_namespace",
                    "net_namespace_ipvs",
                    "namespace_with_ipsets",
                    "instance",
                    "use_pid_dir",
                    "linkbeat_use_polling",
                    "child_wait_time" ->
                    true;
            default -> false;
        };
    }

    GlobalSettings settings() {
        return new GlobalSettings(
                routerId,
                new MailSettings(
                        mailTo,
                        Optional.ofNullable(mailFrom),
                        Optional.ofNullable(smtpServer),
                        smtpPort,
                        smtpTimeout,
                        Optional.ofNullable(heloName),
                        mailFaults),
                Optional.ofNullable(scriptUser),
                scriptSecurity,
                Optional.ofNullable(startupScript).map(s -> new TimedScript(s, startupTimeout)),
                Optional.ofNullable(shutdownScript).map(s -> new TimedScript(s, shutdownTimeout)),
                allFifo.settings(),
                vrrpFifo.settings(),
                fifoStatesOnReload,
                realtime,
                nice,
                umask,
                lockedInMemory,
                new ProcessFiles(
                        Optional.ofNullable(instance),
                        runDirectory,
                        Optional.ofNullable(networkNamespace),
                        Optional.ofNullable(dataFile),
                        Optional.ofNullable(statisticsFile),
                        Optional.ofNullable(jsonFile),
                        dataUsesInstance),
                new ReloadSettings(
                        Optional.ofNullable(reloadTimeFile),
                        reloadRepeat,
                        Optional.ofNullable(reloadFile)));
    }

    private void outside(Section section) {
        section.on("net_namespace", s -> networkNamespace = s.word().orElse(networkNamespace))
                .on("instance", s -> instance = s.word().orElse(instance))
                .on("use_pid_dir", s -> runDirectory = s.flag(true))
                // Carrier changes come by netlink from every driver of this century.
                .without("linkbeat_use_polling", "child_wait_time", "namespace_with_ipsets")
                .notServed(KEEPALIVED_LVS, LEAVE_LVS, "net_namespace_ipvs");
    }

    private void mails(Section section) {
        section.each("notification_email", this::recipients)
                .on("notification_email_from", this::mailFrom)
                .on("smtp_server", this::smtpServer)
                .on("smtp_helo_name", s -> heloName = s.word().orElse(heloName))
                .on(
                        "smtp_connect_timeout",
                        s -> smtpTimeout = s.timer(0.001, 3600).orElse(smtpTimeout))
                .on("smtp_alert", s -> smtpAlert = s.flag(false))
                .on("smtp_alert_vrrp", s -> smtpAlertVrrp = s.flag(false))
                .on("no_email_faults", s -> mailFaults = !s.flag(true))
                .on("router_id", s -> routerId = s.word().orElse(routerId));
    }

    // The words of the block are addresses, also several on a line. "[email protected]" is what a
    // web page's protection makes of an address; it is two words.
    private void recipients(Setting setting) {
        for (Statement line : setting.statement().children()) {
            if (!isHidden(line)) {
                mailTo.addAll(line.words());
            }
        }
    }

    private void mailFrom(Setting setting) {
        if (!isHidden(setting.statement())) {
            mailFrom = setting.word().orElse(mailFrom);
        }
    }

    private boolean isHidden(Statement line) {
        if (!line.text().contains("[email")) {
            return false;
        }
        findings.warning(
                line.place(),
                "`" + line.text() + "` is no mail address",
                "a web page put it in the place of the real one; Keepalived takes it for one",
                "write the address, or remove the line");
        return true;
    }

    private void smtpServer(Setting setting) {
        if (setting.values().size() > 1) {
            setting.integer(setting.values().get(1), 1, 65535).ifPresent(port -> smtpPort = port);
        }
        if (!setting.values().isEmpty()) {
            smtpServer = setting.values().getFirst();
        } else {
            setting.word();
        }
    }

    private void protocol(Section section) {
        defaults.announcements.addTo(section, "vrrp_");
        section.on("vrrp_version", this::version)
                .on("vrrp_mcast_group4", s -> defaults.group4 = s.address().orElse(defaults.group4))
                .on("vrrp_mcast_group6", s -> defaults.group6 = s.address().orElse(defaults.group6))
                .on(
                        "default_interface",
                        s -> defaults.defaultInterface = s.word().orElse(defaults.defaultInterface))
                .on(
                        "vrrp_garp_interval",
                        s ->
                                defaults.announcements.arpInterval =
                                        s.timer(0, 1000).orElse(Duration.ZERO))
                .on(
                        "vrrp_gna_interval",
                        s ->
                                defaults.announcements.advertisementInterval =
                                        s.timer(0, 1000).orElse(Duration.ZERO))
                .on("vrrp_min_garp", this::minGarp)
                .on(
                        "vrrp_down_timer_adverts",
                        s ->
                                defaults.downTimerAdverts =
                                        s.integer(1, 100).orElse(defaults.downTimerAdverts))
                .on(
                        "vrrp_lower_prio_no_advert",
                        s -> defaults.lowerPriorityNoAdvert = s.flag(false))
                .on(
                        "vrrp_higher_prio_send_advert",
                        s -> defaults.higherPrioritySendAdvert = s.flag(false))
                .on("vrrp_check_unicast_src", s -> defaults.checkUnicastSource = s.flag(false))
                .on("vrrp_skip_check_adv_addr", s -> defaults.skipAddressCheck = s.flag(false))
                .on("vrrp_strict", s -> defaults.strict = s.flag(false))
                .on("vrrp_owner_ignore_adverts", s -> defaults.ownerIgnoresAdverts = s.flag(false))
                .on("v3_checksum_as_v2", s -> defaults.checksumAsVersion2 = s.flag(false))
                .on("vrrp_startup_delay", s -> defaults.startupDelay = delay(s))
                .on("vrrp_delay_after_boot", s -> defaults.startupDelay = delay(s))
                .on(
                        "vrrp_notify_priority_changes",
                        s -> defaults.notifyPriorityChanges = s.flag(false))
                .on("dynamic_interfaces", s -> defaults.dynamicInterfaces = true)
                .on("log_unknown_vrids", s -> defaults.logUnknownVirtualRouters = s.flag(true))
                .on(
                        "vmac_prefix",
                        s -> defaults.macvlanPrefix = s.word().orElse(defaults.macvlanPrefix));
    }

    private static @Nullable Duration delay(Setting setting) {
        return setting.timer(0, 1 << 20).orElse(null);
    }

    private void version(Setting setting) {
        setting.integer(2, 3)
                .ifPresent(v -> defaults.version = v == 2 ? VrrpVersion.V2 : VrrpVersion.V3);
    }

    private void minGarp(Setting setting) {
        if (setting.flag(false)) {
            defaults.announcements.least();
        }
    }

    private void scripts(Section section) {
        section.on("script_user", this::scriptUser)
                .on("enable_script_security", s -> scriptSecurity = s.flag(true))
                .on("startup_script", s -> startupScript = Scripts.withUser(s).orElse(null))
                .on("shutdown_script", s -> shutdownScript = Scripts.withUser(s).orElse(null))
                .on(
                        "startup_script_timeout",
                        s ->
                                startupTimeout =
                                        s.timer(1, LONGEST_SCRIPT_SECONDS).orElse(startupTimeout))
                .on(
                        "shutdown_script_timeout",
                        s ->
                                shutdownTimeout =
                                        s.timer(1, LONGEST_SCRIPT_SECONDS).orElse(shutdownTimeout))
                .on("notify_fifo", s -> fifo(s, allFifo))
                .on("vrrp_notify_fifo", s -> fifo(s, vrrpFifo))
                .on("notify_fifo_script", s -> allFifo.script = Scripts.withUser(s).orElse(null))
                .on(
                        "vrrp_notify_fifo_script",
                        s -> vrrpFifo.script = Scripts.withUser(s).orElse(null))
                .on("fifo_write_vrrp_states_on_reload", s -> fifoStatesOnReload = s.flag(true))
                // Scripts get their user's supplementary groups always, and paths as written.
                .without("set_supplementary_groups", "use_symlink_paths");
    }

    private void scriptUser(Setting setting) {
        List<String> values = setting.values();
        if (values.isEmpty()) {
            setting.word();
            return;
        }
        setting.noMoreThan(2);
        scriptUser =
                new ScriptUser(
                        values.getFirst(),
                        values.size() > 1 ? Optional.of(values.get(1)) : Optional.empty());
    }

    private static void fifo(Setting setting, Fifo fifo) {
        List<String> values = setting.values();
        if (values.isEmpty()) {
            setting.word();
            return;
        }
        setting.noMoreThan(3);
        fifo.path = values.getFirst();
        fifo.owner =
                values.size() > 1
                        ? new ScriptUser(
                                values.get(1),
                                values.size() > 2 ? Optional.of(values.get(2)) : Optional.empty())
                        : null;
    }

    private void process(Section section) {
        section.on("vrrp_rt_priority", s -> realtime = s.integer(1, 99))
                .on("vrrp_priority", s -> nice = s.integer(-20, 19))
                .on("vrrp_no_swap", s -> lockedInMemory = s.flag(true))
                .on("umask", this::umask)
                .on("data_use_instance", s -> dataUsesInstance = s.flag(true))
                .on("state_dump_file", s -> dataFile = s.word().orElse(dataFile))
                .on("stats_dump_file", s -> statisticsFile = s.word().orElse(statisticsFile))
                .on("json_dump_file", s -> jsonFile = s.word().orElse(jsonFile))
                // One process, which measures its own delays; names and places that nothing needs.
                .without(
                        "process_names",
                        "process_name",
                        "vrrp_process_name",
                        "checker_process_name",
                        "bfd_process_name",
                        "max_auto_priority",
                        "min_auto_priority_delay",
                        "checker_priority",
                        "bfd_priority",
                        "checker_no_swap",
                        "bfd_no_swap",
                        "checker_rt_priority",
                        "bfd_rt_priority",
                        "vrrp_rlimit_rttime",
                        "vrrp_rlimit_rtime",
                        "checker_rlimit_rttime",
                        "bfd_rlimit_rttime",
                        "checker_cpu_affinity",
                        "bfd_cpu_affinity",
                        "tmp_config_directory",
                        "config_save_dir",
                        "json_version",
                        "iproute_usr_dir",
                        "iproute_etc_dir",
                        "vrrp_rx_bufs_policy",
                        "vrrp_rx_bufs_multiplier",
                        "vrrp_netlink_cmd_rcv_bufs",
                        "vrrp_netlink_cmd_rcv_bufs_force",
                        "vrrp_netlink_monitor_rcv_bufs",
                        "vrrp_netlink_monitor_rcv_bufs_force",
                        "process_monitor_rcv_bufs",
                        "process_monitor_rcv_bufs_force",
                        "random_seed",
                        "include_check");
    }

    // 0177, 0x7f or 127; or IWGRP|IWOTH.
    private void umask(Setting setting) {
        String text = setting.word().orElse("");
        int bits = 0;
        try {
            bits = Integer.decode(text);
        } catch (NumberFormatException e) {
            for (String name : text.split("\\|", -1)) {
                bits |= permission(name.strip());
            }
        }
        if (bits < 0 || bits > 0777 || (bits == 0 && !text.matches("0+|0x0+"))) {
            setting.notA("umask such as 022 or IWGRP|IWOTH", text);
        } else {
            umask = OptionalInt.of(bits);
        }
    }

    private static int permission(String name) {
        if (!name.matches("I[RWX](USR|GRP|OTH)")) {
            return -1;
        }
        int bit =
                switch (name.charAt(1)) {
                    case 'R' -> 4;
                    case 'W' -> 2;
                    default -> 1;
                };
        return bit
                << switch (name.substring(2)) {
                    case "USR" -> 6;
                    case "GRP" -> 3;
                    default -> 0;
                };
    }

    private void reload(Section section) {
        section.on("reload_time_file", s -> reloadTimeFile = s.word().orElse(reloadTimeFile))
                .on("reload_repeat", s -> reloadRepeat = s.flag(true))
                .on("reload_file", s -> reloadFile = s.values().isEmpty() ? "" : s.word().get())
                // A new configuration is always checked whole before the old one is left.
                .without("reload_check_config");
    }

    private void unserved(Section section) {
        section.notServed(
                        KEEPALIVED_LVS,
                        LEAVE_LVS,
                        "lvs_sync_daemon",
                        "lvs_timeouts",
                        "lvs_flush",
                        "lvs_flush_on_stop",
                        "lvs_flush_onstop",
                        "lvs_notify_fifo",
                        "lvs_notify_fifo_script",
                        "lvs_netlink_cmd_rcv_bufs",
                        "lvs_netlink_cmd_rcv_bufs_force",
                        "lvs_netlink_monitor_rcv_bufs",
                        "lvs_netlink_monitor_rcv_bufs_force",
                        "rs_init_notifies",
                        "no_checker_emails",
                        "smtp_alert_checker",
                        "checker_log_all_failures",
                        "nftables_ipvs",
                        "nftables_ipvs_priority",
                        "nftables_ipvs_start_fwmark",
                        "snmp_vs_stats_update_interval",
                        "snmp_rs_stats_update_interval")
                .notServed(
                        "Holdfast has no SNMP agent",
                        "read its Prometheus metrics: holdfast keepalived status --metrics",
                        "enable_snmp_vrrp",
                        "enable_snmp_keepalived",
                        "enable_snmp_checker",
                        "enable_snmp_rfc",
                        "enable_snmp_rfcv2",
                        "enable_snmp_rfcv3",
                        "enable_traps",
                        "snmp_socket")
                .notServed(
                        "Holdfast has no D-Bus interface",
                        "use notify scripts, a FIFO, or: holdfast keepalived status --json",
                        "enable_dbus",
                        "dbus_service_name",
                        "dbus_no_interface_name")
                .notServed(
                        "Holdfast writes no firewall rules",
                        "write the rules yourself, or leave no_accept out",
                        "nftables",
                        "nftables_priority",
                        "nftables_counters",
                        "nftables_ifindex",
                        "vrrp_iptables",
                        "vrrp_ipsets",
                        "disable_local_igmp")
                .notServed(
                        "the process runs where the scheduler puts it",
                        "bind it with `taskset` or systemd's CPUAffinity=",
                        "vrrp_cpu_affinity")
                .notServed(
                        "addresses are put on the instance's own virtual interface only",
                        "remove it",
                        "vmac_addr_prefix");
    }
}
