package io.holdfast.iscsi.multipath;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.iscsi.multipath.MapSettings.Grouping;
import io.holdfast.iscsi.multipath.MapSettings.Selector;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PathTableTest {
    private static final MapSettings MULTIBUS =
            MapSettings.defaults().withGrouping(Grouping.MULTIBUS);

    private static PathTable allUp(MapSettings settings, int paths) {
        PathTable table = new PathTable(settings, paths);
        for (int path = 0; path < paths; path++) {
            table.restored(path);
        }
        return table;
    }

    private static int next(PathTable table, int bytes) {
        int path = table.choose().orElseThrow();
        table.started(path, bytes);
        return path;
    }

    @Test
    void serviceTimeChoosesWhereLeastIsOnItsWay() {
        PathTable table = allUp(MULTIBUS, 2);
        assertThat(next(table, 1 << 20)).isZero();
        assertThat(next(table, 4096)).isEqualTo(1);
        assertThat(next(table, 4096)).isEqualTo(1);
        table.ended(0, 1 << 20);
        assertThat(next(table, 4096)).isZero();
    }

    @Test
    void roundRobinTakesTurnsAndARestoredPathDoesNotGetEverything() {
        PathTable table = allUp(MULTIBUS.withSelector(Selector.ROUND_ROBIN), 2);
        table.failed(1);
        for (int i = 0; i < 100; i++) {
            assertThat(next(table, 512)).isZero();
        }
        table.restored(1);
        assertThat(next(table, 512) + next(table, 512)).isEqualTo(1);
    }

    @Test
    void failoverUsesOnePathAndTheNextWhenItFails() {
        PathTable table = allUp(MapSettings.defaults(), 3);
        assertThat(next(table, 512)).isZero();
        assertThat(next(table, 512)).isZero();
        table.failed(0);
        assertThat(next(table, 512)).isEqualTo(1);
        table.failed(2);
        assertThat(next(table, 512)).isEqualTo(1);
    }

    @Test
    void failbackIsImmediateOnlyWhenAskedFor() {
        for (boolean immediate : new boolean[] {true, false}) {
            PathTable table = allUp(MapSettings.defaults().withFailback(immediate), 2);
            table.failed(0);
            table.restored(0);
            assertThat(next(table, 512)).isEqualTo(immediate ? 0 : 1);
        }
    }

    @Test
    void withoutAnyPathThereIsNoneToChooseUntilOneIsBack() {
        PathTable table = allUp(MULTIBUS, 2);
        table.failed(0);
        table.failed(1);
        assertThat(table.choose()).isEmpty();
        table.restored(1);
        assertThat(table.choose()).hasValue(1);
    }

    @Test
    void anyOrderOfFailuresLeavesAChoiceExactlyWhileAPathWorks() {
        SplittableRandom random = new SplittableRandom(9);
        for (Grouping grouping : Grouping.values()) {
            MapSettings settings = MapSettings.defaults().withGrouping(grouping);
            PathTable table = new PathTable(settings.withFailback(random.nextBoolean()), 4);
            boolean[] up = new boolean[4];
            for (int i = 0; i < 10_000; i++) {
                int path = random.nextInt(4);
                up[path] = random.nextBoolean();
                if (up[path]) {
                    table.restored(path);
                } else {
                    table.failed(path);
                }
                boolean any = up[0] || up[1] || up[2] || up[3];
                assertThat(table.choose().isPresent()).isEqualTo(any);
                table.choose().ifPresent(chosen -> assertThat(up[chosen]).isTrue());
            }
        }
    }
}
