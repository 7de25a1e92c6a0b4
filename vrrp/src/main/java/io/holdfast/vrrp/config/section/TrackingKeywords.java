package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code track_interface, track_script, track_file, track_process, track_bfd}. */
final class TrackingKeywords {
    private static final int MOST_WEIGHT = 254;

    private final List<Setting> interfaces = new ArrayList<>();
    private final List<Setting> scripts = new ArrayList<>();
    private final List<Setting> files = new ArrayList<>();
    private final List<Setting> processes = new ArrayList<>();
    private final List<Setting> bfdSessions = new ArrayList<>();

    void addTo(Section section) {
        section.each("track_interface", interfaces::add)
                .each("track_script", scripts::add)
                .each("track_file", files::add)
                .each("track_process", processes::add)
                .each("track_bfd", bfdSessions::add);
    }

    /** Once everything that can be tracked is known; it may be defined after its use. */
    Tracking resolve(Trackables known) {
        resolve(bfdSessions, known.bfdSessions, "bfd_instance");
        return new Tracking(
                interfaces(),
                resolve(scripts, known.scripts, "vrrp_script"),
                resolve(files, known.files, "track_file"),
                resolve(processes, known.processes, "vrrp_track_process"));
    }

    private List<Tracked> interfaces() {
        List<Tracked> tracked = new ArrayList<>();
        for (Setting block : interfaces) {
            for (Statement line : block.statement().children()) {
                add(tracked, block, line, Tracked.fatal(line.keyword()));
            }
        }
        return tracked;
    }

    private static List<Tracked> resolve(
            List<Setting> blocks, Map<String, Tracked> known, String kind) {
        List<Tracked> tracked = new ArrayList<>();
        for (Setting block : blocks) {
            for (Statement line : block.statement().children()) {
                Tracked defined = known.get(line.keyword());
                if (defined == null) {
                    missing(block, line, known, kind);
                } else {
                    add(tracked, block, line, defined);
                }
            }
        }
        return tracked;
    }

    private static void missing(
            Setting block, Statement line, Map<String, Tracked> known, String kind) {
        String near =
                NearestKeyword.of(line.keyword(), known.keySet())
                        .map(name -> "; perhaps `" + name + "` is meant")
                        .orElse("");
        block.findings()
                .error(
                        line.place(),
                        block.owner() + " does not track `" + line.keyword() + "`",
                        "there is no "
                                + kind
                                + " of that name"
                                + near
                                + "; Keepalived passes over it too, and a failure goes unnoticed",
                        "define " + kind + " " + line.keyword() + ", or correct the name");
    }

    private static void add(List<Tracked> tracked, Setting block, Statement line, Tracked defined) {
        if (tracked.stream().anyMatch(t -> t.name().equals(defined.name()))) {
            block.findings()
                    .warning(
                            line.place(),
                            "`" + defined.name() + "` is tracked twice by " + block.owner(),
                            "it counts once, with the weight of its first line",
                            "remove one of the lines");
            return;
        }
        tracked.add(withWeight(block, line, defined));
    }

    // NAME [weight N [reverse|noreverse]]
    private static Tracked withWeight(Setting block, Statement line, Tracked defined) {
        List<String> words = line.values();
        Findings findings = block.findings();
        if (words.isEmpty()) {
            return defined;
        }
        Setting setting = new Setting(line, block.owner(), findings);
        if (!words.getFirst().equals("weight")) {
            findings.error(
                    line.place(),
                    "`"
                            + String.join(" ", words)
                            + "` after `"
                            + line.keyword()
                            + "` has no meaning",
                    "after a name only `weight NUMBER [reverse]` may follow; one line names one",
                    "write each name on a line of its own");
            return defined;
        }
        Weight weight =
                Weight.parse(
                        setting,
                        words.subList(1, words.size()),
                        MOST_WEIGHT,
                        new Weight(defined.weight(), defined.reversed()));
        return new Tracked(defined.name(), weight.value(), weight.reversed());
    }
}
