package io.holdfast.vrrp.config.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the parser may ask of a disk; tests have one in memory. */
public interface ConfigFiles {
    /** The largest file that is read; a configuration of 65,000 instances has a tenth of it. */
    int LARGEST_BYTES = 16 << 20;

    /**
     * The bytes of a file.
     *
     * @throws IOException that says why not, also when it is larger than {@link #LARGEST_BYTES}
     */
    byte[] read(Path file) throws IOException;

    /** The names in a directory, sorted; none when it cannot be read. */
    List<String> list(Path directory);

    /** Whether there is a file or directory of this name. */
    boolean exists(Path path);
}
