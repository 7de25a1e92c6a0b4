package io.holdfast.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompilerThreadsTest {
    @Test
    void onlyCompilersStandBehind() throws IOException {
        List<String> before = niceness(false);

        // Anybody may become nicer.
        assertThat(CompilerThreads.setNiceness(7)).isPositive();

        assertThat(niceness(true)).isNotEmpty().containsOnly("7");
        assertThat(niceness(false)).doesNotContain("7").hasSameSizeAs(before);
    }

    /** Of each thread that is, or is not, a compiler. */
    private static List<String> niceness(boolean compilers) throws IOException {
        List<String> niceness = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                boolean compiler = stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler");
                boolean fixed = stat.contains("(main") || compiler;
                if (fixed && compiler == compilers) {
                    // proc(5): niceness is field 19, the 17th after the name.
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    niceness.add(fields[16]);
                }
            }
        }
        return niceness;
    }
}
