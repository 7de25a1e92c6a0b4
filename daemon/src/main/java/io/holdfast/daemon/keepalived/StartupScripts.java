package io.holdfast.daemon.keepalived;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.script.ChildProgram;
import io.holdfast.vrrp.config.ScriptUser;
import io.holdfast.vrrp.config.TimedScript;
import java.io.IOException;
import java.util.Optional;

/** {@code startup_script} and {@code shutdown_script}. */
final class StartupScripts {
    private StartupScripts() {}

    /** Runs it to its end, or to the end of its time. */
    static void run(Optional<TimedScript> script, Optional<ScriptUser> defaultUser)
            throws InterruptedException {
        if (script.isEmpty()) {
            return;
        }
        String text = String.join(" ", script.get().script().command());
        try {
            ChildProgram program =
                    ChildProgram.start(
                            script.get().script().command(),
                            script.get().script().user().or(() -> defaultUser));
            Optional<Integer> code = program.exitCode(script.get().timeout());
            if (code.isEmpty()) {
                program.end();
                ProcessLog.error(
                        text + " was ended after " + script.get().timeout().toSeconds() + " s");
            } else if (code.get() != 0) {
                ProcessLog.error(text + " ended with " + code.get());
            }
        } catch (IOException e) {
            ProcessLog.error(text + " cannot be run: " + e.getMessage());
        }
    }
}
