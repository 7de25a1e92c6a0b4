package io.holdfast.daemon.offline;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs once after a build, so that the start-up cache knows what these commands use. */
final class WarmUp {
    private static final String CIB =
            """
            <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0"
                 admin_epoch="0" have-quorum="1" dc-uuid="1">
              <configuration>
                <crm_config>
                  <cluster_property_set id="options">
                    <nvpair id="fencing" name="stonith-enabled" value="false"/>
                  </cluster_property_set>
                </crm_config>
                <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
                <resources>
                  <group id="web">
                    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2">
                      <instance_attributes id="ip-i"><nvpair id="ip-a" name="ip" value="192.0.2.1"/></instance_attributes>
                      <operations><op id="ip-m" name="monitor" interval="10s" timeout="20s"/></operations>
                    </primitive>
                    <primitive id="server" class="ocf" provider="heartbeat" type="Dummy"/>
                  </group>
                  <clone id="storage">
                    <meta_attributes id="storage-m">
                      <nvpair id="storage-p" name="promotable" value="true"/>
                      <nvpair id="storage-n" name="notify" value="true"/>
                    </meta_attributes>
                    <primitive id="volume" class="ocf" provider="pacemaker" type="Stateful"/>
                  </clone>
                </resources>
                <constraints>
                  <rsc_location id="l" rsc="web" node="n2" score="50"/>
                  <rsc_colocation id="c" rsc="web" with-rsc="storage" with-rsc-role="Master" score="INFINITY"/>
                  <rsc_order id="o" first="storage" first-action="promote" then="web" then-action="start"/>
                </constraints>
              </configuration>
              <status>
                <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>
                <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/>
              </status>
            </cib>
            """;

    private static final int LARGE = 300;

    private WarmUp() {}

    static int run(PrintStream out, PrintStream err) {
        try {
            Path folder = Files.createTempDirectory("holdfast");
            try {
                return run(folder, out, err);
            } finally {
                for (String name : List.of("cib.xml", "large.xml", "started.xml", "graph.xml")) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            err.println("holdfast: no place for temporary files: " + e.getMessage());
            return ExitCode.CANNOT_CREATE;
        }
    }

    private static int run(Path folder, PrintStream out, PrintStream err) throws IOException {
        String cib = folder.resolve("cib.xml").toString();
        String large = folder.resolve("large.xml").toString();
        String started = folder.resolve("started.xml").toString();
        String graph = folder.resolve("graph.xml").toString();
        Files.writeString(Path.of(cib), CIB);
        Files.writeString(Path.of(large), large());
        String[][] commands = {
            {"crm_simulate", "-x", large, "-S", "-O", started, "-Q"},
            {"crm_simulate", "-x", started, "-Q", "-G", graph},
            {"crm_simulate", "-x", started, "-S"},
            {"crm_simulate", "-x", cib, "-S"},
            {"crm_simulate", "-x", cib, "-S", "--node-fail", "n2", "-G", graph},
            {"crm_simulate", "-x", cib, "-sAcU", "-i", "server_monitor_10000@n1=7"},
            {"crm_verify", "-x", cib, "-VV"},
            {"explain", "resource", "web", "--cib", cib},
            {"what-if", "--node-down", "n2", "--cib", cib},
        };
        for (String[] command : commands) {
            int code = OfflineMain.run(out, err, Map.of(), command);
            if (code != ExitCode.OK) {
                return code;
            }
        }
        return ExitCode.OK;
    }

    /** The same cluster with many more resources, so that what large clusters need is known too. */
    private static String large() {
        StringBuilder resources = new StringBuilder("<resources>");
        for (int i = 0; i < LARGE; i++) {
            resources.append("<primitive id=\"p").append(i);
            resources.append("\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"><operations>");
            resources.append("<op id=\"p").append(i);
            resources.append("-m\" name=\"monitor\" interval=\"10s\"/></operations></primitive>");
        }
        return CIB.replace("<resources>", resources);
    }
}
