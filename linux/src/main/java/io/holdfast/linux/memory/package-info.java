/** Memory that is mapped, not allocated: {@link io.holdfast.linux.memory.MappedMemory}. */
@org.jspecify.annotations.NullMarked
package io.holdfast.linux.memory;
