/** The controller's messages and log entries as JSON, and back. */
package io.holdfast.controller.codec;
