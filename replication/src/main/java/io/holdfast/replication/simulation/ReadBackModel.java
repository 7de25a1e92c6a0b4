package io.holdfast.replication.simulation;

import io.holdfast.base.Invariant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What each sector may hold, by what its users were told. Every write of a sector has a stamp of
 * its own, growing in the order of submission.
 *
 * <p>Allowed is the last acknowledged stamp and any later one that was submitted and not yet
 * refuted: it is under way, or its user was never told how it ended. What a read returned is
 * settled: nothing older may be seen again, nor anything whose user was told it failed under an
 * older epoch. When power was lost somewhere, what was acknowledged but not flushed may be gone.
 */
final class ReadBackModel {
    private static final class Submitted {
        final long stamp;
        final long epoch;
        boolean underWay = true;

        Submitted(long stamp, long epoch) {
            this.stamp = stamp;
            this.epoch = epoch;
        }
    }

    private static final class Sector {
        long settled;
        long flushed;
        final List<Submitted> later = new ArrayList<>(2);

        /** What was settled or overwritten since; a disk that loses power may fall back to any. */
        final List<Long> sinceFlush = new ArrayList<>(2);
    }

    private final Sector[] sectors;

    ReadBackModel(int sectorCount) {
        sectors = new Sector[sectorCount];
        for (int i = 0; i < sectorCount; i++) {
            sectors[i] = new Sector();
        }
    }

    int sectorCount() {
        return sectors.length;
    }

    void submitted(int sector, long stamp, long epoch) {
        sectors[sector].later.add(new Submitted(stamp, epoch));
    }

    /** The user was told OK. */
    void acknowledged(int sector, long stamp, long epoch) {
        settle(sectors[sector], stamp, epoch);
    }

    /** The user was told something else, or will never be told. */
    void unknown(int sector, long stamp) {
        for (Submitted submitted : sectors[sector].later) {
            if (submitted.stamp == stamp) {
                submitted.underWay = false;
            }
        }
    }

    /** A user read it. */
    void read(int sector, long stamp, long epoch) {
        check(sector, stamp, "a read under epoch " + epoch);
        settle(sectors[sector], stamp, epoch);
    }

    /** Fails unless a replica that is promoted may hold that stamp. */
    void check(int sector, long stamp, String what) {
        Sector expected = sectors[sector];
        boolean allowed =
                stamp == expected.settled
                        || expected.later.stream().anyMatch(s -> s.stamp == stamp);
        Invariant.check(
                allowed,
                "%s found %d in sector %d, which should hold %d or later",
                what,
                stamp,
                sector,
                expected.settled);
    }

    /** What was settled when a flush was submitted is on stable storage now. */
    long[] settledNow() {
        long[] settled = new long[sectors.length];
        for (int i = 0; i < settled.length; i++) {
            settled[i] = sectors[i].settled;
        }
        return settled;
    }

    void flushed(long[] settledThen) {
        for (int i = 0; i < settledThen.length; i++) {
            flushed(i, settledThen[i]);
        }
    }

    void flushed(int index, long stamp) {
        Sector sector = sectors[index];
        sector.flushed = Math.max(sector.flushed, stamp);
        sector.sinceFlush.removeIf(s -> s < sector.flushed);
    }

    /** A disk lost what it had not flushed. */
    void powerLost() {
        for (Sector sector : sectors) {
            if (sector.settled > sector.flushed) {
                for (long stamp : sector.sinceFlush) {
                    Submitted mayBeGone = new Submitted(stamp, 0);
                    mayBeGone.underWay = false;
                    sector.later.add(mayBeGone);
                }
                sector.settled = sector.flushed;
            }
        }
    }

    private static void settle(Sector sector, long stamp, long epoch) {
        if (stamp < sector.settled) {
            return; // a later write of the same sector was told first
        }
        if (stamp > sector.settled) {
            sector.sinceFlush.add(stamp);
        }
        sector.settled = stamp;
        for (Iterator<Submitted> i = sector.later.iterator(); i.hasNext(); ) {
            Submitted other = i.next();
            boolean refuted = !other.underWay && other.epoch < epoch;
            if (other.stamp < stamp) {
                // Overwritten; but it may be what a flush put on stable storage.
                sector.sinceFlush.add(other.stamp);
            }
            if (other.stamp <= stamp || refuted) {
                i.remove();
            }
        }
    }
}
