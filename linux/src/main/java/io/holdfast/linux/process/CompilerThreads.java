package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.LibC;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Java machine's just-in-time compilers, which are threads of this process. The machine's own
 * option for their priority ({@code -XX:CompilerThreadPriority}) works only together with one that
 * sets every other thread to nice 0, whatever the process was started with.
 */
public final class CompilerThreads {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int PRIO_PROCESS = 0;

    private static final MethodHandle SETPRIORITY =
            LibC.function("setpriority", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private CompilerThreads() {}

    /**
     * Sets their niceness; those that they start later inherit it. Nothing happens where that is
     * not permitted: it is a matter of speed only.
     *
     * @param niceness -20 (first) to 19 (last)
     * @return how many were set
     */
    public static int setNiceness(int niceness) {
        int count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            for (Path thread : threads) {
                if (isCompiler(thread) && setNiceness(thread, niceness)) {
                    count++;
                }
            }
        } catch (IOException e) {
            // No /proc here.
        }
        return count;
    }

    // The kernel keeps 15 characters of "C2 CompilerThread0".
    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches("C[12] CompilerThre\\R?");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static boolean setNiceness(Path thread, int niceness) {
        int id = Integer.parseInt(String.valueOf(thread.getFileName()));
        try {
            return (int)
                            SETPRIORITY.invokeExact(
                                    CallState.ofThread().segment(), PRIO_PROCESS, id, niceness)
                    == 0;
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
