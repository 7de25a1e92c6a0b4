package io.holdfast.scheduler.actions;

import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlWriter;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Keys;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Rules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Digests of an operation's parameters: whether what ran is what is configured now. */
public final class Digests {
    /** How recorded and calculated digests compare. */
    public enum Result {
        UNKNOWN,
        SAME,
        CHANGED,
        NEEDS_RESTART
    }

    /** The digests of one operation on one node. */
    public static final class Digest {
        public Result result = Result.SAME;
        public String all = "";
        public @Nullable String restart;
        private @Nullable String secure;
        private Supplier<String> secureLater = () -> "";

        /** The digest without secrets; seldom asked for, so not calculated before. */
        public String secure() {
            if (secure == null) {
                secure = secureLater.get();
            }
            return secure;
        }
    }

    /** From this feature set on, digests without secrets count operations' own parameters too. */
    private static final String SECURE_DIGESTS_OF_ALL = "3.16.0";

    private Digests() {}

    /** Compares a history entry with the configuration of now. */
    public static Digest compare(Resource resource, Element operation, Node node) {
        String task = operation.attribute("operation", "");
        long interval = Values.number(operation.attribute("interval"), 0);
        Digest digest = cached(resource, task, interval, node, operation);
        String recordedAll = operation.attribute("op-digest");
        String recordedRestart =
                resource.cluster.expiredRecurring.contains(operation)
                        ? "calculated-failure-timeout"
                        : operation.attribute("op-restart-digest");
        if (digest.restart == null && recordedRestart != null) {
            digest.restart = restartDigest(resource, task, interval, node, operation);
        }
        if (recordedRestart != null && !recordedRestart.equals(digest.restart)) {
            digest.result = Result.NEEDS_RESTART;
        } else if (recordedAll == null) {
            digest.result = Result.UNKNOWN;
        } else if (!recordedAll.equals(digest.all)) {
            // an operation with parameters of its own is to be run again with the new ones
            if (digest.result != Result.NEEDS_RESTART || interval > 0) {
                digest.result = Result.CHANGED;
            }
        } else {
            digest.result = Result.SAME;
        }
        return digest;
    }

    /** Compares a fence device's definition with what a node was unfenced with. */
    static Digest fencing(Resource device, String agent, Node node) {
        Digest digest = cached(device, "stonith-on", 0, node, null);
        String summary = node.attribute("#digests-all");
        if (summary == null) {
            digest.result = Result.UNKNOWN;
        } else if (summary.contains(device.id + ":" + agent + ":" + digest.all + ",")) {
            digest.result = Result.SAME;
        } else {
            String secure = node.attribute("#digests-secure");
            boolean same =
                    secure != null
                            && secure.contains(
                                    device.id + ":" + agent + ":" + digest.secure() + ",");
            digest.result = same ? Result.SAME : Result.CHANGED;
        }
        return digest;
    }

    private static Digest cached(
            Resource resource, String task, long interval, Node node, @Nullable Element operation) {
        String key = Keys.operation(resource.id, task, interval);
        if (node.digests.get(key) instanceof Digest known) {
            return known;
        }
        Digest digest = calculate(resource, task, interval, node, operation);
        node.digests.put(key, digest);
        return digest;
    }

    private static Digest calculate(
            Resource resource, String task, long interval, Node node, @Nullable Element operation) {
        Digest digest = new Digest();
        Map<String, String> parameters = parameters(resource, task, interval, node, digest);
        digest.all = remembered(resource.cluster, filtered(parameters));
        digest.secureLater = () -> secureDigest(resource, node, operation, parameters);
        if (operation != null && operation.has("op-restart-digest")) {
            digest.restart = restartDigest(resource, task, interval, node, operation);
        }
        return digest;
    }

    /** The digest without secrets; histories of old did not count all that is counted now. */
    private static String secureDigest(
            Resource resource,
            Node node,
            @Nullable Element operation,
            Map<String, String> parameters) {
        String secrets =
                operation == null
                        ? " passwd password user "
                        : operation.attribute("op-secure-params", "");
        Predicate<String> isSecret = name -> secrets.contains(" " + name + " ");
        String featureSet = featureSet(resource, operation);
        if (featureSet == null || Rules.compareVersions(featureSet, SECURE_DIGESTS_OF_ALL) >= 0) {
            return of(filtered(without(parameters, isSecret)));
        }
        Map<String, String> kept = without(Parameters.of(resource, node), isSecret);
        if ("stonith".equals(resource.agentClass())) {
            kept.keySet().removeIf(Digests::isFencingParameter);
        }
        Map<String, String> counted = filtered(kept);
        counted.remove("CRM_meta_timeout");
        return of(counted);
    }

    private static @Nullable String featureSet(Resource resource, @Nullable Element operation) {
        String recorded = operation == null ? null : operation.attribute("crm_feature_set");
        return recorded == null ? resource.cluster.cib.attribute("crm_feature_set") : recorded;
    }

    /** Whether it is the cluster that reads a parameter, and not the fence agent. */
    private static boolean isFencingParameter(String name) {
        return name.startsWith("pcmk_")
                || name.equals("provides")
                || name.equals("stonith-timeout")
                || name.equals("fencing-timeout");
    }

    private static String restartDigest(
            Resource resource, String task, long interval, Node node, Element operation) {
        Map<String, String> all =
                filtered(parameters(resource, task, interval, node, new Digest()));
        String forced = operation.attribute("op-force-restart");
        return of(forced == null ? all : without(all, name -> !forced.contains(" " + name + " ")));
    }

    private static Map<String, String> parameters(
            Resource resource, String task, long interval, Node node, Digest digest) {
        Map<String, String> all = new LinkedHashMap<>();
        String remoteName = Bundles.remoteName(resource);
        if (remoteName != null) {
            all.put("addr", remoteName);
        }
        Parameters.of(resource, node).forEach(all::putIfAbsent);
        Element configuration = OperationMeta.configuration(resource, task, interval, true);
        Map<String, String> own = new LinkedHashMap<>();
        Attributes.unpack(
                configuration,
                "instance_attributes",
                Rules.Input.of(resource.cluster).withAttributes(node.attributes),
                own);
        if (interval == 0 && !own.isEmpty()) {
            digest.result = Result.NEEDS_RESTART;
        }
        own.forEach(all::putIfAbsent);
        OperationMeta.unpack(resource, node, task, interval, configuration)
                .forEach((name, value) -> all.putIfAbsent(metaName(name), value));
        return all;
    }

    /** The name a meta-attribute has among an operation's parameters. */
    public static String metaName(String name) {
        return "CRM_meta_" + name.replace('-', '_');
    }

    private static Map<String, String> without(Map<String, String> all, Predicate<String> left) {
        Map<String, String> kept = new LinkedHashMap<>(all);
        kept.keySet().removeIf(left);
        return kept;
    }

    /** What counts in a digest: no meta-attribute but the time-out of what recurs. */
    private static Map<String, String> filtered(Map<String, String> all) {
        Map<String, String> kept = new LinkedHashMap<>(all);
        String timeout = all.get("CRM_meta_timeout");
        boolean recurring = Values.number(all.get("CRM_meta_interval"), 0) > 0;
        kept.keySet()
                .removeIf(
                        name ->
                                name.startsWith("CRM_meta_")
                                        || name.equals("id")
                                        || name.equals("crm_feature_set")
                                        || name.equals("op-digest")
                                        || name.equals("on_node")
                                        || name.equals("on_node_uuid")
                                        || name.equals("pcmk_external_ip"));
        if (recurring && timeout != null) {
            kept.put("CRM_meta_timeout", timeout);
        }
        return kept;
    }

    /** Most operations of a cluster have the parameters of many others: none, or a time-out. */
    private static String remembered(Cluster cluster, Map<String, String> parameters) {
        return cluster.digests.computeIfAbsent(parameters, Digests::of);
    }

    /** The digest of an operation's attributes, as the history records it. */
    public static String ofOperation(Map<String, String> attributes) {
        return of(filtered(attributes));
    }

    /** The MD5 of the parameters as an XML element with sorted attributes. */
    public static String of(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder(" <parameters");
        new TreeMap<>(parameters)
                .forEach(
                        (name, value) -> {
                            text.append(' ').append(name).append("=\"");
                            XmlWriter.escapeAttribute(value, text);
                            text.append('"');
                        });
        text.append("/>\n");
        try {
            byte[] md5 =
                    MessageDigest.getInstance("MD5")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(md5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
