package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Attribute;
import io.holdfast.cib.xml.Element;
import java.util.List;

/** Changes anything in a CIB, configuration and status alike. */
final class Damage {
    private static final String[] VALUES = {
        "",
        "0",
        "-1",
        "1",
        "true",
        "maybe",
        "INFINITY",
        "-INFINITY",
        "10s",
        "1.5",
        "Started",
        "Promoted",
        "99999999999999999999",
        "#uname",
        "start",
        "Optional",
        "100%",
        "c1",
        "p1",
        "g2",
        "n1",
        "n9",
        "..",
        "3:1:0:x",
        "0:0;1:1:0:y",
        "PT1H",
        "-10s",
        "2030-02-31"
    };
    private static final String[] NAMES = {
        "id",
        "score",
        "rsc",
        "with-rsc",
        "first",
        "then",
        "node",
        "name",
        "value",
        "role",
        "kind",
        "interval",
        "rc-code",
        "call-id",
        "op-status",
        "transition-key",
        "transition-magic",
        "in_ccm",
        "uname",
        "primitive",
        "group",
        "clone",
        "nvpair",
        "op",
        "resource_set",
        "resource_ref",
        "lrm_rsc_op",
        "rule"
    };

    private final Draw draw;

    Damage(Draw draw) {
        this.draw = draw;
    }

    Element of(Element cib) {
        Element result = cib;
        int changes = draw.between(1, 3);
        for (int i = 0; i < changes; i++) {
            result = somewhere(result, 0);
        }
        return result;
    }

    private Element somewhere(Element element, int depth) {
        List<Element> children = element.children();
        if (children.isEmpty() || (depth > 1 && draw.percent(25))) {
            return changed(element);
        }
        Element child = draw.of(children);
        return element.withChildReplaced(child, somewhere(child, depth + 1));
    }

    private Element changed(Element element) {
        List<Attribute> attributes = element.attributes();
        List<Element> children = element.children();
        if (!attributes.isEmpty() && draw.percent(60)) {
            String name = draw.of(attributes).name();
            return draw.percent(20)
                    ? element.withoutAttribute(name)
                    : element.withAttribute(name, draw.of(VALUES));
        }
        if (!children.isEmpty() && draw.percent(60)) {
            Element child = draw.of(children);
            return draw.percent(60) ? element.withoutChild(child) : element.withChild(child);
        }
        return draw.percent(50)
                ? element.withAttribute(draw.of(NAMES), draw.of(VALUES))
                : element.withName(draw.of(NAMES));
    }
}
