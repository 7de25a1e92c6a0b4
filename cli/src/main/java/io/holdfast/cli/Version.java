package io.holdfast.cli;

import java.util.Optional;

/** Which Holdfast this is, from the jar's manifest. */
final class Version {
    private Version() {}

    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(development)");
    }
}
