package io.holdfast.scheduler.unpack;

import io.holdfast.cib.xml.Element;
import io.holdfast.scheduler.actions.Actions;
import io.holdfast.scheduler.actions.Bundles;
import io.holdfast.scheduler.actions.Digests;
import io.holdfast.scheduler.actions.Fencing;
import io.holdfast.scheduler.actions.OperationMeta;
import io.holdfast.scheduler.model.Action;
import io.holdfast.scheduler.model.Clone;
import io.holdfast.scheduler.model.Cluster;
import io.holdfast.scheduler.model.Node;
import io.holdfast.scheduler.model.OnFail;
import io.holdfast.scheduler.model.Relation;
import io.holdfast.scheduler.model.Resource;
import io.holdfast.scheduler.model.Role;
import io.holdfast.scheduler.model.Tasks;
import io.holdfast.scheduler.model.Values;
import io.holdfast.scheduler.placement.Scores;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows one resource's operations on one node, oldest first, to its role and what to do about it.
 */
final class ResourceHistory {
    private final Resource resource;
    private final Node node;
    private final Cluster cluster;

    /** What the failures so far lead to. */
    OnFail onFail = OnFail.IGNORE;

    private @Nullable Element lastFailure;

    ResourceHistory(Resource resource, Node node) {
        this.resource = resource;
        this.node = node;
        this.cluster = resource.cluster;
    }

    void add(Element operation) {
        HistoryEntry entry = HistoryEntry.of(resource, node, operation);
        if (entry == null) {
            return;
        }
        boolean expired = checkExpiry(entry);
        int recordedExit = entry.exit;
        remap(entry, expired);
        if (expired && isDone(entry, recordedExit)) {
            return;
        }
        boolean masked = !resource.isBundled() && HistoryEntry.isMaskedProbe(operation);
        if (masked) {
            update(entry, entry.expected);
            recordFailure(entry);
            Scores.ban(banned(), node, "its probe says that it cannot run here: " + entry.key);
            return;
        }
        switch (entry.status) {
            case HistoryEntry.PENDING -> pending(entry);
            case HistoryEntry.DONE -> update(entry, entry.exit);
            case HistoryEntry.EXEC_NOT_INSTALLED -> notInstalled(entry);
            default -> error(entry);
        }
    }

    private Resource banned() {
        return resource.unique ? resource : resource.top();
    }

    private OnFail configured(HistoryEntry entry) {
        Element configuration =
                OperationMeta.configuration(resource, entry.task, entry.interval, true);
        Map<String, String> meta =
                OperationMeta.unpack(resource, node, entry.task, entry.interval, configuration);
        return OperationMeta.onFail(resource, entry.task, entry.interval, meta.get("on-fail"));
    }

    private void notInstalled(HistoryEntry entry) {
        OnFail configured = configured(entry);
        if (configured == OnFail.IGNORE) {
            onFail = OnFail.BAN; // a missing agent cannot be ignored
        }
        Scores.ban(banned(), node, "its agent is not installed here");
        failure(entry, configured);
    }

    private void error(HistoryEntry entry) {
        if (entry.status == HistoryEntry.NOT_CONNECTED
                && node.remoteKind
                && node.remote != null
                && node.remote.managed) {
            node.remote.failed = true;
            node.remote.stopIfFailed = true;
        }
        OnFail configured = configured(entry);
        if (configured == OnFail.IGNORE
                || (configured == OnFail.RESTART_CONTAINER && entry.task.equals(Tasks.STOP))) {
            update(entry, entry.expected);
            resource.failureIgnored = true;
            recordFailure(entry);
            if (configured == OnFail.RESTART_CONTAINER && onFail.compareTo(OnFail.RESTART) <= 0) {
                onFail = configured;
            }
            return;
        }
        failure(entry, configured);
        if (entry.status == HistoryEntry.ERROR_HARD) {
            Scores.ban(banned(), node, "a hard error: " + entry.key);
        } else if (entry.status == HistoryEntry.ERROR_FATAL) {
            Scores.ban(banned(), null, "a fatal error on " + node.name + ": " + entry.key);
        }
    }

    // expiry

    /** Whether the entry is too old to count; clears fail counts that expired with it. */
    private boolean checkExpiry(HistoryEntry entry) {
        if (entry.status == HistoryEntry.EXEC_NOT_INSTALLED) {
            return false;
        }
        boolean expired = false;
        boolean anyUnexpired = false;
        long timeout = FailCounts.timeoutSeconds(resource);
        Long lastRun = Values.leadingLong(entry.xml.attribute("last-rc-change"));
        if (timeout > 0 && lastRun != null) {
            expired = cluster.now >= lastRun + timeout && !mustWaitForFencing(entry);
            FailCounts.Count unexpired = FailCounts.count(node, resource, true, false, entry.xml);
            anyUnexpired = unexpired.failures() > 0;
            long until = unexpired.last() + timeout + 1;
            if (anyUnexpired && cluster.now < until) {
                cluster.recheckAt(until);
            }
        }
        String clear = null;
        if (expired) {
            if (FailCounts.count(node, resource, false, false, entry.xml).failures() > 0) {
                if (anyUnexpired) {
                    expired = false;
                } else {
                    clear = "it expired";
                }
            } else if (entry.isLastFailure() && resource.remoteReconnectMillis > 0) {
                clear = "reconnect interval is set";
            }
        }
        if (!expired && entry.isLastFailure() && parametersChanged(entry)) {
            clear = "resource parameters have changed";
        }
        if (clear != null) {
            clearFailures(clear);
        }
        return expired && !(entry.isProbe() && isProbeAnswer(entry.exit));
    }

    private static boolean isProbeAnswer(int exit) {
        return switch (exit) {
            case HistoryEntry.OK,
                    HistoryEntry.NOT_RUNNING,
                    HistoryEntry.RUNNING_PROMOTED,
                    HistoryEntry.DEGRADED,
                    HistoryEntry.DEGRADED_PROMOTED ->
                    true;
            default -> false;
        };
    }

    /** A lost remote connection counts until its node has been fenced. */
    private boolean mustWaitForFencing(HistoryEntry entry) {
        if (resource.remoteReconnectMillis == 0
                || !cluster.fencingEnabled
                || entry.interval == 0
                || !entry.task.equals(Tasks.MONITOR)) {
            return false;
        }
        Node remote = cluster.node(resource.id);
        return remote != null && !remote.remoteFenced;
    }

    private boolean parametersChanged(HistoryEntry entry) {
        if (!entry.task.equals(Tasks.START) && !entry.task.equals(Tasks.MONITOR)) {
            return false;
        }
        if (Bundles.needsRemoteName(resource)) {
            cluster.parameterChecks.add(
                    new Cluster.ParameterCheck(resource, node, entry.xml, true));
            return false;
        }
        Digests.Result result = Digests.compare(resource, entry.xml, node).result;
        return result == Digests.Result.CHANGED || result == Digests.Result.NEEDS_RESTART;
    }

    private void clearFailures(String reason) {
        Action clear = Actions.clearFailcount(resource, node, reason);
        if (cluster.fencingEnabled && resource.remoteReconnectMillis > 0) {
            Node remote = cluster.node(resource.id);
            if (remote != null) {
                Fencing.operation(cluster, remote, null, true, null, false)
                        .orderBefore(clear, Relation.FIRST_IMPLIES_THEN);
            }
        }
    }

    /** Whether nothing more is to be learned from an expired entry. */
    private boolean isDone(HistoryEntry entry, int recordedExit) {
        if (!resource.isBundled()
                && HistoryEntry.isMaskedProbe(entry.xml)
                && recordedExit != entry.expected) {
            if (resource.role.compareTo(Role.STOPPED) <= 0) {
                resource.role = Role.UNKNOWN;
            }
            return true;
        }
        if (entry.exit == entry.expected) {
            return false; // only failures expire
        }
        if (entry.interval == 0) {
            return true;
        }
        if (node.online && !node.unclean) {
            cluster.expiredRecurring.add(entry.xml);
            return true;
        }
        return false;
    }

    // what a result means

    private void remap(HistoryEntry entry, boolean expired) {
        int recordedExit = entry.exit;
        if (entry.exit == HistoryEntry.DEGRADED) {
            entry.exit = HistoryEntry.OK;
        } else if (entry.exit == HistoryEntry.DEGRADED_PROMOTED) {
            entry.exit = HistoryEntry.RUNNING_PROMOTED;
        }
        if (entry.exit != recordedExit && !expired && (!node.shutdown || node.online)) {
            recordFailure(entry);
        }
        if (!resource.isBundled()
                && HistoryEntry.isMaskedProbe(entry.xml)
                && (entry.status != HistoryEntry.DONE || entry.exit != HistoryEntry.NOT_RUNNING)) {
            entry.status = HistoryEntry.DONE;
            entry.exit = HistoryEntry.NOT_RUNNING;
        }
        switch (entry.status) {
            case HistoryEntry.DONE, HistoryEntry.ERROR -> byExit(entry, expired);
            case HistoryEntry.NO_FENCE_DEVICE, HistoryEntry.NO_SECRETS ->
                    entry.status = HistoryEntry.ERROR_HARD;
            default -> {}
        }
    }

    private void byExit(HistoryEntry entry, boolean expired) {
        boolean probe = entry.isProbe();
        entry.status =
                entry.expected >= 0 && entry.exit == entry.expected
                        ? HistoryEntry.DONE
                        : HistoryEntry.ERROR;
        switch (entry.exit) {
            case HistoryEntry.OK -> {
                if (probe && entry.expected == HistoryEntry.NOT_RUNNING) {
                    entry.status = HistoryEntry.DONE;
                }
            }
            case HistoryEntry.NOT_RUNNING -> {
                if (probe || entry.expected == entry.exit || !resource.managed) {
                    entry.status = HistoryEntry.DONE;
                    resource.role = Role.STOPPED;
                    onFail = OnFail.IGNORE;
                    resource.nextRole = Role.UNKNOWN;
                }
            }
            case HistoryEntry.RUNNING_PROMOTED -> {
                if (probe && entry.exit != entry.expected) {
                    entry.status = HistoryEntry.DONE;
                }
                if (!expired || entry.exit == entry.expected) {
                    resource.role = Role.PROMOTED;
                }
            }
            case HistoryEntry.FAILED_PROMOTED -> {
                if (!expired) {
                    resource.role = Role.PROMOTED;
                }
                entry.status = HistoryEntry.ERROR;
            }
            case HistoryEntry.NOT_CONFIGURED -> entry.status = HistoryEntry.ERROR_FATAL;
            case HistoryEntry.UNIMPLEMENTED -> {
                if (entry.interval > 0) {
                    entry.status = HistoryEntry.NOT_SUPPORTED;
                } else {
                    hardError(entry, expired);
                }
            }
            case HistoryEntry.NOT_INSTALLED,
                    HistoryEntry.INVALID_PARAM,
                    HistoryEntry.INSUFFICIENT_PRIVILEGES ->
                    hardError(entry, expired);
            default -> {
                if (entry.status == HistoryEntry.DONE) {
                    entry.status = HistoryEntry.ERROR;
                }
            }
        }
    }

    private void hardError(HistoryEntry entry, boolean expired) {
        if (!expired && entry.task.equals(Tasks.STOP) && !Fencing.canFence(cluster, node)) {
            // nothing can be done about a failed stop without fencing
            resource.managed = false;
            resource.blocked = true;
        }
        entry.status = HistoryEntry.ERROR_HARD;
    }

    private void setActive() {
        resource.role = resource.top().promotable ? Role.UNPROMOTED : Role.STARTED;
    }

    /** The resource's role after an operation that ended as it should. */
    private void update(HistoryEntry entry, int exit) {
        boolean clears = false;
        if (exit == HistoryEntry.NOT_INSTALLED
                || (!resource.isBundled() && HistoryEntry.isMaskedProbe(entry.xml))) {
            resource.role = Role.STOPPED;
        } else if (exit == HistoryEntry.NOT_RUNNING) {
            clears = true;
        } else {
            switch (entry.task) {
                case Tasks.MONITOR -> {
                    clears = lastFailure != null && entry.key.equals(HistoryEntry.key(lastFailure));
                    if (!resource.role.atLeast(Role.STARTED)) {
                        setActive();
                    }
                }
                case Tasks.START, Tasks.MIGRATE_FROM -> {
                    resource.role = Role.STARTED;
                    clears = true;
                }
                case Tasks.STOP -> {
                    resource.role = Role.STOPPED;
                    clears = true;
                }
                case Tasks.PROMOTE -> {
                    resource.role = Role.PROMOTED;
                    clears = true;
                }
                case Tasks.DEMOTE -> {
                    clears = onFail == OnFail.DEMOTE;
                    resource.role = Role.UNPROMOTED;
                }
                case Tasks.MIGRATE_TO -> Migrations.toSucceeded(entry);
                default -> {
                    if (!resource.role.atLeast(Role.STARTED)) {
                        setActive();
                    }
                }
            }
        }
        if (clears) {
            clearPastFailures();
        }
    }

    private void clearPastFailures() {
        switch (onFail) {
            case STOP, BAN, STANDBY_NODE, FENCE_NODE -> {}
            case RESET_REMOTE -> {
                if (resource.remoteReconnectMillis == 0) {
                    onFail = OnFail.IGNORE;
                    resource.nextRole = Role.UNKNOWN;
                }
            }
            default -> {
                onFail = OnFail.IGNORE;
                resource.nextRole = Role.UNKNOWN;
            }
        }
    }

    private void failure(HistoryEntry entry, OnFail configured) {
        Role after = OperationMeta.roleAfterFailure(resource, entry.task, configured);
        lastFailure = entry.xml;
        if (cluster.symmetric || entry.exit != HistoryEntry.NOT_INSTALLED) {
            recordFailure(entry);
        }
        if (onFail.compareTo(configured) < 0) {
            onFail = configured;
        }
        switch (entry.task) {
            case Tasks.STOP -> Scores.ban(resource, node, "its stop failed here");
            case Tasks.MIGRATE_TO -> Migrations.toFailed(entry);
            case Tasks.MIGRATE_FROM -> Migrations.fromFailed(entry);
            case Tasks.PROMOTE -> resource.role = Role.PROMOTED;
            case Tasks.DEMOTE -> {
                if (configured == OnFail.BLOCK) {
                    resource.role = Role.PROMOTED;
                    resource.nextRole = Role.STOPPED;
                } else if (entry.exit == HistoryEntry.NOT_RUNNING) {
                    resource.role = Role.STOPPED;
                } else {
                    // stopped as part of the recovery, and promoted only after that
                    resource.role = Role.UNPROMOTED;
                }
            }
            default -> {}
        }
        if (entry.isProbe() && entry.exit == HistoryEntry.NOT_INSTALLED) {
            resource.role = Role.STOPPED;
        } else if (!resource.role.atLeast(Role.STARTED)) {
            setActive();
        }
        if (after != Role.STARTED && after.above(resource.nextRole)) {
            resource.nextRole = after;
        }
        if (after == Role.STOPPED) {
            Resource whole = resource.top();
            Scores.banEverywhere(
                    resource.parent != null && whole instanceof Clone && !whole.unique
                            ? whole
                            : resource,
                    entry.key + " failed on " + node.name + ", and it is not to run any more");
        }
    }

    private void pending(HistoryEntry entry) {
        if (isOutdatedBy(entry, lastFailure)) {
            return;
        }
        if (entry.task.equals(Tasks.START)) {
            resource.startPending = true;
            setActive();
        } else if (entry.task.equals(Tasks.PROMOTE)) {
            resource.role = Role.PROMOTED;
        } else if (entry.task.equals(Tasks.MIGRATE_TO) && node.unclean) {
            Node target = cluster.node(entry.xml.attribute("migrate_target"));
            if (target != null) {
                Actions.stop(resource, target, false);
            }
        }
        if (resource.pendingAction == null && !entry.isProbe()) {
            resource.pendingAction = entry.task;
            resource.pendingNode = node;
        }
    }

    private static boolean isOutdatedBy(HistoryEntry entry, @Nullable Element failure) {
        if (failure == null
                || !entry.task.equals(failure.attribute("operation"))
                || entry.interval != Values.number(failure.attribute("interval"), 0)) {
            return false;
        }
        Long here = Values.leadingLong(entry.xml.attribute("last-rc-change"));
        Long there = Values.leadingLong(failure.attribute("last-rc-change"));
        return here != null && there != null && there >= here;
    }

    private void recordFailure(HistoryEntry entry) {
        if (!node.online) {
            return;
        }
        for (Cluster.FailedOperation known : cluster.failed) {
            if (known.node() == node && HistoryEntry.key(known.operation()).equals(entry.key)) {
                return;
            }
        }
        cluster.failed.add(new Cluster.FailedOperation(entry.xml, resource.id, node));
    }
}
