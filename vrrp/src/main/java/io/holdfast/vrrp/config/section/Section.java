package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The keywords of one kind of block and what each does: a table. Whatever is not in it is told,
 * with the nearest word that is.
 */
final class Section {
    private final String owner;
    private final Findings findings;
    private final Map<String, Consumer<Setting>> keywords = new LinkedHashMap<>();
    private final Set<String> repeatable = new HashSet<>();

    /**
     * @param owner for people: {@code vrrp_instance VI_1}
     */
    Section(String owner, Findings findings) {
        this.owner = owner;
        this.findings = findings;
    }

    Section on(String keyword, Consumer<Setting> handler) {
        keywords.put(keyword, handler);
        return this;
    }

    /** A keyword that may stand several times. */
    Section each(String keyword, Consumer<Setting> handler) {
        repeatable.add(keyword);
        return on(keyword, handler);
    }

    /** Keywords that need nothing done, because Holdfast always or never does what they ask. */
    Section without(String... words) {
        for (String word : words) {
            each(word, setting -> {});
        }
        return this;
    }

    /** Keywords of Keepalived that Holdfast does not serve, and what that means. */
    Section notServed(String why, String remedy, String... words) {
        for (String word : words) {
            each(
                    word,
                    setting ->
                            setting.warning(
                                    "`" + word + "` of " + owner + " is not served", why, remedy));
        }
        return this;
    }

    /** Every statement of a block, in the order of the file. */
    void read(List<Statement> statements) {
        Map<String, Place> seen = new HashMap<>();
        for (Statement statement : statements) {
            Consumer<Setting> handler = keywords.get(statement.keyword());
            if (handler == null) {
                unknown(statement);
                continue;
            }
            Place before = seen.put(statement.keyword(), statement.place());
            if (before != null && !repeatable.contains(statement.keyword())) {
                findings.warning(
                        statement.place(),
                        "`" + statement.keyword() + "` stands twice in " + owner,
                        "the first is at " + before + "; the last one counts",
                        "remove one of them");
            }
            handler.accept(new Setting(statement, owner, findings));
        }
    }

    private void unknown(Statement statement) {
        String keyword = statement.keyword();
        if (TopLevel.KEYWORDS.contains(keyword) && statement.block().isPresent()) {
            findings.fatal(
                    statement.place(),
                    "`" + keyword + "` stands inside " + owner,
                    "a } is missing before it, so all that follows belongs to the wrong block",
                    "close the block of " + owner + " before this line");
            return;
        }
        Optional<String> nearest = NearestKeyword.of(keyword, keywords.keySet());
        findings.error(
                statement.place(),
                "unknown keyword `" + keyword + "` in " + owner,
                nearest.map(near -> "perhaps `" + near + "` is meant")
                                .orElse("no version of Keepalived up to 2.4 has it here")
                        + (statement.block().isPresent() ? "; its block is left out" : ""),
                nearest.map(near -> "write `" + near + "`, or remove the line")
                        .orElse("remove the line"));
    }
}
