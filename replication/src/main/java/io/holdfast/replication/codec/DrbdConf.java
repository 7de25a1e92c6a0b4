package io.holdfast.replication.codec;

import io.holdfast.replication.config.ReplicationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads drbd.conf, as drbdadm of DRBD 8.3, 8.4 and 9 understands it (drbd.conf(5)).
 *
 * <p>The way of a file: {@link DrbdFiles} reads it and what it includes, {@link DrbdLexer} makes
 * words, {@link DrbdStatements} makes statements, the readers ({@link DrbdResourceReader} first)
 * make drafts of resources, and {@link DrbdAssembly} lets them inherit and makes volumes.
 *
 * <p>Mistakes are collected, and refused together; what is understood but not obeyed, not known at
 * all, or unsafe becomes a warning with its file and line. Nothing is passed over in silence,
 * except sections marked {@code skip} and options whose value is what Holdfast does anyway.
 */
public final class DrbdConf {
    /** Longer texts are refused unread. */
    public static final int MAX_TEXT_LENGTH = DrbdFiles.MAX_FILE_BYTES;

    private static final List<String> KNOWN =
            List.of("global", "common", "resource", "include", "skip");
    private static final String MODULE_VERSION = "require-drbd-module-version-";

    private final DrbdFindings findings;
    private final DrbdSyntax syntax;
    private final DrbdResourceReader reader;
    private final DrbdSettings common = new DrbdSettings();
    private final List<DrbdResource> resources = new ArrayList<>();

    private DrbdConf(DrbdFindings findings) {
        this.findings = findings;
        this.syntax = new DrbdSyntax(findings);
        this.reader = new DrbdResourceReader(findings);
    }

    /**
     * Reads a file and what it includes. Patterns are relative to the including file.
     *
     * @throws DrbdConfException with all mistakes, also when a file cannot be read
     */
    public static ReplicationConfig read(Path file) {
        return read(file, Path.of("/"));
    }

    /**
     * As {@link #read(Path)}, for a node that lives under a root.
     *
     * @param root absolute patterns of {@code include} are taken to lie under it; the paths of
     *     disks are left as they are (see {@link ReplicationConfig#under})
     */
    public static ReplicationConfig read(Path file, Path root) {
        DrbdFindings findings = new DrbdFindings();
        List<DrbdStatement> statements = new DrbdFiles(root, findings).read(file);
        return new DrbdConf(findings).config(statements, file.toString());
    }

    /**
     * Reads a text that includes nothing.
     *
     * @param source what messages call it
     * @throws DrbdConfException with all mistakes
     */
    public static ReplicationConfig parse(String text, String source) {
        DrbdFindings findings = new DrbdFindings();
        List<DrbdStatement> statements = new ArrayList<>();
        if (text.length() > MAX_TEXT_LENGTH) {
            findings.mistake(
                    new DrbdPlace(source, 1),
                    "the text is too long to be a drbd.conf",
                    "it has more than " + MAX_TEXT_LENGTH + " characters",
                    "give the right file");
        } else {
            statements.addAll(DrbdStatements.of(text, source, findings));
        }
        return new DrbdConf(findings).config(statements, source);
    }

    private ReplicationConfig config(List<DrbdStatement> statements, String source) {
        for (DrbdStatement statement : statements) {
            topLevel(statement);
        }
        // After all files are read: common may stand behind the resources.
        DrbdAssembly assembly = new DrbdAssembly(findings, common);
        resources.forEach(assembly::add);
        if (findings.hasMistakes()) {
            throw new DrbdConfException(source, findings.mistakes());
        }
        return new ReplicationConfig(assembly.volumes(), findings.warnings());
    }

    private void topLevel(DrbdStatement statement) {
        switch (statement.keyword()) {
            case "global" -> global(statement);
            case "common" -> reader.common(statement, common);
            case "resource" -> {
                if (syntax.isSection(statement, 1, 1, "resource r0 { … }")) {
                    resources.add(reader.resource(statement));
                }
            }
            case "include" ->
                    findings.mistake(
                            statement.place(),
                            "nothing can be included here",
                            "this text did not come from a file",
                            "give the file itself, or put all into one text");
            default -> {
                if (statement.keyword().startsWith(MODULE_VERSION)) {
                    findings.warning(
                            statement.place(),
                            "the required version of the DRBD module is not looked at",
                            "no kernel module is used",
                            "remove the line, or leave it for DRBD's sake");
                } else {
                    syntax.unknown(statement, "drbd.conf outside sections", KNOWN);
                }
            }
        }
    }

    private void global(DrbdStatement section) {
        new DrbdOptionReader(findings).section(section, DrbdOptions.GLOBAL, new DrbdSettings());
    }
}
