package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code vrrp_script NAME { ... }}. */
final class ScriptBlock {
    private static final double SHORTEST_SECONDS = 0.001;
    private static final double LONGEST_SECONDS = 1_000_000;

    private @Nullable ScriptCommand script;
    private Duration interval = Duration.ofSeconds(1);
    private @Nullable Duration timeout;
    private Weight weight = new Weight(0, false);
    private int rise = 1;
    private int fall = 1;
    private @Nullable ScriptUser user;
    private boolean initiallyDown;

    /** Adds what the block defines. */
    void read(String name, Statement block, Trackables trackables, Findings findings) {
        new Section("vrrp_script " + name, findings)
                .on("script", s -> script = Scripts.withArguments(s).orElse(null))
                .on("interval", s -> interval = seconds(s).orElse(interval))
                .on("timeout", s -> timeout = seconds(s).orElse(timeout))
                .on("weight", s -> weight = Weight.parse(s, s.values(), Weight.MOST, weight))
                .on("rise", s -> rise = s.integer(1, Integer.MAX_VALUE).orElse(rise))
                .on("fall", s -> fall = s.integer(1, Integer.MAX_VALUE).orElse(fall))
                .on("user", this::user)
                .on("init_fail", s -> initiallyDown = s.flag(true))
                .read(block.children());
        ScriptCommand command = script;
        if (command == null) {
            findings.error(
                    block.place(),
                    "vrrp_script " + name + " is left out",
                    "it names no script; what tracks it is not watched",
                    "add: script \"PATH ARGUMENTS\"");
            return;
        }
        Duration limit = timeout == null ? interval : timeout;
        trackables.scripts.put(name, new Tracked(name, weight.value(), weight.reversed()));
        trackables.scriptSettings.add(
                new ScriptSettings(
                        name,
                        command.command(),
                        interval,
                        limit,
                        rise,
                        fall,
                        Optional.ofNullable(user).map(ScriptUser::toString),
                        initiallyDown));
    }

    private static Optional<Duration> seconds(Setting setting) {
        return setting.timer(SHORTEST_SECONDS, LONGEST_SECONDS);
    }

    private void user(Setting setting) {
        List<String> values = setting.values();
        if (values.isEmpty()) {
            setting.word();
            return;
        }
        setting.noMoreThan(2);
        user =
                new ScriptUser(
                        values.getFirst(),
                        values.size() > 1 ? Optional.of(values.get(1)) : Optional.empty());
    }
}
