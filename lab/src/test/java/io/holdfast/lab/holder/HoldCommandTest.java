package io.holdfast.lab.holder;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.LabMain;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.lab.world.LabNetwork;
import io.holdfast.lab.world.LabRequirements;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A lab goes on with its holder when its builder is gone, and ends with its holder. */
class HoldCommandTest {
    @Test
    void aLabLivesAsLongAsItsHolder() throws Exception {
        LabRequirements.missing().stream()
                .findFirst()
                .ifPresent(p -> Assumptions.abort(p.message()));
        Process builder = java(BuilderOfAKeptLab.class, List.of());
        var lines = builder.inputReader();
        Path directory = Path.of(lines.readLine());
        long first = Long.parseLong(lines.readLine());
        List<String> holdings = List.of(lines.readLine().split(",", -1));

        List<String> arguments = new ArrayList<>(List.of("lab", "hold"));
        arguments.addAll(holdings);
        Process holder = java(LabMain.class, arguments);
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo(HoldCommand.HOLDING);
            builder.getOutputStream().write('\n');
            builder.getOutputStream().flush();
            assertThat(builder.waitFor(10, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(200); // time enough for a mistake to show
            assertThat(ProcessHandle.of(first)).isPresent();
            assertThat(directory).isDirectory();
        } finally {
            holder.destroyForcibly();
        }
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (Files.exists(directory) || ProcessHandle.of(first).isPresent()) {
            assertThat(System.nanoTime()).as("still there after 20 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static Process java(Class<?> main, List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static final class BuilderOfAKeptLab {
        private BuilderOfAKeptLab() {}

        public static void main(String[] args) throws Exception {
            Lab lab = Lab.create();
            LabNetwork network = lab.addNetwork("service");
            LabHost host =
                    lab.addHost("server1")
                            .plug(network, "ring1", InetAddress.ofLiteral("192.168.123.1"), 24);
            host.powerOn();
            System.out.println(lab.directory());
            System.out.println(host.firstProcessId());
            System.out.println(
                    String.join(",", lab.holdings().stream().map(Path::toString).toList()));
            int ignored = System.in.read();
            lab.leaveToHolder();
            lab.close();
        }
    }
}
