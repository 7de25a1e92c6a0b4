package io.holdfast.linux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnonymousPipeTest {
    @Test
    void aReaderEndsWhenTheLastWriteEndIsClosed() throws Exception {
        try (AnonymousPipe pipe = AnonymousPipe.create()) {
            Process reader =
                    new ProcessBuilder("cat")
                            .redirectInput(new File("/proc/self/fd/" + pipe.readEnd().number()))
                            .start();
            pipe.readEnd().close();
            assertThat(reader.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
            pipe.writeEnd().close();
            assertThat(reader.waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
