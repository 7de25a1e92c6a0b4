/**
 * What the cluster should be and is: configuration and status as Pacemaker's CIB.
 *
 * <p>Read {@link io.holdfast.cib.xml.Element} (the tree everything is held in), then {@link
 * io.holdfast.cib.Cib} (its sections and version). Pure: no clock, no thread; files are read only
 * by {@link io.holdfast.cib.xml.XmlReader#file}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib;
