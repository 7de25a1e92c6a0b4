package io.holdfast.api.control;

import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Request;

/**
 * Answers requests. Called on a virtual thread of its own for each request, so it may block, and
 * requests of one connection may run at the same time.
 */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers {@code request} with the type it names.
     *
     * @throws io.holdfast.base.ProblemException is told to the asker; any other exception too, but
     *     as a bug, which also goes to the thread's uncaught-exception handler
     */
    Answer handle(Request<?> request, Progress progress);
}
