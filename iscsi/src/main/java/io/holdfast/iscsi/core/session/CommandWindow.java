package io.holdfast.iscsi.core.session;

import io.holdfast.base.Invariant;

/**
 * The target's CmdSN window, RFC 7143 4.2.2.1. Single owner, mutable, pure.
 *
 * <pre>
 * CmdSN of a request      arrival
 * = ExpCmdSN, <= MaxCmdSN NEXT     execute; ExpCmdSN moves on
 * in (ExpCmdSN, MaxCmdSN] EARLY    keep until the gap closes
 * elsewhere               OUTSIDE  ignore in silence
 * </pre>
 *
 * The window closes by one for each command that is executing and opens when it has finished, so a
 * session never has more than {@code depth} commands open. MaxCmdSN never moves back.
 */
public final class CommandWindow {
    /** What to do with a request that carries this CmdSN. */
    public enum Arrival {
        NEXT,
        EARLY,
        OUTSIDE
    }

    private final int depth;
    private int expected;
    private int highest;
    private int executing;

    /**
     * @param depth how many commands may be open
     * @param firstCmdSn the first CmdSN of full feature phase
     */
    public CommandWindow(int depth, int firstCmdSn) {
        this.depth = depth;
        this.expected = firstCmdSn;
        this.highest = firstCmdSn + depth - 1;
    }

    public Arrival classify(int cmdSn) {
        if (SerialNumbers.before(cmdSn, expected) || SerialNumbers.after(cmdSn, highest)) {
            return Arrival.OUTSIDE;
        }
        return cmdSn == expected ? Arrival.NEXT : Arrival.EARLY;
    }

    /** The command with ExpCmdSN begins; {@link #finished} is due later. */
    public void begun() {
        expected++;
        executing++;
    }

    /** A command that had {@link #begun} was answered or aborted. */
    public void finished() {
        executing--;
        Invariant.check(executing >= 0, "a command finished twice");
    }

    public int expectedCmdSn() {
        return expected;
    }

    /** MaxCmdSN to tell now. */
    public int maxCmdSn() {
        int open = expected + depth - executing - 1;
        if (SerialNumbers.after(open, highest)) {
            highest = open;
        }
        return highest;
    }
}
