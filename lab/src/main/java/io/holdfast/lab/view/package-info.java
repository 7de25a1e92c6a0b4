/**
 * What a person sees of the story: on a terminal a live, coloured picture of the cluster above the
 * steps; otherwise a line for each thing that happens; at the end a table.
 *
 * <p>{@link io.holdfast.lab.view.StoryView} chooses; {@link io.holdfast.lab.view.ClusterWatch}
 * looks at the cluster, {@link io.holdfast.lab.view.PictureText} turns what it sees into lines,
 * {@link io.holdfast.lab.view.LiveRegion} puts them on the screen.
 */
package io.holdfast.lab.view;
