/**
 * Login of RFC 7143 chapter 6 as a pure state machine: text keys in, text keys out, no socket and
 * no clock.
 *
 * <p>Read {@link io.holdfast.iscsi.core.login.TargetLogin} first (the stages), then {@link
 * io.holdfast.iscsi.core.login.OperationalKeys} (how each key is settled) and {@link
 * io.holdfast.iscsi.core.login.Chap} (who proves what to whom).
 */
package io.holdfast.iscsi.core.login;
