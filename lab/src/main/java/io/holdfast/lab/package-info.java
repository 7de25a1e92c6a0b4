/** Whole clusters on one machine. */
package io.holdfast.lab;
