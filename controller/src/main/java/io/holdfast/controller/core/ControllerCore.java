package io.holdfast.controller.core;

import io.holdfast.base.InvariantViolation;
import io.holdfast.base.LogPosition;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.Term;
import io.holdfast.cib.Cib;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.membership.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The controller of one node: takes over each term's state, and on the coordinator decides and has
 * it done. Single owner, no clock, no thread: events in, effects out.
 *
 * <pre>
 * phase       who          waits for                                then
 * ----------  -----------  ---------------------------------------  ---------------------
 * SEPARATED   anyone       a quorate view                           FETCHING | INSTALLING | JOINING
 * BLOCKED     coordinator  a member that has the newest log         (next view)
 * FETCHING    coordinator  StateSent of the member with the newest  SURRENDERING | INSTALLING
 * INSTALLING  coordinator  the term's first entry committed, and    DECIDING
 *                          every member's report
 * DECIDING    coordinator  changes, results, attributes             (next view)
 * JOINING     member       StateInstalled                           FOLLOWING
 * FOLLOWING   member       entries, orders                          (next view)
 * </pre>
 *
 * A node that was left out of the term before gives up what it runs (Surrender) before it applies
 * the state and reports. Every new view starts again from the top; messages of other terms are
 * dropped, those of a term this node has not heard of yet are kept until it has.
 */
public final class ControllerCore {
    /** See the table above. */
    public enum Phase {
        SEPARATED,
        BLOCKED,
        FETCHING,
        INSTALLING,
        DECIDING,
        JOINING,
        FOLLOWING
    }

    private record Early(NodeId from, ControllerMessage message) {}

    private static final int EARLY_LIMIT = 1_000;

    /** Changes of this node that are not answered; more are refused, not kept without end. */
    static final int MOST_ASKED = 1_000;

    private final NodeId self;
    private final Votes votes;
    private final List<Early> early = new ArrayList<>();
    private final SortedMap<Long, Change> asked = new TreeMap<>();
    private final Conductor conductor;

    private List<Effect> effects = new ArrayList<>();
    private ClusterState state;
    private @Nullable ClusterView view;
    private Phase phase = Phase.SEPARATED;
    private @Nullable ConfigurationLog log;

    /** A term whose state is applied once this node has given up what it ran. */
    private @Nullable Term takeover;

    /** Outlives the term: what was begun to be given up is given up before any report. */
    private boolean surrendering;

    private SortedSet<NodeId> reportsAwaited = new TreeSet<>();

    /**
     * Makes the controller of a node that has just started.
     *
     * @param stored what this node's disk has
     * @param hearsNotifications whether an agent does anything when it is notified
     */
    public ControllerCore(
            NodeId self,
            Votes votes,
            ClusterState stored,
            Predicate<ResourceAgent> hearsNotifications) {
        this.self = self;
        this.votes = votes;
        this.state = stored;
        this.conductor = new Conductor(self, hearsNotifications);
    }

    public Phase phase() {
        return phase;
    }

    public ClusterState state() {
        return state;
    }

    /**
     * Handles one event; the effects are to be carried out in their order.
     *
     * @param epochMillis wall clock, for what the CIB dates
     */
    public List<Effect> handle(ControllerEvent event, long epochMillis) {
        effects = new ArrayList<>();
        conductor.now(epochMillis);
        switch (event) {
            case ControllerEvent.ViewChanged e -> viewChanged(e.view());
            case ControllerEvent.MessageReceived e -> received(e.from(), e.message());
            case ControllerEvent.StateStored e -> stored(e.position());
            case ControllerEvent.PositionAnchored e -> anchored(e.position());
            case ControllerEvent.AnchoringFailed e -> anchoringFailed(e.position());
            case ControllerEvent.Surrendered e -> surrendered();
            case ControllerEvent.ReportPrepared e -> reportPrepared(e.term(), e.report());
            case ControllerEvent.ChangeAsked e -> changeAsked(e.requestId(), e.change());
            case ControllerEvent.OperationEnded e -> operationEnded(e.report());
            case ControllerEvent.AttributesChanged e -> attributesChanged(e.attributes());
            case ControllerEvent.RecheckDue e -> conductor.recheck();
        }
        if (phase == Phase.DECIDING && view != null && view.quorate()) {
            effects.addAll(conductor.conduct(state, viewTerm(), members()));
        }
        return effects;
    }

    // --- a view ---------------------------------------------------------------------------------

    private void viewChanged(ClusterView newView) {
        ClusterView before = view;
        view = newView;
        if (before != null && sameView(before, newView) && phase != Phase.SEPARATED) {
            // Quorum was lost for a while, or is back: nobody else decided, so all goes on as it
            // was.
            tell("quorum", self.name(), newView.quorate() ? "quorum is back" : "quorum is lost");
            return;
        }
        leaveTerm();
        if (!newView.quorate()) {
            tell(
                    "view",
                    self.name(),
                    "no quorum with " + newView.members() + "; nothing is decided");
            return;
        }
        tell("view", self.name(), "term " + newView.term() + ": " + newView.members());
        enterTerm(newView);
        replayEarly(newView.term());
    }

    private static boolean sameView(ClusterView a, ClusterView b) {
        return a.term().equals(b.term())
                && a.members().equals(b.members())
                && a.coordinator().equals(b.coordinator());
    }

    private void leaveTerm() {
        phase = Phase.SEPARATED;
        log = null;
        takeover = null;
        reportsAwaited = new TreeSet<>();
        conductor.disband();
    }

    private void enterTerm(ClusterView newView) {
        if (!newView.coordinator().equals(self)) {
            phase = Phase.JOINING;
        } else if (newView.latest().compareTo(state.position()) <= 0) {
            install(newView, state);
        } else if (newView.latestHolder().isPresent()) {
            phase = Phase.FETCHING;
            send(
                    newView.latestHolder().get(),
                    new ControllerMessage.StateRequested(newView.term()));
        } else {
            phase = Phase.BLOCKED;
            effects.add(new Effect.Warn(missingEntries(newView)));
        }
    }

    private void replayEarly(Term term) {
        List<Early> kept = List.copyOf(early);
        early.clear();
        for (Early message : kept) {
            if (message.message().term().compareTo(term) >= 0) {
                received(message.from(), message.message());
            }
        }
    }

    private Problem missingEntries(ClusterView newView) {
        return new Problem(
                "the cluster has quorum but decides nothing",
                "configuration log",
                "the newest entry is "
                        + newView.latest()
                        + ", which no member here has; this node ends at "
                        + state.position()
                        + ", so it may know neither the configuration nor which replicas are Outdated",
                "start one of the nodes that were in term "
                        + newView.latest().term()
                        + "; it will bring the others up to date");
    }

    // --- taking a state over
    // -----------------------------------------------------------------------

    /** Coordinator: begins the term from {@code base} on every member. */
    private void install(ClusterView newView, ClusterState base) {
        phase = Phase.INSTALLING;
        ConfigurationLog newLog = new ConfigurationLog(newView.term(), newView.members(), votes);
        log = newLog;
        LogPosition position = newLog.positionAfter(base.position());
        LogEntry first = new LogEntry.TermInstalled(newView.term(), newView.members());
        ClusterState installed = base.replay(position, first);
        newLog.appended(position, first, null, null);
        reportsAwaited = new TreeSet<>(newView.members());
        for (NodeId member : newView.members()) {
            if (!member.equals(self)) {
                send(member, new ControllerMessage.StateInstalled(newView.term(), installed));
            }
        }
        takeOver(newView.term(), installed);
    }

    /**
     * Everyone: {@code installed} holds here from now on, after giving up what others took over.
     */
    private void takeOver(Term term, ClusterState installed) {
        boolean leftOut = installed.wasLeftOutSince(self, state.installedTerm());
        effects.add(new Effect.StoreState(term, installed));
        state = installed;
        takeover = term;
        if (leftOut && !surrendering) {
            surrendering = true;
            tell(
                    "surrender",
                    self.name(),
                    "others decided without this node: it gives up what it ran");
            effects.add(new Effect.Surrender());
        }
        if (!surrendering) {
            applyTakeover();
        }
    }

    private void surrendered() {
        surrendering = false;
        applyTakeover();
    }

    private void applyTakeover() {
        if (takeover == null) {
            return;
        }
        effects.add(new Effect.ApplyState(takeover));
        effects.add(new Effect.PrepareReport(takeover));
        takeover = null;
    }

    private void reportPrepared(Term term, NodeReport report) {
        if (!isCurrent(term)) {
            return;
        }
        if (phase == Phase.INSTALLING) {
            nodeReported(self, report);
            askAgain();
        } else if (phase == Phase.JOINING) {
            phase = Phase.FOLLOWING;
            sendToCoordinator(new ControllerMessage.NodeReported(term, report));
            askAgain();
        }
    }

    private void nodeReported(NodeId node, NodeReport report) {
        conductor.reported(node, report);
        releaseWhatIsNotHeld(node, report);
        reportsAwaited.remove(node);
        decideWhenComplete();
    }

    /** A node that was restarted holds nothing any more, whatever is recorded. */
    private void releaseWhatIsNotHeld(NodeId node, NodeReport report) {
        for (var volume : state.volumes().entrySet()) {
            VolumeRecord record = volume.getValue();
            boolean recorded = record.holder().equals(Optional.of(node));
            if (recorded && !record.epoch().equals(report.granted().get(volume.getKey()))) {
                append(
                        new LogEntry.VolumeReleased(volume.getKey(), node, record.epoch()),
                        null,
                        null);
            }
        }
    }

    private void decideWhenComplete() {
        boolean installed = log != null && log.committed().term().equals(state.installedTerm());
        if (phase == Phase.INSTALLING && installed && reportsAwaited.isEmpty()) {
            phase = Phase.DECIDING;
            addNewNodes();
            tell("deciding", self.name(), "coordinates term " + state.installedTerm());
        }
    }

    /** Members that the configuration does not list yet are added, as Pacemaker does. */
    private void addNewNodes() {
        Cib cib = ConfigurationChange.withNodes(state.cib(), members());
        if (cib != null) {
            append(new LogEntry.ConfigurationReplaced(cib.toXml()), null, null);
        }
    }

    // --- messages
    // -----------------------------------------------------------------------------------

    private void received(NodeId from, ControllerMessage message) {
        int order = message.term().compareTo(viewTerm());
        if (order > 0 || (order == 0 && phase == Phase.SEPARATED)) {
            if (early.size() < EARLY_LIMIT) {
                early.add(new Early(from, message));
            }
            return;
        }
        if (order < 0) {
            return;
        }
        switch (message) {
            case ControllerMessage.StateRequested m ->
                    send(from, new ControllerMessage.StateSent(m.term(), state));
            case ControllerMessage.StateSent m -> stateSent(m.state());
            case ControllerMessage.StateInstalled m -> {
                if (phase == Phase.JOINING) {
                    takeOver(m.term(), m.state());
                }
            }
            case ControllerMessage.NodeReported m -> {
                if (log != null) {
                    nodeReported(from, m.report());
                }
            }
            case ControllerMessage.EntryAppended m -> {
                if (follows(m)) {
                    state = state.replay(m.position(), m.entry());
                    effects.add(new Effect.StoreEntry(m.term(), m.position(), m.entry()));
                }
            }
            case ControllerMessage.EntryStored m -> storedBy(from, m.position());
            case ControllerMessage.ChangeRequested m -> {
                if (log != null) {
                    decide(new ConfigurationLog.Request(from, m.requestId()), m.change());
                }
            }
            case ControllerMessage.ChangeAnswered m -> answered(m.requestId(), m.outcome());
            case ControllerMessage.OperationOrdered m -> effects.add(new Effect.Perform(m.order()));
            case ControllerMessage.OperationReported m ->
                    conductor.operationEnded(m.report(), state.cib());
            case ControllerMessage.AttributesReported m ->
                    conductor.attributesChanged(m.attributes());
            case ControllerMessage.StatusPublished m -> {
                conductor.adoptPublished(m.statusXml());
                effects.add(new Effect.ShowCib(conductor.publishedCib(state.cib())));
            }
        }
    }

    /**
     * Whether this node has all that stands before the entry. Who was out of the group for a moment
     * may have missed the term's state or an entry; what comes then is not taken, so not confirmed,
     * and the term that follows brings all.
     */
    private boolean follows(ControllerMessage.EntryAppended message) {
        return isStateInstalled()
                && message.position().sequence() == state.position().sequence() + 1;
    }

    private void stateSent(ClusterState sent) {
        ClusterView current = view;
        if (phase != Phase.FETCHING || current == null) {
            return;
        }
        if (sent.position().compareTo(current.latest()) < 0) {
            phase = Phase.BLOCKED;
            effects.add(new Effect.Warn(missingEntries(current)));
            return;
        }
        install(current, sent);
    }

    // --- changes
    // ------------------------------------------------------------------------------------

    private void changeAsked(long requestId, Change change) {
        asked.put(requestId, change);
        Problem objection =
                asked.size() > MOST_ASKED ? tooManyAsked() : ConfigurationChange.objection(change);
        if (objection != null) {
            answered(requestId, new ChangeOutcome.Refused(List.of(objection)));
            return;
        }
        if (mayDecideOwnChanges()) {
            asked.put(requestId, change.askedAgain(state.cib().version().toString()));
            decide(new ConfigurationLog.Request(self, requestId), change);
        } else if (phase == Phase.FOLLOWING) {
            asked.put(requestId, change.askedAgain(state.cib().version().toString()));
            sendToCoordinator(new ControllerMessage.ChangeRequested(viewTerm(), requestId, change));
        }
        // Else it is asked again once a term is installed here.
    }

    /**
     * Not before this node's own report is in: it was made before what is decided now, and would
     * make it look as if a volume just promoted here were not held.
     */
    private boolean mayDecideOwnChanges() {
        return phase == Phase.DECIDING
                || (phase == Phase.INSTALLING && !reportsAwaited.contains(self));
    }

    private static Problem tooManyAsked() {
        return new Problem(
                "the change is not taken",
                "configuration",
                MOST_ASKED + " changes wait for a quorum already",
                "see `holdfast status` for who is missing, and ask again when quorum is back");
    }

    private void askAgain() {
        for (var entry : new TreeMap<>(asked).entrySet()) {
            changeAsked(entry.getKey(), entry.getValue());
        }
    }

    private void decide(ConfigurationLog.Request request, Change change) {
        ChangeRules.Decision decision = new ChangeRules(state, members()).decide(change);
        if (!decision.problems().isEmpty()) {
            answer(request, new ChangeOutcome.Refused(decision.problems()));
            return;
        }
        if (change instanceof Change.CleanUpResource cleanUp) {
            effects.addAll(conductor.cleanUp(cleanUp.resource()));
        }
        LogEntry entry = decision.entry();
        if (entry == null) {
            requireLog()
                    .answerWhenCommitted(
                            state.position(),
                            request,
                            new ChangeOutcome.Accepted(state.position(), 0, decision.warnings()));
            answerWaiters();
            return;
        }
        append(
                entry,
                request,
                new ChangeOutcome.Accepted(
                        requireLog().positionAfter(state.position()),
                        decision.epoch().number(),
                        decision.warnings()));
    }

    private void append(
            LogEntry entry,
            ConfigurationLog.@Nullable Request request,
            ChangeOutcome.@Nullable Accepted outcome) {
        ConfigurationLog current = requireLog();
        LogPosition position = current.positionAfter(state.position());
        state = state.replay(position, entry);
        current.appended(position, entry, request, outcome);
        // The members write while this node does. Sent to each: a broadcast could overtake the
        // state that the entry follows.
        for (NodeId member : members()) {
            if (!member.equals(self)) {
                send(member, new ControllerMessage.EntryAppended(viewTerm(), position, entry));
            }
        }
        effects.add(new Effect.StoreEntry(viewTerm(), position, entry));
    }

    private void stored(LogPosition position) {
        if (log != null) {
            storedBy(self, position);
        } else if (phase == Phase.FOLLOWING || isStateInstalledHere()) {
            // Also while this node still gives up what it ran: what others record need not wait.
            sendToCoordinator(new ControllerMessage.EntryStored(viewTerm(), position));
        }
    }

    private boolean isStateInstalledHere() {
        return phase == Phase.JOINING && isStateInstalled();
    }

    private boolean isStateInstalled() {
        return state.installedTerm().equals(viewTerm());
    }

    private void storedBy(NodeId node, LogPosition position) {
        ConfigurationLog current = log;
        if (current == null) {
            return;
        }
        List<ConfigurationLog.Pending> committed = current.storedBy(node, position);
        current.toAnchor().ifPresent(p -> effects.add(new Effect.AnchorAtWitness(viewTerm(), p)));
        commit(committed);
    }

    private void anchored(LogPosition position) {
        if (log != null) {
            commit(log.anchored(position));
        }
    }

    private void anchoringFailed(LogPosition position) {
        if (log != null) {
            log.anchoringFailed(position);
            log.toAnchor().ifPresent(p -> effects.add(new Effect.AnchorAtWitness(viewTerm(), p)));
        }
    }

    private void commit(List<ConfigurationLog.Pending> committed) {
        for (ConfigurationLog.Pending entry : committed) {
            if (entry.request() != null && entry.outcome() != null) {
                answer(entry.request(), entry.outcome());
            }
            if (entry.entry() instanceof LogEntry.ConfigurationReplaced) {
                conductor.configurationChanged();
            }
        }
        if (!committed.isEmpty()) {
            answerWaiters();
            decideWhenComplete();
        }
    }

    private void answerWaiters() {
        requireLog().answerable().forEach(each -> answer(each.request(), each.outcome()));
    }

    private void answer(ConfigurationLog.Request request, ChangeOutcome outcome) {
        if (request.from().equals(self)) {
            answered(request.requestId(), outcome);
        } else {
            send(
                    request.from(),
                    new ControllerMessage.ChangeAnswered(viewTerm(), request.requestId(), outcome));
        }
    }

    private void answered(long requestId, ChangeOutcome outcome) {
        if (asked.remove(requestId) != null) {
            effects.add(new Effect.AnswerChange(requestId, outcome));
        }
    }

    // --- what happens on this node
    // ------------------------------------------------------------------

    private void operationEnded(OperationReport report) {
        switch (phase) {
            case DECIDING, INSTALLING -> conductor.operationEnded(report, state.cib());
            case FOLLOWING ->
                    sendToCoordinator(new ControllerMessage.OperationReported(viewTerm(), report));
            // The next report to a coordinator has it.
            default -> {}
        }
    }

    private void attributesChanged(NodeAttributes attributes) {
        switch (phase) {
            case DECIDING, INSTALLING -> conductor.attributesChanged(attributes);
            case FOLLOWING ->
                    sendToCoordinator(
                            new ControllerMessage.AttributesReported(viewTerm(), attributes));
            default -> {}
        }
    }

    // --- small words
    // --------------------------------------------------------------------------------

    private boolean isCurrent(Term term) {
        return phase != Phase.SEPARATED && viewTerm().equals(term);
    }

    private Term viewTerm() {
        return view == null ? Term.NONE : view.term();
    }

    private SortedSet<NodeId> members() {
        return view == null ? new TreeSet<>() : view.members();
    }

    /** Only called in phases of a coordinator. */
    private ConfigurationLog requireLog() {
        ConfigurationLog current = log;
        if (current == null) {
            throw new InvariantViolation("no log on " + self + " in phase " + phase);
        }
        return current;
    }

    private void send(NodeId to, ControllerMessage message) {
        effects.add(new Effect.Send(to, message));
    }

    private void sendToCoordinator(ControllerMessage message) {
        if (view != null) {
            send(view.coordinator(), message);
        }
    }

    private void tell(String kind, String object, String text) {
        effects.add(new Effect.Tell(kind, object, text));
    }
}
