package io.holdfast.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cluster of groups of five dummies, spread over the nodes in turn. Written at feature set
 * 3.16.1, with booleans for node states, so that crm_simulate 2.1.5 reads it as we do.
 *
 * @param resources how many primitives; a multiple of five
 */
record GeneratedCib(int resources, int nodes, State state) {
    private static final int GROUP_SIZE = 5;

    /** The digest of an agent without parameters. */
    private static final String NO_PARAMETERS = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

    /** The digest of a recurring operation, whose time-out counts as a parameter. */
    private static final String TIMEOUT_OF_20_SECONDS = "4811cef7f7f94e3a35a70be7916cb2fd";

    enum State {
        /** Everything runs where it should. */
        STEADY,
        /** As steady, but the first node is gone and what ran there has to move. */
        FAILED,
        /** The cluster has just been started: every resource is probed on every node. */
        UNPROBED
    }

    String size() {
        return resources + " x " + nodes;
    }

    void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(
                    """
                    <cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0"\
                     admin_epoch="0" have-quorum="1" dc-uuid="2">
                    <configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
                    <nvpair id="opt-stonith" name="stonith-enabled" value="false"/>
                    </cluster_property_set></crm_config>
                    <nodes>
                    """);
            for (int node = 1; node <= nodes; node++) {
                out.write("<node id=\"" + node + "\" uname=\"node" + node + "\"/>\n");
            }
            out.write("</nodes>\n<resources>\n");
            for (int group = 0; group < resources / GROUP_SIZE; group++) {
                writeGroup(out, group);
            }
            out.write("</resources>\n<constraints/></configuration>\n<status>\n");
            for (int node = 1; node <= nodes; node++) {
                writeNodeState(out, node);
            }
            out.write("</status></cib>\n");
        }
    }

    private static void writeGroup(BufferedWriter out, int group) throws IOException {
        out.write("<group id=\"g" + group + "\">\n");
        for (int member = 0; member < GROUP_SIZE; member++) {
            String name = "r" + (group * GROUP_SIZE + member);
            out.write(
                    "<primitive id=\""
                            + name
                            + "\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">");
            out.write(
                    "<operations><op id=\"" + name + "-mon\" name=\"monitor\" interval=\"10s\"/>");
            out.write("</operations></primitive>\n");
        }
        out.write("</group>\n");
    }

    private void writeNodeState(BufferedWriter out, int node) throws IOException {
        boolean gone = state == State.FAILED && node == 1;
        out.write("<node_state id=\"" + node + "\" uname=\"node" + node + "\"");
        out.write(
                gone
                        ? " in_ccm=\"false\" crmd=\"offline\" join=\"down\" expected=\"member\">"
                        : " in_ccm=\"true\" crmd=\"online\" join=\"member\" expected=\"member\">");
        out.write("<lrm id=\"" + node + "\"><lrm_resources>\n");
        if (state != State.UNPROBED) {
            for (int resource = 0; resource < resources; resource++) {
                writeHistory(out, resource, node);
            }
        }
        out.write("</lrm_resources></lrm></node_state>\n");
    }

    private void writeHistory(BufferedWriter out, int resource, int node) throws IOException {
        String name = "r" + resource;
        boolean runsHere = resource / GROUP_SIZE % nodes == node - 1;
        out.write(
                "<lrm_resource id=\""
                        + name
                        + "\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">");
        if (runsHere) {
            writeOperation(out, name, "start", 0, 2 * resource + 1, 0);
            writeOperation(out, name, "monitor", 10_000, 2 * resource + 2, 0);
        } else {
            writeOperation(out, name, "monitor", 0, 2 * resource + 1, 7);
        }
        out.write("</lrm_resource>\n");
    }

    private static void writeOperation(
            BufferedWriter out, String resource, String task, int interval, int call, int code)
            throws IOException {
        String key = resource + "_" + task + "_" + interval;
        String transition = call + ":1:" + code + ":11111111-2222-3333-4444-555555555555";
        out.write(
                "<lrm_rsc_op id=\""
                        + resource
                        + (interval > 0 ? "_monitor_" + interval : "_last_0")
                        + "\"");
        out.write(" operation_key=\"" + key + "\" operation=\"" + task + "\"");
        out.write(" crm-debug-origin=\"do_update_resource\" crm_feature_set=\"3.16.1\"");
        out.write(" transition-key=\"" + transition + "\"");
        out.write(" transition-magic=\"0:" + code + ";" + transition + "\"");
        out.write(" call-id=\"" + call + "\" rc-code=\"" + code + "\" op-status=\"0\"");
        out.write(
                " interval=\""
                        + interval
                        + "\" last-rc-change=\"1700000000\" exec-time=\"10\" queue-time=\"0\"");
        out.write(
                " op-digest=\""
                        + (interval > 0 ? TIMEOUT_OF_20_SECONDS : NO_PARAMETERS)
                        + "\"/>\n");
    }
}
