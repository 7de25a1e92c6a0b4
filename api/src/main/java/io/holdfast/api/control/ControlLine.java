package io.holdfast.api.control;

import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Request;
import io.holdfast.base.Problem;

/** One line of the control protocol. Ids are chosen by the client and come back in the answers. */
sealed interface ControlLine {

    /** The first line of either side. */
    record Hello(int version) implements ControlLine {}

    /** From the client. */
    record Asked(long id, Request<?> request) implements ControlLine {}

    /** From the server, any number of times before the end. */
    record Progressed(long id, String text) implements ControlLine {}

    /** From the server: the end of a request that worked. */
    record Answered(long id, Answer answer) implements ControlLine {}

    /** From the server: the end of a request that did not. */
    record Refused(long id, Problem problem) implements ControlLine {}
}
