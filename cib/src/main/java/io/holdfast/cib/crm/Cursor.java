package io.holdfast.cib.crm;

import io.holdfast.cib.crm.Statement.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks through the words of one statement. */
final class Cursor {
    private final Statement statement;
    private final List<Token> tokens;
    private int at = 1; // behind the keyword

    Cursor(Statement statement) {
        this.statement = statement;
        this.tokens = new ArrayList<>(statement.tokens());
    }

    String keyword() {
        return statement.keyword();
    }

    int line() {
        return statement.line();
    }

    /** The line of the next word. */
    int nextLine() {
        return hasMore() ? tokens.get(at).line() : line();
    }

    boolean hasMore() {
        return at < tokens.size();
    }

    int remaining() {
        return tokens.size() - at;
    }

    @Nullable String peek() {
        return hasMore() ? tokens.get(at).text() : null;
    }

    boolean peekIs(String word) {
        return hasMore() && tokens.get(at).text().equalsIgnoreCase(word);
    }

    boolean peekIsOneOf(Set<String> words) {
        return hasMore() && words.contains(tokens.get(at).text().toLowerCase(Locale.ROOT));
    }

    /** The next word; a mistake that says what was expected when there is none. */
    String next(String expected) throws SyntaxMistake {
        if (!hasMore()) {
            throw mistake("the statement ends too early", expected + " is missing", "add it");
        }
        return tokens.get(at++).text();
    }

    /** Takes the next word if it is this one, in any case. */
    boolean take(String word) {
        if (peekIs(word)) {
            at++;
            return true;
        }
        return false;
    }

    /** The text behind {@code prefix} if the next word begins with it (in any case), or null. */
    @Nullable String takePrefixed(String prefix) {
        String word = peek();
        if (word != null && word.regionMatches(true, 0, prefix, 0, prefix.length())) {
            at++;
            return word.substring(prefix.length());
        }
        return null;
    }

    /** A word that ends with a colon, without it: a score, a ticket, an id. */
    @Nullable String takeLabel() {
        String word = peek();
        if (word != null && word.length() > 1 && word.endsWith(":") && word.indexOf('=') < 0) {
            at++;
            return word.substring(0, word.length() - 1);
        }
        return null;
    }

    /** An XML id. */
    String nextId(String of) throws SyntaxMistake {
        String id = next("the id of the " + of);
        if (!Ids.isValid(id)) {
            at--;
            throw mistake(
                    "'" + id + "' cannot be the id of a " + of,
                    "ids begin with a letter or _ and go on with letters, digits, '.', '-', '_'",
                    "choose another id");
        }
        return id;
    }

    /** Takes {@code name=value} words off the end, as long as their names are among these. */
    List<Token> takeTail(Set<String> names) {
        List<Token> tail = new ArrayList<>();
        while (remaining() > 0) {
            Token last = tokens.getLast();
            int equals = last.text().indexOf('=');
            if (equals < 1 || !names.contains(last.text().substring(0, equals))) {
                break;
            }
            tail.addFirst(last);
            tokens.removeLast();
        }
        return tail;
    }

    /** All words that are left. */
    List<Token> rest() {
        List<Token> rest = List.copyOf(tokens.subList(at, tokens.size()));
        at = tokens.size();
        return rest;
    }

    void expectEnd() throws SyntaxMistake {
        if (hasMore()) {
            throw mistake(
                    "'" + peek() + "' is not understood here",
                    "a " + keyword() + " statement does not have it",
                    "remove it, or check the spelling of the word before it");
        }
    }

    /** A mistake at the next word, or at the last one when there is none. */
    SyntaxMistake mistake(String what, String why, String remedy) {
        int line = hasMore() ? tokens.get(at).line() : tokens.getLast().line();
        return mistakeAt(line, what, why, remedy);
    }

    SyntaxMistake mistakeAt(int line, String what, String why, String remedy) {
        String id = tokens.size() > 1 ? " " + tokens.get(1).text() : "";
        return new SyntaxMistake(keyword() + id, line, what, why, remedy);
    }
}
