package io.holdfast.executor.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.OcfCode;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, started as the product starts them. */
@Timeout(30)
class ExternalAgentsTest {
    private static final ResourceAgent PROBE = new ResourceAgent("ocf", "test", "Probe");

    @TempDir Path folder;

    @BeforeAll
    static void setsidIsNeeded() {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/setsid")),
                "setsid (util-linux) is not installed");
    }

    @Test
    void anAgentSeesItsParametersAndNothingOfOurs() throws Exception {
        Agent agent = ocf("env | sort; exit 0");
        Path seen = folder.resolve("seen");
        Agent writer = ocf("env | sort > " + seen + "; exit 0");
        assertThat(agent.run(call(Task.START, Map.of()))).isEqualTo(AgentResult.OK);
        writer.run(
                new AgentCall(
                        "web:1",
                        PROBE,
                        Task.MONITOR,
                        10_000,
                        5_000,
                        new TreeMap<>(Map.of("ip", "10.0.0.1", "text", "a 'b' $c\nd")),
                        new TreeMap<>(Map.of("CRM_meta_master-max", "1"))));
        assertThat(Files.readAllLines(seen))
                .contains(
                        "OCF_RESKEY_ip=10.0.0.1",
                        "OCF_RESKEY_text=a 'b' $c",
                        "OCF_RESKEY_CRM_meta_master_max=1",
                        "OCF_RESOURCE_INSTANCE=web:1",
                        "OCF_RESOURCE_TYPE=Probe",
                        "OCF_RESOURCE_PROVIDER=test",
                        "OCF_RA_VERSION_MAJOR=1",
                        "OCF_ROOT=" + folder)
                .noneMatch(line -> line.startsWith("JAVA_HOME") || line.startsWith("HOME="));
    }

    @Test
    void theTaskIsItsArgumentAndItsExitCodeTheAnswer() throws Exception {
        Agent agent = ocf("[ \"$1\" = reload-agent ] && exit 8; exit 7");
        assertThat(agent.run(call(Task.RELOAD_AGENT, Map.of())).code())
                .isEqualTo(OcfCode.RUNNING_PROMOTED);
        assertThat(agent.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.NOT_RUNNING);
    }

    @Test
    void itsExitReasonIsTheLastItGave() throws Exception {
        Agent agent =
                ocf(
                        "echo noise >&2; echo ocf-exit-reason:first >&2; echo 'ocf-exit-reason:no disk' >&2; echo more >&2; exit 6");
        assertThat(agent.run(call(Task.START, Map.of()))).isEqualTo(new AgentResult(6, "no disk"));
    }

    @Test
    void withoutAReasonItsLastWordsAreTold() throws Exception {
        assertThat(ocf("echo cannot open it >&2; exit 1").run(call(Task.START, Map.of())))
                .isEqualTo(AgentResult.failed("cannot open it"));
        assertThat(ocf("exit 42").run(call(Task.START, Map.of())))
                .isEqualTo(AgentResult.failed("exit code 42"));
    }

    @Test
    void anInterruptEndsItAndEverythingItStarted() throws Exception {
        Path pids = folder.resolve("pids");
        Agent agent =
                ocf(
                        "trap '' TERM; sleep 300 & echo $! > "
                                + pids
                                + "; echo $$ >> "
                                + pids
                                + "; wait; wait");
        FutureTask<AgentResult> running =
                new FutureTask<>(() -> agent.run(call(Task.START, Map.of())));
        Thread thread = Thread.ofPlatform().start(running);
        while (!Files.exists(pids) || Files.readAllLines(pids).size() < 2) {
            Thread.sleep(10);
        }
        thread.interrupt();
        assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
        for (String pid : Files.readAllLines(pids)) {
            assertThat(endsSoon(pid)).as("process " + pid + " has ended").isTrue();
        }
    }

    /** A kill that was sent takes a moment on a busy machine. */
    private static boolean endsSoon(String pid) throws Exception {
        for (int i = 0; i < 500 && isRunning(pid); i++) {
            Thread.sleep(10);
        }
        return !isRunning(pid);
    }

    @Test
    void aServiceLeftInTheBackgroundIsNotWaitedFor() throws Exception {
        Path pid = folder.resolve("pid");
        long begin = System.nanoTime();
        AgentResult result =
                ocf("sleep 300 & echo $! > " + pid + "; exit 0").run(call(Task.START, Map.of()));
        assertThat(result).isEqualTo(AgentResult.OK);
        assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
        String left = Files.readString(pid).strip();
        assertThat(isRunning(left)).isTrue();
        ProcessHandle.of(Long.parseLong(left)).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void muchOutputIsBoundedAndDoesNotBlock() throws Exception {
        AgentProcess ended =
                AgentProcess.run(
                        java.util.List.of(
                                "sh",
                                "-c",
                                "head -c 3000000 /dev/zero | tr '\\0' x; echo last >&2"),
                        SystemEnvironment.CLEAN);
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output().length()).isBetween(1, 64 * 1024);
        assertThat(ended.errors()).isEqualTo("last\n");
    }

    @Test
    void anAgentThatIsNotThereIsNotFoundAndNamesLeadNowhereElse() {
        ExternalAgents agents = new ExternalAgents(folder, folder);
        assertThat(agents.find(new ResourceAgent("ocf", "test", "Missing"))).isEmpty();
        assertThat(agents.find(new ResourceAgent("ocf", "..", "Probe"))).isEmpty();
        assertThat(agents.find(new ResourceAgent("ocf", "test", "../../bin/sh"))).isEmpty();
        assertThat(agents.find(new ResourceAgent("lsb", "", "../bin/sh"))).isEmpty();
        assertThat(agents.find(new ResourceAgent("stonith", "", "fence_x"))).isEmpty();
    }

    @Test
    void anLsbScriptsStatusIsUnderstood() throws Exception {
        script(
                folder.resolve("web"),
                "case $1 in status) exit 3;; start) exit 0;; *) echo no >&2; exit 5;; esac");
        Agent agent =
                new ExternalAgents(folder, folder)
                        .find(new ResourceAgent("lsb", "", "web"))
                        .orElseThrow();
        assertThat(agent.run(call(Task.MONITOR, Map.of()))).isEqualTo(AgentResult.NOT_RUNNING);
        assertThat(agent.run(call(Task.START, Map.of()))).isEqualTo(AgentResult.OK);
        assertThat(agent.run(call(Task.STOP, Map.of())).reason()).contains("ended with 5: no");
        assertThat(agent.run(call(Task.PROMOTE, Map.of())).code()).isEqualTo(OcfCode.UNIMPLEMENTED);
    }

    private Agent ocf(String body) throws IOException {
        Path program = folder.resolve("resource.d/test/Probe");
        Files.createDirectories(program.getParent());
        script(program, body);
        return new ExternalAgents(folder, folder).find(PROBE).orElseThrow();
    }

    private static void script(Path program, String body) throws IOException {
        Files.deleteIfExists(program);
        Files.writeString(program, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static AgentCall call(Task task, Map<String, String> parameters) {
        return new AgentCall(
                "probe", PROBE, task, 0, 20_000, new TreeMap<>(parameters), new TreeMap<>());
    }

    /** A zombie that nobody has waited for yet does not count. */
    private static boolean isRunning(String pid) throws IOException {
        Path stat = Path.of("/proc", pid, "stat");
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }
}
