package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.FileSettings;
import io.holdfast.vrrp.core.Tracked;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code track_file NAME { ... }}. */
final class FileBlock {
    private @Nullable String path;
    private Weight weight = new Weight(1, false);
    private OptionalInt initial = OptionalInt.empty();
    private boolean overwrite;

    /** Adds what the block defines. */
    void read(String name, Statement block, Trackables trackables, Findings findings) {
        new Section("track_file " + name, findings)
                .on("file", s -> path = s.word().orElse(path))
                .on("weight", s -> weight = Weight.parse(s, s.values(), Integer.MAX_VALUE, weight))
                .on("init_file", this::initial)
                .read(block.children());
        if (path == null) {
            findings.error(
                    block.place(),
                    "track_file " + name + " is left out",
                    "it names no file; what tracks it is not watched",
                    "add: file PATH");
            return;
        }
        trackables.files.put(name, new Tracked(name, weight.value(), weight.reversed()));
        trackables.fileSettings.add(new FileSettings(name, path, initial, overwrite));
    }

    private void initial(Setting setting) {
        initial = OptionalInt.of(0);
        for (String word : setting.values()) {
            if (word.equals("overwrite")) {
                overwrite = true;
            } else {
                OptionalInt value = setting.integer(word, -Integer.MAX_VALUE, Integer.MAX_VALUE);
                initial = value.isPresent() ? value : initial;
            }
        }
    }
}
