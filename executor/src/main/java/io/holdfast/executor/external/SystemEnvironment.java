package io.holdfast.executor.external;

import java.util.Map;

/** What every program gets; nothing of the daemon's own environment is passed on. */
final class SystemEnvironment {
    static final Map<String, String> CLEAN =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

    private SystemEnvironment() {}
}
