package io.holdfast.api.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.api.message.Answer;
import java.io.UncheckedIOException;

/** Answers as JSON for people and programs, the same names as on the socket. */
public final class MessageJson {
    private MessageJson() {}

    /** Indented, without a closing newline. */
    public static String pretty(Answer answer) {
        return prettyTree(answer);
    }

    /** The same for maps, lists, strings, numbers and truth values, nested as they are. */
    public static String prettyTree(Object tree) {
        try {
            return ControlCodec.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a record of ours that is not JSON", e);
        }
    }
}
