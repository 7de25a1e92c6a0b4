/** What to do next. */
package io.holdfast.scheduler;
