package io.holdfast.lab.view;

import java.io.PrintStream;
import java.util.List;

/**
 * The lines at the bottom of the terminal that are drawn over and over; text that stays scrolls
 * above them.
 */
final class LiveRegion {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out;
    private int linesDrawn;

    LiveRegion(PrintStream out) {
        this.out = out;
    }

    /** Draws the lines where the last ones were. */
    void draw(List<String> lines, int columns) {
        StringBuilder frame = new StringBuilder(HIDE_CURSOR).append(up(linesDrawn)).append('\r');
        for (String line : lines) {
            frame.append(Paint.fit(line, columns)).append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        frame.append(CLEAR_BELOW).append(SHOW_CURSOR);
        linesDrawn = lines.size();
        out.print(frame);
        out.flush();
    }

    private static String up(int lines) {
        return lines == 0 ? "" : "\u001b[" + lines + "A";
    }
}
