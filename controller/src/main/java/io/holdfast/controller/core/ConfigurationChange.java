package io.holdfast.controller.core;

import io.holdfast.base.Epoch;
import io.holdfast.base.NodeId;
import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.CibVersion;
import io.holdfast.cib.Finding;
import io.holdfast.cib.Section;
import io.holdfast.cib.Severity;
import io.holdfast.cib.crm.CrmConfigure;
import io.holdfast.cib.crm.LoadMode;
import io.holdfast.cib.verify.CibVerifier;
import io.holdfast.cib.xml.Element;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What requests to change the configuration mean for the CIB; nothing is changed here. */
final class ConfigurationChange {
    /**
     * The largest configuration, as XML. Every node has it and its status in memory several times
     * over while it decides; one that does not fit would end one coordinator after the other.
     */
    static final int LARGEST_BYTES = 8 << 20;

    /** The most primitives times nodes: each has a history of some operations on each node. */
    static final int MOST_HISTORIES = 30_000;

    /** A person reads no more, and the answer is a message too. */
    private static final int MOST_WARNINGS = 100;

    /** The largest text that is looked at: comments and white space may be in it. */
    static final int LARGEST_TEXT = 12 << 20;

    private ConfigurationChange() {}

    /** A text in one of the known syntaxes becomes the configuration, or a part of it. */
    static ChangeRules.Decision load(Cib cib, Change.LoadConfiguration change) {
        ChangeRules.Decision decision = load(cib, change.syntax(), change.mode(), change.text());
        String expected = change.expectedVersion();
        boolean refused = !decision.problems().isEmpty();
        if (refused || expected == null || expected.equals(cib.version().toString())) {
            return decision;
        }
        // Asked again, it is what there is: made before, and the answer was lost.
        return changesNothing(cib, decision)
                ? new ChangeRules.Decision(null, Epoch.NONE, decision.warnings(), List.of())
                : ChangeRules.Decision.refuse(changedMeanwhile(cib, expected));
    }

    private static boolean changesNothing(Cib cib, ChangeRules.Decision decision) {
        return decision.entry() instanceof LogEntry.ConfigurationReplaced replaced
                && Cib.parse(replaced.cibXml())
                        .withVersion(cib.version())
                        .toXml()
                        .equals(cib.toXml());
    }

    private static Problem changedMeanwhile(Cib cib, String expected) {
        return new Problem(
                "the configuration was changed meanwhile",
                "version " + cib.version(),
                "version " + expected + " was expected",
                "look at it again, then load");
    }

    private static ChangeRules.Decision load(Cib cib, String syntax, String mode, String text) {
        Optional<LoadMode> how =
                Arrays.stream(LoadMode.values())
                        .filter(m -> m.name().equalsIgnoreCase(mode))
                        .findFirst();
        if (how.isEmpty()) {
            return ChangeRules.Decision.refuse(
                    new Problem(
                            "the configuration is not loaded",
                            "mode " + mode,
                            "there is no such mode",
                            "use replace, update or push"));
        }
        try {
            return syntax.equals("xml")
                    ? loadXml(cib, how.get(), text)
                    : loadCrm(cib, how.get(), text);
        } catch (ProblemException e) {
            return ChangeRules.Decision.refuse(e.problem());
        } catch (RuntimeException e) {
            // Every coordinator that was asked would end by it, one after the other.
            return ChangeRules.Decision.refuse(
                    new Problem(
                            "the configuration is not loaded",
                            syntax + " text",
                            "reading it failed: " + e,
                            "report it as a bug of Holdfast, with the text"));
        }
    }

    private static ChangeRules.Decision loadCrm(Cib cib, LoadMode mode, String text) {
        CrmConfigure.Loaded loaded = CrmConfigure.load(cib, text, mode);
        return judged(cib, loaded.cib(), loaded.findings());
    }

    private static ChangeRules.Decision loadXml(Cib cib, LoadMode mode, String text) {
        if (mode == LoadMode.UPDATE) {
            return ChangeRules.Decision.refuse(
                    new Problem(
                            "the configuration is not loaded",
                            "mode update",
                            "a whole CIB replaces what is there",
                            "use replace, or give the part to be updated as crm text"));
        }
        CibVerifier.Verified verified = CibVerifier.verify(Cib.parse(text));
        return judged(cib, verified.cib(), verified.findings());
    }

    private static ChangeRules.Decision judged(Cib before, Cib loaded, List<Finding> findings) {
        List<Problem> errors =
                findings.stream().filter(Finding::isError).map(f -> f.in("the text")).toList();
        List<Problem> warnings = new ArrayList<>();
        findings.stream()
                .filter(f -> f.severity() == Severity.WARNING)
                .map(f -> f.in("the text"))
                .forEach(warnings::add);
        warnings.addAll(UnfencedResources.warnings(loaded));
        if (!errors.isEmpty()) {
            return new ChangeRules.Decision(null, Epoch.NONE, warnings, errors);
        }
        String xml = raised(before, loaded).toXml();
        if (isTooLarge(xml)) {
            return ChangeRules.Decision.refuse(tooLarge(xml.length(), LARGEST_BYTES));
        }
        if (historiesOf(loaded) > MOST_HISTORIES) {
            return ChangeRules.Decision.refuse(tooMany(loaded));
        }
        Cib.parse(xml); // What is logged must be readable on every node, for ever.
        LogEntry entry = new LogEntry.ConfigurationReplaced(xml);
        return new ChangeRules.Decision(entry, Epoch.NONE, bounded(warnings), List.of());
    }

    private static List<Problem> bounded(List<Problem> warnings) {
        if (warnings.size() <= MOST_WARNINGS) {
            return warnings;
        }
        List<Problem> first = new ArrayList<>(warnings.subList(0, MOST_WARNINGS));
        first.add(
                new Problem(
                        "there are more warnings",
                        "the text",
                        (warnings.size() - MOST_WARNINGS) + " are not shown",
                        "see them all with `holdfast crm_verify`"));
        return first;
    }

    private static long historiesOf(Cib cib) {
        return primitives(cib) * Math.max(1, cib.nodes().children("node").size());
    }

    private static long primitives(Cib cib) {
        return cib.resources().stream().filter(e -> e.is("primitive")).count();
    }

    private static Problem tooMany(Cib cib) {
        return new Problem(
                "the configuration has too many resources",
                primitives(cib)
                        + " primitives on "
                        + cib.nodes().children("node").size()
                        + " nodes",
                "primitives times nodes may be "
                        + MOST_HISTORIES
                        + " at most, for every node keeps their histories in memory",
                "leave out what is not needed, or split the cluster in two");
    }

    /** Why a change is not even to be sent to the coordinator; null when it may be. */
    static @Nullable Problem objection(Change change) {
        return change instanceof Change.LoadConfiguration load
                        && load.text().length() > LARGEST_TEXT
                ? tooLarge(load.text().length(), LARGEST_TEXT)
                : null;
    }

    /** By its UTF-8 length: three bytes a character at most, so short ones are not counted. */
    private static boolean isTooLarge(String xml) {
        return xml.length() > LARGEST_BYTES / 3
                && xml.getBytes(StandardCharsets.UTF_8).length > LARGEST_BYTES;
    }

    private static Problem tooLarge(int length, int limit) {
        return new Problem(
                "the configuration is too large",
                length + " characters",
                "at most "
                        + limit
                        + " are taken, for every node keeps it in memory and sends it to others",
                "leave out what is not needed, or split the cluster in two");
    }

    /** Sets a permanent attribute of a node; takes it away when {@code value} is empty. */
    static ChangeRules.Decision nodeAttribute(Cib cib, NodeId node, String name, String value) {
        for (Element known : cib.nodes().children("node")) {
            if (node.name().equals(known.attribute("uname"))) {
                Element changed =
                        withPair(known, "instance_attributes", "nodes-" + known.id(), name, value);
                return replaced(
                        cib,
                        cib.withSection(
                                Section.NODES, cib.nodes().withChildReplaced(known, changed)));
            }
        }
        return ChangeRules.Decision.refuse(
                new Problem(
                        "there is no such node in the configuration",
                        node.name(),
                        "attributes are set on nodes that the configuration knows",
                        "check the name with `holdfast status`"));
    }

    /** Sets a meta attribute of a resource; takes it away when {@code value} is empty. */
    static ChangeRules.Decision resourceMeta(Cib cib, String resource, String name, String value) {
        Element resources = cib.resources();
        Optional<Element> changed = withMeta(resources, resource, name, value);
        return changed.map(found -> replaced(cib, cib.withSection(Section.RESOURCES, found)))
                .orElseGet(
                        () ->
                                ChangeRules.Decision.refuse(
                                        new Problem(
                                                "there is no such resource",
                                                resource,
                                                "no primitive, group or clone has this id",
                                                "check the name with `holdfast status`")));
    }

    /** The CIB with every member among its nodes; null when it already has them all. */
    static @Nullable Cib withNodes(Cib cib, SortedSet<NodeId> members) {
        Element nodes = cib.nodes();
        for (NodeId member : members) {
            boolean known =
                    nodes.children("node").stream()
                            .anyMatch(n -> member.name().equals(n.attribute("uname")));
            if (!known) {
                nodes =
                        nodes.withChild(
                                Element.of("node", "id", member.name(), "uname", member.name()));
            }
        }
        return nodes.equals(cib.nodes())
                ? null
                : raised(cib, cib.withSection(Section.NODES, nodes));
    }

    /** The entry that puts {@code changed} in force, one version above {@code before}. */
    static ChangeRules.Decision replaced(Cib before, Cib changed) {
        String xml = raised(before, changed).toXml();
        return isTooLarge(xml)
                ? ChangeRules.Decision.refuse(tooLarge(xml.length(), LARGEST_BYTES))
                : ChangeRules.Decision.accept(new LogEntry.ConfigurationReplaced(xml));
    }

    static Cib raised(Cib before, Cib changed) {
        CibVersion version = before.version();
        return changed.withSection(Section.STATUS, Element.of("status"))
                .withVersion(new CibVersion(version.adminEpoch(), version.epoch() + 1, 0));
    }

    private static Optional<Element> withMeta(
            Element parent, String resource, String name, String value) {
        for (Element child : parent.children()) {
            if (child.id().equals(resource) && isResource(child)) {
                Element changed =
                        withPair(
                                child,
                                "meta_attributes",
                                resource + "-meta_attributes",
                                name,
                                value);
                return Optional.of(parent.withChildReplaced(child, changed));
            }
            if (isResource(child)) {
                Optional<Element> inside = withMeta(child, resource, name, value);
                if (inside.isPresent()) {
                    return Optional.of(parent.withChildReplaced(child, inside.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isResource(Element element) {
        return switch (element.name()) {
            case "primitive", "group", "clone", "master", "bundle" -> true;
            default -> false;
        };
    }

    private static Element withPair(
            Element owner, String setName, String setId, String name, String value) {
        Element known = owner.child(setName);
        Element set = known == null ? Element.of(setName, "id", setId) : known;
        Element pair =
                set.children("nvpair").stream()
                        .filter(p -> name.equals(p.attribute("name")))
                        .findFirst()
                        .orElse(null);
        Element changed;
        if (value.isEmpty()) {
            changed = pair == null ? set : set.withoutChild(pair);
        } else if (pair == null) {
            changed =
                    set.withChild(
                            Element.of(
                                    "nvpair",
                                    "id",
                                    set.id() + "-" + name,
                                    "name",
                                    name,
                                    "value",
                                    value));
        } else {
            changed = set.withChildReplaced(pair, pair.withAttribute("value", value));
        }
        return known == null ? owner.withChild(changed) : owner.withChildReplaced(known, changed);
    }
}
