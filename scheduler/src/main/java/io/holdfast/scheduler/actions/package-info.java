/**
 * The making of actions: found or created by key, with the meta-attributes and needs configured.
 */
@NullMarked
package io.holdfast.scheduler.actions;

import org.jspecify.annotations.NullMarked;
