package io.holdfast.scheduler.rules;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.model.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads sets of name-value pairs: by score, where their rules hold, references followed. */
public final class Attributes {
    private record Block(Element set, int score, boolean first) {}

    private Attributes() {}

    /**
     * Adds the pairs of every set with this element name to a table; pairs already there stay.
     *
     * @param firstId the id of a set that goes before all others
     */
    public static void unpack(
            @Nullable Element parent,
            String setName,
            Rules.Input input,
            Map<String, String> into,
            @Nullable String firstId,
            boolean overwrite) {
        if (parent == null) {
            return;
        }
        List<Block> blocks = new ArrayList<>(2);
        for (Element reference : parent.children(setName)) {
            Element set = input.cluster().resolve(reference);
            if (set != null) {
                blocks.add(
                        new Block(
                                set,
                                Score.parse(set.attribute("score")),
                                firstId != null && firstId.equals(set.id())));
            }
        }
        if (blocks.size() > 1) {
            Collections.reverse(blocks); // of equal scores, what comes last in the document wins
            blocks.sort(
                    (a, b) ->
                            a.first != b.first
                                    ? (a.first ? -1 : 1)
                                    : Integer.compare(b.score, a.score));
        }
        for (Block block : blocks) {
            if (Rules.anyHolds(block.set, input)) {
                copy(block.set, input, into, overwrite);
            }
        }
    }

    public static void unpack(
            @Nullable Element parent, String setName, Rules.Input input, Map<String, String> into) {
        unpack(parent, setName, input, into, null, false);
    }

    private static void copy(
            Element set, Rules.Input input, Map<String, String> into, boolean overwrite) {
        for (Element reference : set.children("nvpair")) {
            Element pair = input.cluster().resolve(reference);
            if (pair == null) {
                continue;
            }
            String name = reference.attribute("name");
            if (name == null) {
                name = pair.attribute("name");
            }
            String value = pair.attribute("value");
            if (name == null || value == null) {
                continue;
            }
            if (value.equalsIgnoreCase("#default")) {
                into.remove(name);
            } else if (overwrite) {
                into.put(name, value);
            } else {
                into.putIfAbsent(name, value);
            }
        }
    }
}
