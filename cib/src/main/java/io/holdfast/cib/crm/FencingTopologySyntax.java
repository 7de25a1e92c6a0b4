package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which devices fence which node, in which order. Devices joined by commas are used together.
 *
 * <pre>
 * fencing_topology NODE: DEVICE[,DEVICE…] … | pattern:REGEX DEVICE … | attr:NAME=VALUE DEVICE …
 * fencing_topology DEVICE …            (for every node)
 * </pre>
 */
final class FencingTopologySyntax implements Syntax {
    /** Stands for the nodes of the configuration, known once all statements are read. */
    static final String EVERY_NODE = "@every-node";

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        Element.Builder topology = Element.builder("fencing-topology").line(in.line());
        Ids ids = new Ids();
        Map<String, Integer> levels = new LinkedHashMap<>();
        Element target = Element.of("fencing-level", "target", EVERY_NODE);
        while (in.hasMore()) {
            Element named = target(in);
            if (named != null) {
                target = named;
                continue;
            }
            String devices = in.next("a fencing device");
            int index = levels.merge(target.toString(), 1, Integer::sum);
            topology.child(
                    target.withAttribute("index", Integer.toString(index))
                            .withAttribute("devices", devices)
                            .withAttribute("id", ids.take("fencing")));
        }
        return List.of(new Definition.OfFencingTopology(topology.build()));
    }

    private static @Nullable Element target(Cursor in) throws SyntaxMistake {
        String pattern = in.takePrefixed("pattern:");
        if (pattern != null) {
            return Element.of("fencing-level", "target-pattern", pattern);
        }
        String attribute = in.takePrefixed("attr:");
        if (attribute != null) {
            int equals = attribute.indexOf('=');
            if (equals < 1) {
                throw in.mistake(
                        "'attr:" + attribute + "' names no value",
                        "the target is every node whose attribute has that value",
                        "write attr:NAME=VALUE");
            }
            return Element.of(
                    "fencing-level",
                    "target-attribute",
                    attribute.substring(0, equals),
                    "target-value",
                    attribute.substring(equals + 1));
        }
        String node = in.takeLabel();
        return node == null ? null : Element.of("fencing-level", "target", node);
    }

    /** Writes one set of levels for each node. */
    static Element forNodes(Element topology, List<String> nodes) {
        List<Element> levels = new ArrayList<>();
        Ids ids = new Ids();
        for (Element level : topology.children()) {
            if (!EVERY_NODE.equals(level.attribute("target"))) {
                return topology;
            }
        }
        for (String node : nodes) {
            for (Element level : topology.children()) {
                levels.add(
                        level.withAttribute("target", node)
                                .withAttribute("id", ids.take("fencing")));
            }
        }
        return topology.withChildren(levels);
    }

    @Override
    public @Nullable List<String> print(Element topology, PrintIds ids) {
        List<String> lines = new ArrayList<>();
        lines.add("fencing_topology");
        Map<String, StringBuilder> byTarget = new LinkedHashMap<>();
        for (Element level : topology.children()) {
            byTarget.computeIfAbsent(targetText(level), target -> new StringBuilder(target))
                    .append(' ')
                    .append(Quoting.argument(level.attribute("devices", "")));
        }
        byTarget.values().forEach(line -> lines.add(line.toString()));
        return lines;
    }

    private static String targetText(Element level) {
        if (level.has("target-pattern")) {
            return Quoting.argument("pattern:" + level.attribute("target-pattern", ""));
        }
        if (level.has("target-attribute")) {
            return Quoting.argument(
                    "attr:"
                            + level.attribute("target-attribute", "")
                            + "="
                            + level.attribute("target-value", ""));
        }
        return level.attribute("target", "") + ":";
    }
}
