/** Typed messages. */
package io.holdfast.api;
