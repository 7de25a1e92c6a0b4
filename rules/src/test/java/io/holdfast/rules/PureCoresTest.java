package io.holdfast.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Cores know no clock, thread, socket, file, logger or random source (STYLE: cores and drivers);
 * that is why they can be simulated, and why the same seed gives the same trace twice. The
 * scheduler is a core as a whole.
 */
class PureCoresTest {
    private static final List<String> FORBIDDEN_PACKAGES =
            List.of(
                    "java.io.",
                    "java.net.",
                    "java.nio.channels.",
                    "java.nio.file.",
                    "java.util.concurrent.",
                    "java.util.logging.",
                    "org.slf4j.",
                    "java.lang.foreign.",
                    "io.holdfast.linux.");

    private static final Set<String> FORBIDDEN_TYPES =
            Set.of(
                    "java.lang.Thread",
                    "java.lang.ProcessBuilder",
                    "java.lang.Runtime",
                    "java.util.Random",
                    "java.util.Timer",
                    "java.time.Clock",
                    "java.security.SecureRandom");

    /** Types that a serialized form or a checked exception brings in without any I/O happening. */
    private static final Set<String> HARMLESS =
            Set.of("java.io.Serializable", "java.io.ObjectStreamException", "java.io.PrintStream");

    private static final Set<String> CLOCK_READS =
            Set.of(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.util.UUID.randomUUID",
                    "java.lang.Math.random");

    @Test
    void coresTouchNoWorld() {
        Set<String> broken = new TreeSet<>();
        for (JavaClass type : Holdfast.classes()) {
            if (!isCore(type)) {
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getFullName();
                boolean forbidden =
                        FORBIDDEN_TYPES.contains(target)
                                || FORBIDDEN_PACKAGES.stream().anyMatch(target::startsWith);
                if (forbidden && !HARMLESS.contains(target)) {
                    broken.add(dependency.getDescription());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void coresReadNoClockAndDrawNothingAtRandom() {
        Set<String> broken = new TreeSet<>();
        for (JavaClass type : Holdfast.classes()) {
            if (!isCore(type)) {
                continue;
            }
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                String target = access.getTargetOwner().getFullName() + "." + access.getName();
                if (CLOCK_READS.contains(target)) {
                    broken.add(access.getDescription());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean isCore(JavaClass type) {
        return Holdfast.layer(type).filter("core"::equals).isPresent()
                || Holdfast.room(type).filter("scheduler"::equals).isPresent();
    }
}
