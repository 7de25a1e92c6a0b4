package io.holdfast.iscsi.initiator;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two things an initiator starts with: which targets are there, and log in to one. */
public final class IscsiInitiator {
    private static final int MAX_REDIRECTS = 4;

    private IscsiInitiator() {}

    /**
     * Asks a portal for its targets (SendTargets=All in a discovery session).
     *
     * @throws IscsiException when the portal cannot be reached or refuses
     */
    public static List<DiscoveredTarget> discover(InetSocketAddress portal, InitiatorConfig config)
            throws IscsiException {
        List<String> pairs;
        try (InitiatorConnection connection = InitiatorConnection.open(portal, "", config)) {
            pairs = connection.sendTargets();
        } catch (RedirectedException e) {
            throw new IscsiException("discovery: " + e.getMessage(), e);
        }
        Map<String, List<String>> portalsByName = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String value = pair.substring(equals + 1);
            if (pair.startsWith("TargetName=")) {
                current = portalsByName.computeIfAbsent(value, name -> new ArrayList<>());
            } else if (pair.startsWith("TargetAddress=")) {
                current.add(value);
            }
        }
        return portalsByName.entrySet().stream()
                .map(e -> new DiscoveredTarget(e.getKey(), List.copyOf(e.getValue())))
                .toList();
    }

    /**
     * Logs in to one target. The session breaks (and says so to every outstanding command) when the
     * connection ends or a command takes longer than its time-out; it is never reopened.
     *
     * @throws IscsiException when the portal cannot be reached in time or refuses the login
     */
    public static InitiatorSession login(
            InetSocketAddress portal, String targetName, InitiatorConfig config)
            throws IscsiException {
        InetSocketAddress next = portal;
        for (int redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
            try {
                return new InitiatorSession(
                        InitiatorConnection.open(next, targetName, config), config);
            } catch (RedirectedException e) {
                next = PortalText.parse(e.portal());
            }
        }
        throw new IscsiException("the target sends us from portal to portal, last to " + next);
    }
}
