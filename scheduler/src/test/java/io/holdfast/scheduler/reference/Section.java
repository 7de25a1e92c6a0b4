package io.holdfast.scheduler.reference;

/** What is compared of a case. */
enum Section {
    GRAPH("transition graph"),
    SCORES("scores"),
    TRANSITION("Transition Summary"),
    REVISED("Revised Cluster Status"),
    SUMMARY("whole summary");

    private final String title;

    Section(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
