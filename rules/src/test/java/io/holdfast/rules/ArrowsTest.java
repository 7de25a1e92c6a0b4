package io.holdfast.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may see whom: ARCHITECTURE.md's arrows. */
class ArrowsTest {
    /** Each room, and the rooms its classes may name. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    room("base"),
                    room("linux", "base"),
                    room("simulator", "base"),
                    room("membership", "base", "linux", "simulator"),
                    room("cib", "base"),
                    room("scheduler", "base", "cib"),
                    room("executor", "base", "linux", "cib", "api"),
                    room(
                            "controller",
                            "base",
                            "cib",
                            "scheduler",
                            "executor",
                            "membership",
                            "api",
                            "simulator"),
                    room("replication", "base", "linux", "simulator"),
                    room("iscsi", "base", "linux", "replication", "simulator"),
                    room("device", "base", "linux", "replication"),
                    room("vrrp", "base", "linux", "simulator"),
                    room("api", "base"),
                    room("cli", "base", "api"),
                    room("lab", "base", "linux", "iscsi", "api", "simulator"),
                    room(
                            "bench",
                            "base",
                            "linux",
                            "iscsi",
                            "device",
                            "vrrp",
                            "replication",
                            "api",
                            "lab",
                            "cib",
                            "scheduler"),
                    room(
                            "daemon",
                            "base",
                            "linux",
                            "membership",
                            "cib",
                            "scheduler",
                            "executor",
                            "controller",
                            "replication",
                            "iscsi",
                            "device",
                            "vrrp",
                            "api"));

    /** Inside a protocol room: what each kind of package may name of its own room. */
    private static final Map<String, Set<String>> LAYERS =
            Map.of(
                    "core", Set.of("core"),
                    "codec", Set.of("core", "codec"),
                    "driver", Set.of("core", "codec", "driver"));

    private static Map.Entry<String, Set<String>> room(String name, String... mayName) {
        return Map.entry(name, Set.of(mayName));
    }

    @Test
    void roomsSeeOnlyTheRoomsTheirArrowsAllow() {
        Set<String> broken = new TreeSet<>();
        for (Dependency dependency : Holdfast.dependencies()) {
            Optional<String> from = Holdfast.room(dependency.getOriginClass());
            Optional<String> to = Holdfast.room(dependency.getTargetClass());
            if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
                continue;
            }
            if (!ARROWS.getOrDefault(from.get(), Set.of()).contains(to.get())) {
                broken.add(dependency.getDescription());
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void coresSeeNeitherCodecsNorDriversAndCodecsSeeNoDrivers() {
        Set<String> broken = new TreeSet<>();
        for (Dependency dependency : Holdfast.dependencies()) {
            JavaClass origin = dependency.getOriginClass();
            JavaClass target = dependency.getTargetClass();
            if (!Holdfast.room(origin).equals(Holdfast.room(target))) {
                continue;
            }
            Optional<String> from = Holdfast.layer(origin);
            Optional<String> to = Holdfast.layer(target);
            if (from.isPresent() && to.isPresent() && !LAYERS.get(from.get()).contains(to.get())) {
                broken.add(dependency.getDescription());
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyRoomHasItsArrows() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass type : Holdfast.classes()) {
            Holdfast.room(type).filter(room -> !ARROWS.containsKey(room)).ifPresent(unknown::add);
        }
        assertThat(unknown).isEmpty();
    }
}
