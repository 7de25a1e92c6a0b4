package io.holdfast.scheduler.actions;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.rules.Attributes;
import io.holdfast.scheduler.rules.Rules;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The instance attributes of a resource, as they are on a node. */
public final class Parameters {
    private Parameters() {}

    public static Map<String, String> of(Resource resource, @Nullable Node node) {
        String name = node == null ? "" : node.name;
        Map<String, String> known = resource.parameters.get(name);
        if (known == null) {
            known = new LinkedHashMap<>();
            Rules.Input input =
                    Rules.Input.of(resource.cluster)
                            .withAttributes(node == null ? null : node.attributes);
            for (Resource at = resource; at != null; at = at.parent) {
                Attributes.unpack(at.xml, "instance_attributes", input, known);
            }
            resource.parameters.put(name, known);
        }
        return known;
    }
}
