package io.holdfast.executor.builtin;

import io.holdfast.api.message.ChapUser;
import io.holdfast.api.message.Portal;
import io.holdfast.api.message.StorageRequest.TargetAdd;
import io.holdfast.api.message.StorageRequest.TargetRemove;
import io.holdfast.api.message.StorageRequest.TargetStatusQuery;
import io.holdfast.api.message.TargetState;
import io.holdfast.executor.Task;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentCall;
import io.holdfast.executor.agent.AgentException;
import io.holdfast.executor.agent.AgentMetadata;
import io.holdfast.executor.agent.AgentMetadata.Parameter;
import io.holdfast.executor.agent.AgentResult;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code ocf:heartbeat:SCSTTarget} and {@code ocf:heartbeat:iSCSITarget}: an iSCSI target, served
 * by {@code storaged}. What the two call differently is accepted by both.
 */
final class TargetAgent implements Agent {
    private static final AgentMetadata METADATA =
            new AgentMetadata(
                    "an iSCSI target",
                    List.of(
                            Parameter.required("iqn", "the target's name"),
                            Parameter.optional(
                                    "portals", "", "addresses it answers on; default: all"),
                            Parameter.optional("tgtoptions", "", "NAME=VALUE, blanks between"),
                            Parameter.optional(
                                    "additional_parameters", "", "the same, iSCSITarget's name"),
                            Parameter.optional("allowed_initiators", "", "who may log in"),
                            Parameter.optional("incoming_username", "", "CHAP name"),
                            Parameter.secret("incoming_password", "CHAP secret"),
                            Parameter.optional("outgoing_username", "", "the target's CHAP name"),
                            Parameter.secret("outgoing_password", "the target's CHAP secret")),
                    Map.of(
                            Task.START, Duration.ofSeconds(10),
                            Task.STOP, Duration.ofSeconds(10),
                            Task.MONITOR, Duration.ofSeconds(10)));

    private final StorageDaemon storage;

    TargetAgent(StorageDaemon storage) {
        this.storage = storage;
    }

    @Override
    public AgentMetadata metadata() {
        return METADATA;
    }

    @Override
    public AgentResult run(AgentCall call) throws InterruptedException {
        String iqn = call.required("iqn");
        return switch (call.task()) {
            case START -> {
                storage.ask(call, target(call, iqn));
                yield AgentResult.OK;
            }
            case STOP -> {
                storage.askIfRunning(call, new TargetRemove(iqn));
                yield AgentResult.OK;
            }
            case MONITOR ->
                    storage.askIfRunning(call, new TargetStatusQuery(iqn))
                            .map(TargetState::target)
                            .map(target -> AgentResult.OK)
                            .orElse(AgentResult.NOT_RUNNING);
            case VALIDATE_ALL -> {
                target(call, iqn);
                yield AgentResult.OK;
            }
            default -> Unimplemented.answer(call);
        };
    }

    private static TargetAdd target(AgentCall call, String iqn) {
        TreeMap<String, String> options = new TreeMap<>();
        options.putAll(Options.of(call, "tgtoptions"));
        options.putAll(Options.of(call, "additional_parameters"));
        Optional<ChapUser> incoming = user(call, "incoming");
        return new TargetAdd(
                iqn,
                portals(call.parameter("portals").orElse("")),
                options,
                incoming.map(List::of).orElse(List.of()),
                user(call, "outgoing").orElse(null),
                Options.words(call.parameter("allowed_initiators").orElse("")));
    }

    private static Optional<ChapUser> user(AgentCall call, String direction) {
        Optional<String> name = call.parameter(direction + "_username");
        Optional<String> secret = call.parameter(direction + "_password");
        if (name.isPresent() != secret.isPresent()) {
            throw AgentException.notConfigured(
                    direction + "_username and " + direction + "_password are only set together");
        }
        return name.map(known -> new ChapUser(known, secret.orElseThrow()));
    }

    static List<Portal> portals(String text) {
        List<Portal> portals = new ArrayList<>();
        for (String word : Options.words(text)) {
            portals.add(portal(word));
        }
        return portals;
    }

    /** {@code 10.0.0.1}, {@code 10.0.0.1:3260}, {@code fd00::1}, {@code [fd00::1]:3260}. */
    private static Portal portal(String text) {
        try {
            int colon = text.lastIndexOf(':');
            boolean bracketed = text.startsWith("[");
            boolean hasPort =
                    bracketed
                            ? text.charAt(colon - 1) == ']'
                            : text.indexOf(':') == colon && colon > 0;
            String address = hasPort ? text.substring(0, colon) : text;
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : Portal.DEFAULT_PORT;
            String bare = bracketed ? address.substring(1, address.length() - 1) : address;
            if (port >= 1 && port <= 65_535) {
                return new Portal(InetAddress.ofLiteral(bare).getHostAddress(), port);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Told below.
        }
        throw AgentException.notConfigured(
                "portal "
                        + text
                        + " is not ADDRESS or ADDRESS:PORT (IPv6 with a port: [ADDRESS]:PORT)");
    }
}
