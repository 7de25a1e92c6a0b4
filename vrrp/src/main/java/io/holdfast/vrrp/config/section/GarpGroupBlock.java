package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code garp_group { ... }}: pauses between announcements on some interfaces. */
final class GarpGroupBlock {
    private final List<String> interfaces = new ArrayList<>();
    private @Nullable Duration arpInterval;
    private @Nullable Duration advertisementInterval;

    void read(Statement block, Findings findings) {
        new Section("garp_group", findings)
                .on("garp_interval", s -> arpInterval = s.timer(0, 1000).orElse(arpInterval))
                .on(
                        "gna_interval",
                        s -> advertisementInterval = s.timer(0, 1000).orElse(advertisementInterval))
                .on("interface", s -> s.word().ifPresent(interfaces::add))
                .on(
                        "interfaces",
                        s ->
                                s.statement()
                                        .children()
                                        .forEach(line -> interfaces.addAll(line.words())))
                .read(block.children());
        if (interfaces.isEmpty()) {
            findings.error(
                    block.place(),
                    "the garp_group is left out",
                    "it names no interface",
                    "add interface NAME");
        }
    }

    List<String> interfaces() {
        return interfaces;
    }

    @Nullable Duration arpInterval() {
        return arpInterval;
    }

    @Nullable Duration advertisementInterval() {
        return advertisementInterval;
    }
}
