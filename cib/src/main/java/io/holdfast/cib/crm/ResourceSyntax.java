package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resources but bundles.
 *
 * <pre>
 * primitive ID [CLASS:[PROVIDER:]]TYPE|@TEMPLATE [description=…] [params …] [meta …] [utilization …]
 *           [operations $id=ID] [op NAME [NAME=VALUE …] [op_params …] [op_meta …]] …
 * rsc_template ID [CLASS:[PROVIDER:]]TYPE …as primitive
 * group ID MEMBER … [description=…] [params …] [meta …]
 * clone|ms|master ID MEMBER [description=…] [params …] [meta …]
 * </pre>
 *
 * {@code ms} is read as a clone with {@code promotable=true}, its limits under their new names.
 */
final class ResourceSyntax implements Syntax {
    private static final Set<String> NO_WORDS = Set.of();

    /** What an {@code op} element has as attributes of its own; the rest are its parameters. */
    private static final Set<String> OPERATION_ATTRIBUTES =
            Set.of(
                    "description",
                    "interval",
                    "timeout",
                    "role",
                    "on-fail",
                    "start-delay",
                    "interval-origin",
                    "enabled",
                    "record-pending",
                    "requires");

    private static final Map<String, String> PROMOTABLE_NAMES =
            Map.of("master-max", "promoted-max", "master-node-max", "promoted-node-max");

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        Element resource =
                switch (in.keyword()) {
                    case "primitive" -> primitive(in, "primitive");
                    case "rsc_template" -> primitive(in, "template");
                    case "group" -> group(in);
                    case "clone" -> clone(in);
                    default -> promotable(clone(in));
                };
        return List.of(new Definition.OfObject(Section.RESOURCES, resource));
    }

    private static Element primitive(Cursor in, String tag) throws SyntaxMistake {
        Ids ids = new Ids();
        String id = in.nextId("resource");
        ids.reserve(id);
        Element.Builder resource = Element.builder(tag).attribute("id", id).line(in.line());
        String template = tag.equals("primitive") ? in.takePrefixed("@") : null;
        if (template != null) {
            resource.attribute("template", template);
        } else {
            agent(in, resource);
        }
        resource.optional("description", in.takePrefixed("description="));
        return parts(in, resource, id, ids, NvSets.OF_RESOURCE, true).build();
    }

    /** {@code CLASS:PROVIDER:TYPE}, {@code CLASS:TYPE} or {@code TYPE} (of ocf:heartbeat). */
    private static void agent(Cursor in, Element.Builder resource) throws SyntaxMistake {
        String word = in.next("the agent of the resource, such as ocf:heartbeat:IPaddr2");
        String[] parts = word.split(":", -1);
        boolean bad = parts.length > 3 || word.indexOf('=') >= 0;
        for (String part : parts) {
            bad |= part.isEmpty();
        }
        if (bad) {
            throw in.mistake(
                    "'" + word + "' is no resource agent",
                    "an agent is named CLASS:PROVIDER:TYPE, CLASS:TYPE or TYPE",
                    "write for example ocf:heartbeat:IPaddr2");
        }
        switch (parts.length) {
            case 3 ->
                    resource.attribute("class", parts[0])
                            .attribute("provider", parts[1])
                            .attribute("type", parts[2]);
            case 2 -> {
                resource.attribute("class", parts[0]);
                if (parts[0].equals("ocf")) {
                    resource.attribute("provider", "heartbeat");
                }
                resource.attribute("type", parts[1]);
            }
            default ->
                    resource.attribute("class", "ocf")
                            .attribute("provider", "heartbeat")
                            .attribute("type", parts[0]);
        }
    }

    private static Element group(Cursor in) throws SyntaxMistake {
        String id = in.nextId("group");
        List<Element> members = new ArrayList<>();
        while (in.hasMore() && !isEndOfMembers(in)) {
            members.add(Definition.member(in.nextId("member"), in.line()));
        }
        if (members.isEmpty()) {
            throw in.mistake(
                    "the group has no members",
                    "a group starts its members in their order",
                    "name at least one resource: group " + id + " RESOURCE");
        }
        return container(in, "group", id, members);
    }

    private static boolean isEndOfMembers(Cursor in) {
        String word = String.valueOf(in.peek());
        return word.indexOf('=') >= 0 || in.peekIs("params") || in.peekIs("meta");
    }

    private static Element clone(Cursor in) throws SyntaxMistake {
        String id = in.nextId("clone");
        String member = in.nextId("resource to clone");
        return container(in, "clone", id, List.of(Definition.member(member, in.line())));
    }

    private static Element container(Cursor in, String tag, String id, List<Element> members)
            throws SyntaxMistake {
        Ids ids = new Ids();
        ids.reserve(id);
        Element.Builder container = Element.builder(tag).attribute("id", id).line(in.line());
        container.optional("description", in.takePrefixed("description="));
        Map<String, String> sets =
                Map.of("params", "instance_attributes", "meta", "meta_attributes");
        return parts(in, container, id, ids, sets, false).children(members).build();
    }

    /** {@code ms} is the spelling of before Pacemaker 2; what it says is kept, in today's words. */
    private static Element promotable(Element clone) {
        Element meta = clone.child("meta_attributes");
        String id = clone.id() + "-meta_attributes";
        Element before = meta == null ? Element.of("meta_attributes", "id", id) : meta;
        List<Element> pairs = new ArrayList<>();
        pairs.add(NvSets.nvpair(before.id() + "-promotable", "promotable", "true"));
        for (Element pair : before.children()) {
            String name = pair.attribute("name", "");
            String today = PROMOTABLE_NAMES.get(name);
            if (today != null) {
                pairs.add(
                        pair.withAttribute("name", today)
                                .withAttribute("id", before.id() + "-" + today));
            } else if (!name.equals("promotable")) {
                pairs.add(pair);
            }
        }
        Element after = before.withChildren(pairs);
        if (meta != null) {
            return clone.withChildReplaced(meta, after);
        }
        List<Element> children = new ArrayList<>(clone.children());
        children.addFirst(after);
        return clone.withChildren(children);
    }

    /** The sets and operations of a resource, in any order and number. */
    private static Element.Builder parts(
            Cursor in,
            Element.Builder resource,
            String id,
            Ids ids,
            Map<String, String> sets,
            boolean hasOperations)
            throws SyntaxMistake {
        List<Element> parts = new ArrayList<>();
        int operationsAt = -1;
        if (in.hasMore() && !isPartWord(in, sets, hasOperations)) {
            // crm lets the word "params" be left out when it would come first
            parts.add(NvSets.read(in, "instance_attributes", id, ids, NO_WORDS));
        }
        while (in.hasMore()) {
            String word = in.next("params, meta or op").toLowerCase(Locale.ROOT);
            String tag = sets.get(word);
            if (tag != null) {
                parts.add(NvSets.read(in, tag, id, ids, NO_WORDS));
            } else if (hasOperations && (word.equals("op") || word.equals("operations"))) {
                if (operationsAt < 0) {
                    operationsAt = parts.size();
                    parts.add(Element.of("operations"));
                }
                Element operations = parts.get(operationsAt);
                parts.set(
                        operationsAt,
                        word.equals("op")
                                ? operations.withChild(operation(in, id, ids))
                                : operationsIds(in, operations));
            } else {
                throw in.mistake(
                        "'" + word + "' is not understood in a " + in.keyword() + " statement",
                        "a part begins with one of "
                                + String.join(", ", new java.util.TreeSet<>(sets.keySet()))
                                + (hasOperations ? ", op" : ""),
                        "correct the word, or write NAME=VALUE");
            }
        }
        return resource.children(parts);
    }

    private static boolean isPartWord(Cursor in, Map<String, String> sets, boolean hasOperations) {
        return in.peekIsOneOf(sets.keySet())
                || (hasOperations && (in.peekIs("op") || in.peekIs("operations")))
                || String.valueOf(in.peek()).indexOf('=') < 0;
    }

    private static Element operationsIds(Cursor in, Element operations) throws SyntaxMistake {
        String reference = in.takePrefixed("$id-ref=");
        if (reference != null) {
            return operations.withAttribute("id-ref", reference);
        }
        String id = in.takePrefixed("$id=");
        if (id == null) {
            throw in.mistake(
                    "operations needs $id= or $id-ref=",
                    "it only names the set of operations",
                    "write operations $id=ID, or leave the word out");
        }
        return operations.withAttribute("id", id);
    }

    private static Element operation(Cursor in, String resource, Ids ids) throws SyntaxMistake {
        String name = in.next("the name of the operation, such as monitor");
        String given = in.takePrefixed("$id=");
        Element.Builder operation =
                Element.builder("op").line(in.nextLine()).attribute("name", name);
        String interval = "0";
        List<String[]> parameters = new ArrayList<>();
        while (in.hasMore() && String.valueOf(in.peek()).indexOf('=') > 0) {
            String word = in.next("NAME=VALUE");
            int equals = word.indexOf('=');
            String key = word.substring(0, equals);
            String value = word.substring(equals + 1);
            if (!OPERATION_ATTRIBUTES.contains(key)) {
                parameters.add(new String[] {key, value});
                continue;
            }
            operation.attribute(key, key.equals("role") ? Roles.toCib(value, in) : value);
            interval = key.equals("interval") ? value : interval;
        }
        String id =
                given == null ? ids.take(resource + "-" + name + "-" + Ids.part(interval)) : given;
        ids.reserve(id);
        operation.attribute("interval", interval).attribute("id", id);
        if (!parameters.isEmpty()) {
            operation.child(operationParameters(id, parameters, ids));
        }
        while (in.peekIsOneOf(NvSets.OF_OPERATION.keySet())) {
            String word = in.next("op_params or op_meta").toLowerCase(Locale.ROOT);
            operation.child(NvSets.read(in, tagOf(word), id, ids, NO_WORDS));
        }
        return operation.build();
    }

    private static String tagOf(String word) {
        return word.equals("op_params") ? "instance_attributes" : "meta_attributes";
    }

    private static Element operationParameters(
            String operation, List<String[]> parameters, Ids ids) {
        String set = ids.take(operation + "-instance_attributes");
        Element.Builder element = Element.builder("instance_attributes").attribute("id", set);
        for (String[] pair : parameters) {
            String id = ids.take(set + "-" + Ids.part(pair[0]));
            element.child(NvSets.nvpair(id, pair[0], pair[1]));
        }
        return element.build();
    }

    /** The {@code op} element of a {@code monitor} statement. */
    static Element monitor(String resource, String role, String interval, String timeout) {
        return Element.builder("op")
                .attribute("name", "monitor")
                .optional("role", role.isEmpty() ? null : role)
                .attribute("interval", interval)
                .optional("timeout", timeout.isEmpty() ? null : timeout)
                .attribute("id", resource + "-monitor-" + Ids.part(interval))
                .build();
    }

    @Override
    public @Nullable List<String> print(Element resource, PrintIds ids) {
        ids.reserve(resource.id());
        List<String> lines = new ArrayList<>();
        lines.add(head(resource));
        String description = resource.attribute("description");
        if (description != null) {
            lines.add(Quoting.pair("description", description));
        }
        for (Element part : resource.children()) {
            String word = NvSets.wordFor(NvSets.OF_RESOURCE, part);
            if (word != null) {
                String set = NvSets.print(word, part, resource.id(), ids);
                if (set == null) {
                    return null;
                }
                lines.add(set);
            } else if (part.is("operations")) {
                if (!printOperations(part, resource.id(), ids, lines)) {
                    return null;
                }
            }
        }
        return lines;
    }

    private static String head(Element resource) {
        if (resource.is("primitive") || resource.is("template")) {
            String template = resource.attribute("template");
            String keyword = resource.is("primitive") ? "primitive " : "rsc_template ";
            return keyword
                    + resource.id()
                    + " "
                    + (template == null ? agent(resource) : "@" + template);
        }
        StringBuilder head = new StringBuilder(resource.is("group") ? "group " : "clone ");
        head.append(resource.id());
        for (Element part : resource.children()) {
            if (isResource(part)) {
                head.append(' ').append(part.id());
            }
        }
        return head.toString();
    }

    static boolean isResource(Element element) {
        return switch (element.name()) {
            case "primitive", "group", "clone", "master", "bundle", Definition.MEMBER -> true;
            default -> false;
        };
    }

    private static String agent(Element resource) {
        String type = resource.attribute("type", "");
        String standard = resource.attribute("class", "");
        String provider = resource.attribute("provider", "");
        if (standard.equals("ocf") && provider.equals("heartbeat")) {
            return type;
        }
        return provider.isEmpty() ? standard + ":" + type : standard + ":" + provider + ":" + type;
    }

    private static boolean printOperations(
            Element operations, String resource, PrintIds ids, List<String> lines) {
        for (String name : List.of("id", "id-ref")) {
            String value = operations.attribute(name);
            if (value != null) {
                lines.add("operations " + Quoting.pair("$" + name, value));
            }
        }
        for (Element operation : operations.children()) {
            String text = printOperation(operation, resource, ids);
            if (text == null) {
                return false;
            }
            lines.add(text);
        }
        return true;
    }

    private static @Nullable String printOperation(
            Element operation, String resource, PrintIds ids) {
        String name = operation.attribute("name", "");
        StringBuilder text = new StringBuilder("op ").append(name);
        String interval = operation.attribute("interval", "0");
        String id = ids.mark(operation, resource + "-" + name + "-" + Ids.part(interval));
        if (!id.isEmpty()) {
            text.append(' ').append(id);
        }
        for (Attribute attribute : operation.attributes()) {
            if (!attribute.name().equals("id") && !attribute.name().equals("name")) {
                text.append(' ').append(Quoting.pair(attribute.name(), attribute.value()));
            }
        }
        for (Element set : operation.children()) {
            String word = NvSets.wordFor(NvSets.OF_OPERATION, set);
            String part = word == null ? null : NvSets.print(word, set, operation.id(), ids);
            if (part == null) {
                return null;
            }
            text.append(' ').append(part);
        }
        return text.toString();
    }
}
