package io.holdfast.linux.net;

import io.holdfast.base.ProblemException;
import io.holdfast.linux.process.Namespace;
import org.junit.jupiter.api.Assumptions;

/** A network namespace that a test makes for itself, or the reason why it is skipped. */
final class OwnNetwork {
    private OwnNetwork() {}

    static Namespace create() {
        try {
            return Namespace.create(Namespace.Kind.NETWORK);
        } catch (ProblemException e) {
            return Assumptions.abort(e.getMessage());
        }
    }
}
