package io.holdfast.replication.codec;

import io.holdfast.base.Problem;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong (mistakes) or worth knowing (warnings) about a configuration. */
final class DrbdFindings {
    /** A file that is not a drbd.conf at all must not become a book of messages. */
    static final int MOST_REPORTED = 200;

    private final List<Problem> mistakes = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int mistakesLeftOut;
    private int warningsLeftOut;

    void mistake(DrbdPlace place, String what, String why, String remedy) {
        mistake(new Problem(what, place.toString(), why, remedy));
    }

    void mistake(Problem problem) {
        if (mistakes.size() < MOST_REPORTED) {
            mistakes.add(problem);
        } else {
            mistakesLeftOut++;
        }
    }

    void warning(DrbdPlace place, String what, String why, String remedy) {
        if (warnings.size() < MOST_REPORTED) {
            warnings.add(new Problem(what, place.toString(), why, remedy));
        } else {
            warningsLeftOut++;
        }
    }

    boolean hasMistakes() {
        return !mistakes.isEmpty();
    }

    List<Problem> mistakes() {
        return withRest(mistakes, mistakesLeftOut, "mistakes");
    }

    List<Problem> warnings() {
        return withRest(warnings, warningsLeftOut, "warnings");
    }

    private static List<Problem> withRest(List<Problem> found, int leftOut, String kind) {
        if (leftOut == 0) {
            return List.copyOf(found);
        }
        List<Problem> all = new ArrayList<>(found);
        all.add(
                new Problem(
                        leftOut + " more " + kind + " are not listed",
                        "drbd.conf",
                        "only the first " + MOST_REPORTED + " are",
                        "begin with those above"));
        return List.copyOf(all);
    }
}
