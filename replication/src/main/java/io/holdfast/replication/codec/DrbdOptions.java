package io.holdfast.replication.codec;

import static io.holdfast.replication.codec.DrbdOption.obeyed;
import static io.holdfast.replication.codec.DrbdOption.replaced;
import static io.holdfast.replication.codec.DrbdOption.unsafe;

import io.holdfast.replication.codec.DrbdOption.Form;
import io.holdfast.replication.core.VolumeEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The options of drbd.conf 8.3, 8.4 and 9 by section, with the ranges of drbd_limits.h.
 *
 * <p>An option is obeyed, or replaced by what Holdfast does anyway; then its line gets a warning
 * that says so.
 */
final class DrbdOptions {
    static final String PROTOCOL = "protocol";
    static final String PING_INT = "ping-int";
    static final String PING_TIMEOUT = "ping-timeout";
    static final String CONNECT_INT = "connect-int";
    static final String AL_EXTENTS = "al-extents";
    static final String C_MIN_RATE = "c-min-rate";
    static final String CSUMS_ALG = "csums-alg";
    static final List<String> AFTER_SPLIT_BRAIN =
            List.of("after-sb-0pri", "after-sb-1pri", "after-sb-2pri");

    private static final long MAX_RATE = 4L << 20; // in KiB/s
    private static final Form TEXT = new Form.Text();
    private static final Form YES_NO = new Form.YesNo();

    private static final String OWN_SIZES = "Holdfast sizes its buffers and queues itself";
    private static final String OWN_PACE =
            "resync takes what clients leave, and c-min-rate at the least";
    private static final String OWN_PROOF =
            "peers prove to each other that they know the cluster's key";
    private static final String OWN_CHECKSUMS = "every block carries a CRC32C on the wire";
    private static final String OWN_DIGESTS = "digests are always half of a SHA-256";
    private static final String STAYS_APART =
            "replicas that diverged stay disconnected until somebody chooses whose data is kept";
    private static final String OUTDATES =
            "a replica that is lost is recorded as Outdated by the cluster before a write is"
                    + " acknowledged without it";
    private static final String CLUSTER_QUORUM =
            "whether a node may be Primary is decided by the quorum and leases of the cluster";
    private static final String CLUSTER_STARTS =
            "the cluster decides when volumes are brought up and promoted";
    private static final String FLUSHES =
            "a flush always reaches the disk, and data and metadata are ordered by flushes";
    private static final String TWO_PHASE = "Holdfast has no two-phase commit between replicas";
    private static final String ONE_CONNECTION = "peers speak TCP, over one path at a time";
    private static final String DISCARDS =
            "writes that were acknowledged on one side are thrown away without a question";

    static final Map<String, DrbdOption> NET =
            table(
                    obeyed(PROTOCOL, choice("A", "B", "C")),
                    obeyed(PING_INT, quantity(1, 120)),
                    obeyed(PING_TIMEOUT, quantity(1, 300)),
                    obeyed(CONNECT_INT, quantity(1, 120)),
                    replaced(
                            "timeout",
                            quantity(1, 600),
                            "a connection is given up when the peer was silent for ping-int and"
                                    + " ping-timeout together"),
                    replaced("ko-count", quantity(0, 200), OWN_SIZES),
                    replaced("max-epoch-size", quantity(1, 20_000), OWN_SIZES),
                    replaced("max-buffers", quantity(32, 131_072), OWN_SIZES),
                    replaced("unplug-watermark", quantity(1, 131_072), OWN_SIZES),
                    replaced("sndbuf-size", quantity(0, 10 << 20), OWN_SIZES),
                    replaced("rcvbuf-size", quantity(0, 10 << 20), OWN_SIZES),
                    replaced("rdma-ctrl-sndbuf-size", quantity(0, 10 << 20), OWN_SIZES),
                    replaced("rdma-ctrl-rcvbuf-size", quantity(0, 10 << 20), OWN_SIZES),
                    replaced("socket-check-timeout", quantity(0, 300), OWN_SIZES),
                    replaced("tcp-cork", YES_NO, OWN_SIZES),
                    replaced("use-rle", YES_NO, OWN_SIZES),
                    unsafe(
                            "on-congestion",
                            choice("block", "pull-ahead", "disconnect"),
                            "the peer falls behind, and writes that were acknowledged meanwhile"
                                    + " are lost with this node",
                            "writes wait for a peer that is slow",
                            "block"),
                    replaced("congestion-fill", scaled(0, 10L << 21, 's'), OWN_SIZES),
                    replaced("congestion-extents", quantity(7, 65_534), OWN_SIZES),
                    replaced("cram-hmac-alg", TEXT, OWN_PROOF),
                    replaced("shared-secret", TEXT, OWN_PROOF),
                    replaced("tls", YES_NO, OWN_PROOF, "no"),
                    replaced("tls-keyring", TEXT, OWN_PROOF),
                    replaced("tls-privkey", TEXT, OWN_PROOF),
                    replaced("tls-certificate", TEXT, OWN_PROOF),
                    replaced("data-integrity-alg", TEXT, OWN_CHECKSUMS),
                    replaced("verify-alg", TEXT, OWN_DIGESTS, "sha256"),
                    obeyed(CSUMS_ALG, TEXT),
                    replaced("csums-after-crash-only", YES_NO, OWN_CHECKSUMS),
                    unsafe(
                            "allow-two-primaries",
                            YES_NO,
                            "two nodes that write at once destroy any filesystem that is not made"
                                    + " for it",
                            "one node at a time is Primary, and a second promotion is refused",
                            "no"),
                    unsafe(
                                    "after-sb-0pri",
                                    choice(
                                            "disconnect",
                                            "discard-younger-primary",
                                            "discard-older-primary",
                                            "discard-zero-changes",
                                            "discard-least-changes",
                                            "discard-local",
                                            "discard-remote"),
                                    DISCARDS,
                                    STAYS_APART,
                                    "disconnect")
                            .heeding(
                                    "discard-younger-primary",
                                    "discard-older-primary",
                                    "discard-zero-changes",
                                    "discard-least-changes"),
                    unsafe(
                                    "after-sb-1pri",
                                    choice(
                                            "disconnect",
                                            "consensus",
                                            "violently-as0p",
                                            "discard-secondary",
                                            "call-pri-lost-after-sb"),
                                    DISCARDS,
                                    STAYS_APART,
                                    "disconnect")
                            .heeding("consensus", "discard-secondary"),
                    unsafe(
                            "after-sb-2pri",
                            choice("disconnect", "violently-as0p", "call-pri-lost-after-sb"),
                            DISCARDS,
                            STAYS_APART,
                            "disconnect"),
                    replaced("always-asbp", YES_NO, STAYS_APART, "no"),
                    unsafe(
                            "rr-conflict",
                            choice(
                                    "disconnect",
                                    "violently",
                                    "call-pri-lost",
                                    "retry-connect",
                                    "auto-discard"),
                            "a Primary in use is overwritten by its peer",
                            STAYS_APART,
                            "disconnect"),
                    replaced("discard-my-data", YES_NO, STAYS_APART, "no"),
                    fencing(),
                    replaced("transport", TEXT, ONE_CONNECTION, "tcp"),
                    replaced("load-balance-paths", YES_NO, ONE_CONNECTION, "no"),
                    replaced(
                            "allow-remote-read",
                            YES_NO,
                            "a Primary without a good disk of its own suspends I/O"),
                    replaced("_name", TEXT, "connections are named by the nodes"));

    static final Map<String, DrbdOption> DISK =
            table(
                    obeyed(AL_EXTENTS, quantity(7, 65_534)),
                    obeyed(C_MIN_RATE, scaled(0, MAX_RATE, 'k')),
                    replaced("c-max-rate", scaled(250, MAX_RATE, 'k'), OWN_PACE),
                    replaced("c-plan-ahead", quantity(0, 300), OWN_PACE),
                    replaced("c-delay-target", quantity(1, 100), OWN_PACE),
                    replaced("c-fill-target", scaled(0, 1 << 20, 's'), OWN_PACE),
                    replaced("resync-rate", scaled(1, MAX_RATE, 'k'), OWN_PACE),
                    replaced(
                            "resync-after",
                            TEXT,
                            "volumes resync side by side, each leaving clients their share"),
                    replaced("bitmap", YES_NO, OWN_PACE, "yes"),
                    replaced(
                            "on-io-error",
                            choice("detach", "pass_on", "pass-on", "call-local-io-error", "panic"),
                            "a disk that fails is detached",
                            "detach"),
                    fencing(),
                    replaced("disk-barrier", YES_NO, FLUSHES, "no"),
                    replaced("disk-flushes", YES_NO, FLUSHES, "yes"),
                    replaced("disk-drain", YES_NO, FLUSHES, "yes"),
                    replaced("md-flushes", YES_NO, FLUSHES, "yes"),
                    replaced("al-updates", YES_NO, "the activity log is always kept", "yes"),
                    replaced(
                            "size",
                            scaled(0, 2L << 41, 's'),
                            "a volume is as large as its smallest backing disk allows"),
                    replaced("disk-timeout", quantity(0, 6000), "disk requests wait", "0"),
                    replaced("read-balancing", TEXT, "reads are local", "prefer-local"),
                    replaced("discard-zeroes-if-aligned", YES_NO, OWN_SIZES),
                    replaced("disable-write-same", YES_NO, OWN_SIZES),
                    replaced("rs-discard-granularity", quantity(0, 1 << 20), OWN_SIZES),
                    replaced("max-bio-bvecs", quantity(0, 128), OWN_SIZES),
                    replaced("max-bio-size", quantity(0, 1 << 20), OWN_SIZES),
                    replaced("block-size", quantity(512, 4096), OWN_SIZES),
                    replaced("use-bmbv", YES_NO, OWN_SIZES));

    static final Map<String, DrbdOption> RESOURCE =
            table(
                    replaced("cpu-mask", TEXT, "the kernel places Holdfast's threads"),
                    replaced(
                            "on-no-data-accessible",
                            choice("io-error", "suspend-io"),
                            "I/O is suspended until data is reachable again",
                            "suspend-io"),
                    replaced("auto-promote", YES_NO, CLUSTER_STARTS, "no"),
                    replaced("auto-promote-timeout", quantity(0, 600), CLUSTER_STARTS),
                    replaced("quorum", TEXT, CLUSTER_QUORUM),
                    replaced("quorum-minimum-redundancy", TEXT, CLUSTER_QUORUM, "off"),
                    replaced(
                            "on-no-quorum",
                            choice("io-error", "suspend-io"),
                            "I/O is suspended until the node's lease is back",
                            "suspend-io"),
                    replaced("on-suspended-primary-outdated", TEXT, CLUSTER_QUORUM),
                    replaced("peer-ack-window", scaled(0, 10L << 20, 's'), OWN_SIZES),
                    replaced("peer-ack-delay", quantity(0, 10_000), OWN_SIZES),
                    replaced("twopc-timeout", quantity(0, 600), TWO_PHASE),
                    replaced("twopc-retry-timeout", quantity(0, 50), TWO_PHASE),
                    replaced("max-io-depth", quantity(0, 1L << 32), OWN_SIZES),
                    replaced("drbd8-compat-mode", YES_NO, TWO_PHASE));

    static final Map<String, DrbdOption> STARTUP =
            table(
                    replaced("wfc-timeout", quantity(0, 300_000), CLUSTER_STARTS),
                    replaced("degr-wfc-timeout", quantity(0, 300_000), CLUSTER_STARTS),
                    replaced("outdated-wfc-timeout", quantity(0, 300_000), CLUSTER_STARTS),
                    replaced("wait-after-sb", YES_NO, CLUSTER_STARTS),
                    replaced("stacked-timeouts", YES_NO, CLUSTER_STARTS, "no"),
                    unsafe(
                            "become-primary-on",
                            new Form.Words(),
                            "a node that takes its own promotion for granted after a start may"
                                    + " go on with old data",
                            CLUSTER_STARTS));

    static final Map<String, DrbdOption> HANDLERS = handlers();

    static final Map<String, DrbdOption> GLOBAL =
            table(
                    replaced("usage-count", choice("yes", "no", "ask"), "nobody is told", "no"),
                    replaced("minor-count", quantity(1, 255), OWN_SIZES),
                    replaced("dialog-refresh", quantity(0, 600), CLUSTER_STARTS),
                    replaced(
                            "disable-ip-verification",
                            YES_NO,
                            "an address that this node lacks is found when it listens there"),
                    replaced("udev-always-use-vnr", YES_NO, "udev is not involved"),
                    replaced("cmd-timeout-short", quantity(0, 900), CLUSTER_STARTS),
                    replaced("cmd-timeout-medium", quantity(0, 900), CLUSTER_STARTS),
                    replaced("cmd-timeout-long", quantity(0, 900), CLUSTER_STARTS));

    /** 8.3's {@code syncer} had options of all three, two of them under other names. */
    static final Map<String, DrbdOption> SYNCER = syncer();

    /** Keywords of statements that are no options. */
    private static final Set<String> STRUCTURE =
            Set.of(
                    "address",
                    "common",
                    "connection",
                    "connection-mesh",
                    "device",
                    "disk",
                    "flexible-meta-disk",
                    "floating",
                    "global",
                    "handlers",
                    "host",
                    "hosts",
                    "include",
                    "meta-disk",
                    "net",
                    "node-id",
                    "on",
                    "options",
                    "path",
                    "proxy",
                    "resource",
                    "stacked-on-top-of",
                    "startup",
                    "syncer",
                    "volume");

    private static final Set<String> PARAMETERS = parameters();

    private DrbdOptions() {}

    /** Whether a statement can begin with this word. */
    static boolean isParameter(String word) {
        return PARAMETERS.contains(word);
    }

    private static Form quantity(long min, long max) {
        return new Form.Quantity(min, max, '1');
    }

    private static Form scaled(long min, long max, char scale) {
        return new Form.Quantity(min, max, scale);
    }

    private static Form choice(String... values) {
        return new Form.Choice(List.of(values));
    }

    private static DrbdOption fencing() {
        return replaced(
                "fencing",
                choice("dont-care", "resource-only", "resource-and-stonith"),
                OUTDATES,
                "dont-care");
    }

    private static Map<String, DrbdOption> handlers() {
        Map<String, DrbdOption> handlers = new TreeMap<>();
        for (String name :
                List.of(
                        "pri-on-incon-degr",
                        "pri-lost-after-sb",
                        "pri-lost",
                        "initial-split-brain",
                        "split-brain",
                        "outdate-peer",
                        "fence-peer",
                        "unfence-peer",
                        "local-io-error",
                        "before-resync-target",
                        "after-resync-target",
                        "before-resync-source",
                        "out-of-sync",
                        "quorum-lost",
                        "disconnected")) {
            handlers.put(name, replaced(name, TEXT, "this handler is not called"));
        }
        for (VolumeEvent event : VolumeEvent.values()) {
            handlers.put(event.handler(), obeyed(event.handler(), TEXT));
        }
        return handlers;
    }

    private static Map<String, DrbdOption> syncer() {
        Map<String, DrbdOption> all = new TreeMap<>(RESOURCE);
        all.putAll(NET);
        all.putAll(DISK);
        all.put("rate", DISK.get("resync-rate"));
        all.put("after", DISK.get("resync-after"));
        return all;
    }

    private static Set<String> parameters() {
        Set<String> all = new HashSet<>(STRUCTURE);
        all.addAll(SYNCER.keySet());
        all.addAll(STARTUP.keySet());
        all.addAll(HANDLERS.keySet());
        all.addAll(GLOBAL.keySet());
        return all;
    }

    private static Map<String, DrbdOption> table(DrbdOption... options) {
        Map<String, DrbdOption> table = new TreeMap<>();
        for (DrbdOption option : options) {
            table.put(option.name(), option);
        }
        return table;
    }
}
