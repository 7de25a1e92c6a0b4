package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.NotifySettings;
import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.GroupSettings;
import io.holdfast.vrrp.core.InstanceSettings;
import io.holdfast.vrrp.core.Tracked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code vrrp_sync_group NAME { ... }}: read first, settled when all instances are known. */
final class GroupBlock {
    private final String name;
    private final String owner;
    private final Place place;
    private final Findings findings;
    private final TrackingKeywords tracking = new TrackingKeywords();
    private final NotifyKeywords notify = new NotifyKeywords();
    private final List<Statement> members = new ArrayList<>();
    private boolean trackingWeight;

    GroupBlock(String name, Statement block, Findings findings) {
        this.name = name;
        this.owner = "vrrp_sync_group " + name;
        this.place = block.place();
        this.findings = findings;
    }

    String name() {
        return name;
    }

    void read(Statement block) {
        Section section = new Section(owner, findings);
        section.each("group", s -> members.addAll(s.statement().children()))
                .on("global_tracking", s -> s.flag(true))
                .on("sync_group_tracking_weight", s -> trackingWeight = s.flag(true));
        tracking.addTo(section);
        notify.addTo(section);
        section.read(block.children());
    }

    NotifySettings notifySettings(Defaults defaults) {
        return notify.settings(defaults);
    }

    /**
     * What it comes to; empty when it has no member.
     *
     * @param taken members of other groups, to which its own are added
     */
    Optional<GroupSettings> settle(
            Map<String, InstanceSettings> instances, Set<String> taken, Trackables trackables) {
        List<String> found = new ArrayList<>();
        for (Statement line : members) {
            for (String member : line.words()) {
                if (isMember(member, line.place(), instances, taken)) {
                    found.add(member);
                }
            }
        }
        if (found.isEmpty()) {
            findings.error(
                    place,
                    owner + " is left out",
                    "it has no member that is configured",
                    "name its instances: group { NAME ... }");
            return Optional.empty();
        }
        GroupSettings settings =
                new GroupSettings(name, found, tracking.resolve(trackables), trackingWeight);
        if (found.size() == 1) {
            tellOfOneMember(instances.get(found.getFirst()));
        } else if (!trackingWeight) {
            found.forEach(member -> tellOfWeights(instances.get(member)));
        }
        return Optional.of(settings);
    }

    private boolean isMember(
            String member, Place at, Map<String, InstanceSettings> instances, Set<String> taken) {
        if (!instances.containsKey(member)) {
            findings.error(
                    at,
                    "`" + member + "` is no member of " + owner,
                    "there is no vrrp_instance of that name",
                    "define it, or correct the name");
            return false;
        }
        if (!taken.add(member)) {
            findings.error(
                    at,
                    "`" + member + "` stands twice in sync groups",
                    "an instance is in one group at most; the first counts",
                    "remove it here");
            return false;
        }
        return true;
    }

    private static List<Tracked> weighted(InstanceSettings member) {
        return Stream.of(
                        member.tracking().interfaces(),
                        member.tracking().scripts(),
                        member.tracking().files(),
                        member.tracking().processes())
                .flatMap(List::stream)
                .filter(tracked -> tracked.weight() != 0)
                .toList();
    }

    // Keepalived 1.3 removed such a group, 2.2 keeps it and drops the weights: the same file came
    // to mean something else. Whoever wrote a weight wanted it.
    private void tellOfOneMember(@org.jspecify.annotations.Nullable InstanceSettings member) {
        List<Tracked> weighted = member == null ? List.of() : weighted(member);
        String weights =
                weighted.isEmpty()
                        ? ""
                        : " Keepalived 2.x would ignore the weight of "
                                + String.join(
                                        ", ",
                                        weighted.stream()
                                                .map(t -> t.name() + " (" + t.weight() + ")")
                                                .toList())
                                + ", so a failure would change no priority; Keepalived 1.3 removed"
                                + " the group and kept the weight, and so does Holdfast";
        findings.warning(
                place,
                owner + " has only one member and is taken as no group",
                "there is nothing to keep in step." + weights,
                "remove the group, so that every version does the same");
    }

    private void tellOfWeights(@org.jspecify.annotations.Nullable InstanceSettings member) {
        if (member == null) {
            return;
        }
        for (Tracked tracked : weighted(member)) {
            findings.warning(
                    place,
                    "the weight "
                            + tracked.weight()
                            + " of "
                            + tracked.name()
                            + " in "
                            + member.name()
                            + " is ignored",
                    "the priorities of a sync group's members must stay together; Keepalived does"
                            + " the same",
                    "track it in the group itself, or add sync_group_tracking_weight");
        }
    }
}
