package io.holdfast.linux.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TerminalSizeTest {
    @Test
    void aFileOrPipeIsNoTerminal() throws Exception {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
        Assumptions.assumeFalse(target.startsWith("/dev/"), "standard output is " + target);
        assertThat(TerminalSize.ofStandardOutput()).isEmpty();
    }
}
