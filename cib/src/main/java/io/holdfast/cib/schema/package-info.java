/**
 * Which elements and attributes a configuration may have, and how configurations of older schemas
 * become current ones.
 *
 * <p>Read {@link io.holdfast.cib.schema.SchemaVersion}, {@link
 * io.holdfast.cib.schema.SchemaUpgrade} (1.x and 2.x to 3.x), then {@link
 * io.holdfast.cib.schema.SchemaValidator} and the table it reads, {@code Shapes}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.schema;
