package io.holdfast.lab.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code {"checks":[{"id":"S4.5","result":"pass|fail|skipped","detail":…}]}}. */
public record CheckReport(List<CheckResult> checks) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public CheckReport {
        checks = List.copyOf(checks);
    }

    public void write(Path file) {
        writeJson(file, this);
    }

    /** Writes a record as JSON. */
    public static void writeJson(Path file, Object value) {
        try {
            Files.writeString(file, JSON.writeValueAsString(value) + "\n");
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "the results cannot be written",
                            file.toString(),
                            String.valueOf(e.getMessage()),
                            "name a file in a folder that is there and writable"),
                    e);
        }
    }
}
