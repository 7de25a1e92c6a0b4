package io.holdfast.vrrp.core;

import io.holdfast.base.Problem;
import io.holdfast.vrrp.core.RouterEffect.PutUp;
import io.holdfast.vrrp.core.RouterEffect.SendAdvert;
import io.holdfast.vrrp.core.RouterEffect.TakeDown;
import io.holdfast.vrrp.core.RouterEffect.Tell;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One virtual router on this node.
 *
 * <pre>
 * state       event                                              next    what is done
 * ----------  -------------------------------------------------  ------  ------------------------------------
 * INITIALIZE  all it tracks is known and well; priority 255      MASTER  put up, announce, advert
 * INITIALIZE  all it tracks is known and well                    BACKUP  timer = down time
 * INITIALIZE  something it tracks is broken                      FAULT
 * BACKUP      timer                                              MASTER  put up, announce, advert (note 1)
 * BACKUP      advert of priority 0                               BACKUP  timer = skew
 * BACKUP      advert of priority &gt;= ours, or may not preempt     BACKUP  timer = down time; v3 learns interval
 * BACKUP      advert of lower priority, and may preempt          BACKUP  nothing: the timer runs on
 * MASTER      timer                                              MASTER  advert
 * MASTER      advert of priority 0                               MASTER  advert
 * MASTER      advert of higher priority, or equal priority       BACKUP  take down; timer = down time
 *             and a greater source address
 * MASTER      another advert (a rival)                           MASTER  advert, announce; tell of two Masters
 * BACKUP      something it tracks breaks                         FAULT
 * MASTER      something it tracks breaks                         FAULT   advert of priority 0, take down
 * FAULT       all it tracks is well again                        BACKUP  timer = down time
 * any         stop                                               STOPPED Master: advert of priority 0, take down
 * </pre>
 *
 * <p>down time = {@link AdvertRules#downTimerAdverts} x interval + skew; the Backup of highest
 * priority has the shortest skew. An advert counts only after {@link AdvertCheck}.
 *
 * <p>Note 1: in a sync group only when every member's timer has ended; then all move. RFC 9568
 * 6.4.2 sends the advert first. Here addresses go up and are announced before, so that when a
 * Master of lower priority is preempted, which drops the addresses on our advert, the neighbours
 * already know the new place, and no packet is lost in between.
 */
final class VrrpInstance {
    private static final long NEVER = Long.MAX_VALUE;

    private final PreemptionGuard preemption;
    private final AnnouncementPlan announcements;
    private final Rivals rivals = new Rivals();
    private final Rivals disagreeing = new Rivals();
    private final RejectionLog rejections;
    private final AhSequences sequences;
    private final InstanceCounters counters = new InstanceCounters();
    private InstanceSettings settings;
    private @Nullable SyncGroup group;
    private InstanceState state = InstanceState.INITIALIZE;
    private Health health = new Health(false, List.of(), 0, "");
    private int priority;
    private Optional<IpAddress> primaryAddress = Optional.empty();

    /** The Master's, in BACKUP of version 3; otherwise our own. */
    private long intervalNanos;

    /** BACKUP: when the Master is dead. MASTER: when the next advert is due. */
    private long timerNanos = NEVER;

    private Optional<IpAddress> master = Optional.empty();
    private OptionalInt masterPriority = OptionalInt.empty();
    private long heardNanos;
    private boolean masterGaveUp;
    private boolean everHeard;
    private boolean silenceTold;
    private boolean addressDifferenceTold;
    private boolean wantsMaster;
    private long sinceNanos;
    private String lastReason = "not started";

    VrrpInstance(
            InstanceSettings settings, RejectionLog rejections, long firstSequence, long nowNanos) {
        this.settings = settings;
        this.rejections = rejections;
        this.preemption = new PreemptionGuard(settings);
        this.announcements = new AnnouncementPlan(settings);
        this.sequences = new AhSequences(firstSequence);
        this.priority = settings.priority();
        this.intervalNanos = settings.advertInterval().toNanos();
        this.sinceNanos = nowNanos;
    }

    // --- what others may know ---

    InstanceSettings settings() {
        return settings;
    }

    InstanceState state() {
        return state;
    }

    int priority() {
        return priority;
    }

    boolean wantsMaster() {
        return wantsMaster || state == InstanceState.MASTER;
    }

    void join(@Nullable SyncGroup newGroup) {
        group = newGroup;
    }

    /** When {@link #timePassed} has something to do. */
    long dueAtNanos() {
        return Math.min(
                Math.min(timerNanos, announcements.dueAtNanos()),
                Math.min(rivals.dueAtNanos(), disagreeing.dueAtNanos()));
    }

    long downNanos() {
        return AdvertTimes.masterDownNanos(
                settings.version(),
                priority,
                intervalNanos,
                settings.advertRules().downTimerAdverts());
    }

    InstanceData data(long nowNanos, long nowEpochMillis) {
        return new InstanceData(
                settings,
                Optional.ofNullable(group).map(SyncGroup::name),
                state,
                wantsMaster() ? InstanceState.MASTER : state,
                priority,
                nowEpochMillis - (nowNanos - sinceNanos) / 1_000_000,
                lastReason,
                primaryAddress,
                master,
                masterPriority,
                intervalNanos,
                downNanos(),
                everHeard,
                rivals.addresses(),
                health.faults(),
                preemption.dampedForNanos(nowNanos),
                state == InstanceState.MASTER,
                counters.statistics());
    }

    void clearStatistics() {
        counters.clear();
    }

    // --- inputs ---

    /** What it depends on has changed, or has become known. */
    void healthChanged(Health changed, long nowNanos, List<RouterEffect> effects) {
        health = changed;
        if (state == InstanceState.STOPPED || !changed.known()) {
            return;
        }
        changePriority(changed.why(), effects);
        switch (state) {
            case INITIALIZE, FAULT -> {
                if (changed.isGood()) {
                    leaveRest(nowNanos, effects);
                } else if (state == InstanceState.INITIALIZE) {
                    move(InstanceState.FAULT, firstFault(), nowNanos, effects);
                }
            }
            case BACKUP, MASTER -> {
                if (!changed.faults().isEmpty()) {
                    fail(nowNanos, effects);
                }
            }
            case STOPPED -> {}
        }
    }

    void primaryAddressChanged(Optional<IpAddress> address) {
        primaryAddress = address;
    }

    void timePassed(long nowNanos, List<RouterEffect> effects) {
        rivals.timePassed(nowNanos).forEach(gone -> rivalGone(gone, nowNanos, effects));
        disagreeing.timePassed(nowNanos).forEach(gone -> rivalGone(gone, nowNanos, effects));
        announcements.timePassed(nowNanos, effects);
        if (timerNanos > nowNanos) {
            return;
        }
        switch (state) {
            case BACKUP -> masterIsSilent(nowNanos, effects);
            case MASTER -> advertIsDue(nowNanos, effects);
            case INITIALIZE, FAULT, STOPPED -> timerNanos = NEVER;
        }
    }

    /** An advert for this virtual router whose form and checksum are right. */
    void advertReceived(
            Advert advert, AdvertSource source, long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.STOPPED || state == InstanceState.INITIALIZE) {
            return;
        }
        boolean sameMaster = master.isPresent() && master.get().equals(source.address());
        Optional<AdvertCheck.Refusal> refusal =
                AdvertCheck.refusal(settings, primaryAddress, advert, source, sameMaster)
                        .or(() -> replay(advert, source, nowNanos));
        if (refusal.isPresent()) {
            refused(source, refusal.get(), nowNanos, effects);
            return;
        }
        counters.received(advert);
        everHeard = true;
        if (advert.authentication() == Authentication.Kind.AH) {
            boolean stops = advert.priority() == Advert.PRIORITY_STOP;
            sequences.heard(source.address(), advert.ahSequence(), stops, nowNanos);
        }
        tellDifferentAddresses(advert, source, effects);
        switch (state) {
            case BACKUP -> heardAsBackup(advert, source, nowNanos);
            case MASTER -> heardAsMaster(advert, source, nowNanos, effects);
            case INITIALIZE, FAULT, STOPPED -> {}
        }
    }

    /** A packet for this virtual router that the codec refused. */
    void packetRefused(
            AdvertSource source,
            Rejection cause,
            String detail,
            long nowNanos,
            List<RouterEffect> effects) {
        refused(source, new AdvertCheck.Refusal(cause, detail), nowNanos, effects);
    }

    /** The wire or a peer came back: neighbours may believe somebody else by now. */
    void linkCameBack(long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.MASTER && settings.announcements().afterHeal()) {
            announcements.begin(nowNanos, effects);
        }
    }

    void announceAgain(long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.MASTER) {
            announcements.begin(nowNanos, effects);
        }
    }

    /** The group goes to MASTER: all its members wanted to. */
    void followToMaster(String why, long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.BACKUP) {
            becomeMaster(why, nowNanos, effects);
        }
    }

    /** Another member gave way. */
    void followToBackup(String why, long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.MASTER) {
            becomeBackup(why, nowNanos, effects);
        }
    }

    void stop(String why, long nowNanos, List<RouterEffect> effects) {
        if (state != InstanceState.STOPPED) {
            giveUpMastership(effects);
            move(InstanceState.STOPPED, why, nowNanos, effects);
        }
    }

    /** New settings for the same virtual router: its state stays. */
    void reconfigure(InstanceSettings changed, long nowNanos, List<RouterEffect> effects) {
        InstanceSettings old = settings;
        boolean owned = old.isOwner();
        settings = changed;
        preemption.reconfigure(changed);
        announcements.reconfigure(changed, nowNanos);
        if (state == InstanceState.MASTER || changed.version() == VrrpVersion.V2) {
            intervalNanos = changed.advertInterval().toNanos();
        }
        if (state == InstanceState.MASTER) {
            effects.add(new RouterEffect.Exchange(old, changed));
            timerNanos = Math.min(timerNanos, nowNanos + intervalNanos);
        } else if (state == InstanceState.BACKUP) {
            timerNanos = Math.min(timerNanos, nowNanos + downNanos());
        }
        if (changed.isOwner() != owned || changed.priority() != old.priority()) {
            changePriority("the configuration was changed", effects);
        }
    }

    // --- as Backup ---

    private void heardAsBackup(Advert advert, AdvertSource source, long nowNanos) {
        if (advert.priority() == Advert.PRIORITY_STOP) {
            timerNanos = Math.min(timerNanos, nowNanos + skewNanos());
            master = Optional.of(source.address());
            masterGaveUp = true;
            return;
        }
        boolean lower = advert.priority() < priority;
        if (lower && preemption.lowerHeard(nowNanos)) {
            remember(advert, source, nowNanos);
            return; // RFC 9568 6.4.2: discarded, the timer runs on
        }
        if (!lower) {
            preemption.higherHeard();
        }
        remember(advert, source, nowNanos);
        wantsMaster = false;
        if (advert.version() == VrrpVersion.V3) {
            intervalNanos = advert.advertIntervalNanos();
        }
        timerNanos = nowNanos + downNanos();
    }

    private void remember(Advert advert, AdvertSource source, long nowNanos) {
        masterGaveUp = false;
        heardNanos = nowNanos;
        master = Optional.of(source.address());
        masterPriority = OptionalInt.of(advert.priority());
    }

    private void masterIsSilent(long nowNanos, List<RouterEffect> effects) {
        String why = whyMaster(nowNanos);
        if (group != null && !group.mayBecomeMaster(this)) {
            wantsMaster = true;
            timerNanos = nowNanos + downNanos();
            return;
        }
        becomeMaster(why, nowNanos, effects);
    }

    private String whyMaster(long nowNanos) {
        if (master.isEmpty()) {
            return "no Master was heard for " + millis(downNanos()) + " ms";
        }
        if (masterGaveUp) {
            return "Master " + master.get() + " gave up (priority 0)";
        }
        int heard = masterPriority.orElse(0);
        return heard < priority && nowNanos - heardNanos < downNanos()
                ? "priority %d is above that of Master %s, %d"
                        .formatted(priority, master.get(), heard)
                : "Master %s was silent for %d ms"
                        .formatted(master.get(), millis(nowNanos - heardNanos));
    }

    private void becomeMaster(String why, long nowNanos, List<RouterEffect> effects) {
        intervalNanos = settings.advertInterval().toNanos();
        wantsMaster = false;
        master = Optional.empty();
        masterPriority = OptionalInt.empty();
        effects.add(new PutUp(settings));
        announcements.begin(nowNanos, effects);
        sendAdvert(priority, effects);
        timerNanos = nowNanos + intervalNanos;
        counters.becameMaster();
        move(InstanceState.MASTER, why, nowNanos, effects);
        long held = preemption.becameMaster(nowNanos);
        if (held > 0) {
            tell(new VrrpEvent.Damped(settings.name(), preemption.takeovers(), held), effects);
        }
        if (!everHeard && !silenceTold) {
            silenceTold = true;
            tell(
                    new VrrpEvent.NobodyHeard(
                            settings.name(), settings.transport().multicastGroup().toString()),
                    effects);
        }
    }

    // --- as Master ---

    private void advertIsDue(long nowNanos, List<RouterEffect> effects) {
        long late = nowNanos - timerNanos;
        if (settings.advertRules().backupOnLateTimer() && late > downNanos()) {
            becomeBackup("this node stood still for " + millis(late) + " ms", nowNanos, effects);
            return;
        }
        sendAdvert(priority, effects);
        // From the last due time, so that lateness does not add up.
        timerNanos = late < intervalNanos ? timerNanos + intervalNanos : nowNanos + intervalNanos;
    }

    private void heardAsMaster(
            Advert advert, AdvertSource source, long nowNanos, List<RouterEffect> effects) {
        if (advert.priority() == Advert.PRIORITY_STOP) {
            sendAdvert(priority, effects);
            timerNanos = nowNanos + intervalNanos;
            rivals.gaveUp(source.address(), nowNanos)
                    .forEach(gone -> rivalGone(gone, nowNanos, effects));
        } else if (mustGiveWayTo(advert, source)) {
            giveWay(advert, source, nowNanos, effects);
        } else {
            stayBeside(advert, source, nowNanos, effects);
        }
    }

    // RFC 9568 6.4.3
    private boolean mustGiveWayTo(Advert advert, AdvertSource source) {
        if (settings.isOwner() && settings.advertRules().ownerIgnoresAdverts()) {
            return false;
        }
        if (advert.priority() != priority) {
            return advert.priority() > priority;
        }
        return primaryAddress.isEmpty() || source.address().compareTo(primaryAddress.get()) > 0;
    }

    private void giveWay(
            Advert advert, AdvertSource source, long nowNanos, List<RouterEffect> effects) {
        remember(advert, source, nowNanos);
        String why =
                advert.priority() > priority
                        ? "%s is Master at priority %d, above our %d"
                                .formatted(source.address(), advert.priority(), priority)
                        : "%s is Master at our priority %d and has the greater address"
                                .formatted(source.address(), priority);
        becomeBackup(why, nowNanos, effects);
        if (advert.version() == VrrpVersion.V3) {
            intervalNanos = advert.advertIntervalNanos();
            timerNanos = nowNanos + downNanos();
        }
        // The other one may never have heard us: after a split that our silence now ends. Hearing
        // this, it announces its addresses to those neighbours that still believe us (Keepalived
        // too).
        if (settings.advertRules().sendOnHigherPriority() || settings.announcements().afterHeal()) {
            sendAdvert(priority, effects);
        }
    }

    private void stayBeside(
            Advert advert, AdvertSource source, long nowNanos, List<RouterEffect> effects) {
        long patience = 3 * Math.max(advert.advertIntervalNanos(), intervalNanos);
        boolean justPreempted = nowNanos - sinceNanos < intervalNanos;
        if (justPreempted) {
            announcements.rivalHeard(nowNanos, effects);
            return; // the farewell of the one we took over from
        }
        boolean isNew = rivals.heard(source.address(), patience, nowNanos);
        if (settings.advertRules().answerLowerPriority()) {
            sendAdvert(priority, effects);
            timerNanos = nowNanos + intervalNanos;
        }
        announcements.rivalHeard(nowNanos, effects);
        if (isNew) {
            tell(
                    new VrrpEvent.RivalMaster(
                            settings.name(), source.address(), advert.priority(), priority, false),
                    effects);
            tell(
                    new VrrpEvent.LowerPriorityHeard(
                            settings.name(), source.address(), advert.priority(), priority),
                    effects);
        }
    }

    private void rivalGone(Rivals.Gone gone, long nowNanos, List<RouterEffect> effects) {
        if (state != InstanceState.MASTER) {
            return;
        }
        if (settings.announcements().afterHeal()) {
            announcements.begin(nowNanos, effects);
        }
        tell(new VrrpEvent.RivalGone(settings.name(), gone.address(), gone.lastedNanos()), effects);
    }

    // --- refusing ---

    private Optional<AdvertCheck.Refusal> replay(
            Advert advert, AdvertSource source, long nowNanos) {
        boolean replayed =
                advert.authentication() == Authentication.Kind.AH
                        && sequences.isReplay(
                                source.address(),
                                advert.ahSequence(),
                                2 * advert.advertIntervalNanos(),
                                nowNanos);
        return replayed
                ? Optional.of(
                        new AdvertCheck.Refusal(
                                Rejection.REPLAY,
                                "its AH sequence number "
                                        + advert.ahSequence()
                                        + " was used before"))
                : Optional.empty();
    }

    private void refused(
            AdvertSource source,
            AdvertCheck.Refusal refusal,
            long nowNanos,
            List<RouterEffect> effects) {
        counters.rejected(refusal.cause());
        rejections
                .rejected(
                        settings.name(),
                        source.address(),
                        refusal.cause(),
                        refusal.detail(),
                        nowNanos)
                .ifPresent(event -> tell(event, effects));
        if (state == InstanceState.MASTER && isDisagreement(refusal.cause())) {
            boolean isNew = disagreeing.heard(source.address(), 3 * intervalNanos, nowNanos);
            if (isNew) {
                tell(
                        new VrrpEvent.DisagreeingMaster(
                                settings.name(),
                                source.address(),
                                refusal.cause(),
                                refusal.detail()),
                        effects);
            }
        }
    }

    /** Its sender is Master, since only Masters send; and it will go on, since ours look as bad. */
    private static boolean isDisagreement(Rejection cause) {
        return switch (cause) {
            case VERSION,
                    ADDRESS_LIST,
                    ADVERT_INTERVAL,
                    AUTHENTICATION_TYPE,
                    AUTHENTICATION,
                    SOURCE ->
                    true;
            default -> false;
        };
    }

    private void tellDifferentAddresses(
            Advert advert, AdvertSource source, List<RouterEffect> effects) {
        if (addressDifferenceTold
                || advert.version() == VrrpVersion.V2
                || advert.priority() == Advert.PRIORITY_STOP
                || !AdvertCheck.differsInAddresses(settings, advert)) {
            return;
        }
        addressDifferenceTold = true;
        tell(
                new VrrpEvent.Trouble(
                        new Problem(
                                "another node has other addresses for this virtual router",
                                settings.name(),
                                source.address() + " sends " + advert.addresses(),
                                "give virtual_ipaddress the same lines on all nodes")),
                effects);
    }

    // --- moving ---

    private void leaveRest(long nowNanos, List<RouterEffect> effects) {
        // RFC 9568 6.4.1: the owner is Master at once.
        if (settings.isOwner() && group == null) {
            becomeMaster("priority 255 owns the addresses", nowNanos, effects);
            return;
        }
        boolean starts = state == InstanceState.INITIALIZE;
        becomeBackup(starts ? "start" : "all that is tracked is well again", nowNanos, effects);
    }

    private void becomeBackup(String why, long nowNanos, List<RouterEffect> effects) {
        if (state == InstanceState.MASTER) {
            takeDown(effects);
        }
        wantsMaster = false;
        preemption.backupBegan();
        timerNanos = nowNanos + downNanos();
        move(InstanceState.BACKUP, why, nowNanos, effects);
    }

    private void fail(long nowNanos, List<RouterEffect> effects) {
        giveUpMastership(effects);
        wantsMaster = false;
        move(InstanceState.FAULT, firstFault(), nowNanos, effects);
    }

    private void giveUpMastership(List<RouterEffect> effects) {
        timerNanos = NEVER;
        if (state == InstanceState.MASTER) {
            sendAdvert(Advert.PRIORITY_STOP, effects);
            takeDown(effects);
        }
    }

    private void takeDown(List<RouterEffect> effects) {
        announcements.end();
        rivals.forget();
        disagreeing.forget();
        counters.releasedMaster();
        effects.add(new TakeDown(settings));
    }

    private void move(InstanceState next, String why, long nowNanos, List<RouterEffect> effects) {
        InstanceState from = state;
        state = next;
        sinceNanos = nowNanos;
        lastReason = why;
        if (next != InstanceState.BACKUP && next != InstanceState.MASTER) {
            timerNanos = NEVER;
            intervalNanos = settings.advertInterval().toNanos();
            master = Optional.empty();
            masterPriority = OptionalInt.empty();
        }
        tell(new VrrpEvent.InstanceChanged(settings.name(), from, next, priority, why), effects);
    }

    // Tracking never lifts a router to the owner's 255 nor to the 0 that means giving up, and never
    // touches an owner (RFC 9568 5.2.4).
    private void changePriority(String why, List<RouterEffect> effects) {
        int changed =
                settings.isOwner()
                        ? InstanceSettings.OWNER_PRIORITY
                        : Math.clamp((long) settings.priority() + health.weight(), 1, 254);
        if (changed == priority) {
            return;
        }
        int from = priority;
        priority = changed;
        tell(new VrrpEvent.PriorityChanged(settings.name(), state, from, changed, why), effects);
    }

    private void sendAdvert(int withPriority, List<RouterEffect> effects) {
        boolean sequenced = settings.authentication().kind() == Authentication.Kind.AH;
        effects.add(new SendAdvert(settings, withPriority, sequenced ? sequences.next() : 0));
        counters.sent(withPriority);
    }

    private long skewNanos() {
        return AdvertTimes.skewNanos(settings.version(), priority, intervalNanos);
    }

    private String firstFault() {
        return health.faults().isEmpty() ? "unknown" : health.faults().getFirst();
    }

    private static void tell(VrrpEvent event, List<RouterEffect> effects) {
        effects.add(new Tell(event));
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
