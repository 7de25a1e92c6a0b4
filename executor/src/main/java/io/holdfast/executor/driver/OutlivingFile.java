package io.holdfast.executor.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import io.holdfast.executor.core.Outliving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The list of what goes on should this process end, for the next one to stop. It lies in the run
 * folder, which a restart of the machine empties as it ends what is listed. Parameters may be
 * secrets, so only the owner may read it.
 */
final class OutlivingFile {
    private final Path file;

    OutlivingFile(Path file) {
        this.file = file;
    }

    /**
     * Oldest first; empty when there is no file.
     *
     * @throws ProblemException when it cannot be understood; it is left alone
     */
    List<Outliving> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return XmlReader.file(file).children("resource").stream()
                    .map(OutlivingFile::resource)
                    .toList();
        } catch (RuntimeException e) {
            throw new ProblemException(
                    new Problem(
                            "what an earlier clusterd left running is not known",
                            file.toString(),
                            "the file cannot be understood: " + e.getMessage(),
                            "stop what should not run here by hand, then delete the file"),
                    e);
        }
    }

    /** Replaces the list at once; nobody sees half of one. */
    void write(List<Outliving> resources) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, XmlWriter.indented(list(resources)));
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Element list(List<Outliving> resources) {
        Element.Builder list = Element.builder("outliving");
        for (Outliving each : resources) {
            Element.Builder resource =
                    Element.builder("resource")
                            .attribute("id", each.resource())
                            .attribute("class", each.agent().standard())
                            .attribute("provider", each.agent().provider())
                            .attribute("type", each.agent().type())
                            .attribute("stop-timeout", Long.toString(each.stopTimeoutMillis()))
                            .attribute("demote-timeout", Long.toString(each.demoteTimeoutMillis()))
                            .attribute("promoted", Boolean.toString(each.promoted()));
            each.parameters()
                    .forEach(
                            (name, value) ->
                                    resource.child(
                                            Element.of("param", "name", name, "value", value)));
            list.child(resource.build());
        }
        return list.build();
    }

    private static Outliving resource(Element element) {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (Element parameter : element.children("param")) {
            parameters.put(parameter.attribute("name", ""), parameter.attribute("value", ""));
        }
        return new Outliving(
                element.id(),
                ResourceAgent.of(element),
                parameters,
                Long.parseLong(element.attribute("stop-timeout", "")),
                Long.parseLong(element.attribute("demote-timeout", "")),
                Boolean.parseBoolean(element.attribute("promoted", "")));
    }
}
