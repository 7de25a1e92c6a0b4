/**
 * The coordinator: takes over each term's state, decides, and has transitions done.
 *
 * <p>The design is told in {@code controller/DESIGN.md}; begin reading at {@link
 * io.holdfast.controller.core.ControllerCore}.
 */
package io.holdfast.controller;
