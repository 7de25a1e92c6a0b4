package io.holdfast.iscsi.core.login;

import java.util.List;
import java.util.Optional;

/** What a login may know of the targets behind the portal it came in by. */
@FunctionalInterface
public interface TargetDirectory {
    Access access(String targetName, String initiatorName);

    /** The answer about one target for one initiator. */
    sealed interface Access {
        /** No such target on this portal. */
        record Unknown() implements Access {}

        /** The initiator's name or address is not allowed. */
        record Forbidden(String reason) implements Access {}

        /** On its way to or from this node: the initiator is to try again. */
        record Moving() implements Access {}

        /**
         * Served elsewhere for now.
         *
         * @param portal {@code address:port} as in TargetAddress
         */
        record Redirected(String portal) implements Access {}

        /**
         * May log in, on these terms.
         *
         * @param incoming accounts of which the initiator must prove one; none means no CHAP
         * @param outgoing how the target proves itself when asked (mutual CHAP)
         */
        record Allowed(
                TargetOptions options,
                int portalGroupTag,
                List<ChapAccount> incoming,
                Optional<ChapAccount> outgoing)
                implements Access {}
    }
}
