package io.holdfast.iscsi.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Who may log in to a target: addresses, networks or initiator names. */
final class InitiatorAccess {
    private final List<String> allowed;

    /** Checks the notation once, when the target is made. */
    InitiatorAccess(List<String> allowed) {
        this.allowed = allowed;
        for (String entry : allowed) {
            if (!isName(entry) && !entry.equals("ALL")) {
                network(entry);
            }
        }
    }

    boolean admits(InetAddress address, String initiatorName) {
        if (allowed.isEmpty()) {
            return true;
        }
        for (String entry : allowed) {
            boolean hit =
                    entry.equals("ALL")
                            || (isName(entry)
                                    ? entry.equals(initiatorName)
                                    : network(entry).contains(address.getAddress()));
            if (hit) {
                return true;
            }
        }
        return false;
    }

    private static boolean isName(String entry) {
        return entry.startsWith("iqn.") || entry.startsWith("eui.") || entry.startsWith("naa.");
    }

    private record Network(InetAddress network, int prefix) {
        boolean contains(byte[] other) {
            byte[] address = network.getAddress();
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Network network(String entry) {
        int slash = entry.indexOf('/');
        String literal = slash < 0 ? entry : entry.substring(0, slash);
        try {
            // Only literals: a name would ask a name server, and could then mean anybody.
            if (!literal.matches("[0-9.]+|[0-9a-fA-F:.]+")) {
                throw refused(entry, "it is neither an address nor an initiator name");
            }
            InetAddress address = InetAddress.getByName(literal);
            int full = address.getAddress().length * 8;
            int prefix = slash < 0 ? full : Integer.parseInt(entry.substring(slash + 1));
            if (prefix < 0 || prefix > full) {
                throw refused(entry, "the prefix length lies between 0 and " + full);
            }
            return new Network(address, prefix);
        } catch (UnknownHostException | NumberFormatException e) {
            throw refused(entry, "it is not of the form 192.168.0.0/16");
        }
    }

    private static ProblemException refused(String entry, String why) {
        return new ProblemException(
                new Problem(
                        "the initiator address cannot be used",
                        entry,
                        why,
                        "write an address, a network as 192.168.0.0/16, an iqn or ALL"));
    }
}
