package io.holdfast.controller.core;

import io.holdfast.base.Problem;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.xml.Element;
import io.holdfast.executor.LeaseGate;
import java.util.List;

/**
 * What a lease alone does not keep from running twice. A node without its lease stops it, but a
 * stop needs time and can fail, and nothing here can switch the node off (DESIGN.md, "Never", 4 and
 * 7).
 */
public final class UnfencedResources {
    private UnfencedResources() {}

    /** One warning that names them all; none when every resource is gated by the lease. */
    public static List<Problem> warnings(Cib cib) {
        List<String> outliving =
                cib.resources().stream()
                        .filter(e -> e.is("primitive"))
                        .filter(e -> !isGated(agentOf(cib, e)))
                        .map(Element::id)
                        .sorted()
                        .toList();
        return outliving.isEmpty()
                ? List.of()
                : List.of(
                        new Problem(
                                "nothing can make sure that these resources run on one node alone",
                                String.join(", ", outliving),
                                "their agents are programs, which go on when their node is cut off;"
                                        + " it stops them when its lease ends, but until a stop is"
                                        + " done, or should it fail, another node runs them too;"
                                        + " there are no fence devices to prevent that",
                                "keep their data on Holdfast's volumes, which only one node can"
                                        + " write to, and give stops a short time-out"));
    }

    private static boolean isGated(ResourceAgent agent) {
        return agent.standard().equals("stonith") || LeaseGate.holds(agent);
    }

    private static ResourceAgent agentOf(Cib cib, Element primitive) {
        String template = primitive.attribute("template", "");
        return cib.resources().stream()
                .filter(e -> e.is("template") && !template.isEmpty() && e.id().equals(template))
                .findFirst()
                .map(ResourceAgent::of)
                .orElseGet(() -> ResourceAgent.of(primitive));
    }
}
