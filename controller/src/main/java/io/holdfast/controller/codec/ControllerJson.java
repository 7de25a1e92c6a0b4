package io.holdfast.controller.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.base.VolumeId;
import io.holdfast.cib.Cib;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.core.ControllerMessage;
import io.holdfast.controller.core.LogEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Records as JSON: ids as their bare value, sealed types with their simple class name in {@code
 * "type"}, the CIB as its XML text. Unknown properties are refused: two versions that do not agree
 * must not half-understand each other.
 */
public final class ControllerJson {
    /** A status section is one string. Messages and files are bounded where they are read. */
    private static final int LARGEST_TEXT = MessageCodec.LARGEST_JSON_BYTES;

    private static final ObjectMapper MAPPER = mapper();

    private ControllerJson() {}

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours has no JSON form: " + value, e);
        }
    }

    /** Reads what a member or the disk gave us; what is not understood is a problem. */
    public static <T> T read(byte[] json, Class<T> type, String source) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException | RuntimeException e) {
            throw new ProblemException(
                    new Problem(
                            "it is not a " + type.getSimpleName() + " of this version",
                            source,
                            String.valueOf(e.getMessage()),
                            "run the same version of Holdfast on every node"),
                    e);
        }
    }

    static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    private static ObjectMapper mapper() {
        SimpleModule ids = new SimpleModule("holdfast-ids");
        text(ids, NodeId.class, NodeId::name, NodeId::new);
        text(ids, VolumeId.class, VolumeId::name, VolumeId::new);
        text(ids, Cib.class, Cib::toXml, Cib::parse);
        number(ids, Term.class, Term::number, Term::new);
        number(ids, Epoch.class, Epoch::number, Epoch::new);
        JsonMapper.Builder builder =
                JsonMapper.builder(
                                JsonFactory.builder()
                                        .streamReadConstraints(
                                                StreamReadConstraints.builder()
                                                        .maxStringLength(LARGEST_TEXT)
                                                        .build())
                                        .build())
                        .addModule(ids)
                        .addModule(new Jdk8Module())
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        sealed(builder, ControllerMessage.class);
        sealed(builder, LogEntry.class);
        sealed(builder, Change.class);
        sealed(builder, ChangeOutcome.class);
        return builder.build();
    }

    private static void sealed(JsonMapper.Builder builder, Class<?> type) {
        builder.addMixIn(type, Typed.class);
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            builder.registerSubtypes(new NamedType(permitted, permitted.getSimpleName()));
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}

    private interface FromText<T> {
        T of(String text);
    }

    private interface ToText<T> {
        String of(T value);
    }

    private interface FromNumber<T> {
        T of(long number);
    }

    private interface ToNumber<T> {
        long of(T value);
    }

    private static <T> void text(
            SimpleModule module, Class<T> type, ToText<T> write, FromText<T> read) {
        module.addSerializer(
                type,
                new StdSerializer<>(type) {
                    @Override
                    public void serialize(T value, JsonGenerator out, SerializerProvider context)
                            throws IOException {
                        out.writeString(write.of(value));
                    }
                });
        module.addKeySerializer(
                type,
                new StdSerializer<>(type) {
                    @Override
                    public void serialize(T value, JsonGenerator out, SerializerProvider context)
                            throws IOException {
                        out.writeFieldName(write.of(value));
                    }
                });
        module.addDeserializer(
                type,
                new StdDeserializer<T>(type) {
                    @Override
                    public T deserialize(JsonParser in, DeserializationContext context)
                            throws IOException {
                        return read.of(in.getText());
                    }
                });
        module.addKeyDeserializer(
                type,
                new KeyDeserializer() {
                    @Override
                    public Object deserializeKey(String key, DeserializationContext context) {
                        return read.of(key);
                    }
                });
    }

    private static <T> void number(
            SimpleModule module, Class<T> type, ToNumber<T> write, FromNumber<T> read) {
        module.addSerializer(
                type,
                new StdSerializer<>(type) {
                    @Override
                    public void serialize(T value, JsonGenerator out, SerializerProvider context)
                            throws IOException {
                        out.writeNumber(write.of(value));
                    }
                });
        module.addDeserializer(
                type,
                new StdDeserializer<T>(type) {
                    @Override
                    public T deserialize(JsonParser in, DeserializationContext context)
                            throws IOException {
                        return read.of(in.getLongValue());
                    }
                });
    }
}
