/**
 * The controller in the world: its thread, its files, its messages.
 *
 * <p>Start at {@link io.holdfast.controller.driver.Controller}; {@link
 * io.holdfast.controller.driver.StateStore} is what survives a restart.
 */
package io.holdfast.controller.driver;
