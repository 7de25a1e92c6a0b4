package io.holdfast.cib.verify;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Settings that work as they say and can lose data or service. They are obeyed, and told: what can
 * happen, and what to do instead.
 */
final class UnsafeSettings {
    private static final Set<String> SECRETS =
            Set.of(
                    "password",
                    "passwd",
                    "login_passwd",
                    "incoming_password",
                    "outgoing_password",
                    "chap_password");

    private final List<Finding> findings;

    private UnsafeSettings(List<Finding> findings) {
        this.findings = findings;
    }

    static void check(Cib cib, List<Finding> findings) {
        UnsafeSettings settings = new UnsafeSettings(findings);
        for (Element set : cib.section(Section.CRM_CONFIG).children("cluster_property_set")) {
            set.children("nvpair").forEach(settings::checkProperty);
        }
        cib.resources().visit(settings::checkResource);
    }

    private void checkProperty(Element pair) {
        String name = pair.attribute("name", "");
        String value = pair.attribute("value", "").toLowerCase(Locale.ROOT);
        switch (name) {
            case "stonith-enabled", "fencing-enabled" -> {
                if (isFalse(value)) {
                    warn(
                            pair,
                            name + " is off",
                            "a node that is silent but alive may go on using a disk or an address"
                                    + " while another node takes it over; leases and epochs guard"
                                    + " volumes and addresses of Holdfast, nothing guards others",
                            "configure fencing, or offer a witness and keep to Holdfast's volumes");
                }
            }
            case "no-quorum-policy" -> {
                if (value.equals("ignore")) {
                    warn(
                            pair,
                            "no-quorum-policy is ignore",
                            "both halves of a split cluster may run the same resources; on shared"
                                    + " data that is a split brain",
                            "offer a witness (a third vote) and set no-quorum-policy=stop");
                }
            }
            case "startup-fencing" -> {
                if (isFalse(value)) {
                    warn(
                            pair,
                            "startup-fencing is off",
                            "a node that has not been seen since the cluster started is taken to be"
                                    + " off, though it may run resources",
                            "remove the setting");
                }
            }
            default -> {}
        }
    }

    private void checkResource(Element element) {
        switch (element.name()) {
            case "primitive" -> checkPrimitive(element);
            case "op" -> checkOperation(element);
            default -> {}
        }
    }

    private void checkPrimitive(Element primitive) {
        for (Element set : primitive.children("instance_attributes")) {
            for (Element pair : set.children("nvpair")) {
                checkParameter(primitive, pair);
            }
        }
        boolean ownAgent = !primitive.has("template");
        boolean fencing = "stonith".equals(primitive.attribute("class"));
        if (ownAgent && !fencing && !hasMonitor(primitive)) {
            warn(
                    primitive,
                    "the resource has no recurring monitor",
                    "nobody notices when it fails",
                    "add op monitor interval=10s");
        }
    }

    private void checkParameter(Element primitive, Element pair) {
        String name = pair.attribute("name", "").toLowerCase(Locale.ROOT);
        String value = pair.attribute("value", "");
        if (SECRETS.contains(name) && !value.isEmpty() && !value.startsWith("lrm://")) {
            warn(
                    primitive,
                    "the parameter " + name + " is a password in plain text",
                    "everyone who may read the configuration or a copy of it can read it",
                    "keep it outside the CIB (cibsecret)");
        }
        if (name.equals("nv_cache") && !isFalse(value.toLowerCase(Locale.ROOT))) {
            warn(
                    primitive,
                    "nv_cache is on",
                    "the target says that writes are safe when they are not: a crash loses data that"
                            + " the initiator believes is on disk",
                    "remove nv_cache");
        }
    }

    private static boolean hasMonitor(Element primitive) {
        for (Element operations : primitive.children("operations")) {
            if (operations.has("id-ref")) {
                return true;
            }
            for (Element operation : operations.children("op")) {
                String interval = operation.attribute("interval", "0");
                if ("monitor".equals(operation.attribute("name"))
                        && !interval.isEmpty()
                        && !interval.chars().allMatch(c -> c == '0' || c == 's')) {
                    return true;
                }
            }
        }
        return false;
    }

    private void checkOperation(Element operation) {
        boolean stop = "stop".equals(operation.attribute("name"));
        if (stop && "ignore".equals(operation.attribute("on-fail"))) {
            warn(
                    operation,
                    "a failed stop is ignored",
                    "the resource may still run when it is started on another node",
                    "set on-fail=fence, or leave it out");
        }
    }

    private void warn(Element at, String what, String why, String remedy) {
        findings.add(Finding.warning(at, what, why, remedy));
    }

    private static boolean isFalse(String value) {
        return switch (value) {
            case "false", "off", "no", "n", "0" -> true;
            default -> false;
        };
    }
}
