/**
 * From statements to settings: one class for each kind of block, each a table of keywords ({@link
 * io.holdfast.vrrp.config.section.Section}) whose values are read by type ({@link
 * io.holdfast.vrrp.config.section.Setting}). Begin at {@link
 * io.holdfast.vrrp.config.section.ConfigurationReader}, which walks the file.
 *
 * <p>Blocks may refer to what stands after them, so each is read first and settled at the end.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.vrrp.config.section;
