package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.invoke.MethodHandle;

/** What a daemon sets about itself once. */
public final class ProcessAttributes {
    private static final MethodHandle UMASK = LibC.function("umask", JAVA_INT, JAVA_INT);
    private static final MethodHandle DUP2 = LibC.function("dup2", JAVA_INT, JAVA_INT, JAVA_INT);

    private ProcessAttributes() {}

    /** Permissions that files made from now on lack. */
    public static void setUmask(int bits) {
        try {
            int ignored = (int) UMASK.invokeExact(CallState.ofThread().segment(), bits);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    /**
     * Lets go of standard input, output and error, so that no terminal, pipe or ssh session waits
     * for this process: they lead to {@code /dev/null} from now on.
     */
    public static void leaveStandardStreams() {
        CallState state = CallState.ofThread();
        try (FileDescriptor nowhere =
                FileDescriptor.open("/dev/null", FileDescriptor.O_RDWR, 0, "mount /dev")) {
            for (int stream = 0; stream <= 2; stream++) {
                int result = (int) DUP2.invokeExact(state.segment(), nowhere.number(), stream);
                if (result < 0) {
                    throw state.errno()
                            .failure(
                                    "cannot let go of a standard stream",
                                    "descriptor " + stream,
                                    "report this as a bug");
                }
            }
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
