/** Doing it on a node. */
package io.holdfast.executor;
