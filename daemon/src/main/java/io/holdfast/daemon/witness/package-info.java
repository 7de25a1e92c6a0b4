/** The witness: a third vote on any machine. */
package io.holdfast.daemon.witness;
