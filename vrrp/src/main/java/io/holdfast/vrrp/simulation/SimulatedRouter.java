package io.holdfast.vrrp.simulation;

import io.holdfast.base.NodeId;
import io.holdfast.simulator.SimulatedNetwork;
import io.holdfast.simulator.SimulatedNode;
import io.holdfast.simulator.Simulation;
import io.holdfast.vrrp.core.Advert;
import io.holdfast.vrrp.core.AdvertSource;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.InstanceState;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.RouterEffect;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRouters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A node that runs the core: what the driver does in the world, done in the simulation. */
final class SimulatedRouter {
    /** An advert on the simulated wire. */
    record Packet(String instance, Advert advert, IpAddress from) {
        @Override
        public String toString() {
            return instance + " " + advert;
        }
    }

    static final String SCRIPT = "service";
    private static final int TTL = 255;

    private final Simulation simulation;
    private final SimulatedNode node;
    private final SimulatedNetwork<Packet> wire;
    private final List<NodeId> others;
    private final IpAddress address;
    private final RouterSettings settings;
    private final TreeSet<String> addressesUp = new TreeSet<>();
    private final Map<String, Long> lastAdvertNanos = new TreeMap<>();
    private VirtualRouters core;
    private long bootNanos;
    private long armedAtNanos = Long.MAX_VALUE;
    private boolean serviceUp = true;
    private boolean stopped;

    SimulatedRouter(
            Simulation simulation,
            SimulatedNode node,
            SimulatedNetwork<Packet> wire,
            List<NodeId> others,
            IpAddress address,
            RouterSettings settings) {
        this.simulation = simulation;
        this.node = node;
        this.wire = wire;
        this.others = List.copyOf(others);
        this.address = address;
        this.settings = settings;
        this.core = new VirtualRouters(settings, 0, 0);
        node.boot(this::boot);
    }

    NodeId id() {
        return node.id();
    }

    SimulatedNode node() {
        return node;
    }

    RouterSettings settings() {
        return settings;
    }

    InstanceState state(String instance) {
        return node.isAlive() ? core.state(instance) : InstanceState.STOPPED;
    }

    /** Whether the addresses are up; a node that is down has none. */
    boolean hasAddresses(String instance) {
        return node.isAlive() && addressesUp.contains(instance);
    }

    boolean isServiceUp() {
        return serviceUp;
    }

    boolean isOrderlyStopped() {
        return stopped;
    }

    int priority(String instance) {
        return core.data(now(), 0).stream()
                .filter(d -> d.settings().name().equals(instance))
                .findFirst()
                .orElseThrow()
                .effectivePriority();
    }

    /** The tracked service fails or comes back; seen at once, as a script of rise and fall 1. */
    void setService(boolean up) {
        serviceUp = up;
        if (node.isAlive() && !stopped) {
            simulation.note(id() + ": service " + (up ? "up" : "down"));
            act(core.scriptEnded(SCRIPT, up, up ? "exit code 0" : "exit code 1", now()));
        }
    }

    /** An orderly end: priority 0 is sent. */
    void stopOrderly() {
        if (node.isAlive()) {
            stopped = true;
            simulation.note(id() + " stops");
            act(core.stop(now()));
        }
    }

    private void boot() {
        bootNanos = node.nanoTime();
        armedAtNanos = Long.MAX_VALUE;
        stopped = false;
        addressesUp.clear();
        lastAdvertNanos.clear();
        core = new VirtualRouters(settings, 0, now());
        wire.bind(node, this::received);
        for (InstanceSettings instance : settings.instances()) {
            act(core.interfaceChanged(instance.interfaceName(), true, "carrier", now()));
            act(core.primaryAddressChanged(instance.name(), Optional.of(address), now()));
        }
        act(core.scriptEnded(SCRIPT, serviceUp, "first look", now()));
        act(core.start(now()));
    }

    private void received(NodeId from, Packet packet) {
        if (!stopped) {
            AdvertSource source = new AdvertSource(packet.from(), TTL);
            act(core.advertReceived(packet.instance(), packet.advert(), source, now()));
        }
    }

    private long now() {
        return node.nanoTime() - bootNanos;
    }

    private void act(List<RouterEffect> effects) {
        for (RouterEffect effect : effects) {
            switch (effect) {
                case RouterEffect.SendAdvert send -> send(send);
                case RouterEffect.PutUp(var instance) -> putUp(instance.name());
                case RouterEffect.TakeDown(var instance) -> takeDown(instance.name());
                case RouterEffect.Exchange ignored -> {}
                case RouterEffect.Announce(var instance, int times) ->
                        SegmentRules.announced(this, instance.name(), times);
                case RouterEffect.Tell(var event) -> simulation.note(id() + " " + event.text());
            }
        }
        arm();
    }

    private void putUp(String instance) {
        SegmentRules.putUp(this, instance, addressesUp.add(instance));
    }

    private void takeDown(String instance) {
        SegmentRules.takenDown(this, instance, addressesUp.remove(instance));
    }

    private void send(RouterEffect.SendAdvert send) {
        InstanceSettings instance = send.instance();
        lastAdvertNanos.put(instance.name(), simulation.nowNanos());
        Advert advert =
                new Advert(
                        instance.version(),
                        instance.virtualRouterId(),
                        send.priority(),
                        instance.advertInterval().toNanos(),
                        instance.addresses().stream().map(VirtualAddress::address).toList(),
                        Authentication.Kind.NONE,
                        Optional.empty(),
                        0);
        Packet packet = new Packet(instance.name(), advert, address);
        others.forEach(other -> wire.send(id(), other, packet));
    }

    private void arm() {
        long due = core.dueAtNanos().orElse(Long.MAX_VALUE);
        if (due >= armedAtNanos || due == Long.MAX_VALUE) {
            return; // the timer that is set comes first, and arms the next one
        }
        armedAtNanos = due;
        node.after(Math.max(0, due - now()), () -> ring(due));
    }

    private void ring(long due) {
        if (armedAtNanos == due) {
            armedAtNanos = Long.MAX_VALUE;
        }
        if (!stopped) {
            act(core.timePassed(now()));
        }
    }
}
