/**
 * The room's commands, without a cluster: {@link io.holdfast.iscsi.command.IscsiCommand} names them
 * all.
 */
@NullMarked
package io.holdfast.iscsi.command;

import org.jspecify.annotations.NullMarked;
