package io.holdfast.daemon.keepalived;

import io.holdfast.daemon.keepalived.log.ProcessLog;
import io.holdfast.daemon.keepalived.option.SignalNumber;
import io.holdfast.linux.signal.SignalQueue;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The signals that users of Keepalived send.
 *
 * <p>The JVM knows STOP, RELOAD, DATA and STATS by name; STATS only because the launcher sets
 * {@code _JAVA_SR_SIGNUM}, for the JVM would use SIGUSR2 itself. The real-time signals it does not
 * know: the launcher blocks them in all threads, and they are read from a descriptor. Unblocked
 * they would end the process, which their senders do not expect.
 */
final class Signals {
    private final BlockingQueue<SignalNumber> received = new LinkedBlockingQueue<>();

    /** Begins to listen. */
    static Signals listen() {
        Signals signals = new Signals();
        signals.named("TERM", SignalNumber.STOP);
        signals.named("INT", SignalNumber.STOP);
        signals.named("HUP", SignalNumber.RELOAD);
        signals.named("USR1", SignalNumber.DATA);
        signals.named("USR2", SignalNumber.STATS);
        signals.realTime();
        return signals;
    }

    /** Waits for the next one, at most a second. */
    Optional<SignalNumber> take() throws InterruptedException {
        return Optional.ofNullable(received.poll(1, TimeUnit.SECONDS));
    }

    // By reflection: the JDK has no other class for signals than this one, which compilers warn of.
    private void named(String name, SignalNumber meaning) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listening =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) -> heard(method, meaning));
            Object named = signal.getConstructor(String.class).newInstance(name);
            Object ignored =
                    signal.getMethod("handle", signal, handler).invoke(null, named, listening);
        } catch (ReflectiveOperationException e) {
            // SIGUSR2 without _JAVA_SR_SIGNUM.
            ProcessLog.warning(
                    "SIG" + name + " has no effect here: start with `holdfast keepalived`");
        }
    }

    private @Nullable Object heard(Method method, SignalNumber meaning) {
        if (method.getName().equals("handle")) {
            received.add(meaning);
        }
        return null;
    }

    private void realTime() {
        int clear = SignalNumber.STATS_CLEAR.number();
        int json = SignalNumber.JSON.number();
        if (!SignalQueue.isBlocked(clear) || !SignalQueue.isBlocked(json)) {
            ProcessLog.warning(
                    "signals "
                            + clear
                            + " and "
                            + json
                            + " are not served (coreutils' env has no --block-signal); ask with"
                            + " `holdfast keepalived status --json`");
            return;
        }
        SignalQueue queue = SignalQueue.open(clear, json);
        Thread _ =
                Thread.ofPlatform()
                        .name("signals")
                        .daemon()
                        .start(
                                () -> {
                                    while (true) {
                                        received.add(
                                                queue.take() == json
                                                        ? SignalNumber.JSON
                                                        : SignalNumber.STATS_CLEAR);
                                    }
                                });
    }
}
