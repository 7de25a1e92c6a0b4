package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what.
 *
 * <pre>
 * role ID [description=…] read|write|deny [$id=ID] xpath:PATH|ref:ID|type:TAG [attr:NAME] …
 * acl_target|acl_group ID ROLE …
 * user ID role:ROLE …                   (the older spelling of acl_target)
 * </pre>
 *
 * Instead of a path its short form may stand: {@code meta:RSC[:NAME]}, {@code params:RSC[:NAME]},
 * {@code utilization:RSC}, {@code location:RSC}, {@code property[:NAME]}, {@code nodeattr[:NAME]},
 * {@code nodeutil[:NODE]}, {@code node[:NODE]}, {@code status}.
 */
final class AclSyntax implements Syntax {
    private static final Set<String> RIGHTS = Set.of("read", "write", "deny");

    private static final Map<String, String> SPECIFIERS =
            Map.of(
                    "xpath", "xpath",
                    "ref", "reference",
                    "reference", "reference",
                    "tag", "object-type",
                    "type", "object-type",
                    "attr", "attribute",
                    "attribute", "attribute");

    /** Short forms: the path, and what an argument adds to it ({@code @@} is the argument). */
    private static final Map<String, String[]> SHORT_FORMS =
            Map.of(
                    "meta", of("//primitive[@id='@@']/meta_attributes", "/nvpair[@name='@@']"),
                    "params",
                            of("//primitive[@id='@@']/instance_attributes", "/nvpair[@name='@@']"),
                    "utilization", of("//primitive[@id='@@']/utilization"),
                    "location", of("//rsc_location[@id='cli-prefer-@@' and @rsc='@@']"),
                    "property", of("//crm_config/cluster_property_set", "/nvpair[@name='@@']"),
                    "nodeattr", of("//nodes/node/instance_attributes", "/nvpair[@name='@@']"),
                    "nodeutil", of("//nodes/node/utilization", "[@uname='@@']"),
                    "node", of("//nodes/node", "[@uname='@@']"),
                    "status", of("/cib/status"));

    private static String[] of(String... parts) {
        return parts;
    }

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        Element element =
                switch (in.keyword()) {
                    case "role" -> role(in);
                    case "acl_group" -> holder(in, "acl_group", "");
                    case "user" -> holder(in, "acl_target", "role:");
                    default -> holder(in, "acl_target", "");
                };
        return List.of(new Definition.OfObject(Section.ACLS, element));
    }

    private static Element holder(Cursor in, String tag, String prefix) throws SyntaxMistake {
        Element.Builder holder =
                Element.builder(tag).attribute("id", in.next("a name")).line(in.line());
        while (in.hasMore()) {
            String role = in.takePrefixed(prefix);
            if (role == null || role.isEmpty()) {
                throw in.mistake(
                        "rights cannot be given to a user directly",
                        "rights belong to roles, and users have roles",
                        "define role R …, then acl_target USER R");
            }
            holder.child(Element.of("role", "id", role));
        }
        return holder.build();
    }

    private static Element role(Cursor in) throws SyntaxMistake {
        String id = in.nextId("role");
        Ids ids = new Ids();
        ids.reserve(id);
        Element.Builder role = Element.builder("acl_role").attribute("id", id).line(in.line());
        role.optional("description", in.takePrefixed("description="));
        while (in.hasMore()) {
            permission(in, role, id, ids);
        }
        return role.build();
    }

    private static void permission(Cursor in, Element.Builder role, String roleId, Ids ids)
            throws SyntaxMistake {
        if (!in.peekIsOneOf(RIGHTS)) {
            throw in.mistake(
                    "'" + in.peek() + "' is no right",
                    "a right is read, write or deny",
                    "write for example: read xpath:\"/cib\"");
        }
        String kind = in.next("a right").toLowerCase(Locale.ROOT);
        String given = in.takePrefixed("$id=");
        String description = in.takePrefixed("description=");
        Map<String, String> what = new TreeMap<>();
        while (in.hasMore() && !in.peekIsOneOf(RIGHTS)) {
            specifier(in, what);
        }
        List<String> alternatives = new ArrayList<>();
        for (String name : List.of("xpath", "reference", "object-type")) {
            if (what.containsKey(name)) {
                alternatives.add(name);
            }
        }
        if (alternatives.isEmpty()) {
            throw in.mistake(
                    "the right does not say to what",
                    "it needs xpath:, ref: or type: (attr: only beside type:)",
                    "write for example: " + kind + " ref:RESOURCE");
        }
        for (String name : alternatives) {
            Element.Builder permission =
                    Element.builder("acl_permission")
                            .attribute("kind", kind)
                            .optional("description", description)
                            .attribute(name, what.getOrDefault(name, ""));
            if (name.equals("object-type")) {
                permission.optional("attribute", what.get("attribute"));
            }
            String id = given == null ? ids.take(roleId) : given;
            ids.reserve(id);
            role.child(permission.attribute("id", id).build());
        }
    }

    private static void specifier(Cursor in, Map<String, String> what) throws SyntaxMistake {
        String word = in.next("xpath:, ref: or type:");
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        String value = colon < 0 ? "" : word.substring(colon + 1);
        String[] shortForm = SHORT_FORMS.get(name);
        String specifier = SPECIFIERS.get(name);
        if (shortForm != null) {
            what.put("xpath", expand(in, word, shortForm, value));
        } else if (specifier != null && !value.isEmpty()) {
            what.put(specifier, value);
        } else {
            throw in.mistake(
                    "'" + word + "' does not say what the right is about",
                    "it is xpath:PATH, ref:ID, type:TAG or a short form such as node:NAME",
                    "correct it");
        }
    }

    private static String expand(Cursor in, String word, String[] parts, String value)
            throws SyntaxMistake {
        List<String> arguments = value.isEmpty() ? List.of() : List.of(value.split(":", -1));
        StringBuilder path = new StringBuilder();
        int used = 0;
        for (String part : parts) {
            if (!part.contains("@@")) {
                path.append(part);
            } else if (used < arguments.size()) {
                path.append(part.replace("@@", arguments.get(used++)));
            } else if (path.isEmpty()) {
                throw in.mistake(
                        "'" + word + "' needs a name",
                        "it is short for a path with that name in it",
                        "write " + word + ":NAME");
            }
        }
        return path.toString();
    }

    @Override
    public @Nullable List<String> print(Element element, PrintIds ids) {
        ids.reserve(element.id());
        List<String> lines = new ArrayList<>();
        if (!element.is("acl_role")) {
            lines.add(element.name() + " " + Quoting.argument(element.id()));
            element.children("role").forEach(role -> lines.add(role.id()));
            return lines;
        }
        lines.add("role " + element.id());
        String description = element.attribute("description");
        if (description != null) {
            lines.add(Quoting.pair("description", description));
        }
        for (Element permission : element.children()) {
            if (!permission.is("acl_permission")) {
                return null;
            }
            lines.add(printPermission(permission, element.id(), ids));
        }
        return lines;
    }

    private static String printPermission(Element permission, String role, PrintIds ids) {
        StringBuilder text = new StringBuilder(permission.attribute("kind", ""));
        String id = ids.mark(permission, role);
        if (!id.isEmpty()) {
            text.append(' ').append(id);
        }
        String description = permission.attribute("description");
        if (description != null) {
            text.append(' ').append(Quoting.pair("description", description));
        }
        specifierText(text, "xpath:", permission.attribute("xpath"), true);
        specifierText(text, "ref:", permission.attribute("reference"), false);
        specifierText(text, "attr:", permission.attribute("attribute"), false);
        specifierText(text, "type:", permission.attribute("object-type"), false);
        return text.toString();
    }

    private static void specifierText(
            StringBuilder text, String name, @Nullable String value, boolean quoted) {
        if (value != null) {
            text.append(' ')
                    .append(name)
                    .append(quoted ? Quoting.always(value) : Quoting.value(value));
        }
    }
}
