package io.holdfast.cli.command;

import io.holdfast.api.message.StorageRequest.StorageStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeCreateMetadata;
import io.holdfast.api.message.StorageRequest.VolumeDown;
import io.holdfast.api.message.StorageRequest.VolumeNewCurrentUuid;
import io.holdfast.api.message.StorageRequest.VolumeStatusQuery;
import io.holdfast.api.message.StorageRequest.VolumeUp;
import io.holdfast.api.message.VolumeStatus;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.base.VolumeId;
import io.holdfast.cli.Context;
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
                new Status(context),
                new Role(context),
                new Dstate(context),
                new Cstate(context),
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

        private List<VolumeId> volumes() {
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

    @Command(name = "status", description = "Roles, disks, connections, resync.")
    static final class Status extends OfVolumes {
        Status(Context context) {
            super(context);
        }

        @Override
        boolean everythingByDefault() {
            return true;
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
