package io.holdfast.cib.crm;

import io.holdfast.cib.Section;
import io.holdfast.cib.xml.Element;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code tag ID[:] RESOURCE …}. */
final class TagSyntax implements Syntax {
    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String label = in.takeLabel();
        String id = label == null ? in.nextId("tag") : label;
        Element.Builder tag = Element.builder("tag").attribute("id", id).line(in.line());
        if (!in.hasMore()) {
            throw in.mistake("the tag tags nothing", "it needs members", "name resources");
        }
        while (in.hasMore()) {
            tag.child(Element.of("obj_ref", "id", in.nextId("tagged object")));
        }
        return List.of(new Definition.OfObject(Section.TAGS, tag.build()));
    }

    @Override
    public @Nullable List<String> print(Element tag, PrintIds ids) {
        StringBuilder text = new StringBuilder("tag ").append(tag.id());
        for (Element member : tag.children("obj_ref")) {
            text.append(' ').append(member.id());
        }
        return List.of(text.toString());
    }
}
