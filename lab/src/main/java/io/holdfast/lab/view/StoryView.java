package io.holdfast.lab.view;

import io.holdfast.lab.story.StoryListener;
import io.holdfast.lab.story.StoryResult;
import io.holdfast.linux.terminal.TerminalSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Shows the story to a person. */
public interface StoryView extends StoryListener, AutoCloseable {

    /** The end. */
    void concluded(StoryResult result);

    @Override
    void close();

    /** A live picture on a terminal that can show one, else plain lines. */
    static StoryView onStandardOutput() {
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Optional<TerminalSize> terminal = TerminalSize.ofStandardOutput();
        boolean capable = !"dumb".equals(System.getenv("TERM"));
        return terminal.isPresent() && capable
                ? new LiveView(out, Paint.fromEnvironment())
                : new PlainView(out);
    }
}
