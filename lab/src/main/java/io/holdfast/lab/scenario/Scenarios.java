package io.holdfast.lab.scenario;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.lab.check.Scenario;
import java.util.List;

/** All scenarios. */
public final class Scenarios {
    private static final List<Scenario> ALL =
            List.of(
                    new DemoScenario(),
                    new S2VrrpScenario(),
                    new S3VrrpScenario(),
                    new S4Scenario());

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    /** The scenario of this name, or a Problem that names those there are. */
    public static Scenario named(String name) {
        return ALL.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        new Problem(
                                                "there is no such scenario",
                                                name,
                                                "there are "
                                                        + String.join(
                                                                ", ",
                                                                ALL.stream()
                                                                        .map(Scenario::name)
                                                                        .toList()),
                                                "see `holdfast lab list`")));
    }
}
