package io.holdfast.cli.command;

import io.holdfast.api.control.DaemonUnreachableException;
import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Shows something again and again until interrupted; a daemon that is away is shown to be. */
final class Watch {
    private static final String HOME_AND_CLEAR = "\033[H\033[2J\033[3J";

    private final Context context;
    private final Duration period;

    Watch(Context context, double seconds) {
        this.context = context;
        this.period = Duration.ofMillis(Math.max(100, Math.round(seconds * 1000)));
    }

    int run(Supplier<List<String>> view) {
        while (true) {
            List<String> lines = look(view);
            if (context.terminal().interactive()) {
                context.terminal().out().print(HOME_AND_CLEAR);
            }
            lines.forEach(context::say);
            if (!context.terminal().interactive()) {
                context.say("");
            }
            context.terminal().out().flush();
            if (context.terminal().out().checkError()) {
                return ExitCode.OK; // whoever read it has gone
            }
            try {
                Thread.sleep(period);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.OK;
            }
        }
    }

    private List<String> look(Supplier<List<String>> view) {
        try {
            return view.get();
        } catch (DaemonUnreachableException e) {
            return List.of(context.paint().bad(e.problem().message()));
        }
    }
}
