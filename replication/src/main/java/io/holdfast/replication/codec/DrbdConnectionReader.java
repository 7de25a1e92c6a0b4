package io.holdfast.replication.codec;

import io.holdfast.replication.codec.DrbdConnection.End;
import io.holdfast.replication.config.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code connection} and {@code connection-mesh} sections. */
final class DrbdConnectionReader {
    private static final String HOST_EXAMPLE = "host server1 address 10.1.0.100:7788;";
    private static final List<String> KNOWN =
            List.of("host", "path", "net", "disk", "volume", "address");

    private final DrbdFindings findings;
    private final DrbdSyntax syntax;
    private final DrbdOptionReader options;
    private final DrbdAddress addresses;

    DrbdConnectionReader(DrbdFindings findings) {
        this.findings = findings;
        this.syntax = new DrbdSyntax(findings);
        this.options = new DrbdOptionReader(findings);
        this.addresses = new DrbdAddress(findings);
    }

    void connection(DrbdStatement section, DrbdResource resource) {
        if (!syntax.isSection(section, 0, 1, "connection { … }")) {
            return;
        }
        DrbdConnection connection = new DrbdConnection(section.place());
        List<End> ends = new ArrayList<>();
        for (DrbdStatement statement : section.statements()) {
            switch (statement.keyword()) {
                case "host" -> end(statement, resource, ends);
                case "path" -> path(statement, resource, connection);
                case "net" -> options.section(statement, DrbdOptions.NET, connection.settings);
                case "disk" -> options.section(statement, DrbdOptions.DISK, connection.settings);
                case "volume" -> volume(statement);
                case "address" ->
                        resource.leaveOut(
                                statement.place(),
                                "a connection names a peer by its address alone");
                default -> syntax.unknown(statement, "connection", KNOWN);
            }
        }
        if (!ends.isEmpty()) {
            addPath(section, ends, connection);
        } else if (connection.paths.isEmpty()) {
            wrongEnds(section, 0);
        }
        resource.connections.add(connection);
    }

    private void path(DrbdStatement section, DrbdResource resource, DrbdConnection connection) {
        if (!syntax.isSection(section, 0, 1, "path { host … host … }")) {
            return;
        }
        List<End> ends = new ArrayList<>();
        for (DrbdStatement statement : section.statements()) {
            if (statement.keyword().equals("host")) {
                end(statement, resource, ends);
            } else {
                syntax.unknown(statement, "path", List.of("host"));
            }
        }
        addPath(section, ends, connection);
    }

    private void addPath(DrbdStatement section, List<End> ends, DrbdConnection connection) {
        if (ends.size() == 2 && !ends.getFirst().host().equals(ends.getLast().host())) {
            connection.paths.add(ends);
        } else {
            wrongEnds(section, ends.size());
        }
    }

    private void wrongEnds(DrbdStatement section, int count) {
        findings.mistake(
                section.place(),
                "a " + section.keyword() + " does not join two nodes",
                count == 2 ? "both ends are the same node" : "it has " + count + " ends",
                "give it two \"host\" lines, such as: " + HOST_EXAMPLE);
    }

    /** {@code host NAME [address …] [port N] [via proxy …]}. */
    private void end(DrbdStatement statement, DrbdResource resource, List<End> ends) {
        List<DrbdToken> values = statement.values();
        int via = indexOf(values, "via");
        if (via >= 0) {
            resource.leaveOut(statement.place(), "it goes through DRBD Proxy");
        } else if (!syntax.isLine(statement, 1, 8, HOST_EXAMPLE)) {
            return;
        }
        if (values.isEmpty()) {
            return;
        }
        int to = via >= 0 ? via : values.size();
        Endpoint endpoint = null;
        int port = 0;
        if (to > 1 && values.get(1).isKeyword("address")) {
            endpoint = addresses.read(statement, 2, to);
        } else if (to > 1) {
            port =
                    to == 3 && values.get(1).isKeyword("port")
                            ? DrbdAddress.port(values.get(2).text())
                            : -1;
            if (port < 0) {
                findings.mistake(
                        statement.place(),
                        "what follows the host is not understood",
                        "after a name stands nothing, \"address\" and an address with its port, or"
                                + " \"port\" and 1 to 65535",
                        "write for example: " + HOST_EXAMPLE);
                port = 0;
            }
        }
        ends.add(new End(statement.value(0), endpoint, port, statement.place()));
    }

    /** {@code volume N { disk { … } }}: the pace of resync over this connection. */
    private void volume(DrbdStatement section) {
        if (!syntax.isSection(section, 1, 1, "volume 0 { disk { … } }")) {
            return;
        }
        for (DrbdStatement statement : section.statements()) {
            if (statement.keyword().equals("disk")) {
                findings.warning(
                        statement.place(),
                        "settings of one volume on one connection have no effect",
                        "a volume has the same settings towards all its peers",
                        "set them in the volume's own disk section");
                options.section(statement, DrbdOptions.DISK, new DrbdSettings());
            } else {
                syntax.unknown(statement, "volume of a connection", List.of("disk"));
            }
        }
    }

    void mesh(DrbdStatement section, DrbdResource resource) {
        if (!syntax.isSection(section, 0, 0, "connection-mesh { hosts server1 server2; }")) {
            return;
        }
        for (DrbdStatement statement : section.statements()) {
            switch (statement.keyword()) {
                case "hosts" -> {
                    if (syntax.isLine(statement, 2, 64, "hosts server1 server2;")) {
                        statement
                                .values()
                                .forEach(
                                        v ->
                                                resource.mesh.add(
                                                        new DrbdSaid<>(v.text(), v.place())));
                    }
                }
                case "net" -> options.section(statement, DrbdOptions.NET, resource.meshSettings);
                default -> syntax.unknown(statement, "connection-mesh", List.of("hosts", "net"));
            }
        }
    }

    private static int indexOf(List<DrbdToken> words, String keyword) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).isKeyword(keyword)) {
                return i;
            }
        }
        return -1;
    }
}
