package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.core.FileSettings;
import io.holdfast.vrrp.core.ProcessSettings;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.core.Tracked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scripts, files and processes that were defined, each with the weight it has unless told. */
final class Trackables {
    final Map<String, Tracked> scripts = new LinkedHashMap<>();
    final Map<String, Tracked> files = new LinkedHashMap<>();
    final Map<String, Tracked> processes = new LinkedHashMap<>();
    final Map<String, Tracked> bfdSessions = new LinkedHashMap<>();
    final List<ScriptSettings> scriptSettings = new ArrayList<>();
    final List<FileSettings> fileSettings = new ArrayList<>();
    final List<ProcessSettings> processSettings = new ArrayList<>();
}
