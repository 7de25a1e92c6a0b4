package io.holdfast.replication.codec;

import java.util.Map;
import java.util.TreeMap;

/** What a node can give to one volume only: a device, a disk, an address and port. */
final class DrbdClaims {
    private record Claim(String owner, DrbdPlace place) {}

    private final DrbdFindings findings;
    private final Map<String, Claim> claims = new TreeMap<>();

    DrbdClaims(DrbdFindings findings) {
        this.findings = findings;
    }

    /**
     * Claims a thing of a node; a mistake if another owner has it.
     *
     * @param thing in one form, so that equal things are equal strings
     * @param owner may claim a thing again
     */
    void claim(String node, String thing, String owner, DrbdPlace place, String danger) {
        Claim before = claims.putIfAbsent(node + "\0" + thing, new Claim(owner, place));
        if (before != null && !before.owner().equals(owner)) {
            findings.mistake(
                    place,
                    thing + " of node " + node + " is given to two volumes",
                    before.owner() + " has it too (" + before.place() + "); " + danger,
                    "give " + owner + " or " + before.owner() + " another one");
        }
    }
}
