package io.holdfast.scheduler.steps;

import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Locations;
import java.util.List;
import java.util.Map;

/** Nodes whose health attributes are bad are avoided. */
public final class NodeHealth {
    private NodeHealth() {}

    public static void apply(Cluster cluster) {
        String strategy = cluster.option("node-health-strategy", "none");
        if (strategy.equals("none")) {
            return;
        }
        int base =
                strategy.equals("progressive")
                        ? Score.parse(cluster.options.get("node-health-base"))
                        : 0;
        for (Node node : cluster.nodes) {
            int health = base;
            for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
                if (attribute.getKey().startsWith("#health")) {
                    health = Score.add(health, score(cluster, strategy, attribute.getValue()));
                }
            }
            if (health == 0) {
                continue;
            }
            for (Resource resource : cluster.resources) {
                boolean allowed =
                        health < 0 && Values.isTrue(resource.meta.get("allow-unhealthy-nodes"));
                if (!allowed) {
                    Locations.add(
                            strategy,
                            resource,
                            NodeScore.Discovery.ALWAYS,
                            List.of(new NodeScore(node, health)));
                }
            }
        }
    }

    private static int score(Cluster cluster, String strategy, String value) {
        int red = cluster.healthRed;
        int yellow = cluster.healthYellow;
        int green = cluster.healthGreen;
        if (strategy.equals("migrate-on-red")) {
            red = -Score.INFINITY;
            yellow = 0;
            green = 0;
        } else if (strategy.equals("only-green")) {
            red = -Score.INFINITY;
            yellow = -Score.INFINITY;
            green = 0;
        }
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "red" -> red;
            case "yellow" -> yellow;
            case "green" -> green;
            default -> Score.parse(value);
        };
    }
}
