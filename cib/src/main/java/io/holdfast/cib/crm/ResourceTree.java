package io.holdfast.cib.crm;

import io.holdfast.cib.Finding;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resources taken apart and put together again: in the text each is a statement of its own, in the
 * CIB members lie inside their group, clone or bundle. A resource that loses its container stands
 * alone afterwards.
 */
final class ResourceTree {
    /** Each resource, its members replaced by placeholders, in order of appearance. */
    private final Map<String, Element> shells = new LinkedHashMap<>();

    private final Set<String> definedByText = new HashSet<>();
    private final List<Finding> findings;

    ResourceTree(List<Finding> findings) {
        this.findings = findings;
    }

    /** A resource of the configuration that is there. */
    void addExisting(Element resource) {
        if (!ResourceSyntax.isResource(resource)) {
            shells.put(resource.id(), resource);
            return;
        }
        for (Element child : resource.children()) {
            if (ResourceSyntax.isResource(child)) {
                addExisting(child);
            }
        }
        shells.put(resource.id(), shell(resource));
    }

    /** A resource as its own statement would define it: members are placeholders. */
    static Element shell(Element resource) {
        List<Element> children = new ArrayList<>();
        for (Element child : resource.children()) {
            children.add(
                    ResourceSyntax.isResource(child)
                            ? Definition.member(child.id(), child.line())
                            : child);
        }
        return resource.withChildren(children);
    }

    /** A resource of the text; it takes the place of the one with its id. */
    void define(Element resource) {
        if (resource.children().stream().anyMatch(ResourceTree::isInlineMember)) {
            addExisting(resource); // an xml statement brings its members along
        } else {
            shells.put(resource.id(), resource);
        }
        definedByText.add(resource.id());
    }

    private static boolean isInlineMember(Element child) {
        return ResourceSyntax.isResource(child) && !child.is(Definition.MEMBER);
    }

    void addOperation(String resource, Element operation) {
        Element shell = shells.get(resource);
        if (shell == null || !shell.is("primitive")) {
            findings.add(
                    Finding.error(
                            Element.of("monitor", "id", resource),
                            "there is no primitive " + resource,
                            "a monitor belongs to a primitive",
                            "define primitive " + resource + ", or correct the name"));
            return;
        }
        Element operations = shell.childOrEmpty("operations");
        shells.put(resource, shell.withOnlyChild(operations.withChild(operation)));
    }

    List<Element> build() {
        Map<String, String> containerOf = containers();
        List<Element> roots = new ArrayList<>();
        Set<String> built = new HashSet<>();
        for (Map.Entry<String, Element> entry : shells.entrySet()) {
            if (!containerOf.containsKey(entry.getKey())) {
                roots.add(fill(entry.getValue(), containerOf, built));
            }
        }
        for (Map.Entry<String, Element> entry : shells.entrySet()) {
            if (!built.contains(entry.getKey())) {
                findings.add(
                        Finding.error(
                                entry.getValue(),
                                "the resource contains itself",
                                "its members lead back to it",
                                "remove it from its own members"));
            }
        }
        return roots;
    }

    /**
     * Which container has each member. The text wins over what was there; two containers of the
     * text for one member are a mistake.
     */
    private Map<String, String> containers() {
        Map<String, String> containerOf = new LinkedHashMap<>();
        for (boolean fromText : new boolean[] {true, false}) {
            for (Map.Entry<String, Element> entry : shells.entrySet()) {
                if (definedByText.contains(entry.getKey()) == fromText) {
                    claimMembers(entry.getKey(), entry.getValue(), fromText, containerOf);
                }
            }
        }
        return containerOf;
    }

    private void claimMembers(
            String id, Element container, boolean fromText, Map<String, String> containerOf) {
        Set<String> own = new LinkedHashSet<>();
        for (Element member : container.children(Definition.MEMBER)) {
            if (!own.add(member.id())) {
                findings.add(
                        Finding.error(
                                container,
                                "the member " + member.id() + " is named twice",
                                "a resource has one place in its group",
                                "remove one of the two"));
                continue;
            }
            String before = containerOf.putIfAbsent(member.id(), id);
            if (before != null && fromText) {
                findings.add(
                        Finding.error(
                                container,
                                "the member " + member.id() + " also belongs to " + before,
                                "a resource can be in one group, clone or bundle only",
                                "remove it from one of them, or define a second resource"));
            }
        }
    }

    private Element fill(Element shell, Map<String, String> containerOf, Set<String> built) {
        built.add(shell.id());
        if (shell.children(Definition.MEMBER).isEmpty()) {
            return shell;
        }
        List<Element> children = new ArrayList<>();
        for (Element child : shell.children()) {
            if (!child.is(Definition.MEMBER)) {
                children.add(child);
                continue;
            }
            Element member = member(shell, child, containerOf, built);
            if (member != null) {
                children.add(member);
            }
        }
        return shell.withChildren(children);
    }

    private @Nullable Element member(
            Element container,
            Element placeholder,
            Map<String, String> containerOf,
            Set<String> built) {
        String id = placeholder.id();
        Element member = shells.get(id);
        if (member == null) {
            findings.add(
                    Finding.error(
                            container,
                            "there is no resource " + id,
                            "the " + container.name() + " names it as a member",
                            "define primitive " + id + " …, or correct the name"));
            return null;
        }
        boolean ours = container.id().equals(containerOf.get(id)) && !built.contains(id);
        return ours ? fill(member, containerOf, built) : null;
    }
}
