package io.holdfast.vrrp.driver;

import io.holdfast.base.Problem;
import io.holdfast.linux.net.NetworkChange;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.RouterSettings;
import io.holdfast.vrrp.driver.AddressChanges.Placed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Puts addresses, routes and rules up and down. What an owner had before we began stays when it
 * goes.
 */
final class FloatingAddresses {
    private final Rtnetlink rtnetlink;
    private final InterfacePicture picture;
    private final Consumer<Problem> troubles;
    private final Map<String, InstanceSettings> up = new TreeMap<>();
    private final Set<Placed> ownersOwn = new LinkedHashSet<>();

    FloatingAddresses(Rtnetlink rtnetlink, InterfacePicture picture, Consumer<Problem> troubles) {
        this.rtnetlink = rtnetlink;
        this.picture = picture;
        this.troubles = troubles;
    }

    /** Takes away what an earlier life of this daemon left when it was killed. */
    void removeLeftovers(InstanceSettings instance) {
        List<NetworkChange> changes = new ArrayList<>();
        for (Placed placed : AddressChanges.addresses(instance)) {
            boolean there =
                    picture.has(
                            placed.interfaceName(),
                            placed.address().address(),
                            placed.address().prefixLength());
            if (there && instance.isOwner()) {
                ownersOwn.add(placed);
            } else {
                // Also what is not there: harmless, and the first takeover meets a path that was
                // walked before.
                AddressChanges.remove(placed, picture).ifPresent(changes::add);
            }
        }
        apply(changes);
    }

    void putUp(InstanceSettings instance) {
        up.put(instance.name(), instance);
        List<NetworkChange> changes = new ArrayList<>();
        AddressChanges.addresses(instance)
                .forEach(p -> AddressChanges.add(p, picture).ifPresent(changes::add));
        instance.routes().forEach(r -> changes.add(AddressChanges.add(r, picture)));
        instance.rules().forEach(r -> changes.add(AddressChanges.add(r)));
        apply(changes);
    }

    void takeDown(InstanceSettings instance) {
        up.remove(instance.name());
        List<NetworkChange> changes = new ArrayList<>();
        instance.rules().forEach(r -> changes.add(AddressChanges.remove(r)));
        instance.routes().forEach(r -> changes.add(AddressChanges.remove(r, picture)));
        // The last one first: the kernel drops the secondaries of a network with their primary.
        for (Placed placed : AddressChanges.addresses(instance).reversed()) {
            if (!ownersOwn.contains(placed)) {
                AddressChanges.remove(placed, picture).ifPresent(changes::add);
            }
        }
        apply(changes);
    }

    /** What is in both stays as it is. */
    void exchange(InstanceSettings old, InstanceSettings changed) {
        up.put(changed.name(), changed);
        List<Placed> before = AddressChanges.addresses(old);
        List<Placed> after = AddressChanges.addresses(changed);
        List<NetworkChange> changes = new ArrayList<>();
        without(old.rules(), changed.rules()).forEach(r -> changes.add(AddressChanges.remove(r)));
        without(old.routes(), changed.routes())
                .forEach(r -> changes.add(AddressChanges.remove(r, picture)));
        without(before, after)
                .reversed()
                .forEach(p -> AddressChanges.remove(p, picture).ifPresent(changes::add));
        without(after, before).forEach(p -> AddressChanges.add(p, picture).ifPresent(changes::add));
        without(changed.routes(), old.routes())
                .forEach(r -> changes.add(AddressChanges.add(r, picture)));
        without(changed.rules(), old.rules()).forEach(r -> changes.add(AddressChanges.add(r)));
        apply(changes);
    }

    /** The instance whose address somebody else has just taken away; empty: nobody's. */
    Optional<InstanceSettings> missing(Placed gone) {
        for (InstanceSettings instance : up.values()) {
            for (Placed placed : AddressChanges.addresses(instance)) {
                if (placed.interfaceName().equals(gone.interfaceName())
                        && placed.address().tracked()
                        && placed.address().address().equals(gone.address().address())
                        && placed.address().prefixLength() == gone.address().prefixLength()) {
                    return Optional.of(instance);
                }
            }
        }
        return Optional.empty();
    }

    void putUpStatic(RouterSettings settings) {
        List<NetworkChange> changes = new ArrayList<>();
        staticPlaces(settings).forEach(p -> AddressChanges.add(p, picture).ifPresent(changes::add));
        settings.staticRoutes().forEach(r -> changes.add(AddressChanges.add(r, picture)));
        settings.staticRules().forEach(r -> changes.add(AddressChanges.add(r)));
        apply(changes);
    }

    void takeDownStatic(RouterSettings settings) {
        List<NetworkChange> changes = new ArrayList<>();
        settings.staticRules().forEach(r -> changes.add(AddressChanges.remove(r)));
        settings.staticRoutes().forEach(r -> changes.add(AddressChanges.remove(r, picture)));
        staticPlaces(settings)
                .reversed()
                .forEach(p -> AddressChanges.remove(p, picture).ifPresent(changes::add));
        apply(changes);
    }

    void exchangeStatic(RouterSettings old, RouterSettings changed) {
        List<NetworkChange> changes = new ArrayList<>();
        without(old.staticRules(), changed.staticRules())
                .forEach(r -> changes.add(AddressChanges.remove(r)));
        without(old.staticRoutes(), changed.staticRoutes())
                .forEach(r -> changes.add(AddressChanges.remove(r, picture)));
        without(staticPlaces(old), staticPlaces(changed))
                .forEach(p -> AddressChanges.remove(p, picture).ifPresent(changes::add));
        apply(changes);
        putUpStatic(changed);
    }

    private static List<Placed> staticPlaces(RouterSettings settings) {
        List<Placed> places = new ArrayList<>();
        settings.staticAddresses()
                .forEach(a -> a.interfaceName().ifPresent(i -> places.add(new Placed(a, i))));
        return places;
    }

    private static <T> List<T> without(List<T> all, List<T> others) {
        return all.stream().filter(each -> !others.contains(each)).toList();
    }

    private void apply(List<NetworkChange> changes) {
        if (!changes.isEmpty()) {
            rtnetlink.apply(changes).forEach(troubles);
        }
    }
}
