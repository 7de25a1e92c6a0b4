package io.holdfast.cib.schema;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Access control of before schema 2.0: rights lay in users and roles as {@code read}, {@code write}
 * and {@code deny}; now they are {@code acl_permission}s of roles, and users become targets. A user
 * with rights of its own gets a role {@code auto-USER}.
 */
final class AclUpgrade {
    private final List<Finding> notes;

    private AclUpgrade(List<Finding> notes) {
        this.notes = notes;
    }

    static Cib upgrade(Cib cib, List<Finding> notes) {
        Element acls = cib.section(Section.ACLS);
        if (acls.children().isEmpty()) {
            return cib;
        }
        AclUpgrade upgrade = new AclUpgrade(notes);
        List<Element> upgraded = new ArrayList<>();
        for (Element child : acls.children()) {
            switch (child.name()) {
                case "acl_user" -> upgrade.user(child, upgraded);
                case "acl_role" -> upgraded.add(upgrade.withPermissions(child));
                default -> upgraded.add(child);
            }
        }
        return cib.withSection(Section.ACLS, acls.withChildren(upgraded));
    }

    private void user(Element user, List<Element> upgraded) {
        List<Element> roles = new ArrayList<>();
        for (Element reference : user.children("role_ref")) {
            roles.add(reference.withName("role"));
        }
        Element target = user.withName("acl_target");
        boolean ownRights = roles.isEmpty() && !user.children().isEmpty();
        if (!ownRights) {
            upgraded.add(target.withChildren(roles));
            return;
        }
        String role = "auto-" + user.id();
        upgraded.add(target.withChildren(List.of(Element.of("role", "id", role))));
        Element rights = Element.of("acl_role", "id", role).withChildren(user.children());
        upgraded.add(withPermissions(rights.withLine(user.line())));
    }

    private Element withPermissions(Element role) {
        List<Element> permissions = new ArrayList<>();
        for (Element child : role.children()) {
            switch (child.name()) {
                case "read", "write", "deny" -> permissions.add(permission(child));
                default -> permissions.add(child);
            }
        }
        return role.withChildren(permissions);
    }

    private Element permission(Element right) {
        Element.Builder permission =
                Element.builder("acl_permission")
                        .attribute("id", right.id())
                        .attribute("kind", right.name())
                        .line(right.line());
        @Nullable String attribute = right.attribute("attribute");
        if (right.has("ref")) {
            permission.attribute("reference", right.attribute("ref", ""));
            if (attribute != null) {
                notes.add(
                        Finding.warning(
                                right,
                                "the attribute of a right to a reference is dropped",
                                "such a right is now about the whole element",
                                "use a right by xpath if it should be narrower"));
            }
        } else if (right.has("tag")) {
            permission
                    .attribute("object-type", right.attribute("tag", ""))
                    .optional("attribute", attribute);
        } else {
            String path = right.attribute("xpath", "");
            permission.attribute("xpath", attribute == null ? path : path + "[@" + attribute + "]");
        }
        return permission.build();
    }
}
