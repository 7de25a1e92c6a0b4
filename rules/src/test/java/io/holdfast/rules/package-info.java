/** Rules that hold over all rooms: who sees whom, and what a core may not touch. */
package io.holdfast.rules;
