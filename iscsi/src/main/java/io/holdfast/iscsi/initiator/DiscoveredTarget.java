package io.holdfast.iscsi.initiator;

import java.util.List;

/**
 * One target of a SendTargets answer.
 *
 * @param portals as {@code address:port,portal-group-tag}
 */
public record DiscoveredTarget(String targetName, List<String> portals) {}
