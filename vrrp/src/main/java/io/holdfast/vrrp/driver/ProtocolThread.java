package io.holdfast.vrrp.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.nativecall.FileDescriptor;
import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.NetworkNews;
import io.holdfast.linux.net.RawPacket;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.linux.poll.DescriptorPoll;
import io.holdfast.linux.poll.WakeUp;
import io.holdfast.linux.process.RealtimeScheduling;
import io.holdfast.vrrp.codec.AdvertDecoder;
import io.holdfast.vrrp.codec.DecodedPacket;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.AdvertSource;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import io.holdfast.vrrp.core.Rejection;
import io.holdfast.vrrp.core.RejectionLog;
import io.holdfast.vrrp.core.RouterEffect;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.core.Tracked;
import io.holdfast.vrrp.core.VirtualAddress;
import io.holdfast.vrrp.core.VirtualRouters;
import io.holdfast.vrrp.core.VrrpEvent;
import io.holdfast.vrrp.driver.AddressChanges.Placed;
import io.holdfast.vrrp.driver.AdvertPorts.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that does the protocol. A turn of it:
 *
 * <ol>
 *   <li>wait for a packet, news of the network, a wish of another thread, or the next timer;
 *   <li>news and packets first, timers then: a Backup that was kept from running must read what the
 *       Master said in the meantime before it believes the Master silent;
 *   <li>do what the core wants done, in its order.
 * </ol>
 *
 * Nothing else in this process may make it wait: no log, no listener, no file.
 */
final class ProtocolThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolThread.class);

    /** A flood must not keep timers from their turn. */
    private static final int MOST_PACKETS_A_TURN = 512;

    private static final long NEVER = Long.MAX_VALUE;

    /** The same trouble is told once in this time. */
    private static final long TROUBLE_QUIET_NANOS = 60_000_000_000L;

    private static final int MOST_TROUBLES_KEPT = 256;

    private record Address(String interfaceName, AddressFamily family, int virtualRouterId) {}

    private final long originNanos = System.nanoTime();
    private final Surroundings surroundings;
    private final ListenerThread listener;
    private final Rtnetlink rtnetlink;
    private final NetworkNews news;
    private final WakeUp wakeUp = WakeUp.create();
    private final InterfacePicture picture = new InterfacePicture();
    private final InterfaceDelays delays = new InterfaceDelays();
    private final AdvertPorts ports;
    private final Announcer announcer;
    private final FloatingAddresses addresses;
    private final VirtualMacs virtualMacs;
    private final RejectionLog strangers = new RejectionLog();
    private final Map<String, Long> troublesTold = new HashMap<>();
    private final Map<Address, String> instancesByAddress = new HashMap<>();
    private final Map<String, Optional<IpAddress>> primaryAddresses = new HashMap<>();
    private final ConcurrentLinkedQueue<Runnable> wishes = new ConcurrentLinkedQueue<>();
    private final VirtualRouters routers;
    private RouterSettings settings;
    private Set<IpAddress> floating;
    private List<Port> polledPorts = List.of();
    private DescriptorPoll poll;
    private long startsAtNanos;
    private boolean running = true;
    private volatile boolean ended;

    /** Opens everything, in the namespace of the calling thread. */
    ProtocolThread(RouterSettings settings, Surroundings surroundings, ListenerThread listener) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.listener = listener;
        this.floating = InterfacePicture.floating(settings.instances());
        this.rtnetlink = Rtnetlink.open();
        this.news = NetworkNews.open();
        this.ports = new AdvertPorts(picture);
        this.announcer = new Announcer(picture, this::trouble);
        this.addresses = new FloatingAddresses(rtnetlink, picture, this::trouble);
        this.virtualMacs = new VirtualMacs(rtnetlink, this::trouble);
        // Wall-clock seconds only grow, also over restarts; an AH peer drops lower numbers.
        long firstSequence = System.currentTimeMillis() / 1_000 & 0x7fff_ffff;
        this.routers = new VirtualRouters(settings, firstSequence, now());
        this.poll = new DescriptorPoll(List.of());
        try {
            prepare();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prepare() {
        picture.look(rtnetlink);
        requireInterfaces(settings);
        settings.instances().forEach(addresses::removeLeftovers);
        settings.instances().forEach(this::makeInterfaces);
        picture.look(rtnetlink);
        index();
        openPorts();
        settings.instances().forEach(announcer::prepare);
        Rehearsal.play(settings);
        delays.configure(settings.interfaceDelays());
        startsAtNanos = now() + settings.startupDelay().toNanos();
    }

    private void makeInterfaces(InstanceSettings instance) {
        virtualMacs.make(instance);
        if (instance.promoteSecondaries()) {
            virtualMacs.promoteSecondaries(instance.interfaceName());
        }
    }

    private void requireInterfaces(RouterSettings wanted) {
        if (wanted.dynamicInterfaces()) {
            return;
        }
        for (InstanceSettings instance : wanted.instances()) {
            if (picture.link(instance.interfaceName()).isEmpty()) {
                throw new ProblemException(
                        new Problem(
                                "interface " + instance.interfaceName() + " does not exist",
                                "vrrp_instance " + instance.name(),
                                "this machine has " + String.join(", ", picture.names()),
                                "name one of these, or set dynamic_interfaces when it comes"
                                        + " later"));
            }
        }
    }

    /** Starts; the calling thread's namespace is the new thread's. */
    Thread start() {
        return Thread.ofPlatform().name("vrrp").daemon().start(this::run);
    }

    // --- wishes of other threads ---

    /** Runs on this thread's next turn; on the calling one when this thread has ended. */
    void wish(Runnable wish) {
        wishes.add(wish);
        if (ended) {
            grantWishes();
        } else {
            wakeUp.signal();
        }
    }

    private synchronized void grantWishes() {
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.run();
        }
    }

    /** Runs on this thread and waits for the result. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        wish(
                () -> {
                    try {
                        answer.complete(question.get());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("interrupted while asking the VRRP thread", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        }
    }

    /** A change that some other thread saw. */
    void input(Function<Long, List<RouterEffect>> input) {
        wish(() -> act(input.apply(now())));
    }

    void announceAgain(String instance) {
        act(routers.announceAgain(instance, now()));
    }

    VirtualRouters routers() {
        return routers;
    }

    long now() {
        return System.nanoTime() - originNanos;
    }

    /** Other settings, on this thread. Opens what is new before anything is closed or moved. */
    void reload(RouterSettings changed) {
        picture.look(rtnetlink);
        requireInterfaces(changed);
        RouterSettings old = settings;
        List<String> known = routers.names();
        changed.instances().forEach(this::makeInterfaces);
        picture.look(rtnetlink);
        ports.serve(bothOf(old, changed)); // throws before anything has changed
        changed.instances().stream()
                .filter(i -> !known.contains(i.name()))
                .forEach(addresses::removeLeftovers);
        settings = changed;
        floating = InterfacePicture.floating(changed.instances());
        delays.configure(changed.interfaceDelays());
        addresses.exchangeStatic(old, changed);
        act(routers.reload(changed, now()));
        index();
        openPorts();
        old.instances().stream()
                .map(InstanceSettings::name)
                .filter(name -> !routers.names().contains(name))
                .forEach(virtualMacs::remove);
        // An instance may be another one of the same name, and knows nothing yet.
        primaryAddresses.clear();
        tellInterfaces();
        tellPrimaryAddresses();
    }

    private static List<InstanceSettings> bothOf(RouterSettings one, RouterSettings other) {
        List<InstanceSettings> both = new ArrayList<>(one.instances());
        both.addAll(other.instances());
        return both;
    }

    /** Stops in order, on this thread; it ends after this turn. */
    void stop() {
        act(routers.stop(now()));
        addresses.takeDownStatic(settings);
        settings.instances().forEach(i -> virtualMacs.remove(i.name()));
        running = false;
    }

    // --- turns ---

    private void run() {
        if (surroundings.realtimePriority() > 0) {
            RealtimeScheduling.roundRobinForThisThread(surroundings.realtimePriority())
                    .ifPresent(problem -> LOG.info("{}", problem.message()));
        }
        try {
            begin();
            while (running) {
                turn();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the VRRP thread failed; addresses are taken down", e);
            trouble(
                    new Problem(
                            "the VRRP thread failed",
                            "vrrp",
                            String.valueOf(e),
                            "report this with the log; restart the daemon"));
            giveUp();
        } finally {
            running = false;
            close();
            ended = true;
            grantWishes();
        }
    }

    // Whatever is broken: two nodes with one address are worse.
    private void giveUp() {
        try {
            act(routers.stop(now()));
        } catch (RuntimeException e) {
            LOG.error("stopping failed as well", e);
        }
    }

    private void begin() {
        addresses.putUpStatic(settings);
        tellInterfaces();
        tellPrimaryAddresses();
        if (settings.startupDelay().isZero()) {
            startsAtNanos = NEVER;
            act(routers.start(now()));
        }
    }

    private void turn() {
        poll.await(waitNanos());
        wakeUp.take();
        if (poll.isReady(1)) {
            heedNews();
        }
        int budget = MOST_PACKETS_A_TURN;
        List<Port> readable = polledPorts;
        for (int i = 0; i < readable.size(); i++) {
            if (poll.isReady(i + 2)) {
                budget = receive(readable.get(i), budget);
            }
        }
        grantWishes();
        keepTime();
    }

    private void keepTime() {
        long now = now();
        if (startsAtNanos <= now) {
            startsAtNanos = NEVER;
            act(routers.start(now));
        }
        for (Optional<String> due = delays.nextDue(now);
                due.isPresent();
                due = delays.nextDue(now)) {
            tellInterface(due.get(), now);
        }
        OptionalLong due = routers.dueAtNanos();
        if (due.isPresent() && due.getAsLong() <= now) {
            act(routers.timePassed(now));
        }
        if (announcer.dueAtNanos() <= now) {
            announcer.work(now);
        }
    }

    private long waitNanos() {
        if (!wishes.isEmpty()) {
            return 0;
        }
        long due = Math.min(routers.dueAtNanos().orElse(NEVER), announcer.dueAtNanos());
        due = Math.min(due, Math.min(startsAtNanos, delays.dueAtNanos()));
        return due == NEVER ? -1 : Math.max(0, due - now());
    }

    // --- packets ---

    private int receive(Port port, int budget) {
        int left = budget;
        while (left > 0) {
            Optional<RawPacket> packet = port.receive();
            if (packet.isEmpty()) {
                return left;
            }
            left--;
            heed(port, packet.get());
        }
        return left;
    }

    private void heed(Port port, RawPacket packet) {
        DecodedPacket decoded =
                port.key().family() == AddressFamily.IPV4
                        ? AdvertDecoder.decodeV4(packet.bytes(), id -> authentication(port, id))
                        : AdvertDecoder.decodeV6(
                                packet.bytes(),
                                JavaAddress.back(packet.source()),
                                JavaAddress.back(packet.destination()),
                                packet.hopLimit());
        switch (decoded) {
            case DecodedPacket.Good(var advert, var source) -> {
                String instance = instance(port, advert.virtualRouterId());
                if (instance != null) {
                    act(routers.advertReceived(instance, advert, source, now()));
                } else {
                    stranger(source, advert.virtualRouterId());
                }
            }
            case DecodedPacket.Bad bad -> refuse(port, bad);
        }
    }

    private void refuse(Port port, DecodedPacket.Bad bad) {
        if (bad.source().isEmpty()) {
            return;
        }
        AdvertSource source = bad.source().get();
        String instance =
                bad.virtualRouterId().isPresent()
                        ? instance(port, bad.virtualRouterId().getAsInt())
                        : null;
        if (instance != null) {
            act(routers.packetRefused(instance, source, bad.cause(), bad.detail(), now()));
        } else if (bad.cause() != Rejection.UNKNOWN_VIRTUAL_ROUTER) {
            strangers
                    .rejected(
                            port.key().interfaceName(),
                            source.address(),
                            bad.cause(),
                            bad.detail(),
                            now())
                    .ifPresent(listener::tell);
        }
    }

    // Others may have routers of their own on this wire: no news, unless asked for.
    private void stranger(AdvertSource source, int virtualRouterId) {
        if (settings.logUnknownVirtualRouters()) {
            strangers
                    .rejected(
                            "",
                            source.address(),
                            Rejection.UNKNOWN_VIRTUAL_ROUTER,
                            "nobody here has virtual router ID " + virtualRouterId,
                            now())
                    .ifPresent(listener::tell);
        }
    }

    private @Nullable String instance(Port port, int virtualRouterId) {
        return instancesByAddress.get(
                new Address(port.key().interfaceName(), port.key().family(), virtualRouterId));
    }

    private Optional<Authentication> authentication(Port port, int virtualRouterId) {
        return Optional.ofNullable(instance(port, virtualRouterId))
                .map(name -> routers.settings(name).authentication());
    }

    // --- news of the network ---

    private void heedNews() {
        Set<String> links = new TreeSet<>();
        for (NetworkNews.Change change : news.take()) {
            if (!picture.note(change)) {
                picture.look(rtnetlink);
                tellInterfaces();
                continue;
            }
            switch (change) {
                case NetworkNews.Change.LinkIs(Link link) -> links.add(link.name());
                case NetworkNews.Change.LinkGone(Link link) -> {
                    announcer.forgetInterface(link.index());
                    links.add(link.name());
                }
                case NetworkNews.Change.AddressRemoved(InterfaceAddress gone) -> mend(gone);
                case NetworkNews.Change.AddressAdded ignored -> {}
                case NetworkNews.Change.Missed ignored -> {}
            }
        }
        if (!links.isEmpty()) {
            openPorts();
        }
        long now = now();
        links.forEach(name -> tellInterface(name, now));
        tellPrimaryAddresses();
    }

    /** Somebody took a floating address away while this node is Master. */
    private void mend(InterfaceAddress gone) {
        for (String name : picture.names()) {
            if (picture.link(name).orElseThrow().index() != gone.interfaceIndex()) {
                continue;
            }
            Placed placed =
                    new Placed(
                            VirtualAddress.of(
                                    JavaAddress.back(gone.address()), gone.prefixLength()),
                            name);
            Optional<InstanceSettings> instance = addresses.missing(placed);
            if (instance.isPresent() && picture.link(name).orElseThrow().up()) {
                addresses.putUp(instance.get());
                announcer.announce(instance.get(), 1, now());
                trouble(
                        new Problem(
                                "a floating address was taken away, and has been put back",
                                placed.address() + " on " + name,
                                "another program manages this interface",
                                "tell it to leave foreign addresses alone (systemd-networkd:"
                                        + " KeepConfiguration=yes)"));
            }
        }
    }

    private void tellInterfaces() {
        Set<String> names = new TreeSet<>();
        for (InstanceSettings instance : settings.instances()) {
            names.add(instance.interfaceName());
            instance.tracking().interfaces().stream().map(Tracked::name).forEach(names::add);
        }
        settings.groups()
                .forEach(
                        group ->
                                group.tracking().interfaces().stream()
                                        .map(Tracked::name)
                                        .forEach(names::add));
        long now = now();
        names.forEach(name -> tellInterface(name, now));
    }

    private void tellInterface(String name, long nowNanos) {
        Optional<Link> link = picture.link(name);
        boolean up = link.isPresent() && link.get().up() && link.get().running();
        if (!delays.changed(name, up, nowNanos)) {
            return;
        }
        String reason =
                link.isEmpty()
                        ? "it does not exist"
                        : !link.get().up()
                                ? "it is set down"
                                : link.get().running() ? "up, with carrier" : "no carrier";
        act(routers.interfaceChanged(name, up, reason, nowNanos));
    }

    private void tellPrimaryAddresses() {
        for (String name : routers.names()) {
            Optional<IpAddress> address = picture.primaryAddress(routers.settings(name), floating);
            if (!address.equals(primaryAddresses.get(name))) {
                primaryAddresses.put(name, address);
                act(routers.primaryAddressChanged(name, address, now()));
            }
        }
        primaryAddresses.keySet().retainAll(routers.names());
    }

    private void openPorts() {
        ports.serve(settings.instances());
        List<Port> open = ports.open();
        List<FileDescriptor> descriptors = new ArrayList<>();
        descriptors.add(wakeUp.descriptor());
        descriptors.add(news.descriptor());
        open.forEach(port -> descriptors.add(port.descriptor()));
        polledPorts = open;
        poll = new DescriptorPoll(descriptors);
    }

    private void index() {
        instancesByAddress.clear();
        for (InstanceSettings instance : settings.instances()) {
            instancesByAddress.putIfAbsent(
                    new Address(
                            instance.interfaceName(),
                            instance.family(),
                            instance.virtualRouterId()),
                    instance.name());
        }
    }

    // --- effects ---

    private void act(List<RouterEffect> effects) {
        for (RouterEffect effect : effects) {
            switch (effect) {
                case RouterEffect.SendAdvert send -> send(send);
                case RouterEffect.PutUp(var instance) -> addresses.putUp(instance);
                case RouterEffect.TakeDown(var instance) -> {
                    announcer.forget(instance.name());
                    addresses.takeDown(instance);
                }
                case RouterEffect.Exchange(var old, var changed) ->
                        addresses.exchange(old, changed);
                case RouterEffect.Announce(var instance, int times) ->
                        announcer.announce(instance, times, now());
                case RouterEffect.Tell(var event) -> listener.tell(event);
            }
        }
    }

    private void send(RouterEffect.SendAdvert send) {
        InstanceSettings instance = send.instance();
        Optional<IpAddress> source =
                primaryAddresses.getOrDefault(instance.name(), Optional.empty());
        source.flatMap(from -> ports.send(instance, send.priority(), from, send.ahSequence()))
                .ifPresent(this::trouble);
    }

    private void trouble(Problem problem) {
        long now = now();
        String key = problem.object() + problem.what();
        Long told = troublesTold.get(key);
        if (told != null && now - told < TROUBLE_QUIET_NANOS) {
            return;
        }
        if (troublesTold.size() >= MOST_TROUBLES_KEPT) {
            troublesTold.clear();
        }
        troublesTold.put(key, now);
        listener.tell(new VrrpEvent.Trouble(problem));
    }

    @Override
    public void close() {
        announcer.close();
        ports.close();
        news.close();
        rtnetlink.close();
    }
}
