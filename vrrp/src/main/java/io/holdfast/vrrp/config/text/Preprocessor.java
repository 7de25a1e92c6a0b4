package io.holdfast.vrrp.config.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Makes logical lines of files: follows includes, drops the lines of other nodes ({@code @}), puts
 * in variables, repeats lines ({@code ~SEQ}, {@code ~LST}). A line made from another one goes
 * through all of that again.
 */
public final class Preprocessor {
    private static final int DEEPEST_INCLUDE = 32;
    private static final int DEEPEST_EXPANSION = 64;
    private static final int MOST_LINES = 2_000_000;
    private static final String WHY_INCLUDE =
            "what it was to bring is missing from the configuration";

    /**
     * What a file's meaning may depend on besides its text.
     *
     * @param configId what {@code @} compares with: {@code -i}, or the host's name without domain
     * @param environment for {@code ${_ENV NAME}}
     * @param randomSeed for {@code ${_RANDOM}} when the file sets none
     * @param allIncludes every missing include is a mistake ({@code --all-config})
     */
    public record Context(
            String configId,
            UnaryOperator<@Nullable String> environment,
            long randomSeed,
            boolean allIncludes) {}

    private final ConfigFiles files;
    private final Findings findings;
    private final Context context;
    private final Definitions definitions;
    private final List<Path> reading = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private IncludeCheck includeCheck;
    private boolean overflown;

    private Preprocessor(ConfigFiles files, Context context, Findings findings) {
        this.files = files;
        this.findings = findings;
        this.context = context;
        this.definitions =
                new Definitions(context.configId(), context.environment(), context.randomSeed());
        this.includeCheck = context.allIncludes() ? IncludeCheck.ALL : IncludeCheck.NONE;
    }

    /** All lines that the file {@code start} comes to. */
    public static List<Line> read(
            ConfigFiles files, Path start, Context context, Findings findings) {
        Preprocessor preprocessor = new Preprocessor(files, context, findings);
        preprocessor.start(start);
        return preprocessor.lines;
    }

    private void start(Path start) {
        try {
            file(start, files.read(start));
        } catch (IOException e) {
            findings.fatal(
                    new Place(start.toString(), 0),
                    "the configuration cannot be read",
                    reason(e),
                    "name the file with -f FILE");
        }
    }

    private void file(Path path, byte[] bytes) {
        IncludeCheck before = includeCheck;
        reading.add(path);
        new OneFile(path, bytes).read();
        reading.removeLast();
        // What an included file sets for its own includes ends with it.
        includeCheck = before;
    }

    /** The physical lines of one file. */
    private final class OneFile {
        private final Path path;
        private final Path directory;
        private final String[] raw;
        private final LineCleaner cleaner;
        private int next;

        OneFile(Path path, byte[] bytes) {
            this.path = path;
            this.directory = Optional.ofNullable(path.getParent()).orElse(Path.of(""));
            this.raw = new String(bytes, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1);
            this.cleaner = new LineCleaner(path.toString(), findings);
        }

        void read() {
            while (next < raw.length && !overflown) {
                Place place = new Place(path.toString(), next + 1);
                String text = take();
                if (text.isEmpty()) {
                    continue;
                }
                Matcher definition = Definitions.DEFINITION.matcher(text);
                if (definition.matches()) {
                    define(definition.group(1), definition.group(2).strip());
                } else {
                    line(joined(text, place), place, directory, 0);
                }
            }
            cleaner.finish();
        }

        private String take() {
            String text = cleaner.clean(raw[next], next + 1);
            next++;
            return text;
        }

        // The lines of a value are divided by backslashes; blank ones between them do not end it.
        private void define(String name, String first) {
            if (!first.endsWith("\\")) {
                definitions.define(name, List.of(first));
                return;
            }
            List<String> value = new ArrayList<>();
            String text = first;
            while (text.endsWith("\\")) {
                addUnlessEmpty(value, text.substring(0, text.length() - 1).strip());
                text = "";
                while (next < raw.length && text.isEmpty()) {
                    text = take();
                }
            }
            addUnlessEmpty(value, text);
            definitions.define(name, value.isEmpty() ? List.of("") : value);
        }

        private void addUnlessEmpty(List<String> value, String text) {
            if (!text.isEmpty()) {
                value.add(text);
            }
        }

        private String joined(String text, Place place) {
            if (!text.endsWith("\\")) {
                return text;
            }
            StringBuilder joined = new StringBuilder();
            String part = text;
            while (part.endsWith("\\") && next < raw.length) {
                joined.append(part, 0, part.length() - 1).append(' ');
                part = take();
            }
            findings.warning(
                    place,
                    "lines that end with \\ are joined",
                    "Keepalived joins only the lines of a definition ($NAME=...); here it would"
                            + " read an unknown keyword",
                    "write the statement on one line");
            return joined.append(part).toString().strip();
        }
    }

    private void line(String text, Place place, Path directory, int depth) {
        if (overflown || text.isEmpty()) {
            return;
        }
        if (depth > DEEPEST_EXPANSION) {
            endless(place);
            return;
        }
        if (text.startsWith("@")) {
            conditional(text, place, directory, depth);
        } else if (text.startsWith("~")) {
            repeated(text, place, directory, depth);
        } else if (!include(text, place, directory)) {
            replaced(text, place, directory, depth);
        }
    }

    // @id LINE: only on that node; @^id LINE: on all others.
    private void conditional(String text, Place place, Path directory, int depth) {
        String[] parts = text.substring(1).split("\\s+", 2);
        boolean inverted = parts[0].startsWith("^");
        String id = inverted ? parts[0].substring(1) : parts[0];
        if (id.equals(context.configId()) == inverted || parts.length == 1) {
            return;
        }
        Matcher definition = Definitions.DEFINITION.matcher(parts[1].strip());
        if (definition.matches()) {
            definitions.define(definition.group(1), List.of(definition.group(2).strip()));
        } else {
            line(parts[1].strip(), place, directory, depth + 1);
        }
    }

    private void repeated(String text, Place place, Path directory, int depth) {
        Optional<Repetition> repetition = Repetition.parse(withValues(text, place, directory));
        if (repetition.isEmpty()) {
            findings.error(
                    place,
                    "the line is left out",
                    "its ~SEQ or ~LST cannot be understood, or has no value at all",
                    "write ~SEQ(NAME, START, STEP, END) with whole numbers and a step that leads"
                            + " to the end (at most 65536 values), or ~LST(NAME, VALUE, ...)");
            return;
        }
        for (Map<String, String> round : repetition.get().rounds()) {
            round.forEach((name, value) -> definitions.define(name, List.of(value)));
            line(repetition.get().rest(), place, directory, depth + 1);
        }
    }

    // Only between the parentheses: the rest is replaced in each round.
    private String withValues(String text, Place place, Path directory) {
        int close = text.indexOf(')');
        if (close < 0 || text.lastIndexOf('$', close) < 0) {
            return text;
        }
        try {
            return definitions.replace(text.substring(0, close + 1), directory).getFirst()
                    + text.substring(close + 1);
        } catch (Definitions.EndlessException e) {
            endless(place);
            return "";
        }
    }

    private void replaced(String text, Place place, Path directory, int depth) {
        List<String> results;
        try {
            results = text.indexOf('$') < 0 ? List.of(text) : definitions.replace(text, directory);
        } catch (Definitions.EndlessException e) {
            endless(place);
            return;
        }
        if (results.size() == 1 && results.getFirst().equals(text)) {
            add(text, place);
            return;
        }
        for (String result : results) {
            String line = result.strip();
            Matcher definition = Definitions.DEFINITION.matcher(line);
            if (definition.matches()) {
                definitions.define(definition.group(1), List.of(definition.group(2).strip()));
            } else {
                line(line, place, directory, depth + 1);
            }
        }
    }

    private void add(String text, Place place) {
        if (lines.size() >= MOST_LINES) {
            overflown = true;
            findings.fatal(
                    place,
                    "the configuration has more than " + MOST_LINES + " lines",
                    "includes, ~SEQ or variables multiply them without end",
                    "repeat less");
            return;
        }
        noticeSettings(text);
        lines.add(new Line(text, place));
    }

    // Two settings of global_defs work on what is read after them.
    private void noticeSettings(String text) {
        if (text.startsWith("include_check")) {
            String[] words = text.split("\\s+", -1);
            includeCheck = includeCheck.after(java.util.Arrays.copyOfRange(words, 1, words.length));
        } else if (text.startsWith("random_seed ")) {
            String seed = text.substring("random_seed ".length()).strip();
            if (seed.matches("\\d{1,18}")) {
                definitions.reseed(Long.parseLong(seed));
            }
        }
    }

    private boolean include(String text, Place place, Path directory) {
        if (!text.startsWith("include")) {
            return false;
        }
        String[] words = text.split("\\s+", 2);
        Optional<IncludeCheck> check = includeCheck.of(words[0]);
        if (check.isEmpty()) {
            return false;
        }
        if (words.length == 1) {
            findings.error(
                    place, "include without a file", "nothing is named", "write include FILE");
            return true;
        }
        if (reading.size() >= DEEPEST_INCLUDE) {
            findings.fatal(
                    place,
                    "includes are nested more than " + DEEPEST_INCLUDE + " deep",
                    "files include each other in a circle: " + reading.getFirst() + " and on",
                    "remove the include that leads back");
            return true;
        }
        String pattern = words[1].replaceAll("^\"|\"$", "");
        for (String alternative : Glob.alternatives(pattern)) {
            includeAlternative(pattern, alternative, check.get(), place, directory);
        }
        return true;
    }

    private void includeAlternative(
            String pattern, String alternative, IncludeCheck check, Place place, Path directory) {
        List<Path> matches;
        try {
            matches = Glob.matches(files, directory, alternative);
        } catch (java.nio.file.InvalidPathException e) {
            matches = List.of();
        }
        if (matches.isEmpty()) {
            boolean wildcard = Glob.hasWildcard(alternative);
            boolean braces = pattern.indexOf('{') >= 0;
            boolean mistake =
                    braces ? check.braceMatch() : wildcard ? check.wildcardMatch() : check.match();
            findings.add(
                    mistake ? Severity.ERROR : Severity.WARNING,
                    place,
                    "no file matches " + alternative,
                    mistake ? WHY_INCLUDE : "a plain include may name nothing",
                    "make the file, or remove the include");
        }
        for (Path match : matches) {
            try {
                file(match, files.read(match));
            } catch (IOException e) {
                findings.add(
                        check.readable() ? Severity.ERROR : Severity.WARNING,
                        place,
                        "the included file " + match + " cannot be read",
                        reason(e) + ": " + WHY_INCLUDE,
                        "make it readable, or remove the include");
            }
        }
    }

    private void endless(Place place) {
        findings.error(
                place,
                "the line is left out",
                "its variables contain themselves, or make it longer than 64 KiB",
                "look at the definitions of the $ names in it");
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(e.getMessage());
    }
}
