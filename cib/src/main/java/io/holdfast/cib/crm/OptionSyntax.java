package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of the cluster and defaults.
 *
 * <pre>
 * property|rsc_defaults|op_defaults [$id=ID|ID:] [SCORE:] [rule …] NAME=VALUE …
 * </pre>
 */
final class OptionSyntax implements Syntax {
    private final Section section;
    private final String keyword;
    private final String defaultId;

    OptionSyntax(Section section, String keyword, String defaultId) {
        this.section = section;
        this.keyword = keyword;
        this.defaultId = defaultId;
    }

    private String tag() {
        return section == Section.CRM_CONFIG ? "cluster_property_set" : "meta_attributes";
    }

    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String id = in.takePrefixed("$id=");
        id = id == null ? label(in) : id;
        id = id == null ? defaultId : id;
        Ids ids = new Ids();
        ids.reserve(id);
        Element.Builder set = Element.builder(tag()).attribute("id", id).line(in.line());
        NvSets.readContent(in, set, id, ids, Set.of());
        in.expectEnd();
        return List.of(new Definition.OfOptions(section, set.build()));
    }

    /** A label is an id unless it is a score. */
    private static @Nullable String label(Cursor in) {
        String word = in.peek();
        boolean score =
                word != null
                        && word.endsWith(":")
                        && Scores.toCib(word.substring(0, word.length() - 1)) != null;
        return score ? null : in.takeLabel();
    }

    @Override
    public @Nullable List<String> print(Element set, PrintIds ids) {
        ids.reserve(set.id());
        List<String> lines = new ArrayList<>();
        lines.add(
                keyword
                        + " "
                        + (Ids.part(set.id()).equals(set.id())
                                ? set.id() + ":"
                                : Quoting.pair("$id", set.id())));
        List<String> content = NvSets.printContent(set, ids);
        if (content == null || set.has("id-ref")) {
            return null;
        }
        lines.addAll(content);
        return lines;
    }
}
