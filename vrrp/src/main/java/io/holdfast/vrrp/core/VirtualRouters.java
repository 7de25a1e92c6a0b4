package io.holdfast.vrrp.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All virtual routers of a node, their sync groups and what they track: the whole protocol as one
 * function of what happens. Each input returns what is to be done, in order. Times are the node's
 * monotonic clock, from 0 on.
 */
public final class VirtualRouters {
    private static final long NEVER = Long.MAX_VALUE;

    /** By time, then in the order of the configuration. */
    private static final class Due implements Comparable<Due> {
        private final long atNanos;
        private final Slot slot;

        Due(long atNanos, Slot slot) {
            this.atNanos = atNanos;
            this.slot = slot;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Integer.compare(slot.number, other.slot.number);
        }
    }

    private static final class Slot {
        private final VrrpInstance instance;
        private final int number;
        private Optional<Optional<IpAddress>> address = Optional.empty();
        private List<SyncGroup> group = List.of();
        private Due due;

        Slot(VrrpInstance instance, int number) {
            this.instance = instance;
            this.number = number;
            this.due = new Due(NEVER, this);
        }
    }

    /** Same virtual router before and after a reload. */
    private record Identity(
            String name, String interfaceName, AddressFamily family, int virtualRouterId) {
        static Identity of(InstanceSettings s) {
            return new Identity(s.name(), s.interfaceName(), s.family(), s.virtualRouterId());
        }
    }

    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, SyncGroup> groups = new LinkedHashMap<>();
    private final Trackers trackers = new Trackers();
    private final TreeSet<Due> dues = new TreeSet<>();
    private final RejectionLog rejections = new RejectionLog();
    private final long firstAhSequence;
    private Optional<Boolean> lease = Optional.empty();
    private boolean started;
    private int nextNumber;

    /**
     * @param firstAhSequence above every AH sequence number of an earlier life of this node, for
     *     example seconds since some year
     */
    public VirtualRouters(RouterSettings settings, long firstAhSequence, long nowNanos) {
        this.firstAhSequence = firstAhSequence;
        trackers.configure(settings);
        settings.instances().forEach(s -> addSlot(s, nowNanos));
        formGroups(settings);
    }

    // --- looking ---

    /** When {@link #timePassed} has something to do; empty: not before another input. */
    public OptionalLong dueAtNanos() {
        return dues.isEmpty() ? OptionalLong.empty() : OptionalLong.of(dues.first().atNanos);
    }

    public List<InstanceData> data(long nowNanos, long nowEpochMillis) {
        return slots.values().stream()
                .map(slot -> slot.instance.data(nowNanos, nowEpochMillis))
                .toList();
    }

    public List<TrackerData> trackers() {
        return trackers.data();
    }

    public InstanceState state(String instance) {
        return slot(instance).instance.state();
    }

    public void clearStatistics() {
        slots.values().forEach(slot -> slot.instance.clearStatistics());
    }

    // --- inputs ---

    /** From now on instances move; what was told before (interfaces, addresses) counts. */
    public List<RouterEffect> start(long nowNanos) {
        started = true;
        List<RouterEffect> effects = new ArrayList<>();
        judgeAll("start", nowNanos, effects);
        return effects;
    }

    /** An interface came, went, or changed its carrier. */
    public List<RouterEffect> interfaceChanged(
            String name, boolean up, String reason, long nowNanos) {
        boolean wasUp = trackers.isUp(TrackerKind.INTERFACE, name);
        List<RouterEffect> effects =
                trackerChanged(TrackerKind.INTERFACE, name, up, 0, reason, nowNanos);
        if (up && !wasUp) {
            for (Slot slot : List.copyOf(slots.values())) {
                if (slot.instance.settings().interfaceName().equals(name)) {
                    slot.instance.linkCameBack(nowNanos, effects);
                    settle(slot);
                }
            }
        }
        return effects;
    }

    /** The address that an instance's adverts come from; empty: it has none. */
    public List<RouterEffect> primaryAddressChanged(
            String instance, Optional<IpAddress> address, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        Slot slot = slot(instance);
        slot.address = Optional.of(address);
        slot.instance.primaryAddressChanged(address);
        String why = address.map(a -> "its address is " + a).orElse("it lost its address");
        judge(slot, why, nowNanos, effects);
        for (SyncGroup group : slot.group) {
            group.members().forEach(m -> judge(slot(m.settings().name()), why, nowNanos, effects));
        }
        return effects;
    }

    /**
     * A tracked script has ended.
     *
     * @param reason such as {@code exit code 2}
     */
    public List<RouterEffect> scriptEnded(
            String name, boolean success, String reason, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        trackers.scriptEnded(name, success, reason)
                .ifPresent(event -> heed(event, nowNanos, effects));
        return effects;
    }

    /**
     * A tracked interface's, file's or process's state, as it is now.
     *
     * @param value of a file
     */
    public List<RouterEffect> trackerChanged(
            TrackerKind kind, String name, boolean up, int value, String reason, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        trackers.see(kind, name, up, value, reason)
                .ifPresent(event -> heed(event, nowNanos, effects));
        return effects;
    }

    /** Whether this node may hold floating addresses. */
    public List<RouterEffect> leaseChanged(boolean held, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        if (lease.isEmpty() || lease.get() != held) {
            lease = Optional.of(held);
            judgeAll(
                    held ? "the cluster's lease is held" : "the cluster's lease is lost",
                    nowNanos,
                    effects);
        }
        return effects;
    }

    /** An advert whose form and checksum are right, for an instance's virtual router ID. */
    public List<RouterEffect> advertReceived(
            String instance, Advert advert, AdvertSource source, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        act(
                slot(instance),
                nowNanos,
                effects,
                i -> i.advertReceived(advert, source, nowNanos, effects));
        return effects;
    }

    /** A packet for an instance's virtual router ID that is not a good advert. */
    public List<RouterEffect> packetRefused(
            String instance, AdvertSource source, Rejection cause, String detail, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        act(
                slot(instance),
                nowNanos,
                effects,
                i -> i.packetRefused(source, cause, detail, nowNanos, effects));
        return effects;
    }

    public List<RouterEffect> timePassed(long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        while (!dues.isEmpty() && dues.first().atNanos <= nowNanos) {
            act(dues.first().slot, nowNanos, effects, i -> i.timePassed(nowNanos, effects));
        }
        return effects;
    }

    public List<RouterEffect> announceAgain(String instance, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        act(slot(instance), nowNanos, effects, i -> i.announceAgain(nowNanos, effects));
        return effects;
    }

    /** Everything stops, in order; nothing moves afterwards. */
    public List<RouterEffect> stop(long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        started = false;
        for (Slot slot : slots.values()) {
            act(slot, nowNanos, effects, i -> i.stop("shutdown", nowNanos, effects));
        }
        return effects;
    }

    /**
     * Other settings. Instances that are the same virtual router as before keep their state; those
     * that are new begin with INITIALIZE, and their primary addresses must be told.
     */
    public List<RouterEffect> reload(RouterSettings settings, long nowNanos) {
        List<RouterEffect> effects = new ArrayList<>();
        Map<Identity, InstanceSettings> wanted = new LinkedHashMap<>();
        settings.instances().forEach(s -> wanted.put(Identity.of(s), s));
        for (Slot slot : List.copyOf(slots.values())) {
            if (!wanted.containsKey(Identity.of(slot.instance.settings()))) {
                remove(slot, nowNanos, effects);
            }
        }
        for (InstanceSettings changed : settings.instances()) {
            Slot slot = slots.get(changed.name());
            if (slot == null) {
                addSlot(changed, nowNanos);
            } else {
                slot.instance.reconfigure(changed, nowNanos, effects);
                settle(slot);
            }
        }
        inOrderOf(settings);
        trackers.configure(settings);
        Map<String, InstanceState> toldGroups = new TreeMap<>();
        groups.values().forEach(g -> toldGroups.put(g.name(), g.told()));
        formGroups(settings);
        for (Map.Entry<String, InstanceState> told : toldGroups.entrySet()) {
            SyncGroup same = groups.get(told.getKey());
            if (same == null) {
                effects.add(new RouterEffect.Tell(new VrrpEvent.GroupDeleted(told.getKey())));
            } else {
                same.goOnFrom(told.getValue());
            }
        }
        judgeAll("the configuration was changed", nowNanos, effects);
        return effects;
    }

    // --- instances and groups ---

    private Slot slot(String instance) {
        Slot slot = slots.get(instance);
        if (slot == null) {
            throw new IllegalArgumentException("no instance is called " + instance);
        }
        return slot;
    }

    private void addSlot(InstanceSettings settings, long nowNanos) {
        VrrpInstance instance = new VrrpInstance(settings, rejections, firstAhSequence, nowNanos);
        slots.put(settings.name(), new Slot(instance, nextNumber++));
    }

    private void remove(Slot slot, long nowNanos, List<RouterEffect> effects) {
        slot.instance.stop("no longer configured", nowNanos, effects);
        dues.remove(slot.due);
        slots.remove(slot.instance.settings().name());
        effects.add(
                new RouterEffect.Tell(
                        new VrrpEvent.InstanceDeleted(
                                slot.instance.settings().name(), slot.instance.priority())));
    }

    private void inOrderOf(RouterSettings settings) {
        Map<String, Slot> all = new TreeMap<>(slots);
        slots.clear();
        settings.instances().forEach(s -> slots.put(s.name(), all.get(s.name())));
    }

    // A group of one is none: GroupSettings says why. Its own tracking is then the member's.
    private void formGroups(RouterSettings settings) {
        groups.clear();
        slots.values()
                .forEach(
                        slot -> {
                            slot.group = List.of();
                            slot.instance.join(null);
                        });
        for (GroupSettings wanted : settings.groups()) {
            SyncGroup group = new SyncGroup(wanted);
            for (String member : wanted.members()) {
                Slot slot = slots.get(member);
                if (slot != null) {
                    group.add(slot.instance);
                    slot.group = List.of(group);
                }
            }
            if (group.members().isEmpty()) {
                continue;
            }
            groups.put(wanted.name(), group);
            group.members().forEach(member -> member.join(group));
        }
    }

    // --- judging ---

    private void heed(VrrpEvent event, long nowNanos, List<RouterEffect> effects) {
        effects.add(new RouterEffect.Tell(event));
        judgeAll(event.text(), nowNanos, effects);
    }

    private void judgeAll(String why, long nowNanos, List<RouterEffect> effects) {
        for (Slot slot : slots.values()) {
            judge(slot, why, nowNanos, effects);
        }
    }

    private void judge(Slot slot, String why, long nowNanos, List<RouterEffect> effects) {
        if (!started) {
            return;
        }
        Health health = health(slot, why);
        act(slot, nowNanos, effects, i -> i.healthChanged(health, nowNanos, effects));
    }

    private Health health(Slot slot, String why) {
        Trackers.Opinion opinion = trackers.new Opinion();
        if (slot.group.isEmpty()) {
            judgeOwn(slot, opinion, true);
        }
        for (SyncGroup group : slot.group) {
            boolean alone = group.members().size() == 1;
            boolean weights = alone || group.settings().trackingWeight();
            for (VrrpInstance member : group.members()) {
                boolean itself = member == slot.instance;
                judgeOwn(slot(member.settings().name()), opinion, weights && itself);
            }
            opinion.all(group.settings().tracking(), true);
        }
        return opinion.health(why);
    }

    private void judgeOwn(Slot slot, Trackers.Opinion opinion, boolean weights) {
        InstanceSettings settings = slot.instance.settings();
        if (settings.trackPrimary()) {
            opinion.ownInterface(settings.interfaceName());
        }
        opinion.all(settings.tracking(), weights);
        if (slot.address.isEmpty()) {
            opinion.unknown();
        } else if (slot.address.get().isEmpty()) {
            opinion.fault(
                    "interface "
                            + settings.interfaceName()
                            + " has no address that adverts could come from");
        }
        if (settings.transport().faultWithoutPeers() && !settings.transport().isUnicast()) {
            opinion.fault("no unicast peer is configured (unicast_fault_no_peer)");
        }
        if (settings.needsLease()) {
            if (lease.isEmpty()) {
                opinion.unknown();
            } else if (!lease.get()) {
                opinion.fault("the cluster's lease is not held by this node");
            }
        }
    }

    // --- acting ---

    private interface Act {
        void on(VrrpInstance instance);
    }

    private void act(Slot slot, long nowNanos, List<RouterEffect> effects, Act act) {
        InstanceState before = slot.instance.state();
        act.on(slot.instance);
        settle(slot);
        if (slot.instance.state() != before) {
            for (SyncGroup group : slot.group) {
                group.memberMoved(slot.instance, nowNanos, effects);
                group.members().forEach(m -> settle(slot(m.settings().name())));
            }
        }
    }

    private void settle(Slot slot) {
        long dueAt = slot.instance.dueAtNanos();
        if (dueAt != slot.due.atNanos) {
            dues.remove(slot.due);
            slot.due = new Due(dueAt, slot);
            if (dueAt != NEVER) {
                dues.add(slot.due);
            }
        }
    }

    /** Names of the instances, in the order of the configuration. */
    public List<String> names() {
        return List.copyOf(slots.keySet());
    }

    /** The settings of an instance that are in force. */
    public InstanceSettings settings(String instance) {
        return slot(instance).instance.settings();
    }
}
