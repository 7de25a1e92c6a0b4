package io.holdfast.scheduler.fuzz;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.fuzz.RandomStatus.Was;
import java.util.ArrayList;
import java.util.List;

/**
 * A small valid CIB from a seed, in the form that crm_simulate 2.1.5 reads as we do: feature set
 * 3.16.1 and booleans for the states of nodes.
 */
final class RandomCluster {
    /** The date that the CIB asks to be decided at, in seconds since 1970. */
    static final long NOW = 1_700_000_400L;

    private final Draw draw;
    private final int nodes;
    private final List<RandomResource> resources = new ArrayList<>();

    private RandomCluster(long seed) {
        draw = new Draw(seed);
        nodes = draw.between(2, 4);
        int count = draw.between(1, 6);
        for (int number = 1; number <= count; number++) {
            resources.add(RandomResource.draw(draw, number));
        }
    }

    static Element of(long seed) {
        return new RandomCluster(seed).cib();
    }

    private Element cib() {
        Element configuration =
                Element.of("configuration")
                        .withChild(options())
                        .withChild(nodeList())
                        .withChild(
                                Element.of("resources")
                                        .withChildren(
                                                resources.stream()
                                                        .map(RandomResource::element)
                                                        .toList()))
                        .withChild(constraints());
        if (draw.percent(50)) {
            configuration = configuration.withChild(defaults());
        }
        return Element.of("cib", "crm_feature_set", "3.16.1", "validate-with", "pacemaker-3.9")
                .withAttribute("epoch", "1")
                .withAttribute("num_updates", "0")
                .withAttribute("admin_epoch", "0")
                .withAttribute("have-quorum", draw.percent(88) ? "1" : "0")
                .withAttribute("execution-date", Long.toString(NOW))
                .withAttribute("dc-uuid", "1")
                .withChild(configuration)
                .withChild(status());
    }

    private Element options() {
        List<Element> pairs = new ArrayList<>();
        pairs.add(pair("opt", "stonith-enabled", "false"));
        maybe(pairs, 40, "no-quorum-policy", draw.of("ignore", "freeze", "stop", "demote"));
        maybe(pairs, 8, "symmetric-cluster", "false");
        maybe(pairs, 8, "start-failure-is-fatal", "false");
        maybe(pairs, 3, "stop-all-resources", "true");
        maybe(pairs, 3, "maintenance-mode", "true");
        return Element.of("crm_config")
                .withChild(
                        Element.of("cluster_property_set", "id", "cib-bootstrap-options")
                                .withChildren(pairs));
    }

    private void maybe(List<Element> pairs, int chance, String name, String value) {
        if (draw.percent(chance)) {
            pairs.add(pair("opt", name, value));
        }
    }

    private Element defaults() {
        Element set =
                Element.of("meta_attributes", "id", "defaults")
                        .withChild(
                                pair(
                                        "def",
                                        "resource-stickiness",
                                        draw.of("0", "1", "100", "1000")));
        return Element.of("rsc_defaults").withChild(set);
    }

    private Element nodeList() {
        Element list = Element.of("nodes");
        for (int node = 1; node <= nodes; node++) {
            Element element = Element.of("node", "id", Integer.toString(node), "uname", "n" + node);
            int kind = draw.between(1, 100);
            if (kind <= 15) {
                String option = kind <= 12 ? "standby" : "maintenance";
                Element set =
                        Element.of("instance_attributes", "id", "n" + node + "-attributes")
                                .withChild(pair("n" + node, option, kind <= 12 ? "on" : "true"));
                element = element.withChild(set);
            }
            list = list.withChild(element);
        }
        return list;
    }

    private Element constraints() {
        Element list = Element.of("constraints");
        RandomConstraint constraint = new RandomConstraint(draw, resources, nodes);
        int count = draw.between(0, 5);
        for (int number = 1; number <= count; number++) {
            list = list.withChild(constraint.draw(number));
        }
        return list;
    }

    private Element status() {
        List<RandomStatus> states = new ArrayList<>();
        List<List<Element>> histories = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            states.add(new RandomStatus(draw, node));
            histories.add(new ArrayList<>());
        }
        boolean unprobed = draw.percent(20);
        for (RandomResource resource : resources) {
            int home = draw.between(0, nodes - 1);
            boolean running = draw.percent(70);
            for (String member : resource.members()) {
                for (int node = 0; node < nodes && !unprobed; node++) {
                    boolean here = running && (resource.cloned() || node == home);
                    String name = resource.unique() ? member + ":" + node : member;
                    Was was = here ? active(resource, node == home) : inactive();
                    if (was != Was.UNKNOWN) {
                        histories
                                .get(node)
                                .add(states.get(node).history(name, resource.promotable(), was));
                    }
                    if (resource.promotable() && draw.percent(70)) {
                        states.get(node).promotionScore(name, draw.between(1, 10));
                    }
                }
            }
        }
        Element status = Element.of("status");
        for (int node = 0; node < nodes; node++) {
            boolean online = node == 0 || draw.percent(85);
            status = status.withChild(states.get(node).nodeState(online, histories.get(node)));
        }
        return status;
    }

    private Was active(RandomResource resource, boolean atHome) {
        int kind = draw.between(1, 100);
        if (kind <= 78) {
            return resource.promotable() && atHome ? Was.PROMOTED : Was.RUNNING;
        }
        return kind <= 90 ? Was.FAILED_MONITOR : kind <= 95 ? Was.FAILED_START : Was.STOPPED;
    }

    private Was inactive() {
        int kind = draw.between(1, 100);
        return kind <= 80
                ? Was.NEVER_HERE
                : kind <= 90 ? Was.STOPPED : kind <= 95 ? Was.UNKNOWN : Was.FAILED_START;
    }

    private static Element pair(String prefix, String name, String value) {
        return Element.of("nvpair", "id", prefix + "-" + name, "name", name, "value", value);
    }
}
