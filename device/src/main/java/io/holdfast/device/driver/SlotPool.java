package io.holdfast.device.driver;

import io.holdfast.base.Invariant;
import io.holdfast.linux.memory.MappedMemory;

/**
 * The slots of one server. The one given back last is given out first, so that only as much memory
 * is touched as requests are in flight.
 */
final class SlotPool {
    private final MappedMemory memory;
    private final RequestSlot[] free;
    private int freeCount;

    SlotPool(FuseServer server, int count) {
        memory = MappedMemory.map(RequestSlot.BYTES * count);
        free = new RequestSlot[count];
        for (int i = 0; i < count; i++) {
            long at = RequestSlot.BYTES * i;
            free[i] = new RequestSlot(server, memory.segment().asSlice(at, RequestSlot.BYTES));
        }
        freeCount = count;
    }

    /** A slot; waits for one. */
    synchronized RequestSlot take() throws InterruptedException {
        while (freeCount == 0) {
            wait();
        }
        freeCount--;
        return free[freeCount];
    }

    synchronized void giveBack(RequestSlot slot) {
        Invariant.check(freeCount < free.length, "a slot was given back twice");
        free[freeCount] = slot;
        freeCount++;
        notifyAll();
    }

    synchronized int inUse() {
        return free.length - freeCount;
    }

    /**
     * Gives the memory back to the system, once all slots are: a disk may still be writing into one
     * otherwise, and then the memory is kept for good.
     */
    synchronized void close() {
        if (freeCount == free.length) {
            freeCount = 0;
            memory.close();
        }
    }
}
