/** Commands. */
package io.holdfast.cli;
