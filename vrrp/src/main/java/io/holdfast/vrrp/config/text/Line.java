package io.holdfast.vrrp.config.text;

/** One logical line: cleaned, expanded, never empty. */
public record Line(String text, Place place) {}
