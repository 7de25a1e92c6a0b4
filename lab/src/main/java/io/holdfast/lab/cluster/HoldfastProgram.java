package io.holdfast.lab.cluster;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code holdfast} launcher, by which the lab starts daemons, commands and writers. */
public final class HoldfastProgram {
    private static final String LAUNCHER_VARIABLE = "HOLDFAST_LAUNCHER";
    private static final String CLASS_PATH_VARIABLE = "HOLDFAST_CLASSPATH";
    private static final String JAVA_OPTIONS_VARIABLE = "HOLDFAST_JAVA_OPTIONS";

    private final Path launcher;
    private final Map<String, String> environment;

    private HoldfastProgram(Path launcher, Map<String, String> environment) {
        this.launcher = launcher;
        this.environment = Map.copyOf(environment);
    }

    /** The launcher that started this process, or else the one of the source tree around it. */
    public static HoldfastProgram find() {
        String started = System.getenv(LAUNCHER_VARIABLE);
        if (started != null && Files.isExecutable(Path.of(started))) {
            return new HoldfastProgram(Path.of(started), commonEnvironment());
        }
        return underTest();
    }

    /**
     * The launcher of the source tree, told to run the classes that this process runs. A test must
     * ask for it: {@code ./holdfast test} is a launcher too, but its jars are those of the last
     * build, and older than the classes under test.
     */
    public static HoldfastProgram underTest() {
        Map<String, String> environment = commonEnvironment();
        environment.put(CLASS_PATH_VARIABLE, System.getProperty("java.class.path", ""));
        return new HoldfastProgram(inSourceTree(), environment);
    }

    private static Map<String, String> commonEnvironment() {
        Map<String, String> environment = new HashMap<>();
        // Every host has processes of the same numbers, and all share /tmp/hsperfdata_root.
        environment.put(
                JAVA_OPTIONS_VARIABLE,
                (System.getenv().getOrDefault(JAVA_OPTIONS_VARIABLE, "") + " -XX:-UsePerfData")
                        .strip());
        environment.put("JAVA_HOME", System.getProperty("java.home", ""));
        return environment;
    }

    private static Path inSourceTree() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve("holdfast");
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new ProblemException(
                new Problem(
                        "the holdfast launcher cannot be found",
                        start.toString(),
                        "neither " + LAUNCHER_VARIABLE + " nor a folder above names it",
                        "start with ./holdfast, or set " + LAUNCHER_VARIABLE));
    }

    public Path launcher() {
        return launcher;
    }

    /** What a started launcher needs to know. */
    public Map<String, String> environment() {
        return environment;
    }

    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
