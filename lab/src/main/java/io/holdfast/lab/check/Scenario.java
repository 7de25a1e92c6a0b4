package io.holdfast.lab.check;

import java.util.function.Consumer;

/** A story with numbered checks that `holdfast lab run NAME` plays. */
public interface Scenario {
    String name();

    /** One line for `lab list`. */
    String description();

    /**
     * Builds what it needs, runs its checks, and takes everything down again.
     *
     * @param keep hands over what it built to a holder instead
     * @param told what is being done, for people
     */
    void run(Checks checks, boolean keep, Consumer<String> told) throws InterruptedException;
}
