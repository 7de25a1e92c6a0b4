package io.holdfast.membership.driver;

import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.logging.NoopLogImpl;
import org.jgroups.logging.Slf4jLogImpl;

/**
 * Keeps JGroups quiet: what it warns of (members that do not answer while they die) is told by
 * membership in its own words. {@code -Dholdfast.jgroups.log=true} lets it speak through SLF4J.
 */
final class QuietLog implements CustomLogFactory {
    private static final boolean SPEAKS = Boolean.getBoolean("holdfast.jgroups.log");

    static void install() {
        if (LogFactory.getCustomLogFactory() == null) {
            LogFactory.setCustomLogFactory(new QuietLog());
        }
    }

    @Override
    public Log getLog(Class<?> type) {
        return SPEAKS ? new Slf4jLogImpl(type) : new NoopLogImpl();
    }

    @Override
    public Log getLog(String category) {
        return SPEAKS ? new Slf4jLogImpl(category) : new NoopLogImpl();
    }
}
