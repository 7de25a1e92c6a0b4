package io.holdfast.replication.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a file and what it includes, each file once however often it is named (as drbdadm does).
 */
final class DrbdFiles {
    /** As drbdadm. */
    static final int MAX_DEPTH = 10;

    static final int MAX_FILES = 1000;
    static final int MAX_FILE_BYTES = 1 << 20;
    static final int MAX_TOTAL_BYTES = 16 << 20;
    private static final int MAX_DIRECTORY_ENTRIES = 10_000;

    private final Path root;
    private final DrbdFindings findings;
    private final Set<Path> seen = new HashSet<>();
    private long totalBytes;

    /**
     * @param root absolute patterns are taken to lie under it
     */
    DrbdFiles(Path root, DrbdFindings findings) {
        this.root = root;
        this.findings = findings;
    }

    /** The statements of a file, those of included files in the place of the include. */
    List<DrbdStatement> read(Path file) {
        List<DrbdStatement> all = new ArrayList<>();
        read(file, new DrbdPlace(file.toString(), 1), 0, all);
        return all;
    }

    private void read(Path file, DrbdPlace asked, int depth, List<DrbdStatement> all) {
        String text;
        try {
            if (!seen.add(file.toRealPath())) {
                return;
            }
            if (!Files.isRegularFile(file)) {
                throw new IOException("it is not a regular file"); // a pipe would never end
            }
            text = boundedText(file);
        } catch (IOException e) {
            findings.mistake(
                    asked,
                    "cannot read " + file,
                    reason(e),
                    "check that the file is there and readable by this user");
            return;
        }
        for (DrbdStatement statement : DrbdStatements.of(text, file.toString(), findings)) {
            if (statement.keyword().equals("include")) {
                include(statement, file, depth, all);
            } else {
                all.add(statement);
            }
        }
    }

    private String boundedText(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            totalBytes += bytes.length;
            if (bytes.length > MAX_FILE_BYTES || totalBytes > MAX_TOTAL_BYTES) {
                throw new IOException(
                        "it is too large to be a drbd.conf (at most "
                                + MAX_FILE_BYTES
                                + " bytes a file, "
                                + MAX_TOTAL_BYTES
                                + " in all)");
            }
            // A comment may be in any encoding; other text is ASCII, which the lexer sees to.
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private void include(DrbdStatement statement, Path from, int depth, List<DrbdStatement> all) {
        if (statement.values().size() != 1 || statement.block() != null) {
            findings.mistake(
                    statement.place(),
                    "\"include\" names one file or pattern",
                    "this one has " + statement.values().size() + " values",
                    "write for example: include \"drbd.d/*.res\";");
            return;
        }
        if (depth == MAX_DEPTH) {
            findings.mistake(
                    statement.place(),
                    "files include each other deeper than " + MAX_DEPTH,
                    "that is the limit, as in drbdadm",
                    "include the files from drbd.conf itself");
            return;
        }
        String pattern = statement.value(0);
        List<Path> files = found(pattern, from, statement.place());
        if (files.isEmpty() && DrbdGlob.isPattern(pattern)) {
            findings.warning(
                    statement.place(),
                    "the pattern " + pattern + " matches no file",
                    "nothing is included by this line",
                    "check the path, which is relative to " + parent(from));
        }
        for (Path file : files) {
            if (seen.size() >= MAX_FILES) {
                findings.mistake(
                        statement.place(),
                        "more than " + MAX_FILES + " files are included",
                        "the pattern matches far more than resource files",
                        "narrow the pattern, for example to *.res");
                return;
            }
            read(file, statement.place(), depth + 1, all);
        }
    }

    /**
     * The files of a pattern, sorted by name; a name without wildcards whether it exists or not.
     */
    private List<Path> found(String pattern, Path from, DrbdPlace place) {
        try {
            boolean absolute = pattern.startsWith("/");
            List<Path> found = List.of(absolute ? root : parent(from));
            for (String part : pattern.split("/", -1)) {
                if (!part.isEmpty()) {
                    found = DrbdGlob.isPattern(part) ? expand(found, part) : resolve(found, part);
                }
            }
            return DrbdGlob.isPattern(pattern)
                    ? found.stream().filter(Files::exists).toList()
                    : found;
        } catch (IOException | InvalidPathException e) {
            findings.mistake(
                    place,
                    "cannot look for files by the pattern " + pattern,
                    reason(e),
                    "check the path and its permissions");
            return List.of();
        }
    }

    private static List<Path> resolve(List<Path> directories, String name) {
        return directories.stream().map(d -> d.resolve(name)).toList();
    }

    private static List<Path> expand(List<Path> directories, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> entries = Files.list(directory)) {
                entries.limit(MAX_DIRECTORY_ENTRIES)
                        .filter(e -> DrbdGlob.matches(pattern, String.valueOf(e.getFileName())))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        String kind = e.getClass().getSimpleName();
        return message == null
                ? kind
                : e.getClass() == IOException.class ? message : kind + " " + message;
    }
}
