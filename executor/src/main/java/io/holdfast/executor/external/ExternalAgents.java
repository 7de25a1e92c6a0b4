package io.holdfast.executor.external;

import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds agents that are programs on this node. Looked for each time: packages come and go. */
public final class ExternalAgents implements AgentRegistry {
    /** Names become parts of paths, so they may not lead anywhere else. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@:-]*");

    private final Path ocfRoot;
    private final Path initScripts;

    public ExternalAgents() {
        this(Path.of("/usr/lib/ocf"), Path.of("/etc/init.d"));
    }

    public ExternalAgents(Path ocfRoot, Path initScripts) {
        this.ocfRoot = ocfRoot;
        this.initScripts = initScripts;
    }

    @Override
    public Optional<Agent> find(ResourceAgent name) {
        if (!NAME.matcher(name.type()).matches()) {
            return Optional.empty();
        }
        return switch (name.standard()) {
            case "ocf" -> ocf(name);
            case "systemd" -> Optional.of(ServiceProgram.systemd(name.type()));
            case "lsb" -> lsb(name.type());
            case "service" -> {
                Optional<Agent> script = lsb(name.type());
                yield script.isPresent()
                        ? script
                        : Optional.of(ServiceProgram.systemd(name.type()));
            }
            default -> Optional.empty();
        };
    }

    private Optional<Agent> ocf(ResourceAgent name) {
        if (!NAME.matcher(name.provider()).matches()) {
            return Optional.empty();
        }
        Path program = ocfRoot.resolve("resource.d").resolve(name.provider()).resolve(name.type());
        return Files.isExecutable(program) && !Files.isDirectory(program)
                ? Optional.of(new OcfProgram(ocfRoot, program))
                : Optional.empty();
    }

    private Optional<Agent> lsb(String type) {
        Path script = initScripts.resolve(type);
        return Files.isExecutable(script)
                ? Optional.of(ServiceProgram.lsb(script.toString()))
                : Optional.empty();
    }
}
