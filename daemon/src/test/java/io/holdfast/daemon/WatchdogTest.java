package io.holdfast.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.LoopPulse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchdogTest {
    private final LoopPulse pulse = new LoopPulse();
    private final Watchdog watchdog = new Watchdog(Map.of("controller", pulse), 1_000, () -> {});

    @Test
    void anEventThatIsSeenTenTimesAfterItsFirstLookIsHung() {
        pulse.begin("ViewChanged");
        IntStream.range(0, 10).forEach(_ -> assertThat(watchdog.look()).isEmpty());

        assertThat(watchdog.look())
                .hasValueSatisfying(
                        hung ->
                                assertThat(Watchdog.words(hung))
                                        .contains("controller loop hangs in ViewChanged")
                                        .contains(Thread.currentThread().getName())
                                        .contains("WatchdogTest"));
    }

    @Test
    void aBusyLoopIsNotHung() {
        for (int i = 0; i < 100; i++) {
            pulse.begin("MessageReceived");
            assertThat(watchdog.look()).isEmpty();
            pulse.end();
        }
    }

    @Test
    void aLoopThatWaitsForWorkIsNotHung() {
        pulse.begin("MessageReceived");
        pulse.end();
        IntStream.range(0, 100).forEach(_ -> assertThat(watchdog.look()).isEmpty());
    }

    /** A process whose loop takes an event and never ends it. */
    static final class HungProcess {
        private HungProcess() {}

        public static void main(String[] args) throws InterruptedException {
            LoopPulse pulse = new LoopPulse();
            Watchdog watchdog = new Watchdog(Map.of("controller", pulse), 20, () -> {});
            watchdog.start();
            pulse.begin("OperationEnded");
            new CountDownLatch(1).await();
        }
    }

    @Test
    @Timeout(30)
    void aHungProcessEndsWithItsLastWords() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        HungProcess.class.getName()))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(Watchdog.EXIT_CODE);
        assertThat(output)
                .contains("the controller loop hangs in OperationEnded")
                .contains("CountDownLatch.await");
    }
}
