/**
 * What is wrong or unsafe in a CIB: every fault at once, each with its element, reason and remedy.
 *
 * <p>Read {@link io.holdfast.cib.Finding}, then {@link io.holdfast.cib.verify.CibVerifier} (the
 * order of the checks).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.verify;
