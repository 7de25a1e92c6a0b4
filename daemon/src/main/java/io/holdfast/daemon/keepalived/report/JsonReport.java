package io.holdfast.daemon.keepalived.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.ScriptCommand;
import io.holdfast.vrrp.core.AnnouncementSettings;
import io.holdfast.vrrp.core.InstanceData;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceStatistics;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.VirtualMacSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code keepalived.json}: an array of {@code {"data": …, "stats": …}} with Keepalived's names
 * (version 1 of its layout), and behind them in {@code "holdfast"} what it has no names for.
 */
public final class JsonReport {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonReport() {}

    public static String of(Snapshot snapshot) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartArray();
            for (InstanceData instance : snapshot.instances()) {
                json.writeStartObject();
                data(json, instance, snapshot);
                statistics(json, instance.statistics());
                own(json, instance);
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void data(JsonGenerator json, InstanceData instance, Snapshot snapshot)
            throws IOException {
        InstanceSettings s = instance.settings();
        NotifySettings notify =
                snapshot.settings().instances().getOrDefault(s.name(), NotifySettings.NONE);
        json.writeObjectFieldStart("data");
        json.writeStringField("iname", s.name());
        json.writeNumberField("dont_track_primary", s.trackPrimary() ? 0 : 1);
        json.writeNumberField("skip_check_adv_addr", bit(s.advertRules().skipAddressCheck()));
        json.writeNumberField("strict_mode", bit(s.advertRules().strict()));
        json.writeStringField(
                "vmac_ifname", s.virtualMac().map(VirtualMacSettings::interfaceName).orElse(""));
        json.writeStringField("ifp_ifname", s.interfaceName());
        json.writeNumberField("master_priority", instance.masterPriority().orElse(0));
        json.writeNumberField("last_transition", instance.sinceEpochMillis() / 1000.0);
        announcements(json, s.announcements());
        json.writeNumberField("lower_prio_no_advert", bit(!s.advertRules().answerLowerPriority()));
        json.writeNumberField(
                "higher_prio_send_advert", bit(s.advertRules().sendOnHigherPriority()));
        json.writeNumberField("vrid", s.virtualRouterId());
        json.writeNumberField("base_priority", s.priority());
        json.writeNumberField("effective_priority", instance.effectivePriority());
        json.writeBooleanField("vipset", instance.addressesUp());
        json.writeBooleanField("promote_secondaries", s.promoteSecondaries());
        json.writeNumberField("adver_int", s.advertInterval().toNanos() / 1e9);
        json.writeNumberField("master_adver_int", instance.advertIntervalNanos() / 1e9);
        json.writeNumberField("accept", bit(s.advertRules().accept()));
        json.writeBooleanField("nopreempt", !s.preemption().allowed());
        json.writeNumberField("preempt_delay", s.preemption().delay().toNanos() / 1e9);
        json.writeNumberField("state", Words.number(instance.state()));
        json.writeNumberField("wantstate", Words.number(instance.wantedState()));
        json.writeNumberField("version", s.version().number());
        json.writeBooleanField("smtp_alert", notify.mail());
        json.writeBooleanField("notify_deleted", notify.tellsDeletion());
        script(json, "script_backup", notify.backup());
        script(json, "script_master", notify.master());
        script(json, "script_fault", notify.fault());
        script(json, "script_stop", notify.stop());
        script(json, "script", notify.any());
        strings(json, "vips", s.addresses().stream().map(a -> Words.address(a, instance)).toList());
        if (!s.excludedAddresses().isEmpty()) {
            strings(
                    json,
                    "evips",
                    s.excludedAddresses().stream().map(a -> Words.address(a, instance)).toList());
        }
        if (!s.tracking().interfaces().isEmpty()) {
            strings(
                    json,
                    "track_ifp",
                    s.tracking().interfaces().stream().map(Tracked::name).toList());
        }
        if (!s.tracking().scripts().isEmpty()) {
            strings(json, "track_script", trackedScripts(s, snapshot));
        }
        json.writeNumberField("auth_type", s.authentication().kind().code());
        json.writeEndObject();
    }

    private static void announcements(JsonGenerator json, AnnouncementSettings a)
            throws IOException {
        json.writeNumberField("garp_delay", a.delay().toSeconds());
        json.writeNumberField("garp_refresh", a.refresh().toSeconds());
        json.writeNumberField("garp_rep", a.repeat());
        json.writeNumberField("garp_refresh_rep", a.refreshRepeat());
        json.writeNumberField("garp_lower_prio_delay", a.lowerPriorityDelay().toSeconds());
        json.writeNumberField("garp_lower_prio_rep", a.lowerPriorityRepeat());
    }

    private static List<String> trackedScripts(InstanceSettings settings, Snapshot snapshot) {
        return settings.tracking().scripts().stream()
                .flatMap(
                        tracked ->
                                snapshot.settings().router().scripts().stream()
                                        .filter(s -> s.name().equals(tracked.name())))
                .map(ScriptSettings::command)
                .map(JsonReport::quoted)
                .toList();
    }

    private static void statistics(JsonGenerator json, InstanceStatistics s) throws IOException {
        json.writeObjectFieldStart("stats");
        json.writeNumberField("advert_rcvd", s.advertsReceived());
        json.writeNumberField("advert_sent", s.advertsSent());
        json.writeNumberField("become_master", s.becameMaster());
        json.writeNumberField("release_master", s.releasedMaster());
        json.writeNumberField("packet_len_err", s.packetLengthErrors());
        json.writeNumberField("advert_interval_err", s.advertIntervalErrors());
        json.writeNumberField("ip_ttl_err", s.ipTtlErrors());
        json.writeNumberField("invalid_type_rcvd", s.invalidTypeReceived());
        json.writeNumberField("addr_list_err", s.addressListErrors());
        json.writeNumberField("invalid_authtype", s.invalidAuthenticationType());
        json.writeNumberField("authtype_mismatch", s.authenticationTypeMismatches());
        json.writeNumberField("auth_failure", s.authenticationFailures());
        json.writeNumberField("pri_zero_rcvd", s.priorityZeroReceived());
        json.writeNumberField("pri_zero_sent", s.priorityZeroSent());
        json.writeEndObject();
    }

    private static void own(JsonGenerator json, InstanceData instance) throws IOException {
        json.writeObjectFieldStart("holdfast");
        json.writeStringField("state", instance.state().name());
        json.writeStringField("reason", instance.lastReason());
        json.writeStringField("group", instance.group().orElse(""));
        json.writeStringField(
                "master_address", instance.masterAddress().map(Object::toString).orElse(""));
        json.writeNumberField("master_down_seconds", instance.masterDownNanos() / 1e9);
        json.writeBooleanField("ever_heard", instance.everHeard());
        strings(json, "rivals", instance.rivals().stream().map(Object::toString).toList());
        strings(json, "faults", instance.faults());
        json.writeNumberField("damped_seconds", instance.damping() / 1e9);
        json.writeEndObject();
    }

    private static void script(JsonGenerator json, String name, Optional<ScriptCommand> script)
            throws IOException {
        if (script.isPresent()) {
            json.writeStringField(name, quoted(script.get().command()));
        }
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private static void strings(JsonGenerator json, String name, List<String> values)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
