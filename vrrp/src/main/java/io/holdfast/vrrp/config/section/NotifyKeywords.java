package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.ScriptCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keywords that instances and sync groups have in common: {@code notify*}, alerts. */
final class NotifyKeywords {
    private final Map<String, ScriptCommand> scripts = new HashMap<>();
    private @Nullable Boolean mail;
    private @Nullable Boolean priorityChanges;
    private boolean tellsDeletion;

    /** Adds them to a section. */
    void addTo(Section section) {
        for (String keyword :
                new String[] {
                    "notify_master",
                    "notify_backup",
                    "notify_fault",
                    "notify_stop",
                    "notify",
                    "notify_master_rx_lower_pri"
                }) {
            section.on(
                    keyword,
                    s -> Scripts.withUser(s).ifPresent(script -> scripts.put(keyword, script)));
        }
        section.on("notify_deleted", this::deleted)
                .on("smtp_alert", s -> mail = s.flag(false))
                .on("notify_priority_changes", s -> priorityChanges = s.flag(false));
    }

    private void deleted(Setting setting) {
        tellsDeletion = true;
        if (!setting.values().isEmpty()) {
            Scripts.withUser(setting).ifPresent(script -> scripts.put("notify_deleted", script));
        }
    }

    NotifySettings settings(Defaults defaults) {
        return new NotifySettings(
                script("notify_master"),
                script("notify_backup"),
                script("notify_fault"),
                script("notify_stop"),
                script("notify_deleted"),
                script("notify"),
                script("notify_master_rx_lower_pri"),
                tellsDeletion,
                priorityChanges == null ? defaults.notifyPriorityChanges : priorityChanges,
                mail == null ? defaults.smtpAlert : mail);
    }

    private Optional<ScriptCommand> script(String keyword) {
        return Optional.ofNullable(scripts.get(keyword));
    }
}
