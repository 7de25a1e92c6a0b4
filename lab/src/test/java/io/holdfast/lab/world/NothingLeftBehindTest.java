package io.holdfast.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.linux.process.PidDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NothingLeftBehindTest {
    /** What Ctrl-C sends. */
    private static final int INTERRUPT = 2;

    /** proc(5): the mask of ignored signals, which children inherit. */
    private static boolean interruptsAreIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .anyMatch(mask -> (mask & (1L << (INTERRUPT - 1))) != 0);
    }

    @BeforeAll
    static void onlyWhereALabCanBeBuilt() {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
    }

    @ParameterizedTest
    @ValueSource(ints = {PidDescriptor.SIGKILL, PidDescriptor.SIGTERM, INTERRUPT})
    void aLabThatIsInterruptedOrKilledTakesHostsAndDirectoryAlong(int signal) throws Exception {
        Assumptions.assumeFalse(
                signal == INTERRUPT && interruptsAreIgnored(),
                "this shell runs the tests in the background, where Ctrl-C is ignored");
        Process owner =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LabOwner.class.getName())
                        .redirectErrorStream(true)
                        .start();
        BufferedReader lines = owner.inputReader();
        Path directory = Path.of(lines.readLine());
        List<Long> firstProcesses =
                List.of(Long.valueOf(lines.readLine()), Long.valueOf(lines.readLine()));
        assertThat(directory).isDirectory();
        assertThat(firstProcesses).allMatch(pid -> ProcessHandle.of(pid).isPresent());

        try (PidDescriptor descriptor = PidDescriptor.open(owner.pid()).orElseThrow()) {
            descriptor.signal(signal);
        }

        assertThat(owner.waitFor(20, TimeUnit.SECONDS)).isTrue();
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (Files.exists(directory)
                || firstProcesses.stream().anyMatch(pid -> ProcessHandle.of(pid).isPresent())) {
            assertThat(System.nanoTime()).as("still there after 20 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** A process that builds a lab and then does nothing. */
    static final class LabOwner {
        private LabOwner() {}

        public static void main(String[] args) throws Exception {
            Lab lab = Lab.create();
            LabNetwork network = lab.addNetwork("service");
            System.out.println(lab.directory());
            for (int i = 1; i <= 2; i++) {
                LabHost host =
                        lab.addHost("server" + i)
                                .plug(
                                        network,
                                        "ring1",
                                        InetAddress.ofLiteral("192.168.123." + i),
                                        24);
                host.powerOn();
                Path log = host.root().resolve("log");
                HostProcess ignored =
                        host.start(
                                List.of("sh", "-c", "while :; do echo x; sleep 0.01; done"),
                                Map.of(),
                                Optional.of(log));
                System.out.println(host.firstProcessId());
            }
            Thread.sleep(600_000);
        }
    }
}
