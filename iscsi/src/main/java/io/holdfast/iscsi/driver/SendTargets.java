package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.TextKeys;
import io.holdfast.iscsi.core.login.LoginStep;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The answer to a text request, handed out in parts that the initiator can take. */
final class SendTargets {
    private final byte[] text;
    private int sent;

    private SendTargets(byte[] text) {
        this.text = text;
    }

    /**
     * Lists what RFC 7143 appendix C asks for: the targets of this portal that this initiator may
     * see, each with all its portals.
     */
    static SendTargets answer(
            IscsiTargetService service,
            TargetConnection connection,
            LoginStep.LoggedIn who,
            @Nullable ByteBuffer request) {
        List<String> pairs = new ArrayList<>();
        SequencedMap<String, String> keys =
                TextKeys.decode(request == null ? ByteBuffer.allocate(0) : request);
        keys.forEach(
                (key, value) -> {
                    if (!key.equals("SendTargets")) {
                        pairs.add(key + "=NotUnderstood");
                    } else {
                        list(service, connection, who, value, pairs);
                    }
                });
        return new SendTargets(TextKeys.encodePairs(pairs));
    }

    private static void list(
            IscsiTargetService service,
            TargetConnection connection,
            LoginStep.LoggedIn who,
            String which,
            List<String> pairs) {
        // All is for discovery sessions; a normal session asks about its own target.
        String wanted = which.isEmpty() ? who.targetName() : which;
        if (wanted.equals("All") && !who.discovery()) {
            pairs.add("SendTargets=Reject");
            return;
        }
        for (Target target : service.targetsOf(connection.portal())) {
            boolean asked = wanted.equals("All") || wanted.equals(target.config().iqn());
            InetAddress from = connection.initiator().getAddress();
            if (!asked || !target.shows(from, who.initiatorName())) {
                continue;
            }
            pairs.add("TargetName=" + target.config().iqn());
            for (InetSocketAddress portal : target.config().portals()) {
                pairs.add(
                        "TargetAddress="
                                + describe(service.boundAddress(portal), connection, target));
            }
        }
    }

    private static String describe(
            InetSocketAddress portal, TargetConnection connection, Target target) {
        // A wildcard portal is told as the address that this initiator reached.
        InetAddress address =
                portal.getAddress().isAnyLocalAddress()
                        ? connection.portal().getAddress()
                        : portal.getAddress();
        return literal(new InetSocketAddress(address, portal.getPort()))
                + ","
                + target.config().portalGroupTag();
    }

    /** As in TargetAddress: brackets around an address of IPv6. */
    static String literal(InetSocketAddress portal) {
        String text = portal.getAddress().getHostAddress();
        String host = text.contains(":") ? "[" + text + "]" : text;
        return host + ":" + portal.getPort();
    }

    byte[] nextPart(int limit) {
        int end = Math.min(text.length, sent + limit);
        byte[] part = Arrays.copyOfRange(text, sent, end);
        sent = end;
        return part;
    }

    boolean finished() {
        return sent == text.length;
    }
}
