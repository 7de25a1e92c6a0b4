package io.holdfast.simulator;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** All scenarios on the class path. */
public final class FaultScenarios {
    private FaultScenarios() {}

    /** Sorted by name. */
    public static List<FaultScenario> all() {
        return ServiceLoader.load(FaultScenario.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(FaultScenario::name))
                .toList();
    }
}
