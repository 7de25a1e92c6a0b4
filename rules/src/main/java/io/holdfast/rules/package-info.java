/** Architecture rules. */
package io.holdfast.rules;
