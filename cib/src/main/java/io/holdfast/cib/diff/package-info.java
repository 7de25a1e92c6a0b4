/**
 * Differences between CIBs as patch sets (Pacemaker's format 2).
 *
 * <p>Read {@link io.holdfast.cib.diff.CibPatch} (make, apply), then {@code PatchMaker} and {@code
 * PatchApplier}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.diff;
