package io.holdfast.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ProcessControlTest {
    @Test
    void aProcessIsKilledThroughItsDescriptorAndNobodyAfterIt() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try (PidDescriptor descriptor = PidDescriptor.open(process.pid()).orElseThrow()) {
            assertThat(descriptor.kill()).isTrue();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + PidDescriptor.SIGKILL);
            assertThat(descriptor.kill()).isFalse();
        }
        assertThat(PidDescriptor.open(process.pid())).isEmpty();
    }

    @Test
    void realTimePriorityIsGivenToAPlatformThreadOrTheReasonIsTold() throws Exception {
        AtomicReference<Optional<Problem>> result = new AtomicReference<>(Optional.empty());
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> result.set(RealtimeScheduling.roundRobinForThisThread(10)));
        thread.join();
        result.get().ifPresent(p -> Assumptions.abort(p.message()));
    }

    @Test
    void anImpossiblePriorityIsAProblemWithARemedy() throws Exception {
        AtomicReference<Optional<Problem>> result = new AtomicReference<>(Optional.empty());
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> result.set(RealtimeScheduling.roundRobinForThisThread(100)));
        thread.join();
        assertThat(result.get())
                .hasValueSatisfying(
                        p -> {
                            assertThat(p.why()).startsWith("EINVAL");
                            assertThat(p.remedy()).contains("CAP_SYS_NICE");
                        });
    }

    @Test
    void aVirtualThreadIsNotGivenRealTimePriority() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                Thread.ofVirtual().unstarted(() -> RealtimeScheduling.roundRobinForThisThread(1));
        thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
        thread.start();
        assertThatThrownBy(
                        () -> {
                            thread.join();
                            throw thrown.get();
                        })
                .isInstanceOf(IllegalStateException.class);
    }

    // In a process of its own: the test's JVM must not stay locked.
    @Test
    void memoryIsLockedOrTheReasonIsTold() throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx32m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LockedMemory.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeFalse(output.contains("CAP_IPC_LOCK"), output);
        assertThat(output).matches("(?s).*VmLck:\\s+[1-9]\\d+ kB.*");
    }

    static final class LockedMemory {
        private LockedMemory() {}

        public static void main(String[] args) throws Exception {
            MemoryLock.lockAll().ifPresent(p -> System.out.println(p.message()));
            System.out.println(Files.readString(Path.of("/proc/self/status")));
        }
    }
}
