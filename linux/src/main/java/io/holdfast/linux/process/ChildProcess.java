package io.holdfast.linux.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.holdfast.linux.nativecall.CallState;
import io.holdfast.linux.nativecall.Errno;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.nativecall.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a program that is given open files ({@code posix_spawn(3)}), which Java's own processes
 * cannot be. It is in a session of its own and outlives this process.
 */
public final class ChildProcess {
    private static final long SPAWN_STRUCT_BYTES = 512;
    private static final long SIGNAL_SET_BYTES = 128;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int WNOHANG = 1;

    /**
     * Above all numbers that the child uses, so that one dup2 does not overwrite another's source.
     */
    private static final int OUT_OF_THE_WAY = 512;

    private static final MethodHandle SPAWN =
            LibC.function(
                    "posix_spawn", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT =
            LibC.function("posix_spawn_file_actions_init", JAVA_INT, ADDRESS);
    private static final MethodHandle ACTIONS_DUP2 =
            LibC.function(
                    "posix_spawn_file_actions_adddup2", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACTIONS_CLOSE_FROM =
            LibC.function("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ACTIONS_DESTROY =
            LibC.function("posix_spawn_file_actions_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle ATTRIBUTES_INIT =
            LibC.function("posix_spawnattr_init", JAVA_INT, ADDRESS);
    private static final MethodHandle ATTRIBUTES_FLAGS =
            LibC.function("posix_spawnattr_setflags", JAVA_INT, ADDRESS, JAVA_SHORT);
    private static final MethodHandle ATTRIBUTES_DEFAULTS =
            LibC.function("posix_spawnattr_setsigdefault", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle ATTRIBUTES_MASK =
            LibC.function("posix_spawnattr_setsigmask", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle FCNTL =
            LibC.variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle WAITPID =
            LibC.function("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    private ChildProcess() {}

    /**
     * Starts a program.
     *
     * @param arguments the program's path first
     * @param files what it gets as descriptors 0, 1, 2 …; it gets no others
     * @return its process number
     */
    public static long start(List<String> arguments, List<FileDescriptor> files) {
        List<FileDescriptor> sources = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (FileDescriptor file : files) {
                sources.add(outOfTheWay(file));
            }
            MemorySegment actions = arena.allocate(SPAWN_STRUCT_BYTES, 16);
            check(call(ACTIONS_INIT, actions), arguments);
            for (int i = 0; i < sources.size(); i++) {
                check(call(ACTIONS_DUP2, actions, sources.get(i).number(), i), arguments);
            }
            // Not every descriptor of a Java machine closes itself on exec: sockets do not.
            check(call(ACTIONS_CLOSE_FROM, actions, sources.size()), arguments);
            MemorySegment attributes = attributes(arena, arguments);
            MemorySegment processId = arena.allocate(JAVA_INT);
            check(
                    spawn(
                            processId,
                            arena.allocateFrom(arguments.getFirst()),
                            actions,
                            attributes,
                            texts(arena, arguments),
                            texts(arena, List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"))),
                    arguments);
            int ignored = call(ACTIONS_DESTROY, actions);
            return processId.get(JAVA_INT, 0);
        } finally {
            sources.forEach(FileDescriptor::close);
        }
    }

    /** Lets the system forget a child that has ended; nothing if it is no child of ours. */
    public static void forget(long processId) {
        try {
            int ignored =
                    (int)
                            WAITPID.invokeExact(
                                    CallState.ofThread().segment(),
                                    (int) processId,
                                    MemorySegment.NULL,
                                    WNOHANG);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    // Signals as any program expects them, not as this process has set them.
    private static MemorySegment attributes(Arena arena, List<String> arguments) {
        MemorySegment attributes = arena.allocate(SPAWN_STRUCT_BYTES, 16);
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGNAL_SET_BYTES, 8).fill((byte) 0xff);
        check(call(ATTRIBUTES_INIT, attributes), arguments);
        check(call(ATTRIBUTES_DEFAULTS, attributes, all), arguments);
        check(call(ATTRIBUTES_MASK, attributes, none), arguments);
        int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
        try {
            check(
                    (int)
                            ATTRIBUTES_FLAGS.invokeExact(
                                    CallState.ofThread().segment(), attributes, (short) flags),
                    arguments);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        return attributes;
    }

    private static FileDescriptor outOfTheWay(FileDescriptor file) {
        CallState state = CallState.ofThread();
        int number;
        try {
            number =
                    (int)
                            FCNTL.invokeExact(
                                    state.segment(),
                                    file.number(),
                                    F_DUPFD_CLOEXEC,
                                    OUT_OF_THE_WAY);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
        if (number < 0) {
            throw state.errno()
                    .failure(
                            "cannot double a descriptor",
                            file.name(),
                            "raise the limit of open files (ulimit -n) above " + OUT_OF_THE_WAY);
        }
        return FileDescriptor.owning(number, file.name());
    }

    private static MemorySegment texts(Arena arena, List<String> texts) {
        MemorySegment pointers = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        pointers.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
        return pointers;
    }

    // These functions return their errno.
    private static void check(int errno, List<String> arguments) {
        if (errno != 0) {
            throw new Errno(errno)
                    .failure(
                            "cannot start a program",
                            arguments.getFirst(),
                            "check that it is installed and that processes may still be made");
        }
    }

    private static int spawn(
            MemorySegment processId,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        try {
            return (int)
                    SPAWN.invokeExact(
                            CallState.ofThread().segment(),
                            processId,
                            path,
                            actions,
                            attributes,
                            arguments,
                            environment);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int call(MethodHandle function, MemorySegment struct) {
        try {
            return (int) function.invokeExact(CallState.ofThread().segment(), struct);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int call(MethodHandle function, MemorySegment struct, MemorySegment argument) {
        try {
            return (int) function.invokeExact(CallState.ofThread().segment(), struct, argument);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int call(MethodHandle function, MemorySegment actions, int first, int second) {
        try {
            return (int)
                    function.invokeExact(CallState.ofThread().segment(), actions, first, second);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }

    private static int call(MethodHandle function, MemorySegment actions, int from) {
        try {
            return (int) function.invokeExact(CallState.ofThread().segment(), actions, from);
        } catch (Throwable e) {
            throw LibC.unexpected(e);
        }
    }
}
