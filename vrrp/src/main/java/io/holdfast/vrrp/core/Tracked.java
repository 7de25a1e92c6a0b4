package io.holdfast.vrrp.core;

/**
 * What an instance or group makes of something tracked (an interface, script, file or process).
 *
 * @param weight 0: FAULT while it is down. Positive: added to the priority while it is up;
 *     negative: taken from it while it is down. −253 to 253.
 * @param reversed up and down change places
 */
public record Tracked(String name, int weight, boolean reversed) {
    public static Tracked fatal(String name) {
        return new Tracked(name, 0, false);
    }

    public static Tracked weighted(String name, int weight) {
        return new Tracked(name, weight, false);
    }
}
