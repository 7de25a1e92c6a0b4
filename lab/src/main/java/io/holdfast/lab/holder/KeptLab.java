package io.holdfast.lab.holder;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.cluster.HoldfastProgram;
import io.holdfast.lab.cluster.LabCluster;
import io.holdfast.lab.world.Lab;
import io.holdfast.lab.world.LabHost;
import io.holdfast.linux.process.PidDescriptor;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A lab that goes on after the command that built it. A small process, the holder, has opened what
 * the lab hangs on; when it ends, by {@code holdfast lab stop} or otherwise, the lab is gone.
 *
 * @param directory the lab's
 * @param holder its process number
 * @param hosts each host's first process
 * @param nodes hosts on which `holdfast status` works
 */
public record KeptLab(Path directory, long holder, Map<String, Long> hosts, List<String> nodes) {
    private static final String FILE = "kept-lab.json";
    private static final String DIRECTORY_PREFIX = "holdfast-lab-";
    private static final ObjectMapper JSON = new ObjectMapper();

    public KeptLab {
        hosts = Map.copyOf(hosts);
        nodes = List.copyOf(nodes);
    }

    /** As it lies in the lab's directory. */
    private record Written(long holder, Map<String, Long> hosts, List<String> nodes) {}

    /** Starts a holder for a running cluster and lets it go. */
    public static KeptLab handOver(LabCluster cluster) {
        Lab lab = cluster.lab();
        Process holder = startHolder(cluster.program(), lab);
        Map<String, Long> hosts = new TreeMap<>();
        lab.hosts().stream()
                .filter(LabHost::isOn)
                .forEach(host -> hosts.put(host.name(), host.firstProcessId()));
        List<String> nodes = cluster.nodes().stream().map(node -> node.name()).toList();
        KeptLab kept = new KeptLab(lab.directory(), holder.pid(), hosts, nodes);
        kept.write();
        lab.leaveToHolder();
        return kept;
    }

    private static Process startHolder(HoldfastProgram program, Lab lab) {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(program.command("lab", "hold"));
        lab.holdings().forEach(path -> command.add(path.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(program.environment());
        builder.redirectError(Redirect.to(lab.directory().resolve("holder.log").toFile()));
        try {
            Process holder = builder.start();
            String word = holder.inputReader().readLine();
            if (!HoldCommand.HOLDING.equals(word)) {
                throw new IOException("it said " + word);
            }
            return holder;
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the lab cannot be kept",
                            lab.directory().toString(),
                            "its holder did not start: " + e.getMessage(),
                            "see holder.log in the lab's directory"),
                    e);
        }
    }

    /** What a person may do with it. */
    public List<String> instructions() {
        String node = nodes.isEmpty() ? "" : nodes.getFirst();
        return List.of(
                "",
                "The cluster stays up in " + directory + ". Look around:",
                "  HOLDFAST_ROOT="
                        + directory.resolve(node)
                        + " HOLDFAST_NODE_NAME="
                        + node
                        + " ./holdfast status",
                "  ./holdfast lab enter "
                        + node
                        + "          a shell on that host (or any other: "
                        + String.join(", ", new TreeMap<>(hosts).keySet())
                        + ")",
                "  ls " + directory.resolve(node) + "/var/log/holdfast",
                "Stop it, leaving nothing behind:",
                "  ./holdfast lab stop");
    }

    /** All labs that are being held on this machine, in the folder for temporary files. */
    public static List<KeptLab> all() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(e -> e.getFileName().toString().startsWith(DIRECTORY_PREFIX))
                    .filter(e -> Files.isReadable(e.resolve(FILE)))
                    .sorted()
                    .map(KeptLab::read)
                    .filter(lab -> ProcessHandle.of(lab.holder).isPresent())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Ends the holder; the lab's caretaker does the rest. */
    public void stop() throws InterruptedException {
        PidDescriptor.open(holder)
                .ifPresent(
                        process -> {
                            try (process) {
                                boolean ignored = process.signal(PidDescriptor.SIGTERM);
                            }
                        });
        for (int i = 0; i < 200 && Files.exists(directory); i++) {
            Thread.sleep(50);
        }
    }

    private void write() {
        try {
            JSON.writeValue(directory.resolve(FILE).toFile(), new Written(holder, hosts, nodes));
        } catch (IOException e) {
            throw unusable(directory.resolve(FILE), e);
        }
    }

    private static KeptLab read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Written written = JSON.readValue(file.toFile(), Written.class);
            return new KeptLab(directory, written.holder, written.hosts, written.nodes);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static ProblemException unusable(Path file, IOException cause) {
        return new ProblemException(
                new Problem(
                        "the description of a kept lab cannot be used",
                        file.toString(),
                        String.valueOf(cause.getMessage()),
                        "delete the lab's directory when no process of it runs any more"),
                cause);
    }
}
