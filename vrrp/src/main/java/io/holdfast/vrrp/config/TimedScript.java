package io.holdfast.vrrp.config;

import java.time.Duration;

/** {@code startup_script} and {@code shutdown_script}: run once, ended after {@code timeout}. */
public record TimedScript(ScriptCommand script, Duration timeout) {}
