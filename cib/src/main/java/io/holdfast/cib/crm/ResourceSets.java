package io.holdfast.cib.crm;

import io.holdfast.cib.crm.Statement.Token;
import io.holdfast.cib.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Resource sets of constraints.
 *
 * <pre>
 * A B:Promoted C        in sequence; another role or action begins another set
 * ( A B )               not in sequence
 * [ A B ]               not in sequence, one of them is enough
 * [ A B sequential=true ] , ( A B require-all=false )
 * _rsc_set_ A B         a set where two plain names would mean something else
 * </pre>
 */
final class ResourceSets {
    private static final String ONE_SET = "_rsc_set_";

    private final Cursor in;
    private final String qualifier;
    private final String owner;
    private final Ids ids;

    private final List<Element> sets = new ArrayList<>();
    private final List<Element> members = new ArrayList<>();
    private String value = "";
    private char opened;
    private boolean sequential = true;
    private boolean requireAll = true;

    private ResourceSets(Cursor in, String qualifier, String owner, Ids ids) {
        this.in = in;
        this.qualifier = qualifier;
        this.owner = owner;
        this.ids = ids;
    }

    /**
     * Reads words as sets.
     *
     * @param qualifier what stands behind a colon: role or action
     */
    static List<Element> read(Cursor in, List<Token> words, String qualifier, String owner, Ids ids)
            throws SyntaxMistake {
        ResourceSets sets = new ResourceSets(in, qualifier, owner, ids);
        for (Token word : words) {
            for (Token part : apart(word)) {
                sets.word(part);
            }
        }
        if (sets.opened != 0) {
            throw in.mistake(
                    "a bracket " + sets.opened + " is not closed",
                    "the set has no end",
                    "close it, with a space before the bracket");
        }
        sets.endSet();
        if (sets.sets.isEmpty()) {
            throw in.mistake(
                    "the constraint names no resources", "a set needs some", "name resources");
        }
        return sets.sets;
    }

    /** Brackets may stick to the name beside them. */
    private static List<Token> apart(Token word) {
        String text = word.text();
        if (text.length() < 2) {
            return List.of(word);
        }
        if ("([{".indexOf(text.charAt(0)) >= 0) {
            List<Token> parts = new ArrayList<>();
            parts.add(new Token(text.substring(0, 1), word.line()));
            parts.addAll(apart(new Token(text.substring(1), word.line())));
            return parts;
        }
        int last = text.length() - 1;
        if (")]}".indexOf(text.charAt(last)) >= 0) {
            return List.of(
                    new Token(text.substring(0, last), word.line()),
                    new Token(text.substring(last), word.line()));
        }
        return List.of(word);
    }

    private void word(Token word) throws SyntaxMistake {
        switch (word.text()) {
            case ONE_SET -> {}
            case "(", "[" -> open(word);
            case ")", "]" -> close(word);
            default -> {
                if (word.text().indexOf('=') > 0) {
                    option(word);
                } else {
                    member(word);
                }
            }
        }
    }

    private void open(Token bracket) throws SyntaxMistake {
        if (opened != 0) {
            throw in.mistakeAt(
                    bracket.line(),
                    "sets are nested",
                    "a set holds resources, not sets",
                    "close the bracket before opening another");
        }
        endSet();
        opened = bracket.text().charAt(0);
        sequential = false;
        requireAll = opened == '(';
    }

    private void close(Token bracket) throws SyntaxMistake {
        char expected = opened == '(' ? ')' : ']';
        if (opened == 0 || bracket.text().charAt(0) != expected) {
            throw in.mistakeAt(
                    bracket.line(),
                    "a closing bracket " + bracket.text() + " has no partner",
                    opened == 0 ? "none is open" : "the open one is " + opened,
                    "check the brackets");
        }
        if (members.isEmpty()) {
            throw in.mistakeAt(
                    bracket.line(), "a set is empty", "it would mean nothing", "remove it");
        }
        endSet();
        opened = 0;
        sequential = true;
        requireAll = true;
    }

    private void option(Token word) throws SyntaxMistake {
        int equals = word.text().indexOf('=');
        String name = word.text().substring(0, equals);
        Boolean truth = truth(word.text().substring(equals + 1));
        if (truth == null || !(name.equals("sequential") || name.equals("require-all"))) {
            throw in.mistakeAt(
                    word.line(),
                    "'" + word.text() + "' is not understood in a set",
                    "a set has sequential=true|false and require-all=true|false",
                    "correct it");
        }
        if (name.equals("sequential")) {
            sequential = truth;
        } else {
            requireAll = truth;
        }
    }

    private static @Nullable Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> null;
        };
    }

    private void member(Token word) throws SyntaxMistake {
        int colon = word.text().indexOf(':');
        String id = colon < 0 ? word.text() : word.text().substring(0, colon);
        String given = colon < 0 ? "" : word.text().substring(colon + 1);
        String behind = given;
        if (!given.isEmpty()) {
            behind = qualifier.equals("action") ? Roles.action(given, in) : Roles.toCib(given, in);
        }
        if (!behind.equals(value)) {
            endSet();
            value = behind;
        }
        members.add(Element.builder("resource_ref").attribute("id", id).line(word.line()).build());
    }

    private void endSet() {
        if (members.isEmpty()) {
            return;
        }
        Element.Builder set = Element.builder("resource_set").line(in.line());
        set.attribute("id", ids.take(owner));
        if (!requireAll) {
            set.attribute("require-all", "false");
        }
        if (!sequential) {
            set.attribute("sequential", "false");
        }
        if (!value.isEmpty()) {
            set.attribute(qualifier, value);
        }
        sets.add(set.children(members).build());
        members.clear();
        value = "";
    }

    /**
     * The sets of a constraint as words.
     *
     * @param plainNames how many plain names mean something else than a set
     */
    static String print(Element constraint, String qualifier, int plainNames) {
        List<String> words = new ArrayList<>();
        int count = 0;
        boolean plain = true;
        for (Element set : constraint.children("resource_set")) {
            boolean all = !"false".equals(set.attribute("require-all"));
            boolean inOrder = !"false".equals(set.attribute("sequential"));
            plain &= all && inOrder;
            if (!all) {
                words.add("[");
            } else if (!inOrder) {
                words.add("(");
            }
            String behind = set.attribute(qualifier, "");
            for (Element member : set.children("resource_ref")) {
                words.add(member.id() + (behind.isEmpty() ? "" : ":" + behind));
                count++;
            }
            if (!all && inOrder) {
                words.add("sequential=true");
            }
            if (!all) {
                words.add("]");
            } else if (!inOrder) {
                words.add(")");
            }
        }
        if (plain && count <= plainNames) {
            words.addFirst(ONE_SET);
        }
        return String.join(" ", words);
    }
}
