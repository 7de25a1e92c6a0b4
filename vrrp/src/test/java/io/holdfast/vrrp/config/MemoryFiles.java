package io.holdfast.vrrp.config;

import io.holdfast.vrrp.config.text.ConfigFiles;
import io.holdfast.vrrp.config.text.Preprocessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of a test. */
final class MemoryFiles implements ConfigFiles {
    static final Path MAIN = Path.of("/etc/keepalived/keepalived.conf");

    private final Map<Path, byte[]> files = new HashMap<>();
    private String configId = "node-1";
    private final Map<String, String> environment = new HashMap<>();

    static MemoryFiles of(String... lines) {
        return new MemoryFiles().with(MAIN.toString(), lines);
    }

    MemoryFiles with(String path, String... lines) {
        files.put(Path.of(path), String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return this;
    }

    MemoryFiles withBytes(byte[] bytes) {
        files.put(MAIN, bytes);
        return this;
    }

    MemoryFiles on(String id) {
        configId = id;
        return this;
    }

    MemoryFiles withVariable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    KeepalivedConf load() {
        return KeepalivedConf.load(
                this,
                MAIN,
                new Preprocessor.Context(configId, environment::get, 1, false),
                "node-1");
    }

    @Override
    public byte[] read(Path file) throws IOException {
        byte[] bytes = files.get(file.normalize());
        if (bytes == null) {
            throw new IOException("there is no such file");
        }
        return bytes;
    }

    @Override
    public List<String> list(Path directory) {
        return files.keySet().stream()
                .filter(f -> f.startsWith(directory.normalize()))
                .map(f -> directory.normalize().relativize(f).getName(0).toString())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public boolean exists(Path path) {
        return files.keySet().stream().anyMatch(f -> f.startsWith(path.normalize()));
    }
}
