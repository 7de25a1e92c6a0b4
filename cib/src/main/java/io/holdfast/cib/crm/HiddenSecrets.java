package io.holdfast.cib.crm;

import io.holdfast.cib.Cib;
import io.holdfast.cib.Finding;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Passwords are not shown. A text that was shown, edited and loaded again has stars in their place:
 * they stand for the value that is there.
 */
final class HiddenSecrets {
    private static final String STARS = "******";

    private final List<Finding> findings;

    /** Values that are there, by id of their pair; looked up, never iterated. */
    private final Map<String, String> known = new HashMap<>();

    private HiddenSecrets(List<Finding> findings) {
        this.findings = findings;
    }

    static Element hide(Element element) {
        return change(element, pair -> isSecret(pair) ? pair.withAttribute("value", STARS) : pair);
    }

    /** Puts the values of {@code base} where the text has stars. */
    static Element reveal(Element configuration, Cib base, List<Finding> findings) {
        HiddenSecrets secrets = new HiddenSecrets(findings);
        base.configuration()
                .visit(
                        pair -> {
                            if (isSecret(pair)) {
                                secrets.known.put(pair.id(), pair.attribute("value", ""));
                            }
                        });
        return change(configuration, secrets::revealed);
    }

    private Element revealed(Element pair) {
        if (!isSecret(pair) || !STARS.equals(pair.attribute("value"))) {
            return pair;
        }
        String value = known.get(pair.id());
        if (value == null) {
            findings.add(
                    Finding.error(
                            pair,
                            "the value of " + pair.attribute("name", "") + " is hidden",
                            "the text was made for reading, and there is no such value yet",
                            "write the value itself"));
            return pair;
        }
        return pair.withAttribute("value", value);
    }

    private static boolean isSecret(Element element) {
        return element.is("nvpair")
                && isSecretName(element.attribute("name", "").toLowerCase(Locale.ROOT))
                && element.has("value");
    }

    /** passwd and password, and those of agents that have two: incoming_password, chap_secret. */
    private static boolean isSecretName(String name) {
        return name.contains("passw") || name.endsWith("secret");
    }

    private static Element change(
            Element element, java.util.function.UnaryOperator<Element> pairChange) {
        if (element.is("nvpair")) {
            return pairChange.apply(element);
        }
        boolean changed = false;
        List<Element> children = new ArrayList<>(element.children().size());
        for (Element child : element.children()) {
            Element after = change(child, pairChange);
            changed |= !after.equals(child);
            children.add(after);
        }
        return changed ? element.withChildren(children) : element;
    }
}
