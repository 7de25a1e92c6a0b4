package io.holdfast.executor.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.executor.ExecutorListener;
import io.holdfast.executor.OperationFinished;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what an executor tells until a test asks for it. */
public final class RecordingListener implements ExecutorListener {
    private final LinkedBlockingQueue<OperationFinished> finished = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> attributes = new LinkedBlockingQueue<>();

    @Override
    public void operationFinished(OperationFinished operation) {
        finished.add(operation);
    }

    @Override
    public void attributeChanged(String name, @Nullable String value) {
        attributes.add(name + "=" + value);
    }

    public OperationFinished next() throws InterruptedException {
        OperationFinished next = finished.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("an operation finishes within 10 s").isNotNull();
        return next;
    }

    public String nextAttribute() throws InterruptedException {
        return attributes.poll(10, TimeUnit.SECONDS);
    }

    public boolean isQuiet() {
        return finished.isEmpty();
    }
}
