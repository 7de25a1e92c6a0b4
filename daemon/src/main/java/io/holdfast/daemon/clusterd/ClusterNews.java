package io.holdfast.daemon.clusterd;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.Term;
import io.holdfast.controller.core.ClusterState;
import io.holdfast.controller.driver.Controller;
import io.holdfast.controller.driver.ControllerListener;
import io.holdfast.controller.driver.LeaseKeeper;
import io.holdfast.membership.ClusterView;
import io.holdfast.membership.LinkStatus;
import io.holdfast.membership.MembershipListener;
import io.holdfast.membership.core.Electorate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What membership and the controller tell, handed on to whom it concerns. */
final class ClusterNews implements MembershipListener, ControllerListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNews.class);
    private static final int BUG = 70;

    private final LeaseKeeper leases;
    private final Supplier<Controller> controller;
    private final ControlClient storaged;
    private final Timeline timeline;

    /** One view after the other: storaged must end with the latest. */
    private final ExecutorService toStoraged =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("members-changed").factory());

    /** What storaged is to be told; null when it has been. */
    private final AtomicReference<@Nullable ClusterView> latestView = new AtomicReference<>();

    private final Warnings warnings;

    ClusterNews(
            LeaseKeeper leases,
            Supplier<Controller> controller,
            ControlClient storaged,
            Timeline timeline,
            Warnings warnings) {
        this.leases = leases;
        this.controller = controller;
        this.storaged = storaged;
        this.timeline = timeline;
        this.warnings = warnings;
    }

    // --- from membership
    // -----------------------------------------------------------------------------

    @Override
    public void viewChanged(ClusterView view) {
        controller.get().viewChanged(view);
        if (latestView.getAndSet(view) == null) {
            toStoraged.execute(this::tellStoraged);
        }
    }

    /** The latest alone: views that changed again before they were told concern nobody. */
    private void tellStoraged() {
        ClusterView view = latestView.getAndSet(null);
        if (view == null) {
            return;
        }
        try {
            storaged.ask(
                    new StorageRequest.MembersChanged(
                            view.term(), view.quorate(), List.copyOf(view.members())));
        } catch (ProblemException e) {
            // Its own time-outs will notice; and a storaged that starts has no connections yet.
            LOG.info("storaged was not told of {}: {}", view.members(), e.getMessage());
        }
    }

    @Override
    public void messageReceived(NodeId from, byte[] payload) {
        try {
            controller.get().messageReceived(from, payload);
        } catch (ProblemException e) {
            warned(e.problem());
        }
    }

    @Override
    public void leaseExtended(Term term, long untilNanos) {
        leases.leaseExtended(term, untilNanos);
    }

    @Override
    public void linkChanged(LinkStatus link) {
        timeline.add(
                "link",
                "ring " + link.ring() + " to " + link.peer(),
                link.address() + (link.up() ? " is up" : " is down"));
        if (!link.peer().equals(Electorate.WITNESS)) {
            toStoraged.execute(() -> tellStoraged(link));
        }
    }

    private void tellStoraged(LinkStatus link) {
        String address = link.address().substring(0, link.address().lastIndexOf(':'));
        try {
            storaged.ask(new StorageRequest.LinkChanged(link.peer(), address, link.up()));
        } catch (ProblemException e) {
            // Its own time-outs will notice, only later.
            LOG.debug("storaged was not told of {}: {}", link, e.getMessage());
        }
    }

    @Override
    public void problemFound(Problem problem) {
        warned(problem);
    }

    @Override
    public void votingStopped(Problem problem) {
        failed(new ProblemException(problem));
    }

    // --- from the controller
    // -------------------------------------------------------------------------

    @Override
    public void recordsChanged(ClusterState state) {
        leases.recordsChanged(state);
    }

    @Override
    public void stateApplied(Term term) {
        leases.stateApplied(term);
        warnings.clearBlocked();
    }

    @Override
    public void told(String kind, String object, String text) {
        timeline.add(kind, object, text);
    }

    @Override
    public void warned(Problem problem) {
        timeline.add("warning", problem.object(), problem.message());
        warnings.add(problem);
    }

    /** Going on could do harm; without this process the lease runs out and others take over. */
    @Override
    public void failed(Throwable cause) {
        LOG.error("clusterd cannot go on and ends; its lease runs out", cause);
        Runtime.getRuntime().halt(BUG);
    }
}
