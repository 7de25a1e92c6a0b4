package io.holdfast.vrrp.core;

import java.util.OptionalInt;

/**
 * One {@code track_file}: the number in a file, times the tracker's weight, is added to the
 * priority. With weight 0 any number but 0 is a fault; so is a product below −253.
 *
 * @param initialValue written when the file is missing ({@code init_file}); empty: nothing is
 * @param overwriteInitial written even when the file is there
 */
public record FileSettings(
        String name, String path, OptionalInt initialValue, boolean overwriteInitial) {}
