package io.holdfast.cib.xml;

/**
 * How much of a document is believed before it is refused.
 *
 * @param bytes length of the whole document
 * @param depth nesting of elements
 * @param elements elements in total
 * @param attributes attributes of one element
 */
public record XmlLimits(long bytes, int depth, int elements, int attributes) {
    /** A CIB: the largest ones known (thousands of resources on dozens of nodes) stay far below. */
    public static final XmlLimits CIB = new XmlLimits(512L << 20, 64, 10_000_000, 512);

    /** What a peer or a client may send in one message. */
    public static final XmlLimits MESSAGE = new XmlLimits(64L << 20, 64, 2_000_000, 512);
}
