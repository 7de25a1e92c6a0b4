package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nodes.
 *
 * <pre>
 * node [ID:|$id=ID] NAME[:member|normal|ping|remote] [description=…] [attributes …] [utilization …]
 * </pre>
 *
 * A node without an id goes by its name until the membership gives it one.
 */
final class NodeSyntax implements Syntax {
    private static final Set<String> TYPES = Set.of("member", "normal", "ping", "remote");

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String given = in.takePrefixed("$id=");
        given = given == null ? in.takeLabel() : given;
        String word = in.next("the name of the node");
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        String type = colon < 0 ? null : word.substring(colon + 1).toLowerCase(Locale.ROOT);
        if (type != null && !TYPES.contains(type)) {
            throw in.mistake(
                    "'" + type + "' is no type of node",
                    "it is member or remote",
                    "write node " + name + ", or node " + name + ":remote");
        }
        Ids ids = new Ids();
        Element.Builder node =
                Element.builder("node")
                        .attribute("id", given == null ? name : given)
                        .attribute("uname", name)
                        .optional("type", type)
                        .optional("description", in.takePrefixed("description="))
                        .line(in.line());
        if (in.hasMore() && !in.peekIsOneOf(NvSets.OF_NODE.keySet())) {
            node.child(NvSets.read(in, "instance_attributes", name, ids, Set.of()));
        }
        while (in.hasMore()) {
            String set = in.next("attributes or utilization").toLowerCase(Locale.ROOT);
            String tag = NvSets.OF_NODE.get(set);
            if (tag == null) {
                throw in.mistake(
                        "'" + set + "' is not understood in a node statement",
                        "a node has attributes and utilization",
                        "write attributes before the pairs");
            }
            node.child(NvSets.read(in, tag, name, ids, Set.of()));
        }
        return List.of(new Definition.OfObject(Section.NODES, node.build()));
    }

    @Override
    public @Nullable List<String> print(Element node, PrintIds ids) {
        String name = node.attribute("uname", node.id());
        StringBuilder head = new StringBuilder("node ");
        if (!node.id().equals(name)) {
            head.append(
                    Ids.part(node.id()).equals(node.id())
                            ? node.id() + ": "
                            : Quoting.pair("$id", node.id()) + " ");
        }
        head.append(name);
        String type = node.attribute("type");
        if (type != null) {
            head.append(':').append(type);
        }
        List<String> lines = new ArrayList<>();
        lines.add(head.toString());
        String description = node.attribute("description");
        if (description != null) {
            lines.add(Quoting.pair("description", description));
        }
        for (Element set : node.children()) {
            String word = NvSets.wordFor(NvSets.OF_NODE, set);
            String text = word == null ? null : NvSets.print(word, set, name, ids);
            if (text == null) {
                return null;
            }
            lines.add(text);
        }
        return lines;
    }
}
