/**
 * One thread that waits for many descriptors: {@link io.holdfast.linux.poll.DescriptorPoll} waits,
 * {@link io.holdfast.linux.poll.WakeUp} ends its waiting from another thread.
 */
package io.holdfast.linux.poll;
