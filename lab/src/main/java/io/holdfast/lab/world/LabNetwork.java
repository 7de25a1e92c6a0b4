package io.holdfast.lab.world;

/**
 * A network: a bridge in the lab's switch room.
 *
 * @param name for people: {@code replication}, {@code service}
 * @param number counted from 0; part of the Ethernet addresses
 * @param bridge its name in the switch room
 */
public record LabNetwork(String name, int number, String bridge) {
    @Override
    public String toString() {
        return name;
    }
}
