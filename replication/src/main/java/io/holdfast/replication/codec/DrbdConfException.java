package io.holdfast.replication.codec;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.util.List;
import java.util.stream.Collectors;

/** A drbd.conf that is refused, with everything that is wrong in it. */
public final class DrbdConfException extends ProblemException {
    private final transient List<Problem> mistakes;

    DrbdConfException(String file, List<Problem> mistakes) {
        super(summary(file, mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** In the order in which they were found; each names its file and line. */
    public List<Problem> mistakes() {
        return mistakes;
    }

    private static Problem summary(String file, List<Problem> mistakes) {
        if (mistakes.size() == 1) {
            return mistakes.getFirst();
        }
        return new Problem(
                "the configuration is refused",
                file,
                "it has "
                        + mistakes.size()
                        + " mistakes:\n"
                        + mistakes.stream()
                                .map(m -> "  " + m.message())
                                .collect(Collectors.joining("\n"))
                        + "\n",
                "correct them all, then load it again");
    }
}
