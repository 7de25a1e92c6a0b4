package io.holdfast.daemon.offline;

import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;

/** A CIB with settings changed that an administrator may think of changing. */
final class PretendedSettings {
    private PretendedSettings() {}

    /** The CIB with a permanent attribute of a node set. */
    static Element nodeAttribute(Element cib, String node, String name, String value) {
        Element configuration = cib.childOrEmpty("configuration");
        Element nodes = configuration.childOrEmpty("nodes");
        List<Element> changed = new ArrayList<>();
        for (Element each : nodes.children()) {
            boolean isIt = each.is("node") && node.equals(each.attribute("uname", each.id()));
            changed.add(isIt ? withPair(each, "instance_attributes", name, value) : each);
        }
        return cib.withOnlyChild(configuration.withOnlyChild(nodes.withChildren(changed)));
    }

    /** The CIB with an option of the whole cluster set. */
    static Element clusterOption(Element cib, String name, String value) {
        Element configuration = cib.childOrEmpty("configuration");
        Element options = configuration.childOrEmpty("crm_config");
        return cib.withOnlyChild(
                configuration.withOnlyChild(
                        withPair(options, "cluster_property_set", name, value)));
    }

    private static Element withPair(Element owner, String setName, String name, String value) {
        Element set = owner.child(setName);
        if (set == null) {
            set = Element.of(setName, "id", "what-if-" + owner.attribute("id", owner.name()));
        }
        List<Element> pairs = new ArrayList<>(set.children());
        pairs.removeIf(pair -> name.equals(pair.attribute("name")));
        pairs.add(Element.of("nvpair", "id", set.id() + "-" + name, "name", name, "value", value));
        Element changed = set.withChildren(pairs);
        List<Element> children = new ArrayList<>();
        boolean replaced = false;
        for (Element child : owner.children()) {
            boolean isIt = !replaced && child.is(setName);
            replaced |= isIt;
            children.add(isIt ? changed : child);
        }
        if (!replaced) {
            children.add(changed);
        }
        return owner.withChildren(children);
    }
}
