package io.holdfast.api.message;

/**
 * A LUN that is offered.
 *
 * @param backing the volume it shows
 * @param serving whether its volume is Primary here, so that I/O is answered
 */
public record LunStatus(String iqn, int lun, String backing, long sizeBytes, boolean serving) {}
