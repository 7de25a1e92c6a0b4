package io.holdfast.scheduler.explain;

import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.NodeScore;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Score;
import io.holdfast.scheduler.model.Share;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would bring a resource to each other node: read from the parts of the scores. */
final class WhatMoves {
    private final Resource resource;
    private final @Nullable NodeScore here;

    private WhatMoves(Resource resource) {
        this.resource = resource;
        this.here = resource.assigned == null ? null : resource.allowed.get(resource.assigned.node);
    }

    static List<String> of(Resource resource) {
        WhatMoves moves = new WhatMoves(resource);
        List<String> lines = new ArrayList<>();
        if (!resource.managed) {
            return List.of("nothing: it is unmanaged");
        }
        for (Node node : resource.cluster.nodes) {
            boolean chosen = resource.assigned != null && resource.assigned.node == node;
            if (!chosen && !Explain.isBesideThePoint(resource, node)) {
                lines.add(node.name + " " + moves.to(node));
            }
        }
        return lines;
    }

    private String to(Node node) {
        String state = Verdict.unusable(node);
        if (state != null) {
            return "would be considered if it could be used: " + state;
        }
        NodeScore there = resource.allowed.get(node);
        if (there == null) {
            return "needs a location constraint that lets it run there";
        }
        List<Share> bans = bans(node);
        if (there.score <= -Score.INFINITY || !bans.isEmpty()) {
            return banned(node, bans);
        }
        if (there.score < 0) {
            String allowed = "needs " + -there.score + " points to be allowed";
            return here == null || here.score >= Score.INFINITY
                    ? allowed
                    : allowed + ", and " + (here.score - there.score + 1) + " to win";
        }
        return here == null ? "would be taken" : outbid(here, there);
    }

    private List<Share> bans(Node node) {
        return resource.shares.stream().filter(s -> s.node() == node && s.isBan()).toList();
    }

    private String banned(Node node, List<Share> bans) {
        List<String> sources = bans.stream().map(Share::source).distinct().toList();
        int without = 0;
        for (Share share : resource.shares) {
            if (share.node() == node && !share.isBan()) {
                without = Score.add(without, share.added());
            }
        }
        if (sources.isEmpty()) {
            return "is forbidden by what it runs with";
        }
        String text = "is forbidden by " + String.join(" and by ", sources);
        if (sources.size() > 1 || here == null) {
            return text;
        }
        return text + "; without that it would have " + Score.text(without) + rival(without);
    }

    private String rival(int score) {
        if (here == null) {
            return "";
        }
        String against = " against " + Score.text(here.score) + " of " + here.node.name;
        return score > here.score ? against + ", and win" : against;
    }

    private String outbid(NodeScore chosen, NodeScore there) {
        String name = chosen.node.name;
        if (chosen.score >= Score.INFINITY) {
            return "would be taken if "
                    + name
                    + " could not be: "
                    + strongest(chosen.node)
                    + " binds it there";
        }
        int gap = chosen.score - there.score;
        if (gap <= 0) {
            return "has the same score as "
                    + name
                    + ": then what is less laden goes first, the node it runs on, and the name;"
                    + " one point more would win";
        }
        StringBuilder text = new StringBuilder("would win if it had ").append(gap + 1);
        text.append(" points more: it lacks ").append(gap);
        List<String> deciding = new ArrayList<>();
        for (Share share : resource.shares) {
            if (share.node() == chosen.node && share.added() > gap) {
                deciding.add(share.source() + " (" + share.added() + " for " + name + ")");
            } else if (share.node() == there.node && -share.added() > gap) {
                deciding.add(share.source() + " (" + share.added() + " for " + there.node + ")");
            }
        }
        if (!deciding.isEmpty()) {
            text.append("; or without ").append(String.join(", or without ", deciding));
        }
        return text.toString();
    }

    private String strongest(Node node) {
        for (Share share : resource.shares) {
            if (share.node() == node && share.after() >= Score.INFINITY) {
                return share.source();
            }
        }
        return "a score of INFINITY";
    }
}
