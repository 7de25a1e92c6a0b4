package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One kind of statement, both ways. */
interface Syntax {
    /** Reads a statement whose keyword has been taken. */
    List<Definition> read(Cursor in) throws SyntaxMistake;

    /**
     * The statement that defines this element, one part a line; null when the syntax has no words
     * for something in it.
     */
    @Nullable List<String> print(Element element, PrintIds ids);
}
