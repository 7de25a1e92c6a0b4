package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.ProcessSettings;
import io.holdfast.vrrp.core.ProcessSettings.Match;
import io.holdfast.vrrp.core.Tracked;
import java.time.Duration;
import java.util.List;

/** {@code vrrp_track_process NAME { ... }}. */
final class ProcessBlock {
    private static final double LONGEST_SECONDS = 3600;
    private static final int MOST_WEIGHT = 254;

    private List<String> command = List.of();
    private boolean anyArguments = true;
    private Match match = Match.EXACT;
    private Weight weight = new Weight(0, false);
    private int quorum = 1;
    private int quorumMax = Integer.MAX_VALUE;
    private Duration startDelay = Duration.ZERO;
    private Duration terminateDelay = Duration.ZERO;
    private boolean fullCommand;

    /** Adds what the block defines. */
    void read(String name, Statement block, Trackables trackables, Findings findings) {
        new Section("vrrp_track_process " + name, findings)
                .on("process", s -> command = s.values())
                .on("param_match", this::match)
                .on("weight", s -> weight = Weight.parse(s, s.values(), MOST_WEIGHT, weight))
                .on("quorum", s -> quorum = s.integer(1, 65535).orElse(quorum))
                .on("quorum_max", s -> quorumMax = s.integer(0, 65535).orElse(quorumMax))
                .on("fork_delay", s -> startDelay = delay(s, startDelay))
                .on("terminate_delay", s -> terminateDelay = delay(s, terminateDelay))
                .on(
                        "delay",
                        s -> {
                            startDelay = delay(s, startDelay);
                            terminateDelay = startDelay;
                        })
                .on("full_command", s -> fullCommand = s.flag(true))
                .read(block.children());
        if (command.isEmpty()) {
            findings.error(
                    block.place(),
                    "vrrp_track_process " + name + " is left out",
                    "it names no process; what tracks it is not watched",
                    "add: process NAME");
            return;
        }
        if (quorumMax == 0) {
            quorum = 0;
        }
        if (quorumMax < quorum) {
            findings.error(
                    block.place(),
                    "quorum_max of vrrp_track_process " + name + " is left out",
                    "it is less than quorum (" + quorum + "), so it could never be up",
                    "set quorum_max to " + quorum + " or more");
            quorumMax = Integer.MAX_VALUE;
        }
        Match arguments = command.size() == 1 && anyArguments ? Match.NONE : match;
        trackables.processes.put(name, new Tracked(name, weight.value(), weight.reversed()));
        trackables.processSettings.add(
                new ProcessSettings(
                        name,
                        command,
                        arguments,
                        fullCommand,
                        quorum,
                        quorumMax,
                        startDelay,
                        terminateDelay));
    }

    // Without a word: exactly these arguments, also when there are none.
    private void match(Setting setting) {
        anyArguments = false;
        if (setting.values().isEmpty()) {
            return;
        }
        switch (setting.values().getFirst()) {
            case "initial" -> match = Match.INITIAL;
            case "partial" -> match = Match.PARTIAL;
            default ->
                    setting.notA("way to match (initial or partial)", setting.values().getFirst());
        }
    }

    private static Duration delay(Setting setting, Duration otherwise) {
        return setting.timer(0, LONGEST_SECONDS).orElse(otherwise);
    }
}
