package io.holdfast.scheduler.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The tools' other form of text, which they take when scores are shown: the items of all lists,
 * without headings, bullets and indentation.
 */
final class PlainText {
    private static final List<String> NODE_LISTS =
            List.of(
                    "Online: [",
                    "OFFLINE: [",
                    "RemoteOnline: [",
                    "RemoteOFFLINE: [",
                    "GuestOnline: [");

    private PlainText() {}

    static List<String> of(List<String> fancy) {
        List<String> plain = new ArrayList<>(fancy.size());
        for (int i = 0; i < fancy.size(); i++) {
            String line = fancy.get(i);
            String next = i + 1 < fancy.size() ? fancy.get(i + 1) : "";
            boolean heading = line.endsWith(":") && (depth(next) > depth(line) || depth(line) == 0);
            if (!heading) {
                plain.add(item(line));
            }
        }
        return plain;
    }

    private static String item(String line) {
        int depth = depth(line);
        if (depth == 0) {
            return line;
        }
        String text = line.substring(depth + 2);
        for (String list : NODE_LISTS) {
            if (depth == 4 && text.startsWith(list)) {
                return text.substring(list.length() - 1);
            }
        }
        return text;
    }

    /** How far a list item is indented; 0 for what is none. */
    private static int depth(String line) {
        int at = 0;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return line.startsWith("* ", at) ? at : 0;
    }
}
