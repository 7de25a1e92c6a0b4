/**
 * An immutable XML tree, and its bytes: what the CIB, transition graphs and diffs are made of.
 *
 * <p>Everything here is plain XML and knows nothing about clusters, so that whatever a document
 * says survives reading and writing, known or not. Read {@link io.holdfast.cib.xml.Element} (the
 * tree), then {@link io.holdfast.cib.xml.XmlReader} (bytes to tree, bounded) and {@link
 * io.holdfast.cib.xml.XmlWriter} (tree to text, in the shape that cibadmin prints).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.xml;
