package io.holdfast.daemon.keepalived.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Leads SLF4J's loggers to {@link ProcessLog}; chosen with {@code -Dslf4j.provider}. */
public final class LogProvider implements SLF4JServiceProvider, ILoggerFactory {
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, LineLogger::new);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    /** One class's lines. */
    private static final class LineLogger extends LegacyAbstractLogger {
        LineLogger(String name) {
            this.name = name;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return LineLogger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            StringBuilder text =
                    new StringBuilder(MessageFormatter.basicArrayFormat(pattern, arguments));
            for (Throwable t = thrown; t != null; t = t.getCause()) {
                text.append("\n  ").append(t);
                for (StackTraceElement element : t.getStackTrace()) {
                    text.append("\n    at ").append(element);
                }
            }
            ProcessLog.write(level(level), text.toString());
        }

        private static ProcessLog.Level level(Level level) {
            return switch (level) {
                case ERROR -> ProcessLog.Level.ERROR;
                case WARN -> ProcessLog.Level.WARNING;
                case INFO -> ProcessLog.Level.INFO;
                case DEBUG, TRACE -> ProcessLog.Level.DETAIL;
            };
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return ProcessLog.isDetailed();
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return ProcessLog.isDetailed();
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return true;
        }
    }
}
