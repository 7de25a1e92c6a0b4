package io.holdfast.replication.codec;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Options that were set, by name; a more specific section's go over a general one's. */
final class DrbdSettings {
    /**
     * @param value as written; {@code yes} or {@code no} for a switch
     * @param number of a quantity, in units of one (bytes, not KiB); else 0
     */
    record Setting(DrbdOption option, String value, long number, DrbdPlace place) {}

    private final Map<String, Setting> settings = new TreeMap<>();

    /** Sets an option; returns what it was set to before. */
    @Nullable Setting set(Setting setting) {
        return settings.put(setting.option().name(), setting);
    }

    @Nullable Setting get(String name) {
        return settings.get(name);
    }

    /** These, with others going over them. */
    DrbdSettings under(DrbdSettings special) {
        DrbdSettings merged = new DrbdSettings();
        merged.settings.putAll(settings);
        merged.settings.putAll(special.settings);
        return merged;
    }
}
