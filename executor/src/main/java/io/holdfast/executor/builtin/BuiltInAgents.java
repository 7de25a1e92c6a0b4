package io.holdfast.executor.builtin;

import io.holdfast.api.HoldfastPaths;
import io.holdfast.api.control.ControlClient;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.executor.PromotionAuthority;
import io.holdfast.executor.Task;
import io.holdfast.executor.TransientAttributes;
import io.holdfast.executor.address.FloatingAddresses;
import io.holdfast.executor.agent.Agent;
import io.holdfast.executor.agent.AgentRegistry;
import io.holdfast.linux.net.Rtnetlink;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The agents that run in this process; what is not among them is looked for by another registry.
 */
public final class BuiltInAgents implements AgentRegistry, AutoCloseable {
    private final Map<String, Agent> agents = new HashMap<>();
    private final AgentRegistry others;
    private final StorageDaemon storage;
    private final DrbdAgent drbd;
    private final Rtnetlink network = Rtnetlink.open();

    /**
     * @param storaged where volumes, targets and LUNs are
     * @param others asked for every other name, usually the programs of this node
     */
    public BuiltInAgents(
            HoldfastPaths paths,
            ControlClient storaged,
            PromotionAuthority authority,
            TransientAttributes attributes,
            FloatingAddresses addresses,
            AgentRegistry others) {
        this.others = others;
        storage = new StorageDaemon(storaged);
        drbd = new DrbdAgent(storage, authority, attributes);
        agents.put("ocf:linbit:drbd", drbd);
        agents.put("ocf:heartbeat:IPaddr2", new AddressAgent(addresses, network));
        Agent target = new TargetAgent(storage);
        agents.put("ocf:heartbeat:SCSTTarget", target);
        agents.put("ocf:heartbeat:iSCSITarget", target);
        Agent logicalUnit = new LogicalUnitAgent(storage);
        agents.put("ocf:heartbeat:SCSTLun", logicalUnit);
        agents.put("ocf:heartbeat:iSCSILogicalUnit", logicalUnit);
        Agent dummy = new DummyAgent(paths);
        agents.put("ocf:pacemaker:Dummy", dummy);
        agents.put("ocf:heartbeat:Dummy", dummy);
        agents.put("ocf:pacemaker:Stateful", new StatefulAgent(paths, attributes));
    }

    /**
     * Has the monitors of volumes, targets and LUNs run at once ({@link
     * io.holdfast.executor.Executor#recheck}) when {@code storaged} dies or tells a change that
     * they have not seen.
     */
    public void recheckThrough(Consumer<String> recheck) {
        storage.recheckWhenLost(recheck);
        drbd.recheckThrough(recheck);
    }

    /** The volumes' agent, to be told of changes. */
    public DrbdAgent drbd() {
        return drbd;
    }

    /** Whether an agent does anything when it is notified; of programs it is assumed. */
    public boolean hearsNotifications(ResourceAgent name) {
        Agent builtIn = agents.get(name.toString());
        return builtIn == null || builtIn.metadata().tasks().containsKey(Task.NOTIFY);
    }

    @Override
    public Optional<Agent> find(ResourceAgent name) {
        Agent builtIn = agents.get(name.toString());
        return builtIn != null ? Optional.of(builtIn) : others.find(name);
    }

    @Override
    public void close() {
        network.close();
    }
}
