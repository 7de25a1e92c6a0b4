package io.holdfast.replication.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.base.Problem;
import io.holdfast.replication.config.ReplicationConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrbdConfFilesTest {
    @TempDir Path directory;

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private DrbdConfException refused(Path file) {
        DrbdConfException refused =
                catchThrowableOfType(DrbdConfException.class, () -> DrbdConf.read(file));
        assertThat(refused).as("refused").isNotNull();
        return refused;
    }

    @Test
    void theUsualThreeFilesAreRead() throws IOException {
        Path conf =
                write(
                        "drbd.conf",
                        """
                        include "drbd.d/global_common.conf";
                        include "drbd.d/*.res";
                        """);
        write("drbd.d/global_common.conf", "global { usage-count no; }\ncommon { protocol B; }");
        write("drbd.d/b.res", DrbdTexts.STORAGE_PAIR.replace("drbd0", "drbd7"));
        write("drbd.d/a.res", DrbdTexts.R0.formatted("net { x; }"));
        write("drbd.d/.hidden.res", "resource hidden { }");
        write("drbd.d/a.res.rpmsave", "resource old { }");

        ReplicationConfig config = DrbdConf.read(conf);

        assertThat(config.volumes())
                .extracting(v -> v.id().name())
                .containsExactly("r0", "VM_STORAGE_1", "VM_STORAGE_2");
        assertThat(config.warnings())
                .singleElement()
                .extracting(Problem::object)
                .isEqualTo(directory.resolve("drbd.d/a.res") + ":6");
    }

    @Test
    void patternsAreRelativeToTheIncludingFileAndAbsoluteOnesToTheRoot() throws IOException {
        Path conf = write("etc/drbd.conf", "include /etc/drbd.d/first.res;");
        write("etc/drbd.d/first.res", "include \"more/r?[0-9].res\";");
        write("etc/drbd.d/more/rx0.res", DrbdTexts.R0.formatted(""));

        assertThat(DrbdConf.read(conf, directory).volumes()).hasSize(1);
    }

    @Test
    void aFileThatIncludesItselfIsReadOnce() throws IOException {
        Path conf = write("drbd.conf", "include drbd.conf;\n" + DrbdTexts.R0.formatted(""));

        assertThat(DrbdConf.read(conf).volumes()).hasSize(1);
    }

    @Test
    void filesThatIncludeEachOtherTooDeeplyAreRefused() throws IOException {
        for (int i = 0; i < 12; i++) {
            write("f" + i, "include \"f" + (i + 1) + "\";");
        }
        write("f12", "");

        assertThat(refused(directory.resolve("f0")).getMessage())
                .contains("f10:1: ")
                .contains("deeper than 10");
    }

    @Test
    void aMissingFileIsAMistakeAndAPatternWithoutFilesAWarning() throws IOException {
        assertThat(refused(directory.resolve("none")).getMessage()).contains("cannot read");
        assertThat(refused(write("a.conf", "\ninclude missing.res;")).getMessage())
                .contains("a.conf:2: cannot read");
        assertThat(DrbdConf.read(write("b.conf", "include \"*.res\";")).warnings())
                .singleElement()
                .asString()
                .contains("matches no file");
    }

    @Test
    void adirectoryAndAHugeFileAreRefusedUnread() throws IOException {
        Path huge = directory.resolve("huge");
        Files.write(huge, new byte[DrbdFiles.MAX_FILE_BYTES + 1]);

        assertThat(refused(huge).getMessage()).contains("too large");
        assertThat(refused(directory).getMessage()).contains("not a regular file");
    }

    @Test
    void aCommentMayBeInAnyEncoding() throws IOException {
        Path conf = directory.resolve("latin.conf");
        Files.write(
                conf,
                ("# caf\u00e9\n" + DrbdTexts.R0.formatted(""))
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(DrbdConf.read(conf).volumes()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "*.res, r0.res, true",
        "*.res, r0.conf, false",
        "*, .res, false",
        ".*, .res, true",
        "r[0-2].res, r1.res, true",
        "r[!0-2].res, r1.res, false",
        "r[].res, r[].res, true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false",
        "?, ab, false",
        "**, x, true"
    })
    void patternsMatchAsInAShell(String pattern, String name, boolean matches) {
        assertThat(DrbdGlob.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    void aPatternOfManyStarsTakesNoTimeWorthNaming() {
        assertThat(DrbdGlob.matches("*a".repeat(120) + "b", "a".repeat(255))).isFalse();
    }
}
