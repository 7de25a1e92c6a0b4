package io.holdfast.cli.command;

import io.holdfast.api.control.MessageJson;
import io.holdfast.api.message.ClusterRequest.VolumeDemoteHere;
import io.holdfast.api.message.ClusterRequest.VolumePromoteHere;
import io.holdfast.api.message.StorageRequest.ConfigurationAdjust;
import io.holdfast.api.message.StorageRequest.StorageStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeCreateMetadata;
import io.holdfast.api.message.StorageRequest.VolumeDown;
import io.holdfast.api.message.StorageRequest.VolumeNewCurrentUuid;
import io.holdfast.api.message.StorageRequest.VolumeOrder;
import io.holdfast.api.message.StorageRequest.VolumeOrder.Order;
import io.holdfast.api.message.StorageRequest.VolumeStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeTextQuery;
import io.holdfast.api.message.StorageRequest.VolumeTextQuery.Subject;
import io.holdfast.api.message.StorageRequest.VolumeUp;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import io.holdfast.cli.view.DrbdJson;
import io.holdfast.cli.view.DrbdProcView;
import io.holdfast.cli.view.DrbdTables;
import io.holdfast.cli.view.DrbdView;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drbdadm}: the volumes of this node, asked of storaged. */
@Command(name = "drbdadm", description = "Shows and changes this node's volumes.")
public final class DrbdadmCommand extends Subcommand implements SubcommandTree {
    public DrbdadmCommand(Context context) {
        super(context);
    }

    @Override
    public List<Object> subcommands() {
        return List.of(
                new CreateMd(context),
                new Up(context),
                new Down(context),
                new Primary(context),
                new Secondary(context),
                new Attach(context),
                new Detach(context),
                new Connect(context),
                new Disconnect(context),
                new Invalidate(context),
                new Outdate(context),
                new Verify(context),
                new PauseSync(context),
                new ResumeSync(context),
                new Adjust(context),
                new Status(context),
                new Role(context),
                new Dstate(context),
                new Cstate(context),
                new Dump(context),
                new DumpMd(context),
                new CheckMd(context),
                new SplitBrain(context),
                new NewCurrentUuid(context));
    }

    /** Works on each named volume in turn; {@code all} is every one of drbd.conf. */
    abstract static class OfVolumes extends Subcommand {
        @Parameters(arity = "0..*", paramLabel = "RESOURCE", description = "or: all")
        List<String> names = List.of();

        OfVolumes(Context context) {
            super(context);
        }

        abstract void each(VolumeId volume);

        /** Whether no name means all. */
        boolean everythingByDefault() {
            return false;
        }

        @Override
        public Integer call() {
            if (names.isEmpty() && !everythingByDefault()) {
                throw new picocli.CommandLine.ParameterException(
                        java.util.Objects.requireNonNull(spec).commandLine(),
                        "name a resource, or all");
            }
            volumes().forEach(this::each);
            return done();
        }

        VolumeStatus status(VolumeId volume) {
            VolumeStatus status = context.ask(new VolumeStatusQuery(volume)).volume();
            if (status == null) {
                throw new ProblemException(
                        new Problem(
                                "there is no such resource",
                                volume.name(),
                                "it is not in this node's drbd.conf",
                                "see `holdfast drbdadm status` for those there are"));
            }
            return status;
        }

        /** drbdadm also names one volume of a resource, RESOURCE/0; here a resource has one. */
        private static VolumeId volume(String name) {
            return new VolumeId(name.endsWith("/0") ? name.substring(0, name.length() - 2) : name);
        }

        List<VolumeId> volumes() {
            return names.isEmpty() || names.equals(List.of("all"))
                    ? context.ask(new StorageStatusQuery()).volumes().stream()
                            .map(VolumeStatus::volume)
                            .toList()
                    : names.stream().map(OfVolumes::volume).toList();
        }
    }

    @Command(name = "create-md", description = "Writes fresh metadata for volumes that are down.")
    static final class CreateMd extends OfVolumes {
        @Option(names = "--force", description = "overwrites metadata that is there already")
        boolean force;

        CreateMd(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumeCreateMetadata(volume, force)));
            context.say("New drbd meta data block successfully created: " + volume);
        }
    }

    @Command(name = "up", description = "Attaches volumes and connects them to their peers.")
    static final class Up extends OfVolumes {
        Up(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            VolumeStatus _ = context.ask(new VolumeUp(volume)).volume();
        }
    }

    @Command(name = "down", description = "Disconnects and detaches volumes that are not Primary.")
    static final class Down extends OfVolumes {
        Down(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumeDown(volume)));
        }
    }

    /** One order for each volume. */
    abstract static class Ordering extends OfVolumes {
        Ordering(Context context) {
            super(context);
        }

        abstract Order order();

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumeOrder(volume, order())));
        }
    }

    @Command(name = "attach", description = "Attaches the disk of volumes and connects them.")
    static final class Attach extends Ordering {
        Attach(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.ATTACH;
        }
    }

    @Command(
            name = "detach",
            description =
                    "Detaches the disk of volumes that are not Primary, and disconnects them.")
    static final class Detach extends Ordering {
        Detach(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.DETACH;
        }
    }

    @Command(
            name = "disconnect",
            description = "Disconnects volumes from their peers, until `connect`.")
    static final class Disconnect extends Ordering {
        Disconnect(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.DISCONNECT;
        }
    }

    @Command(
            name = "invalidate",
            description = "Declares the data here worthless; all of it is fetched from a peer.")
    static final class Invalidate extends Ordering {
        Invalidate(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.INVALIDATE;
        }
    }

    @Command(
            name = "outdate",
            description = "Declares the data here outdated, so that it is not promoted.")
    static final class Outdate extends Ordering {
        Outdate(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.OUTDATE;
        }
    }

    @Command(
            name = "verify",
            description = "Compares all blocks with the peers'; status shows what it finds.")
    static final class Verify extends Ordering {
        Verify(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.VERIFY;
        }
    }

    @Command(name = "pause-sync", description = "Lets resyncs stand still.")
    static final class PauseSync extends Ordering {
        PauseSync(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.PAUSE_SYNC;
        }
    }

    @Command(name = "resume-sync", description = "Lets resyncs go on.")
    static final class ResumeSync extends Ordering {
        ResumeSync(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return Order.RESUME_SYNC;
        }
    }

    @Command(name = "connect", description = "Connects volumes that stand alone.")
    static final class Connect extends Ordering {
        @Option(
                names = "--discard-my-data",
                description =
                        "after a split brain: throws away what this node wrote alone, for good")
        boolean discardMyData;

        Connect(Context context) {
            super(context);
        }

        @Override
        Order order() {
            return discardMyData ? Order.CONNECT_DISCARDING_MY_DATA : Order.CONNECT;
        }
    }

    @Command(name = "primary", description = "Makes this node Primary, under an epoch of its own.")
    static final class Primary extends OfVolumes {
        @Option(
                names = "--force",
                description =
                        "also a replica that is Outdated or Inconsistent; what only other replicas"
                                + " have is lost")
        boolean force;

        Primary(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumePromoteHere(volume, force)));
        }
    }

    @Command(name = "secondary", description = "Makes this node Secondary; refused while in use.")
    static final class Secondary extends OfVolumes {
        Secondary(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumeDemoteHere(volume)));
        }
    }

    @Command(name = "adjust", description = "Reads drbd.conf again and brings volumes in line.")
    static final class Adjust extends Subcommand {
        @Parameters(arity = "0..*", paramLabel = "RESOURCE", description = "or: all; always all")
        List<String> names = List.of();

        Adjust(Context context) {
            super(context);
        }

        @Override
        public Integer call() {
            Warnings.print(context, context.ask(new ConfigurationAdjust()));
            return done();
        }
    }

    /** Something that storaged tells in lines. */
    abstract static class Telling extends OfVolumes {
        Telling(Context context) {
            super(context);
        }

        abstract Subject subject();

        @Override
        boolean everythingByDefault() {
            return true;
        }

        @Override
        void each(VolumeId volume) {
            context.ask(new VolumeTextQuery(volume, subject())).lines().forEach(context::say);
        }
    }

    @Command(name = "dump", description = "Prints drbd.conf as it was understood.")
    static final class Dump extends Telling {
        Dump(Context context) {
            super(context);
        }

        @Override
        Subject subject() {
            return Subject.CONFIGURATION;
        }
    }

    @Command(name = "dump-md", description = "Prints the metadata on disk.")
    static final class DumpMd extends Telling {
        DumpMd(Context context) {
            super(context);
        }

        @Override
        Subject subject() {
            return Subject.METADATA;
        }
    }

    @Command(name = "check-md", description = "Checks the metadata on disk.")
    static final class CheckMd extends Telling {
        private boolean allSound = true;

        CheckMd(Context context) {
            super(context);
        }

        @Override
        Subject subject() {
            return Subject.METADATA_CHECK;
        }

        @Override
        void each(VolumeId volume) {
            List<String> found = context.ask(new VolumeTextQuery(volume, subject())).lines();
            found.forEach(context::say);
            if (found.isEmpty()) {
                context.say(volume + ": metadata are sound");
            }
            allSound &= found.isEmpty();
        }

        @Override
        public Integer call() {
            int result = super.call();
            return allSound ? result : ExitCode.REFUSED;
        }
    }

    @Command(
            name = "split-brain",
            description = "Shows what each side wrote without the other, and how to choose.")
    static final class SplitBrain extends Telling {
        SplitBrain(Context context) {
            super(context);
        }

        @Override
        Subject subject() {
            return Subject.SPLIT_BRAIN;
        }
    }

    @Command(name = "status", description = "Roles, disks, connections, resync.")
    static final class Status extends OfVolumes {
        @Option(names = "--json", description = "as `drbdsetup status --json`")
        boolean json;

        @Option(names = "--proc", description = "as /proc/drbd of version 8.4")
        boolean proc;

        @Option(names = "--overview", description = "as `drbd-overview`")
        boolean overview;

        @Option(names = "--table", description = "as `/etc/init.d/drbd status`")
        boolean table;

        Status(Context context) {
            super(context);
        }

        @Override
        boolean everythingByDefault() {
            return true;
        }

        @Override
        public Integer call() {
            if (!(json || proc || overview || table)) {
                return super.call();
            }
            List<VolumeStatus> all = volumes().stream().map(this::status).toList();
            List<String> mounts = table || overview ? Mounts.read() : List.of();
            if (json) {
                context.say(MessageJson.prettyTree(DrbdJson.of(all)));
            }
            if (proc) {
                DrbdProcView.of(all).forEach(context::say);
            }
            if (overview) {
                DrbdTables.overview(all, mounts).forEach(context::say);
            }
            if (table) {
                DrbdTables.initScript(all, mounts).forEach(context::say);
            }
            return done();
        }

        @Override
        void each(VolumeId volume) {
            DrbdView.status(status(volume)).forEach(context::say);
            context.say("");
        }
    }

    @Command(name = "role", description = "Mine/peer's, such as Primary/Secondary.")
    static final class Role extends OfVolumes {
        Role(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            context.say(DrbdView.role(status(volume)));
        }
    }

    @Command(name = "dstate", description = "Disk states, mine/peer's, such as UpToDate/UpToDate.")
    static final class Dstate extends OfVolumes {
        Dstate(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            context.say(DrbdView.dstate(status(volume)));
        }
    }

    @Command(name = "cstate", description = "Connection state, such as Connected or SyncSource.")
    static final class Cstate extends OfVolumes {
        Cstate(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            context.say(DrbdView.cstate(status(volume)));
        }
    }

    @Command(name = "new-current-uuid", description = "Begins a new data generation.")
    static final class NewCurrentUuid extends OfVolumes {
        @Option(
                names = "--clear-bitmap",
                description =
                        "declares all replicas equal as they are, without a first sync; only for"
                                + " volumes that were never used")
        boolean clearBitmap;

        NewCurrentUuid(Context context) {
            super(context);
        }

        @Override
        void each(VolumeId volume) {
            Warnings.print(context, context.ask(new VolumeNewCurrentUuid(volume, clearBitmap)));
        }
    }
}
