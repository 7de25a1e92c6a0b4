package io.holdfast.daemon.clusterd;

import io.holdfast.api.control.ControlClient;
import io.holdfast.api.control.Progress;
import io.holdfast.api.control.RequestHandler;
import io.holdfast.api.message.Answer;
import io.holdfast.api.message.AttributeLifetime;
import io.holdfast.api.message.ClusterRequest;
import io.holdfast.api.message.ConfigurationLoaded;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.ConfigurationText;
import io.holdfast.api.message.Done;
import io.holdfast.api.message.Request;
import io.holdfast.api.message.StorageRequest;
import io.holdfast.base.Epoch;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.cib.Cib;
import io.holdfast.cib.crm.CrmConfigure;
import io.holdfast.controller.core.Change;
import io.holdfast.controller.core.ChangeOutcome;
import io.holdfast.controller.driver.Controller;
import io.holdfast.controller.driver.VolumeAuthority;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Answers what clusterd is asked on its socket. */
final class ClusterRequests implements RequestHandler {
    private static final long PATIENCE_SECONDS = 20;

    private final Controller controller;
    private final VolumeAuthority volumes;
    private final ControlClient storaged;
    private final Timeline timeline;
    private final Supplier<Answer> status;
    private final VolumeNews news;

    /** Told when storaged says that a volume changed, so that its monitor runs now. */
    interface VolumeNews {
        void volumeChanged(ClusterRequest.VolumeStateChanged change);
    }

    ClusterRequests(
            Controller controller,
            VolumeAuthority volumes,
            ControlClient storaged,
            Timeline timeline,
            Supplier<Answer> status,
            VolumeNews news) {
        this.controller = controller;
        this.volumes = volumes;
        this.storaged = storaged;
        this.timeline = timeline;
        this.status = status;
        this.news = news;
    }

    @Override
    public Answer handle(Request<?> request, Progress progress) {
        return switch (request) {
            case ClusterRequest<?> cluster -> answer(cluster);
            case StorageRequest<?> storage ->
                    throw new ProblemException(
                            new Problem(
                                    "clusterd does not know this request",
                                    storage.getClass().getSimpleName(),
                                    "it is one for storaged",
                                    "ask storaged's socket"));
        };
    }

    private Answer answer(ClusterRequest<?> request) {
        try {
            return switch (request) {
                case ClusterRequest.ClusterStatusQuery r -> status.get();
                case ClusterRequest.ConfigurationLoad r -> load(r);
                case ClusterRequest.ConfigurationShow r -> show(r.syntax());
                case ClusterRequest.CibShow r -> whole();
                case ClusterRequest.NodeStandby r -> standby(r);
                case ClusterRequest.ResourceCleanup r ->
                        done(new Change.CleanUpResource(r.resource() == null ? "" : r.resource()));
                case ClusterRequest.ResourceTargetRole r ->
                        done(
                                new Change.SetResourceMeta(
                                        r.resource(),
                                        "target-role",
                                        r.role() == null ? "" : r.role().configured()));
                case ClusterRequest.EventsQuery r -> timeline.after(r.afterSequence(), r.limit());
                case ClusterRequest.VolumeRecordOutdated r -> {
                    volumes.recordOutdated(r.volume(), r.epoch(), r.replica());
                    timeline.add(
                            "replica-outdated",
                            r.volume().name(),
                            "the replica on " + r.replica() + " is Outdated since " + r.epoch());
                    yield Done.QUIETLY;
                }
                case ClusterRequest.VolumeRecordUpToDate r -> {
                    volumes.recordUpToDate(r.volume(), r.epoch(), r.replica());
                    timeline.add(
                            "replica-uptodate",
                            r.volume().name(),
                            "the replica on " + r.replica() + " is equal again");
                    yield Done.QUIETLY;
                }
                case ClusterRequest.VolumePromoteHere r -> promoteHere(r.volume(), r.force());
                case ClusterRequest.VolumeDemoteHere r -> demoteHere(r.volume());
                case ClusterRequest.VolumeStateChanged r -> {
                    news.volumeChanged(r);
                    yield Done.QUIETLY;
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(stopping(), e);
        }
    }

    /** By hand; a cluster that manages the volume may take it back at its next transition. */
    private Answer promoteHere(VolumeId volume, boolean force) throws InterruptedException {
        Epoch epoch = force ? volumes.acquireByForce(volume) : volumes.acquire(volume);
        try {
            var _ = storaged.ask(new StorageRequest.VolumePromote(volume, epoch, force));
        } catch (ProblemException e) {
            volumes.release(volume);
            throw e;
        }
        timeline.add("promote", volume.name(), "by hand, under epoch " + epoch);
        return Done.QUIETLY;
    }

    private Answer demoteHere(VolumeId volume) {
        var _ = storaged.ask(new StorageRequest.VolumeDemote(volume));
        volumes.release(volume);
        timeline.add("demote", volume.name(), "by hand");
        return Done.QUIETLY;
    }

    private Answer load(ClusterRequest.ConfigurationLoad request) throws InterruptedException {
        String before = controller.state().cib().version().toString();
        ChangeOutcome outcome =
                outcome(
                        new Change.LoadConfiguration(
                                request.syntax().name().toLowerCase(Locale.ROOT),
                                request.mode().name().toLowerCase(Locale.ROOT),
                                request.text(),
                                request.expectedVersion()));
        return switch (outcome) {
            case ChangeOutcome.Accepted accepted ->
                    new ConfigurationLoaded(
                            true,
                            controller.state().cib().version().toString(),
                            accepted.warnings(),
                            List.of());
            case ChangeOutcome.Refused refused ->
                    new ConfigurationLoaded(false, before, List.of(), refused.problems());
        };
    }

    private Answer show(ConfigurationSyntax syntax) {
        Cib cib = controller.state().cib();
        String text =
                switch (syntax) {
                    case XML -> cib.toXml();
                    case CRM -> CrmConfigure.show(cib);
                };
        return new ConfigurationText(syntax, cib.version().toString(), text);
    }

    private Answer whole() {
        boolean quorate =
                switch (controller.phase()) {
                    case DECIDING, FOLLOWING -> true;
                    case SEPARATED, BLOCKED, FETCHING, INSTALLING, JOINING -> false;
                };
        Cib cib = controller.cib().withAttribute("have-quorum", quorate ? "1" : "0");
        return new ConfigurationText(
                ConfigurationSyntax.XML, cib.version().toString(), cib.toXml());
    }

    private Answer standby(ClusterRequest.NodeStandby request) throws InterruptedException {
        if (request.lifetime() == AttributeLifetime.REBOOT) {
            throw new ProblemException(
                    new Problem(
                            "standby until reboot is not kept yet",
                            request.node().name(),
                            "this version knows permanent standby alone",
                            "use it without a lifetime, and online afterwards"));
        }
        return done(
                new Change.SetNodeAttribute(
                        request.node(), "standby", request.standby() ? "on" : "off"));
    }

    private Done done(Change change) throws InterruptedException {
        return switch (outcome(change)) {
            case ChangeOutcome.Accepted accepted -> new Done(accepted.warnings());
            case ChangeOutcome.Refused refused ->
                    throw new ProblemException(refused.problems().getFirst());
        };
    }

    private ChangeOutcome outcome(Change change) throws InterruptedException {
        try {
            return controller.change(change).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ProblemException(noQuorum(), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change broke", e.getCause());
        }
    }

    private static Problem noQuorum() {
        return new Problem(
                "the change is not made yet",
                "configuration",
                "no quorum of votes has it on disk after "
                        + PATIENCE_SECONDS
                        + " s; it is made should quorum come back",
                "see `holdfast status` for who is missing");
    }

    private static Problem stopping() {
        return new Problem(
                "the request was not answered", "clusterd", "it is stopping", "ask another node");
    }
}
