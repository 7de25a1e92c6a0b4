package io.holdfast.vrrp.config;

import java.util.Optional;

/**
 * Names and places of the process's own files; what is empty has Keepalived's default.
 *
 * @param instance {@code instance NAME}: part of the pid files' names
 * @param useRunDirectory {@code use_pid_dir}
 * @param networkNamespace {@code net_namespace}
 * @param dataUsesInstance {@code data_use_instance}
 */
public record ProcessFiles(
        Optional<String> instance,
        boolean useRunDirectory,
        Optional<String> networkNamespace,
        Optional<String> dataFile,
        Optional<String> statisticsFile,
        Optional<String> jsonFile,
        boolean dataUsesInstance) {}
