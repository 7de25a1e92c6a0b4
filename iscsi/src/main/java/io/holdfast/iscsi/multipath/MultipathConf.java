package io.holdfast.iscsi.multipath;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * multipath.conf(5): sections in braces, a keyword and its value a line. Read are {@code defaults},
 * {@code overrides} and {@code multipaths}; devnode blacklists speak of the kernel's devices, which
 * paths of ours are not.
 */
public final class MultipathConf {
    private static final int MAX_CHARS = 1 << 20;

    /**
     * One disk as configured.
     *
     * @param alias its name; the WWID when none is given
     */
    public record Configured(String alias, MapSettings settings) {}

    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> maps = new LinkedHashMap<>();
    private final List<String> blacklistedWwids = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private MultipathConf() {}

    /**
     * Reads a configuration.
     *
     * @throws ProblemException naming the line that cannot be understood
     */
    public static MultipathConf parse(String text) {
        MultipathConf conf = new MultipathConf();
        conf.read(text);
        return conf;
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    public boolean blacklists(String wwid) {
        return blacklistedWwids.contains(wwid) && !maps.containsKey(wwid);
    }

    /** How the disk with this WWID is called and used. */
    public Configured map(String wwid) {
        Map<String, String> all = new LinkedHashMap<>(defaults);
        all.putAll(maps.getOrDefault(wwid, Map.of()));
        return new Configured(all.getOrDefault("alias", wwid), settings(all));
    }

    private static MapSettings settings(Map<String, String> all) {
        MapSettings settings = MapSettings.defaults();
        for (Map.Entry<String, String> entry : all.entrySet()) {
            settings = with(settings, entry.getKey(), entry.getValue());
        }
        return settings;
    }

    private static MapSettings with(MapSettings settings, String key, String value) {
        return switch (key) {
            case "path_grouping_policy" ->
                    settings.withGrouping(
                            value.equals("multibus")
                                    ? MapSettings.Grouping.MULTIBUS
                                    : MapSettings.Grouping.FAILOVER);
            case "path_selector" ->
                    settings.withSelector(
                            value.startsWith("round-robin")
                                    ? MapSettings.Selector.ROUND_ROBIN
                                    : MapSettings.Selector.SERVICE_TIME);
            case "failback" -> settings.withFailback(value.equals("immediate"));
            case "no_path_retry" -> settings.withNoPathRetry(retries(value));
            case "polling_interval" -> settings.withPolling(1000 * Integer.parseInt(value));
            default -> settings;
        };
    }

    private static int retries(String value) {
        return switch (value) {
            case "fail" -> MapSettings.FAIL;
            case "queue" -> MapSettings.QUEUE;
            default -> Integer.parseInt(value);
        };
    }

    private void read(String text) {
        if (text.length() > MAX_CHARS) {
            throw wrong(1, "the file is longer than " + MAX_CHARS + " characters");
        }
        Deque<String> sections = new ArrayDeque<>();
        Map<String, String> entries = new LinkedHashMap<>();
        int line = 0;
        for (String raw : text.split("\n", -1)) {
            line++;
            String stripped = raw.replaceAll("[#!].*", "").strip();
            if (stripped.isEmpty()) {
                continue;
            }
            if (stripped.endsWith("{")) {
                sections.push(stripped.substring(0, stripped.length() - 1).strip());
                entries = new LinkedHashMap<>();
                if (sections.size() > 2) {
                    throw wrong(line, "sections are nested too deep");
                }
            } else if (stripped.equals("}")) {
                if (sections.isEmpty()) {
                    throw wrong(line, "a brace closes nothing");
                }
                close(line, sections.pop(), entries);
                entries = new LinkedHashMap<>();
            } else {
                if (sections.isEmpty()) {
                    throw wrong(line, "\"" + stripped + "\" stands outside any section");
                }
                entry(line, sections.peek(), stripped, entries);
            }
        }
        if (!sections.isEmpty()) {
            throw wrong(line, "section " + sections.peek() + " is not closed");
        }
    }

    private void entry(int line, String section, String text, Map<String, String> entries) {
        String[] words = text.split("\\s+", 2);
        String key = words[0].toLowerCase(Locale.ROOT);
        String value = words.length > 1 ? words[1].replaceAll("^\"|\"$", "").strip() : "";
        if (section.equals("blacklist")) {
            if (key.equals("wwid")) {
                blacklistedWwids.add(value);
            }
            return;
        }
        check(line, key, value);
        entries.put(key, value);
    }

    private void check(int line, String key, String value) {
        boolean good =
                switch (key) {
                    case "wwid", "alias" -> !value.isEmpty();
                    case "path_grouping_policy" -> {
                        boolean known = value.equals("multibus") || value.equals("failover");
                        if (value.startsWith("group_by_")) {
                            warnings.add(
                                    "line " + line + ": " + value + " is used as failover here");
                        }
                        yield known || value.startsWith("group_by_");
                    }
                    case "path_selector" ->
                            value.matches("(service-time|round-robin|queue-length) 0");
                    case "failback" -> value.matches("immediate|manual|followover|[0-9]{1,6}");
                    case "no_path_retry" -> value.matches("fail|queue|[0-9]{1,5}");
                    case "polling_interval" -> value.matches("[1-9][0-9]{0,4}");
                    default -> {
                        warnings.add("line " + line + ": " + key + " has no meaning here");
                        yield true;
                    }
                };
        if (!good) {
            throw wrong(line, "\"" + value + "\" is no value of " + key);
        }
    }

    private void close(int line, String section, Map<String, String> entries) {
        switch (section) {
            case "defaults", "overrides" -> defaults.putAll(entries);
            case "multipath" -> {
                String wwid = entries.remove("wwid");
                if (wwid == null) {
                    throw wrong(line, "a multipath section names no wwid");
                }
                maps.put(wwid, Map.copyOf(entries));
            }
            default -> {
                // multipaths, devices and blacklists only hold others.
            }
        }
    }

    private static ProblemException wrong(int line, String why) {
        return new ProblemException(
                new Problem(
                        "the configuration of multipath cannot be used",
                        "line " + line,
                        why,
                        "see multipath.conf(5), and correct it"));
    }
}
