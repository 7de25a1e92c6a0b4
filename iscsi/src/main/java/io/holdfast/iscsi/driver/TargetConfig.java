package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.TargetOptions;
import io.holdfast.iscsi.core.scsi.LunIdentity;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * One target as an administrator describes it.
 *
 * @param iqn the target's name
 * @param portals where it listens; only there
 * @param portalGroupTag TPGT, 1 unless there is a reason
 * @param incoming accounts an initiator may prove itself with; none means no CHAP
 * @param outgoing how the target proves itself when the initiator asks
 * @param initiatorAddresses who may come: addresses or networks ({@code 192.168.0.0/16}), or
 *     initiator names; empty means everybody
 * @param controller what LUN 0 says it is, if there is to be a controller as tgt has it
 */
public record TargetConfig(
        String iqn,
        List<InetSocketAddress> portals,
        int portalGroupTag,
        TargetOptions options,
        List<ChapAccount> incoming,
        Optional<ChapAccount> outgoing,
        List<String> initiatorAddresses,
        Optional<LunIdentity> controller) {
    /** The port of RFC 7143 when a portal names none. */
    public static final int DEFAULT_PORT = 3260;

    public TargetConfig {
        portals = List.copyOf(portals);
        incoming = List.copyOf(incoming);
        initiatorAddresses = List.copyOf(initiatorAddresses);
    }

    /** A target with the default options, open to everybody. */
    public static TargetConfig open(String iqn, List<InetSocketAddress> portals) {
        return new TargetConfig(
                iqn,
                portals,
                1,
                TargetOptions.defaults(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** The same target with CHAP: every initiator proves one of these accounts. */
    public TargetConfig withIncoming(List<ChapAccount> accounts) {
        return new TargetConfig(
                iqn,
                portals,
                portalGroupTag,
                options,
                accounts,
                outgoing,
                initiatorAddresses,
                controller);
    }

    public TargetConfig withOutgoing(ChapAccount account) {
        return new TargetConfig(
                iqn,
                portals,
                portalGroupTag,
                options,
                incoming,
                Optional.of(account),
                initiatorAddresses,
                controller);
    }

    public TargetConfig withOptions(TargetOptions newOptions) {
        return new TargetConfig(
                iqn,
                portals,
                portalGroupTag,
                newOptions,
                incoming,
                outgoing,
                initiatorAddresses,
                controller);
    }

    public TargetConfig withInitiatorAddresses(List<String> allowed) {
        return new TargetConfig(
                iqn, portals, portalGroupTag, options, incoming, outgoing, allowed, controller);
    }

    public TargetConfig withController(LunIdentity identity) {
        return new TargetConfig(
                iqn,
                portals,
                portalGroupTag,
                options,
                incoming,
                outgoing,
                initiatorAddresses,
                Optional.of(identity));
    }
}
