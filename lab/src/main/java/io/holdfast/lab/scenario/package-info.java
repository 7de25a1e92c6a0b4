/**
 * The scenarios that `holdfast lab run` knows, by name: {@link io.holdfast.lab.scenario.Scenarios}.
 */
package io.holdfast.lab.scenario;
