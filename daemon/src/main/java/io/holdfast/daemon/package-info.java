/** Clusterd, storaged, witness. */
package io.holdfast.daemon;
