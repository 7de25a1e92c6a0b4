package io.holdfast.daemon.keepalived.script;

import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.core.ScriptSettings;
import io.holdfast.vrrp.driver.ScriptRunner;
import java.io.IOException;
import java.util.Optional;

/** Runs {@code vrrp_script}s as their users. */
public final class TrackedScripts implements ScriptRunner {
    private static final int SIGNAL_BASE = 128;

    private volatile Optional<ScriptUser> defaultUser;

    public TrackedScripts(Optional<ScriptUser> defaultUser) {
        this.defaultUser = defaultUser;
    }

    /** After a reload. */
    public void setDefaultUser(Optional<ScriptUser> user) {
        defaultUser = user;
    }

    @Override
    public ScriptResult run(ScriptSettings script) throws InterruptedException {
        ChildProgram program;
        try {
            program =
                    ChildProgram.start(
                            script.command(),
                            script.user().map(ScriptUser::parse).or(() -> defaultUser));
        } catch (IOException e) {
            return new ScriptResult.NotStarted(String.valueOf(e.getMessage()));
        }
        try {
            Optional<Integer> code = program.exitCode(script.timeout());
            if (code.isEmpty()) {
                program.end();
                return new ScriptResult.TimedOut();
            }
            return code.get() > SIGNAL_BASE
                    ? new ScriptResult.Killed(code.get() - SIGNAL_BASE)
                    : new ScriptResult.Exited(code.get());
        } catch (InterruptedException e) {
            program.end();
            throw e;
        }
    }
}
