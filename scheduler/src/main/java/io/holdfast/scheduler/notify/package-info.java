/**
 * Notifications: agents of clones are told before and after their fellows start, stop or change.
 */
@NullMarked
package io.holdfast.scheduler.notify;

import org.jspecify.annotations.NullMarked;
