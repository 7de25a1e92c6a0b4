/** Sequence numbers of a session; start at {@link io.holdfast.iscsi.core.session.CommandWindow}. */
package io.holdfast.iscsi.core.session;
