package io.holdfast.lab.command;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.simulator.FaultScenario;
import io.holdfast.simulator.SimulationFailure;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast simulate-faults}: the protocol cores under the simulator, seed after seed. */
@Command(
        name = "simulate-faults",
        mixinStandardHelpOptions = true,
        description = {
            "Runs membership, quorum and replication under simulated loss, delay, partitions,",
            "crashes and forgetful disks, checking invariants after every event."
        })
public final class SimulateFaultsCommand implements Callable<Integer> {
    private static final long REPORT_NANOS = 5_000_000_000L;

    @Option(names = "--seeds", description = "how many; default: ${DEFAULT-VALUE}")
    private int seeds = 200;

    @Option(names = "--seed", description = "this one alone, as a failure names it")
    private @Nullable Long seed;

    @Option(names = "--random", description = "draws the seeds instead of counting from 1")
    private boolean random;

    @Option(names = "--scenario", description = "this one alone; default: all")
    private String scenario = "";

    @Override
    public Integer call() {
        List<FaultScenario> scenarios = scenarios();
        int failures = 0;
        for (FaultScenario each : scenarios) {
            failures += seed == null ? runMany(each) : runOne(each, seed) ? 0 : 1;
        }
        return failures == 0 ? 0 : 1;
    }

    private List<FaultScenario> scenarios() {
        List<FaultScenario> all =
                ServiceLoader.load(FaultScenario.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        List<FaultScenario> chosen =
                all.stream().filter(s -> scenario.isEmpty() || s.name().equals(scenario)).toList();
        if (chosen.isEmpty()) {
            throw new ProblemException(
                    new Problem(
                            "there is no such fault scenario",
                            scenario.isEmpty() ? "class path" : scenario,
                            "there are " + all.stream().map(FaultScenario::name).toList(),
                            "name one of these, or none to run all"));
        }
        return chosen;
    }

    private int runMany(FaultScenario each) {
        long start = System.nanoTime();
        long reported = start;
        int failures = 0;
        for (int i = 1; i <= seeds; i++) {
            long drawn = random ? RandomGenerator.getDefault().nextLong() : i;
            failures += runOne(each, drawn) ? 0 : 1;
            if (System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                System.out.printf("%s: %d of %d seeds%n", each.name(), i, seeds);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d seeds, %d failed, %.1f s%n",
                each.name(),
                seeds,
                failures,
                (System.nanoTime() - start) / 1e9);
        return failures;
    }

    private boolean runOne(FaultScenario each, long chosen) {
        try {
            String fingerprint = each.run(chosen).fingerprint();
            if (seed != null) {
                System.out.printf(
                        "%s: seed %d passed, trace %s%n", each.name(), chosen, fingerprint);
            }
            return true;
        } catch (SimulationFailure e) {
            System.out.println(e.getMessage());
            return false;
        }
    }
}
