package io.holdfast.executor.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.base.NodeId;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAgentsTest {
    @TempDir Path root;
    private final TransientAttributes attributes = new TransientAttributes();

    @Test
    void aDummyRunsAsLongAsItsFileIsThere() throws Exception {
        DummyAgent dummy = new DummyAgent(paths());
        assertThat(dummy.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.NOT_RUNNING);
        dummy.run(call(Task.START, Map.of()));
        assertThat(dummy.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.OK);
        Files.delete(root.resolve("run/holdfast/agents/Dummy-r1.state"));
        assertThat(dummy.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(dummy.run(call(Task.STOP, Map.of()))).isEqualTo(AgentResult.OK);
    }

    @Test
    void aStateFileOfOnesOwnLiesUnderTheNodesRoot() throws Exception {
        DummyAgent dummy = new DummyAgent(paths());
        dummy.run(call(Task.START, Map.of("state", "/var/run/mine.state")));
        assertThat(root.resolve("var/run/mine.state")).exists();
    }

    @Test
    void aStatefulResourceHasARoleAndAScore() {
        StatefulAgent stateful = new StatefulAgent(paths(), attributes);
        assertThat(stateful.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.NOT_RUNNING);
        stateful.run(call(Task.START, Map.of()));
        assertThat(attributes.snapshot()).containsEntry("master-r1", "5");
        assertThat(stateful.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.OK);
        stateful.run(call(Task.PROMOTE, Map.of()));
        assertThat(attributes.snapshot()).containsEntry("master-r1", "10");
        assertThat(stateful.run(call(Task.MONITOR, Map.of())))
                .isEqualTo(AgentResult.RUNNING_PROMOTED);
        stateful.run(call(Task.DEMOTE, Map.of()));
        assertThat(stateful.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.OK);
        stateful.run(call(Task.STOP, Map.of()));
        assertThat(attributes.snapshot()).isEmpty();
        assertThat(stateful.run(call(Task.MIGRATE_TO, Map.of())).code())
                .isEqualTo(OcfCode.UNIMPLEMENTED);
    }

    private HoldfastPaths paths() {
        return new HoldfastPaths(root, new NodeId("server1"));
    }

    private static AgentCall call(Task task, Map<String, String> parameters) {
        return new AgentCall(
                "r1",
                new ResourceAgent("ocf", "pacemaker", "Dummy"),
                task,
                0,
                5_000,
                new TreeMap<>(parameters),
                new TreeMap<>());
    }
}
