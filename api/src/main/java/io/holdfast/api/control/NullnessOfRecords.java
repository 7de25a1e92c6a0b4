package io.holdfast.api.control;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/** Refuses a null, or a field that is missing, for a record component that is not @Nullable. */
final class NullnessOfRecords extends JacksonAnnotationIntrospector {
    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        return annotated instanceof AnnotatedParameter parameter
                        && parameter.getOwner().getMember() instanceof Constructor<?> constructor
                        && constructor.getDeclaringClass().isRecord()
                        && !isNullable(constructor, parameter.getIndex())
                ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                : super.findSetterInfo(annotated);
    }

    private static boolean isNullable(Constructor<?> constructor, int index) {
        return constructor.getAnnotatedParameterTypes()[index].isAnnotationPresent(Nullable.class);
    }
}
