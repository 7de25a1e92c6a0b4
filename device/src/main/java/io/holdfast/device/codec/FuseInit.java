package io.holdfast.device.codec;

/** What server and kernel agree on when a mount begins. */
public final class FuseInit {
    public static final int MAJOR = 7;

    /** The newest minor version whose messages are known here; older kernels say their own. */
    public static final int MINOR = 40;

    /** Long reads and writes (MAX_PAGES, 7.28), and errors of an aborted mount told apart. */
    public static final int OLDEST_MINOR = 28;

    static final long ASYNC_READ = 1L;
    static final long BIG_WRITES = 1L << 5;
    static final long ASYNC_DIRECT_IO = 1L << 15;
    static final long ABORT_ERROR = 1L << 21;
    static final long MAX_PAGES = 1L << 22;
    static final long INIT_EXT = 1L << 30;

    /** Unanswered requests can be had again by another process (7.40, Linux 6.9). */
    public static final long HAS_RESEND = 1L << 39;

    private static final long WANTED =
            ASYNC_READ
                    | BIG_WRITES
                    | ASYNC_DIRECT_IO
                    | ABORT_ERROR
                    | MAX_PAGES
                    | INIT_EXT
                    | HAS_RESEND;

    private FuseInit() {}

    /** What is used of what the kernel can. */
    public static long agreed(long capabilities) {
        return capabilities & WANTED;
    }
}
