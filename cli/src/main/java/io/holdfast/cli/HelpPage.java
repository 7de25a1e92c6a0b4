package io.holdfast.cli;

import java.util.stream.Stream;

/** {@code holdfast --help}: what there is, and where a newcomer begins. */
final class HelpPage {
    private record Line(String name, CommandTable.Group group, String summary) {}

    private HelpPage() {}

    static void print(Context context) {
        Paint paint = context.paint();
        context.say("Holdfast: replicated storage and its cluster, on two or more Linux machines.");
        context.say("");
        context.say("Usage: holdfast COMMAND [...]      holdfast COMMAND --help");
        for (CommandTable.Group group : CommandTable.Group.values()) {
            context.say("");
            context.say(paint.heading(group.title()));
            lines().filter(line -> line.group() == group)
                    .forEach(
                            line ->
                                    context.say(
                                            "  "
                                                    + "%-20s".formatted(line.name())
                                                    + line.summary()));
        }
        context.say("");
        context.say(
                "New here?  "
                        + paint.good("holdfast demo")
                        + "  builds a cluster on this machine, breaks it, and shows that no write was lost.");
        context.say(
                "Commands ask the daemons of this node; HOLDFAST_ROOT=DIR names another node's folder.");
        context.say(
                "Exit codes: 0 done, 1 refused, 2 not quorate, 64 wrong usage, 65 wrong configuration, 66 no input, 69 daemon not reachable, 70 bug.");
    }

    private static Stream<Line> lines() {
        return Stream.concat(
                CommandTable.ENTRIES.stream().map(e -> new Line(e.name(), e.group(), e.summary())),
                CommandTable.ELSEWHERE.stream()
                        .map(e -> new Line(e.name(), e.group(), e.summary())));
    }
}
