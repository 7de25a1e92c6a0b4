/**
 * Machines and networks made of namespaces: hosts with a name, a directory and a power button,
 * joined by networks whose cables can be pulled. Knows nothing of Holdfast's daemons.
 *
 * <p>Read {@link io.holdfast.lab.world.Lab} (what holds it all, and how it vanishes), then {@link
 * io.holdfast.lab.world.LabHost} and {@link io.holdfast.lab.world.LabNetwork}.
 */
package io.holdfast.lab.world;
