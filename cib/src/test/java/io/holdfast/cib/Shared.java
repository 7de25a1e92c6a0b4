package io.holdfast.cib;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Files that lie beside the project on a developer's machine; tests that need them skip without.
 */
public final class Shared {
    private Shared() {}

    /**
     * A folder or file under the nearest {@code shared} folder of this or an enclosing directory.
     */
    public static Path path(String relative) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = at.resolve("shared").resolve(relative);
            if (Files.exists(found)) {
                return found;
            }
        }
        Assumptions.abort("no folder shared/" + relative + " beside the project");
        throw new AssertionError("unreachable");
    }
}
