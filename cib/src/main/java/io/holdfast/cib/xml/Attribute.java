package io.holdfast.cib.xml;

/** One attribute of an {@link Element}, its value as the parser normalised it. */
public record Attribute(String name, String value) {}
