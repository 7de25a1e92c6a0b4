package io.holdfast.vrrp.driver;

import io.holdfast.linux.net.InterfaceAddress;
import io.holdfast.linux.net.Link;
import io.holdfast.linux.net.NetworkNews.Change;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The links and addresses of this machine, kept up to date from the kernel's news. */
final class InterfacePicture {
    private final Map<String, Link> links = new TreeMap<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();

    /** Looks at everything anew. */
    void look(Rtnetlink rtnetlink) {
        links.clear();
        rtnetlink.links().forEach(link -> links.put(link.name(), link));
        addresses.clear();
        addresses.addAll(rtnetlink.addresses());
    }

    /** Notes a change; false when everything must be looked at anew. */
    boolean note(Change change) {
        switch (change) {
            case Change.LinkIs is -> {
                links.values().removeIf(l -> l.index() == is.link().index()); // it was renamed
                links.put(is.link().name(), is.link());
            }
            case Change.LinkGone gone -> {
                links.values().removeIf(l -> l.index() == gone.link().index());
                addresses.removeIf(a -> a.interfaceIndex() == gone.link().index());
            }
            case Change.AddressAdded added -> {
                forget(added.address());
                addresses.add(added.address());
            }
            case Change.AddressRemoved removed -> forget(removed.address());
            case Change.Missed ignored -> {
                return false;
            }
        }
        return true;
    }

    Optional<Link> link(String name) {
        return Optional.ofNullable(links.get(name));
    }

    List<String> names() {
        return List.copyOf(links.keySet());
    }

    boolean has(String interfaceName, IpAddress address, int prefixLength) {
        return link(interfaceName)
                .map(
                        link ->
                                addresses.stream()
                                        .anyMatch(
                                                a ->
                                                        a.interfaceIndex() == link.index()
                                                                && a.prefixLength() == prefixLength
                                                                && JavaAddress.back(a.address())
                                                                        .equals(address)))
                .orElse(false);
    }

    /**
     * Where an instance's adverts come from: the configured address, or the interface's first one
     * that is not a floating one (IPv6: link-local).
     *
     * @param floating every address that some instance may put up
     */
    Optional<IpAddress> primaryAddress(InstanceSettings instance, Set<IpAddress> floating) {
        Optional<IpAddress> configured = instance.transport().sourceAddress();
        if (configured.isPresent() && !instance.transport().trackSourceAddress()) {
            return configured;
        }
        Optional<Link> link = link(instance.interfaceName());
        if (link.isEmpty()) {
            return configured.isPresent() ? Optional.empty() : configured;
        }
        return addresses.stream()
                .filter(a -> a.interfaceIndex() == link.get().index())
                .map(a -> JavaAddress.back(a.address()))
                .filter(a -> a.family() == instance.family())
                .filter(
                        a ->
                                configured.isPresent()
                                        ? a.equals(configured.get())
                                        : mayBePrimary(a, instance, floating))
                .findFirst();
    }

    private static boolean mayBePrimary(
            IpAddress address, InstanceSettings instance, Set<IpAddress> floating) {
        if (instance.family() == AddressFamily.IPV6
                && !instance.transport().isUnicast()
                && !address.isLinkLocal()) {
            return false;
        }
        // An owner's own address is a floating one as well.
        return instance.isOwner() || !floating.contains(address);
    }

    static Set<IpAddress> floating(List<InstanceSettings> instances) {
        Set<IpAddress> floating = new HashSet<>();
        for (InstanceSettings instance : instances) {
            instance.addresses().forEach(a -> floating.add(a.address()));
            instance.excludedAddresses().forEach(a -> floating.add(a.address()));
        }
        return floating;
    }

    private void forget(InterfaceAddress address) {
        addresses.removeIf(
                a ->
                        a.interfaceIndex() == address.interfaceIndex()
                                && a.address().equals(address.address())
                                && a.prefixLength() == address.prefixLength());
    }
}
