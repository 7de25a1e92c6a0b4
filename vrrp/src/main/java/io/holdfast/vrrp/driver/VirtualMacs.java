package io.holdfast.vrrp.driver;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.linux.net.MacAddress;
import io.holdfast.linux.net.Rtnetlink;
import io.holdfast.vrrp.core.AddressFamily;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.VirtualMacSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The macvlan interfaces that carry virtual Ethernet addresses. */
final class VirtualMacs {
    // RFC 9568 7.3
    private static final long PREFIX_V4 = 0x0000_5e00_0100L;
    private static final long PREFIX_V6 = 0x0000_5e00_0200L;

    private final Rtnetlink rtnetlink;
    private final Consumer<Problem> troubles;
    private final Map<String, String> made = new TreeMap<>();

    VirtualMacs(Rtnetlink rtnetlink, Consumer<Problem> troubles) {
        this.rtnetlink = rtnetlink;
        this.troubles = troubles;
    }

    /** Makes the instance's interface, anew when an earlier life of this daemon left one. */
    void make(InstanceSettings instance) {
        VirtualMacSettings settings = instance.virtualMac().orElse(null);
        if (settings == null || made.containsKey(instance.name())) {
            return;
        }
        String name = settings.interfaceName();
        try {
            if (rtnetlink.link(name).flatMap(l -> l.kind()).filter("macvlan"::equals).isPresent()) {
                rtnetlink.deleteLink(name);
            }
            rtnetlink.createMacvlan(name, instance.interfaceName(), macAddress(instance, settings));
            made.put(instance.name(), name);
            prepare(name, instance.interfaceName());
            rtnetlink.setUp(name);
        } catch (ProblemException e) {
            troubles.accept(e.problem());
        }
    }

    void remove(String instance) {
        String name = made.remove(instance);
        if (name == null) {
            return;
        }
        try {
            if (rtnetlink.link(name).isPresent()) {
                rtnetlink.deleteLink(name);
            }
        } catch (ProblemException e) {
            troubles.accept(e.problem());
        }
    }

    static MacAddress macAddress(InstanceSettings instance, VirtualMacSettings settings) {
        long prefix = instance.family() == AddressFamily.IPV4 ? PREFIX_V4 : PREFIX_V6;
        return new MacAddress(settings.macAddress().orElse(prefix | instance.virtualRouterId()));
    }

    // The base must not answer for addresses that lie on the macvlan, or neighbours learn the
    // physical Ethernet address; and answers may leave by another interface than questions came.
    private void prepare(String name, String base) {
        setting("ipv4/conf/" + base + "/arp_ignore", "1");
        setting("ipv4/conf/" + name + "/arp_ignore", "1");
        setting("ipv4/conf/" + name + "/rp_filter", "0");
        setting("ipv4/conf/" + name + "/accept_local", "1");
        setting("ipv4/conf/" + name + "/promote_secondaries", "1");
        setting("ipv6/conf/" + name + "/autoconf", "0");
        setting("ipv6/conf/" + name + "/accept_dad", "0");
        setting("ipv6/conf/" + name + "/addr_gen_mode", "1"); // no address of its own
    }

    /** Lets addresses outlive the first one of their network. */
    void promoteSecondaries(String interfaceName) {
        setting("ipv4/conf/" + interfaceName + "/promote_secondaries", "1");
    }

    // /proc/sys/net shows the network namespace of the thread that opens it.
    private void setting(String path, String value) {
        Path file = Path.of("/proc/sys/net").resolve(path);
        try {
            if (Files.exists(file)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            troubles.accept(
                    new Problem(
                            "cannot change a setting of the kernel's network",
                            file.toString(),
                            String.valueOf(e.getMessage()),
                            "set it to " + value + " yourself, or run as root"));
        }
    }
}
