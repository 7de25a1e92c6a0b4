package io.holdfast.replication.codec;

import io.holdfast.replication.config.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code resource}, {@code common} and {@code on} sections. */
final class DrbdResourceReader {
    private static final int MAX_NODE_ID = 31;
    private static final List<String> KNOWN_IN_RESOURCE =
            List.of(
                    "protocol",
                    "on",
                    "floating",
                    "stacked-on-top-of",
                    "net",
                    "disk",
                    "options",
                    "startup",
                    "handlers",
                    "syncer",
                    "proxy",
                    "device",
                    "meta-disk",
                    "flexible-meta-disk",
                    "volume",
                    "connection",
                    "connection-mesh",
                    "template-file",
                    "ignore-on",
                    "skip");
    private static final List<String> KNOWN_IN_ON =
            List.of(
                    "address",
                    "device",
                    "disk",
                    "meta-disk",
                    "flexible-meta-disk",
                    "node-id",
                    "options",
                    "proxy",
                    "volume");
    private static final List<String> KNOWN_IN_COMMON =
            List.of("protocol", "net", "disk", "options", "startup", "handlers", "syncer", "proxy");

    private static final Map<String, Map<String, DrbdOption>> OPTION_SECTIONS =
            new TreeMap<>(
                    Map.of(
                            "net", DrbdOptions.NET,
                            "disk", DrbdOptions.DISK,
                            "options", DrbdOptions.RESOURCE,
                            "startup", DrbdOptions.STARTUP,
                            "handlers", DrbdOptions.HANDLERS,
                            "syncer", DrbdOptions.SYNCER));

    private final DrbdFindings findings;
    private final DrbdSyntax syntax;
    private final DrbdOptionReader options;
    private final DrbdVolumeReader volumes;
    private final DrbdConnectionReader connections;
    private final DrbdAddress addresses;

    DrbdResourceReader(DrbdFindings findings) {
        this.findings = findings;
        this.syntax = new DrbdSyntax(findings);
        this.options = new DrbdOptionReader(findings);
        this.volumes = new DrbdVolumeReader(findings);
        this.connections = new DrbdConnectionReader(findings);
        this.addresses = new DrbdAddress(findings);
    }

    void common(DrbdStatement section, DrbdSettings settings) {
        if (!syntax.isSection(section, 0, 0, "common { … }")) {
            return;
        }
        for (DrbdStatement statement : section.statements()) {
            if (!optionSection(statement, "common", settings)) {
                syntax.unknown(statement, "common", KNOWN_IN_COMMON);
            }
        }
    }

    DrbdResource resource(DrbdStatement section) {
        DrbdResource resource = new DrbdResource(section.value(0), section.place());
        for (DrbdStatement statement : section.statements()) {
            inResource(statement, resource);
        }
        return resource;
    }

    private void inResource(DrbdStatement statement, DrbdResource resource) {
        switch (statement.keyword()) {
            case "on" -> on(statement, resource);
            case "floating" ->
                    resource.leaveOut(statement.place(), "a \"floating\" section names no node");
            case "stacked-on-top-of" ->
                    resource.leaveOut(
                            statement.place(), "it is stacked on top of another resource");
            case "volume" -> volumes.explicit(statement, resource.volumes);
            case "device", "meta-disk", "flexible-meta-disk" ->
                    volumes.implicit(statement, resource.volumes);
            case "connection" -> connections.connection(statement, resource);
            case "connection-mesh" -> connections.mesh(statement, resource);
            case "template-file" ->
                    findings.warning(
                            statement.place(),
                            "the template file is not read",
                            "templates are not supported, and its options do not apply",
                            "write its options into this resource or into common");
            case "ignore-on" ->
                    findings.warning(
                            statement.place(),
                            "\"ignore-on\" has no effect",
                            "a node without an \"on\" section has no replica",
                            "remove the line");
            default -> {
                if (statement.keyword().equals("disk") && statement.block() == null) {
                    volumes.implicit(statement, resource.volumes);
                } else if (!optionSection(statement, "resource", resource.settings)) {
                    syntax.unknown(statement, "resource", KNOWN_IN_RESOURCE);
                }
            }
        }
    }

    /** Whether it was {@code protocol} or a section of options. */
    private boolean optionSection(DrbdStatement statement, String section, DrbdSettings settings) {
        Map<String, DrbdOption> known = OPTION_SECTIONS.get(statement.keyword());
        if (known != null) {
            options.section(statement, known, settings);
            return true;
        }
        return switch (statement.keyword()) {
            case DrbdOptions.PROTOCOL -> {
                options.option(statement, section, DrbdOptions.NET, settings);
                yield true;
            }
            case "proxy" -> {
                findings.warning(
                        statement.place(),
                        "\"proxy\" has no effect",
                        "peers connect directly",
                        "remove the section");
                yield true;
            }
            default -> false;
        };
    }

    private void on(DrbdStatement section, DrbdResource resource) {
        if (!syntax.isSection(section, 1, 64, "on server1 { … }")) {
            return;
        }
        if (section.values().size() > 1) {
            resource.leaveOut(
                    section.place(), "an \"on\" section shares one replica between several nodes");
            return;
        }
        DrbdHost host = new DrbdHost(section.value(0), section.place());
        for (DrbdStatement statement : section.statements()) {
            inOn(statement, resource, host);
        }
        for (DrbdHost other : resource.hosts) {
            if (other.name.equals(host.name)) {
                findings.mistake(
                        host.place,
                        "node " + host.name + " has two \"on\" sections",
                        "the other is at " + other.place + ", and a node has one replica",
                        "keep one, or correct the name");
                return;
            }
            tellIfSameNodeId(host, other);
        }
        resource.hosts.add(host);
    }

    private void inOn(DrbdStatement statement, DrbdResource resource, DrbdHost host) {
        switch (statement.keyword()) {
            case "address" -> address(statement, host);
            case "volume" -> volumes.explicit(statement, host.volumes);
            case "device", "disk", "meta-disk", "flexible-meta-disk" ->
                    volumes.implicit(statement, host.volumes);
            case "node-id" -> nodeId(statement, host);
            case "options" -> options.section(statement, DrbdOptions.RESOURCE, host.settings);
            case "proxy" -> resource.leaveOut(statement.place(), "it goes through DRBD Proxy");
            default -> syntax.unknown(statement, "on", KNOWN_IN_ON);
        }
    }

    private void address(DrbdStatement statement, DrbdHost host) {
        if (!syntax.isLine(statement, 1, 8, "address 10.1.0.100:7788;")) {
            return;
        }
        if (host.address != null) {
            findings.mistake(
                    statement.place(),
                    "node " + host.name + " has two addresses",
                    "the other is at " + host.address.place(),
                    "keep one; several paths go into \"path\" sections of a \"connection\"");
            return;
        }
        Endpoint endpoint = addresses.read(statement, 0, statement.values().size());
        if (endpoint == null) {
            host.addressRefused = true;
        } else {
            host.address = new DrbdSaid<>(endpoint, statement.place());
        }
    }

    /** Peers know each other by name here; a number given twice is a mistake all the same. */
    private void nodeId(DrbdStatement statement, DrbdHost host) {
        if (!syntax.isLine(statement, 1, 1, "node-id 0;")) {
            return;
        }
        int id = DrbdVolumeReader.number(statement.value(0), MAX_NODE_ID);
        if (id < 0) {
            findings.mistake(
                    statement.place(),
                    "\"" + statement.value(0) + "\" is no node-id",
                    "they are 0 to " + MAX_NODE_ID,
                    "number the nodes from 0");
            return;
        }
        host.nodeId = new DrbdSaid<>(id, statement.place());
    }

    private void tellIfSameNodeId(DrbdHost host, DrbdHost other) {
        if (host.nodeId != null
                && other.nodeId != null
                && host.nodeId.value().equals(other.nodeId.value())) {
            findings.mistake(
                    host.nodeId.place(),
                    "node-id " + host.nodeId.value() + " is used twice in one resource",
                    "node " + other.name + " has it at " + other.nodeId.place(),
                    "give each node its own");
        }
    }
}
