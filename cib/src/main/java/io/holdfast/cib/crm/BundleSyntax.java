package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bundles.
 *
 * <pre>
 * bundle ID docker|podman|rkt image=… [replicas=N …]
 *        [network [ip-range-start=… …] [port-mapping [id=ID] port=N …] …]
 *        [storage storage-mapping [id=ID] source-dir=… target-dir=… …]
 *        [primitive RESOURCE] [meta NAME=VALUE …]
 * </pre>
 */
final class BundleSyntax implements Syntax {
    private static final Set<String> ENGINES = Set.of("docker", "podman", "rkt");

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        Ids ids = new Ids();
        String id = in.nextId("bundle");
        ids.reserve(id);
        Element.Builder bundle = Element.builder("bundle").attribute("id", id).line(in.line());
        bundle.optional("description", in.takePrefixed("description="));
        while (in.hasMore()) {
            String word = in.next("a part of the bundle").toLowerCase(Locale.ROOT);
            switch (word) {
                case "docker", "podman", "rkt" -> bundle.child(attributes(in, word).build());
                case "network" -> bundle.child(withMappings(in, word, "port-mapping", id, ids));
                case "storage" -> bundle.child(withMappings(in, word, "storage-mapping", id, ids));
                case "primitive" ->
                        bundle.child(Definition.member(in.nextId("primitive"), in.line()));
                case "meta" ->
                        bundle.child(NvSets.read(in, "meta_attributes", id, ids, partWords()));
                default ->
                        throw in.mistake(
                                "'" + word + "' is no part of a bundle",
                                "parts are docker, podman, rkt, network, storage, primitive, meta",
                                "correct the word");
            }
        }
        return List.of(new Definition.OfObject(Section.RESOURCES, bundle.build()));
    }

    private static Set<String> partWords() {
        return Set.of("docker", "podman", "rkt", "network", "storage", "primitive");
    }

    private static Element.Builder attributes(Cursor in, String tag) throws SyntaxMistake {
        Element.Builder element = Element.builder(tag).line(in.line());
        while (in.hasMore() && String.valueOf(in.peek()).indexOf('=') > 0) {
            String word = in.next("NAME=VALUE");
            int equals = word.indexOf('=');
            element.attribute(word.substring(0, equals), word.substring(equals + 1));
        }
        return element;
    }

    private static Element withMappings(
            Cursor in, String tag, String mappingTag, String bundle, Ids ids) throws SyntaxMistake {
        Element.Builder element = attributes(in, tag);
        while (in.take(mappingTag)) {
            Element mapping = attributes(in, mappingTag).build();
            element.child(
                    mapping.has("id")
                            ? mapping
                            : mapping.withAttribute("id", ids.take(bundle + "-" + mappingTag)));
        }
        return element.build();
    }

    @Override
    public @Nullable List<String> print(Element bundle, PrintIds ids) {
        ids.reserve(bundle.id());
        List<String> lines = new ArrayList<>();
        lines.add("bundle " + bundle.id());
        String description = bundle.attribute("description");
        if (description != null) {
            lines.add(Quoting.pair("description", description));
        }
        for (Element part : bundle.children()) {
            String line;
            if (ENGINES.contains(part.name()) || part.is("network") || part.is("storage")) {
                line = printPart(part);
            } else if (ResourceSyntax.isResource(part)) {
                line = "primitive " + part.id();
            } else if (part.is("meta_attributes")) {
                line = NvSets.print("meta", part, bundle.id(), ids);
            } else {
                return null;
            }
            if (line == null) {
                return null;
            }
            lines.add(line);
        }
        return lines;
    }

    private static String printPart(Element part) {
        StringBuilder text = new StringBuilder(part.name());
        printAttributes(part, text);
        for (Element mapping : part.children()) {
            text.append(' ').append(mapping.name());
            printAttributes(mapping, text);
        }
        return text.toString();
    }

    private static void printAttributes(Element element, StringBuilder text) {
        for (Attribute attribute : element.attributes()) {
            text.append(' ').append(Quoting.pair(attribute.name(), attribute.value()));
        }
    }
}
