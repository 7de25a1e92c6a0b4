package io.holdfast.api.control;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.api.control.ControlLine.Answered;
import io.holdfast.api.control.ControlLine.Asked;
import io.holdfast.api.control.ControlLine.Hello;
import io.holdfast.api.control.ControlLine.Progressed;
import io.holdfast.api.control.ControlLine.Refused;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.Request;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Control lines as bytes, without the closing newline.
 *
 * <pre>
 * {"holdfast":"control","version":1}
 * {"id":7,"request":"VolumeUp","body":{"volume":"VM_STORAGE_1"}}
 * {"id":7,"progress":"text"}
 * {"id":7,"answer":"Done","body":{"warnings":[]}}
 * {"id":7,"problem":{"what":"…","object":"…","why":"…","remedy":"…"}}
 * </pre>
 *
 * A line that is anything else is a {@link ProblemException}.
 */
final class ControlCodec {
    static final int VERSION = 1;

    /** A CIB of 5000 resources on 32 nodes is some 90 MB; one of 1000 on 16, with status, is 9. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addMixIn(NodeId.class, TextValue.class)
                    .addMixIn(VolumeId.class, TextValue.class)
                    .addMixIn(Term.class, NumberValue.class)
                    .addMixIn(Epoch.class, NumberValue.class)
                    // A newer peer may say more than this one understands.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .annotationIntrospector(new NullnessOfRecords())
                    .build();

    private static final Map<String, Class<?>> REQUESTS = concreteTypes(Request.class);
    private static final Map<String, Class<?>> ANSWERS = concreteTypes(Answer.class);

    private ControlCodec() {}

    /** The mapper with our types taught to it, for those who print messages as JSON. */
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Works out once how each message is read and written. The first message of a kind otherwise
     * takes some ten milliseconds, and during a failover many are the first of their kind.
     */
    static void learnMessages() {
        for (Map<String, Class<?>> messages : List.of(REQUESTS, ANSWERS)) {
            for (Class<?> message : messages.values()) {
                MAPPER.readerFor(message);
                MAPPER.writerFor(message);
            }
        }
    }

    static byte[] encode(ControlLine line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            switch (line) {
                case Hello(int version) -> {
                    json.writeStringField("holdfast", "control");
                    json.writeNumberField("version", version);
                }
                case Asked(long id, Request<?> request) -> writeBody(json, id, "request", request);
                case Answered(long id, Answer answer) -> writeBody(json, id, "answer", answer);
                case Progressed(long id, String text) -> {
                    json.writeNumberField("id", id);
                    json.writeStringField("progress", text);
                }
                case Refused(long id, Problem problem) -> {
                    json.writeNumberField("id", id);
                    json.writePOJOField("problem", problem);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a record of ours that is not JSON", e);
        }
        return bytes.toByteArray();
    }

    static ControlLine decode(byte[] line) {
        JsonNode json = parse(line);
        if (json.has("holdfast")) {
            return new Hello(number(json, "version").intValue());
        }
        long id = number(json, "id").longValue();
        if (json.has("request")) {
            return new Asked(id, (Request<?>) body(json, "request", REQUESTS));
        }
        if (json.has("answer")) {
            return new Answered(id, (Answer) body(json, "answer", ANSWERS));
        }
        if (json.has("progress")) {
            return new Progressed(id, json.get("progress").asText());
        }
        if (json.has("problem")) {
            return new Refused(id, convert(json.get("problem"), Problem.class, "problem"));
        }
        throw notUnderstood(
                "a line", "it has none of the fields request, answer, progress, problem");
    }

    /**
     * The id of a line that cannot be decoded as a whole, so that its sender can be told; or -1.
     */
    static long idOf(byte[] line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            return json.path("id").isIntegralNumber() ? json.get("id").longValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static void writeBody(JsonGenerator json, long id, String kind, Object body)
            throws IOException {
        json.writeNumberField("id", id);
        json.writeStringField(kind, body.getClass().getSimpleName());
        json.writePOJOField("body", body);
    }

    private static JsonNode parse(byte[] line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            if (json.isObject()) {
                return json;
            }
            throw notUnderstood("a line", "it is not a JSON object");
        } catch (IOException e) {
            throw notUnderstood("a line", firstLine(e));
        }
    }

    private static JsonNode number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw notUnderstood("a line", "its field " + field + " is not a whole number");
        }
        return value;
    }

    private static Object body(JsonNode json, String kind, Map<String, Class<?>> types) {
        String name = json.get(kind).asText();
        Class<?> type = types.get(name);
        if (type == null) {
            throw notUnderstood(
                    kind + " \"" + abbreviated(name) + "\"", "this side has no such " + kind);
        }
        return convert(json.path("body"), type, name);
    }

    private static <T> T convert(JsonNode json, Class<T> type, String name) {
        try {
            @Nullable T value = MAPPER.treeToValue(json, type);
            if (value == null) {
                throw notUnderstood(name, "it has no body");
            }
            return value;
        } catch (JsonProcessingException e) {
            // A name that is refused (NodeId, VolumeId) says so best itself.
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw notUnderstood(name, firstLine(e));
        }
    }

    private static ProblemException notUnderstood(String object, String why) {
        return new ProblemException(
                new Problem(
                        "a control message was not understood",
                        object,
                        why,
                        "use the same Holdfast version for commands and daemons on this node"));
    }

    private static String firstLine(IOException e) {
        String message =
                e instanceof JsonProcessingException json
                        ? json.getOriginalMessage()
                        : e.getMessage();
        return abbreviated(String.valueOf(message).lines().findFirst().orElse(""));
    }

    private static String abbreviated(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private static Map<String, Class<?>> concreteTypes(Class<?> root) {
        Map<String, Class<?>> types = new HashMap<>();
        collect(root, types);
        return types;
    }

    private static void collect(Class<?> type, Map<String, Class<?>> types) {
        if (type.isRecord()) {
            types.put(type.getSimpleName(), type);
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            collect(permitted, types);
        }
    }

    /** An id of base is its name. */
    private record TextValue(@JsonValue String name) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        TextValue {}
    }

    /** A number of base is a number. */
    private record NumberValue(@JsonValue long number) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        NumberValue {}
    }
}
