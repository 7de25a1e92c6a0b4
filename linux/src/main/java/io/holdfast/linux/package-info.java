/** Native calls. */
package io.holdfast.linux;
