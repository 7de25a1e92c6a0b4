package io.holdfast.iscsi.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Which byte ranges of a unit are being worked on. Plain reads and writes share (SCSI orders
 * nothing among them); a compare-and-write and its like have their range alone.
 */
final class RangeLocks {
    /** Somebody who needs a range. */
    abstract static class Holder {
        long rangeStart;
        long rangeEnd;
        boolean exclusive;
        private int index;

        /** The range is held now; called once, without any lock. */
        abstract void granted();
    }

    private final List<Holder> active = new ArrayList<>();
    private final ArrayDeque<Holder> waiting = new ArrayDeque<>();
    private int exclusives;

    /** Grants at once or when those before have let go. */
    void acquire(Holder holder) {
        synchronized (this) {
            if (mustWait(holder)) {
                waiting.add(holder);
                return;
            }
            activate(holder);
        }
        holder.granted();
    }

    void release(Holder holder) {
        List<Holder> next = List.of();
        synchronized (this) {
            deactivate(holder);
            if (!waiting.isEmpty()) {
                next = grantable();
            }
        }
        for (Holder granted : next) {
            granted.granted();
        }
    }

    private boolean mustWait(Holder holder) {
        if (!holder.exclusive && exclusives == 0 && waiting.isEmpty()) {
            return false;
        }
        return clashes(holder, active) || clashes(holder, waiting);
    }

    private List<Holder> grantable() {
        List<Holder> granted = new ArrayList<>();
        List<Holder> stillBefore = new ArrayList<>();
        for (Iterator<Holder> i = waiting.iterator(); i.hasNext(); ) {
            Holder holder = i.next();
            if (clashes(holder, active) || clashes(holder, stillBefore)) {
                stillBefore.add(holder);
            } else {
                i.remove();
                activate(holder);
                granted.add(holder);
            }
        }
        return granted;
    }

    private static boolean clashes(Holder holder, Iterable<Holder> others) {
        for (Holder other : others) {
            if ((holder.exclusive || other.exclusive)
                    && holder.rangeStart < other.rangeEnd
                    && other.rangeStart < holder.rangeEnd) {
                return true;
            }
        }
        return false;
    }

    private void activate(Holder holder) {
        holder.index = active.size();
        active.add(holder);
        exclusives += holder.exclusive ? 1 : 0;
    }

    private void deactivate(Holder holder) {
        int end = active.size() - 1;
        Holder last = active.remove(end);
        if (holder.index != end) {
            active.set(holder.index, last);
            last.index = holder.index;
        }
        exclusives -= holder.exclusive ? 1 : 0;
    }
}
