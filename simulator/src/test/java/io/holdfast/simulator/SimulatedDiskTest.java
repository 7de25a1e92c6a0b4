package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.base.NodeId;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
    private final Simulation simulation = new Simulation(3);
    private final SimulatedNode node = simulation.newNode(new NodeId("a"));
    private final SimulatedDisk disk = node.disk();

    @Test
    void aSyncedWriteSurvivesACrash() {
        disk.write("f", 0, new byte[] {1, 2, 3});
        disk.sync(() -> {});
        simulation.runFor(10_000_000);
        node.crash();
        assertThat(disk.read("f")).hasValue(new byte[] {1, 2, 3});
    }

    @Test
    void aSyncCoversOnlyWhatWasWrittenBeforeIt() {
        TreeSet<Integer> outcomes = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            disk.write("f", 0, new byte[] {1});
            disk.sync(() -> {});
            disk.write("f", 0, new byte[] {2});
            simulation.runFor(10_000_000);
            node.crash();
            outcomes.add((int) disk.read("f").orElseThrow()[0]);
            node.restart();
        }
        assertThat(outcomes).containsExactly(1, 2);
    }

    @Test
    void anUnsyncedWriteMayBeKeptLostOrTornBySectors() {
        TreeSet<Integer> newSectors = new TreeSet<>();
        byte[] fresh = new byte[4 * 512];
        Arrays.fill(fresh, (byte) 9);
        for (int i = 0; i < 200; i++) {
            disk.write("f", 0, new byte[4 * 512]);
            disk.syncNow();
            disk.write("f", 0, fresh);
            node.crash();
            byte[] after = disk.read("f").orElseThrow();
            int count = 0;
            for (int sector = 0; sector < 4; sector++) {
                assertThat(after[sector * 512]).isEqualTo(after[sector * 512 + 511]);
                count += after[sector * 512] == 9 ? 1 : 0;
            }
            newSectors.add(count);
            node.restart();
        }
        assertThat(newSectors).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aReplacedFileIsOldOrNewAfterACrashNeverTorn() {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            disk.replace("f", new byte[1]);
            disk.syncNow();
            disk.replace("f", new byte[2_000]);
            node.crash();
            lengths.add(disk.read("f").orElseThrow().length);
            node.restart();
        }
        assertThat(lengths).containsExactly(1, 2_000);
    }
}
