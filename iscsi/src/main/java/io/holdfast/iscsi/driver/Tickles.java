package io.holdfast.iscsi.driver;

import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import io.holdfast.linux.net.TcpTickle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the initiators of the node that served before that their connections are gone, so that they
 * log in at once. Only from portals that are ours now: nobody else's connections are touched.
 */
final class Tickles {
    private static final Logger LOG = LoggerFactory.getLogger(Tickles.class);

    private Tickles() {}

    /** Sends one round; says how many were told. Lost ones find out by themselves, later. */
    static int send(List<ConnectionEnds> connections, Predicate<InetSocketAddress> isOurPortal) {
        int told = 0;
        for (ConnectionEnds each : connections) {
            try {
                InetSocketAddress portal = end(each.portalAddress(), each.portalPort());
                if (isOurPortal.test(portal)) {
                    try (TcpTickle tickle = TcpTickle.open(portal.getAddress())) {
                        tickle.send(portal, end(each.clientAddress(), each.clientPort()));
                        told++;
                    }
                }
            } catch (ProblemException | IllegalArgumentException e) {
                LOG.info("initiator {} finds out by itself: {}", each, e.toString());
            }
        }
        return told;
    }

    private static InetSocketAddress end(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
