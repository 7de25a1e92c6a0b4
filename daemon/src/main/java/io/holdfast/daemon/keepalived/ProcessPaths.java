package io.holdfast.daemon.keepalived;

import io.holdfast.vrrp.config.ProcessFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the process keeps its files, by Keepalived's rules.
 *
 * @param pidFile the parent's
 * @param vrrpPidFile the VRRP child's: here one process has both
 * @param socket where `holdfast keepalived status` asks
 * @param data for SIGUSR1
 * @param statistics for SIGUSR2
 * @param json for SIGJSON
 * @param reloadFile the default of {@code reload_file}
 */
record ProcessPaths(
        Path pidFile,
        Path vrrpPidFile,
        Path socket,
        Path data,
        Path statistics,
        Path json,
        Path reloadFile) {

    static ProcessPaths of(LaunchOptions options, ProcessFiles files) {
        Path run = options.root().resolve("run");
        Optional<String> namespace = options.namespace().or(files::networkNamespace);
        Path folder = run;
        String parent = "keepalived.pid";
        String child = "keepalived_vrrp.pid";
        if (namespace.isPresent()) {
            folder = run.resolve("keepalived").resolve("keepalived_" + namespace.get());
            child = "vrrp.pid";
        } else if (files.instance().isPresent()) {
            folder = run.resolve("keepalived");
            parent = "keepalived_" + files.instance().get() + ".pid";
            child = "vrrp_" + files.instance().get() + ".pid";
        } else if (files.useRunDirectory()) {
            folder = run.resolve("keepalived");
            child = "vrrp.pid";
        }
        Path pidFile = options.pidFile().orElse(folder.resolve(parent));
        return new ProcessPaths(
                pidFile,
                options.vrrpPidFile().orElse(folder.resolve(child)),
                socketBeside(pidFile),
                report(options, files, namespace, files.dataFile(), "data"),
                report(options, files, namespace, files.statisticsFile(), "stats"),
                report(options, files, namespace, files.jsonFile(), "json"),
                folder.resolve("keepalived.reload"));
    }

    /** The control socket of the process with that pid file. */
    static Path socketBeside(Path pidFile) {
        String name = pidFile.getFileName().toString();
        String stem = name.endsWith(".pid") ? name.substring(0, name.length() - 4) : name;
        return pidFile.resolveSibling(stem + ".sock");
    }

    private static Path report(
            LaunchOptions options,
            ProcessFiles files,
            Optional<String> namespace,
            Optional<String> configured,
            String ending) {
        if (configured.isPresent()) {
            return Path.of(configured.get());
        }
        String suffix =
                files.dataUsesInstance()
                        ? files.instance().map(name -> "_" + name).orElse("")
                                + namespace.map(name -> "_" + name).orElse("")
                        : "";
        return options.root().resolve("tmp").resolve("keepalived" + suffix + "." + ending);
    }
}
