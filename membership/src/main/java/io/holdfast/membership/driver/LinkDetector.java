package io.holdfast.membership.driver;

import java.util.Collection;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.stack.Protocol;

/**
 * The place of JGroups' failure detection protocols, filled by our heartbeats: {@link
 * io.holdfast.membership.core.LinkMonitor} decides, this tells the protocols above and below.
 */
final class LinkDetector extends Protocol {
    private static final short PROTOCOL_ID = 2_001;

    static {
        ClassConfigurator.addProtocol(PROTOCOL_ID, LinkDetector.class);
    }

    void suspect(Collection<Address> members) {
        List<Address> suspects = List.copyOf(members);
        getUpProtocol().up(new Event(Event.SUSPECT, suspects));
        getDownProtocol().down(new Event(Event.SUSPECT, suspects));
    }
}
