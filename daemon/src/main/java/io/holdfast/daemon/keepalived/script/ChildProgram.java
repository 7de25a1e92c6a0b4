package io.holdfast.daemon.keepalived.script;

import io.holdfast.linux.signal.ProcessGroup;
import io.holdfast.vrrp.config.ScriptUser;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program in a session of its own, with nothing in its environment but PATH and who it is, and
 * its output thrown away, as Keepalived does.
 */
public final class ChildProgram {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration TERM_PATIENCE = Duration.ofSeconds(2);
    private static final File NOWHERE = new File("/dev/null");

    private final Process process;

    private ChildProgram(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param user whom it runs as; empty: as this process
     * @throws IOException when there is no such program, or it may not be executed
     */
    public static ChildProgram start(List<String> command, Optional<ScriptUser> user)
            throws IOException {
        // setsid makes it a group leader without a second process, so its pid is the group's id.
        List<String> words = new ArrayList<>(List.of("setsid", "--"));
        user.filter(ChildProgram::isSomebodyElse).ifPresent(u -> words.addAll(becoming(u)));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/"));
        builder.redirectInput(NOWHERE);
        builder.redirectOutput(Redirect.DISCARD);
        builder.redirectError(Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        String name = user.map(ScriptUser::name).orElse(System.getProperty("user.name", "root"));
        environment.put("PATH", PATH);
        environment.put("USER", name);
        environment.put("LOGNAME", name);
        return new ChildProgram(builder.start());
    }

    private static List<String> becoming(ScriptUser user) {
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + user.name()));
        if (user.group().isPresent()) {
            words.add("--regid=" + user.group().get());
        } else {
            words.add("--regid=" + GroupOfUser.of(user.name()));
        }
        words.addAll(List.of("--init-groups", "--"));
        return words;
    }

    private static boolean isSomebodyElse(ScriptUser user) {
        return user.group().isPresent() || !user.name().equals(System.getProperty("user.name"));
    }

    /** Waits for its end; empty when it did not come in time. */
    public Optional<Integer> exitCode(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(process.exitValue())
                : Optional.empty();
    }

    public long processId() {
        return process.pid();
    }

    /** Ends it and its offspring: SIGTERM, and after a while SIGKILL. */
    public void end() {
        ProcessGroup group = new ProcessGroup(process.pid());
        boolean _ = group.signal(ProcessGroup.SIGTERM);
        boolean interrupted = false;
        try {
            boolean _ = process.waitFor(TERM_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // Children of a leader that ended are still of its group.
        boolean _ = group.signal(ProcessGroup.SIGKILL);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
