package io.holdfast.replication.driver;

import io.holdfast.replication.config.Endpoint;
import io.holdfast.replication.config.MetaDisk;
import io.holdfast.replication.config.ReplicaConfig;
import io.holdfast.replication.config.VolumeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A volume's configuration in drbd.conf's language, with every default written out. */
final class ConfigurationText {
    private ConfigurationText() {}

    static List<String> of(VolumeConfig volume) {
        List<String> lines = new ArrayList<>();
        lines.add("resource " + volume.id() + " {");
        for (ReplicaConfig replica : volume.replicas()) {
            lines.add("    on " + replica.node() + " {");
            lines.add("        device    " + volume.device() + ";");
            lines.add("        disk      " + replica.disk() + ";");
            lines.add(
                    "        meta-disk "
                            + switch (replica.metaDisk()) {
                                case MetaDisk.Internal _ -> "internal";
                                case MetaDisk.External(Path path) -> path.toString();
                            }
                            + ";");
            List<Endpoint> endpoints = replica.endpoints();
            for (int i = 0; i < endpoints.size(); i++) {
                lines.add(
                        (i == 0 ? "        address   " : "        # also at  ")
                                + endpoints.get(i)
                                + ";");
            }
            lines.add("    }");
        }
        lines.add("    net {");
        lines.add("        protocol      " + volume.net().protocol() + ";");
        // Asked every pingIntervalMillis; what is obeyed is how long a peer may be silent.
        lines.add("        # a peer may be silent for " + volume.net().pingTimeoutMillis() + " ms");
        lines.add("        after-sb-0pri " + name(volume.net().afterSplitBrain().withoutPrimary()));
        lines.add("        after-sb-1pri " + name(volume.net().afterSplitBrain().withOnePrimary()));
        lines.add("        after-sb-2pri disconnect;");
        if (volume.net().checksumResync()) {
            lines.add("        csums-alg     sha256;");
        }
        lines.add("    }");
        lines.add("    disk {");
        lines.add("        al-extents    " + volume.disk().activityLogExtents() + ";");
        lines.add("        c-min-rate    " + volume.disk().resyncMinBytesPerSecond() / 1024 + "k;");
        lines.add("    }");
        if (!volume.handlers().isEmpty()) {
            lines.add("    handlers {");
            volume.handlers()
                    .forEach(
                            (name, command) ->
                                    lines.add("        " + name + " \"" + command + "\";"));
            lines.add("    }");
        }
        lines.add("}");
        return lines;
    }

    private static String name(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-') + ";";
    }
}
