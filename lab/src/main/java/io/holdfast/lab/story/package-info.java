/**
 * The demo's story: a disk on two servers, and everything that may happen to them, seen by a client
 * that writes all the while.
 *
 * <p>Read {@link io.holdfast.lab.story.FailoverStory} first: each step is a method. {@link
 * io.holdfast.lab.story.StoryResult} is what is told afterwards.
 */
package io.holdfast.lab.story;
