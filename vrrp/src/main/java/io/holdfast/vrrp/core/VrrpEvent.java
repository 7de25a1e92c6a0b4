package io.holdfast.vrrp.core;

import io.holdfast.base.Problem;

/**
 * Something that people and scripts want to hear of. Told in the order in which it happened; the
 * wording for people is {@link #text}.
 */
public sealed interface VrrpEvent {
    /** One line, without time and without the name of this machine. */
    String text();

    /** An instance moved; for {@code notify}, {@code notify_master} and so on. */
    record InstanceChanged(
            String instance, InstanceState from, InstanceState to, int priority, String reason)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") "
                    + from
                    + " -> "
                    + to
                    + " at priority "
                    + priority
                    + ": "
                    + reason;
        }
    }

    /** A sync group moved; told after its members. */
    record GroupChanged(
            String group, InstanceState from, InstanceState to, int priority, String reason)
            implements VrrpEvent {
        @Override
        public String text() {
            return "sync group (" + group + ") " + from + " -> " + to + ": " + reason;
        }
    }

    /** An instance was taken out of the configuration; for {@code notify_deleted}. */
    record InstanceDeleted(String instance, int priority) implements VrrpEvent {
        @Override
        public String text() {
            return "(" + instance + ") is no longer configured";
        }
    }

    record GroupDeleted(String group) implements VrrpEvent {
        @Override
        public String text() {
            return "sync group (" + group + ") is no longer configured";
        }
    }

    /** For {@code notify_priority_changes}. */
    record PriorityChanged(String instance, InstanceState state, int from, int to, String reason)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") changing effective priority from "
                    + from
                    + " to "
                    + to
                    + ": "
                    + reason;
        }
    }

    /** For {@code notify_master_rx_lower_pri}; at most one for each rival and interval. */
    record LowerPriorityHeard(String instance, IpAddress rival, int rivalPriority, int ownPriority)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") is Master at priority "
                    + ownPriority
                    + " and hears "
                    + rival
                    + " be Master at "
                    + rivalPriority;
        }
    }

    /** Two Masters hear each other; told when the first advert of the other one is heard. */
    record RivalMaster(
            String instance, IpAddress rival, int rivalPriority, int ownPriority, boolean yields)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") TWO MASTERS: "
                    + rival
                    + " (priority "
                    + rivalPriority
                    + ") beside this node (priority "
                    + ownPriority
                    + "); "
                    + (yields ? "this node gives way" : "the other one should give way");
        }
    }

    /** Another Master whose adverts must be dropped: neither will ever give way. */
    record DisagreeingMaster(String instance, IpAddress rival, Rejection cause, String detail)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") TWO MASTERS that cannot agree: "
                    + rival
                    + " is Master too, and its adverts are dropped: "
                    + detail;
        }
    }

    /** The rival gave way, or fell silent for its down time. */
    record RivalGone(String instance, IpAddress rival, long lastedNanos) implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") is the only Master again: "
                    + rival
                    + " was beside it for "
                    + lastedNanos / 1_000_000
                    + " ms";
        }
    }

    /** Master without ever having heard another router: alone, or adverts are filtered. */
    record NobodyHeard(String instance, String group) implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") no advert was ever heard here. If another node is"
                    + " configured for it, its adverts do not arrive: multicast to "
                    + group
                    + " or IP protocol 112 is filtered between them; try unicast_peer";
        }
    }

    /** Preemption is being held back, or no longer. */
    record Damped(String instance, int takeovers, long heldForNanos) implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") became Master "
                    + takeovers
                    + " times in a short while;"
                    + " it does not preempt for "
                    + heldForNanos / 1_000_000_000
                    + " s";
        }
    }

    /** A tracked script, interface, file or process came up or went down. */
    record TrackerChanged(TrackerKind kind, String name, boolean up, String reason)
            implements VrrpEvent {
        @Override
        public String text() {
            return kind.word() + " " + name + " is " + (up ? "up" : "down") + ": " + reason;
        }
    }

    /** An advert was dropped; at most one each minute for peer and cause. */
    record AdvertRejected(
            String instance, IpAddress source, Rejection cause, String detail, long suppressed)
            implements VrrpEvent {
        @Override
        public String text() {
            return "("
                    + instance
                    + ") advert of "
                    + source
                    + " dropped: "
                    + detail
                    + (suppressed == 0 ? "" : " (and " + suppressed + " more like it)");
        }
    }

    /** Something else is wrong: an address could not be put up, a socket not be opened. */
    record Trouble(Problem problem) implements VrrpEvent {
        @Override
        public String text() {
            return problem.message();
        }
    }
}
