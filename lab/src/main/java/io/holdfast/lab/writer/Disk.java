package io.holdfast.lab.writer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a writer writes: a way to sessions with one disk. */
interface Disk {
    /**
     * A new session, as soon as the disk can be reached; blocks until then.
     *
     * @throws InterruptedException when the calling thread is told to give up
     */
    Session connect() throws InterruptedException;

    /** A session that works until it is broken, and then never again. */
    interface Session extends AutoCloseable {
        /** Writes {@link NumberedBlock#BYTES}; the completion comes once, on another thread. */
        void write(long block, ByteBuffer from, Completion completion);

        void flush(Completion completion);

        /** Asks whether the other side is there at all. */
        void ping(Completion completion);

        /** Reads and waits, {@code into.remaining()} bytes. */
        void read(long block, ByteBuffer into) throws IOException;

        @Override
        void close();
    }

    /** How a request ended. */
    enum Outcome {
        OK,
        /** Nothing was done; ask again on the same session. */
        RETRY,
        /** The session is broken; whether it was done is not known. */
        BROKEN,
        /** Refused for good. */
        FAILED
    }

    /** Told once how a request ended. */
    @FunctionalInterface
    interface Completion {
        void done(Outcome outcome, String detail);
    }
}
