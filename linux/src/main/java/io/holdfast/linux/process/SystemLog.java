package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The machine's log (syslog(3)), which systemd's journal takes in as well. */
@SuppressWarnings("restricted") // two functions that return nothing
public final class SystemLog {
    public static final int ERROR = 3;
    public static final int WARNING = 4;
    public static final int INFO = 6;
    public static final int DEBUG = 7;

    /** Facilities, as openlog wants them. */
    public static final int USER = 1 << 3;

    public static final int DAEMON = 3 << 3;
    public static final int LOCAL0 = 16 << 3;

    private static final int LOG_PID = 1;

    private static final MethodHandle OPENLOG =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("openlog").orElseThrow(),
                            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle SYSLOG =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().find("syslog").orElseThrow(),
                            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
                            Linker.Option.firstVariadicArg(2));

    // openlog keeps the pointer.
    private static final Arena FOR_EVER = Arena.global();
    private static final MemorySegment FORMAT = FOR_EVER.allocateFrom("%s");

    private SystemLog() {}

    /** Says who we are in it; to be called once. */
    public static void open(String identity, int facility) {
        try {
            OPENLOG.invokeExact(FOR_EVER.allocateFrom(identity), LOG_PID, facility);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /** One line. */
    public static void write(int level, String line) {
        try (Arena arena = Arena.ofConfined()) {
            SYSLOG.invokeExact(level, FORMAT, arena.allocateFrom(line.replace('\0', ' ')));
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
