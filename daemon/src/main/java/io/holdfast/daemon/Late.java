package io.holdfast.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part that others are told of before it exists; who asks too early waits for it. */
public final class Late<T> implements Supplier<T> {
    private final CountDownLatch isSet = new CountDownLatch(1);
    private volatile @Nullable T value;

    public void set(T newValue) {
        value = newValue;
        isSet.countDown();
    }

    @Override
    public T get() {
        T current = value;
        while (current == null) {
            try {
                isSet.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the daemon starts", e);
            }
            current = value;
        }
        return current;
    }
}
