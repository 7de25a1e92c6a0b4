package io.holdfast.iscsi.core.scsi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Persistent reservations of one logical unit, SPC-4 5.13. Single owner, mutable, pure; the whole
 * state is the {@link State} record, so that it can be kept with the volume and taken over.
 *
 * <pre>
 * service action       needs                effect
 * REGISTER             key = registered     register, change or (new key 0) remove
 * REGISTER AND IGNORE  -                    the same, whatever the key
 * RESERVE              registered           hold, unless another holds (conflict)
 * RELEASE              holder, same type    give up; unit attention for registrants-only types
 * CLEAR                registered           remove all; unit attention to the others
 * PREEMPT (AND ABORT)  registered           remove another's key, and take its reservation
 * </pre>
 */
public final class PersistentReservations {
    public static final int REGISTER = 0;
    public static final int RESERVE = 1;
    public static final int RELEASE = 2;
    public static final int CLEAR = 3;
    public static final int PREEMPT = 4;
    public static final int PREEMPT_AND_ABORT = 5;
    public static final int REGISTER_AND_IGNORE = 6;

    static final int WRITE_EXCLUSIVE = 1;
    static final int EXCLUSIVE_ACCESS = 3;
    static final int WRITE_EXCLUSIVE_REGISTRANTS = 5;
    static final int EXCLUSIVE_ACCESS_REGISTRANTS = 6;
    static final int WRITE_EXCLUSIVE_ALL = 7;
    static final int EXCLUSIVE_ACCESS_ALL = 8;

    /** More initiator ports than this are refused rather than remembered. */
    private static final int MAX_REGISTRATIONS = 1024;

    /** One initiator port and its key. */
    public record Registration(Nexus nexus, long key) {}

    /**
     * Everything there is to remember.
     *
     * @param type 0 when nobody holds a reservation
     * @param holder who holds it; null also for the "all registrants" types
     * @param persistent APTPL: survive a power loss
     */
    public record State(
            int generation,
            List<Registration> registrations,
            int type,
            @Nullable Nexus holder,
            boolean persistent) {
        public static final State NONE = new State(0, List.of(), 0, null, false);
    }

    /** Another nexus is to be told something. */
    public record Attention(Nexus nexus, Sense sense) {}

    /** The result of a PERSISTENT RESERVE OUT. */
    public sealed interface Outcome {
        /** Done; tell these, and abort the tasks of those. */
        record Done(List<Attention> attentions, List<Nexus> abortTasksOf) implements Outcome {}

        record Conflict() implements Outcome {}

        record Refused(Sense sense) implements Outcome {}
    }

    private static final Outcome CONFLICT = new Outcome.Conflict();
    private State state = State.NONE;

    public State state() {
        return state;
    }

    /** Takes over what was kept with the volume. */
    public void restore(State kept) {
        state = kept;
    }

    boolean none() {
        return state.registrations().isEmpty();
    }

    Optional<Long> keyOf(Nexus nexus) {
        for (Registration registration : state.registrations()) {
            if (registration.nexus().equals(nexus)) {
                return Optional.of(registration.key());
            }
        }
        return Optional.empty();
    }

    boolean holds(Nexus nexus) {
        if (state.type() >= WRITE_EXCLUSIVE_ALL) {
            return keyOf(nexus).isPresent();
        }
        return nexus.equals(state.holder());
    }

    /** Whether a command of this kind from this nexus is kept out, SPC-4 table 66. */
    boolean conflicts(Nexus nexus, boolean writes) {
        int type = state.type();
        if (type == 0 || holds(nexus)) {
            return false;
        }
        boolean registrants =
                type == WRITE_EXCLUSIVE_REGISTRANTS || type == EXCLUSIVE_ACCESS_REGISTRANTS;
        if (registrants && keyOf(nexus).isPresent()) {
            return false;
        }
        boolean writeExclusive =
                type == WRITE_EXCLUSIVE
                        || type == WRITE_EXCLUSIVE_REGISTRANTS
                        || type == WRITE_EXCLUSIVE_ALL;
        return !writeExclusive || writes;
    }

    /** Carries out one PERSISTENT RESERVE OUT. */
    public Outcome execute(
            Nexus nexus,
            ScsiCommand.PersistentReserveOut command,
            ParameterList.ReservationParameters parameters) {
        return switch (command.serviceAction()) {
            case REGISTER -> register(nexus, parameters, false);
            case REGISTER_AND_IGNORE -> register(nexus, parameters, true);
            case RESERVE -> reserve(nexus, command, parameters);
            case RELEASE -> release(nexus, command, parameters);
            case CLEAR -> clear(nexus, parameters);
            case PREEMPT -> preempt(nexus, command, parameters, false);
            case PREEMPT_AND_ABORT -> preempt(nexus, command, parameters, true);
            default -> new Outcome.Refused(Sense.invalidFieldInCdb(1));
        };
    }

    private Outcome register(
            Nexus nexus, ParameterList.ReservationParameters parameters, boolean ignoreKey) {
        if (parameters.specifyInitiatorPorts()) {
            return new Outcome.Refused(Sense.invalidFieldInParameters(20));
        }
        Optional<Long> registered = keyOf(nexus);
        if (!ignoreKey && parameters.key() != registered.orElse(0L)) {
            return CONFLICT;
        }
        long newKey = parameters.serviceActionKey();
        if (newKey == 0) {
            return registered.isEmpty() ? done(List.of()) : unregister(nexus);
        }
        List<Registration> registrations = new ArrayList<>(state.registrations());
        registrations.removeIf(r -> r.nexus().equals(nexus));
        if (registrations.size() >= MAX_REGISTRATIONS) {
            return new Outcome.Refused(Sense.INSUFFICIENT_REGISTRATION_RESOURCES);
        }
        registrations.add(new Registration(nexus, newKey));
        state =
                new State(
                        state.generation() + 1,
                        List.copyOf(registrations),
                        state.type(),
                        state.holder(),
                        parameters.persistThroughPowerLoss());
        return done(List.of());
    }

    private Outcome unregister(Nexus nexus) {
        boolean held = holds(nexus);
        List<Registration> left = new ArrayList<>(state.registrations());
        left.removeIf(r -> r.nexus().equals(nexus));
        boolean allRegistrants = state.type() >= WRITE_EXCLUSIVE_ALL;
        boolean released = held && (!allRegistrants || left.isEmpty());
        // SPC-4 5.13.11.1.2: registrants of a registrants-only reservation learn of its end.
        boolean tell = released && state.type() >= WRITE_EXCLUSIVE_REGISTRANTS;
        state =
                new State(
                        state.generation() + 1,
                        List.copyOf(left),
                        released ? 0 : state.type(),
                        released ? null : state.holder(),
                        state.persistent());
        return done(tell ? attentions(left, nexus, Sense.RESERVATIONS_RELEASED) : List.of());
    }

    private Outcome reserve(
            Nexus nexus,
            ScsiCommand.PersistentReserveOut command,
            ParameterList.ReservationParameters parameters) {
        if (!registeredWith(nexus, parameters.key())) {
            return CONFLICT;
        }
        Optional<Sense> invalid = checkScopeAndType(command);
        if (invalid.isPresent()) {
            return new Outcome.Refused(invalid.get());
        }
        if (state.type() != 0) {
            boolean same = holds(nexus) && state.type() == command.type();
            return same ? done(List.of()) : CONFLICT;
        }
        hold(nexus, command.type(), state.registrations(), state.generation());
        return done(List.of());
    }

    private Outcome release(
            Nexus nexus,
            ScsiCommand.PersistentReserveOut command,
            ParameterList.ReservationParameters parameters) {
        if (!registeredWith(nexus, parameters.key())) {
            return CONFLICT;
        }
        if (state.type() == 0 || !holds(nexus)) {
            return done(List.of());
        }
        if (command.scope() != 0 || command.type() != state.type()) {
            return new Outcome.Refused(Sense.INVALID_RELEASE);
        }
        boolean tell = state.type() >= WRITE_EXCLUSIVE_REGISTRANTS;
        state = new State(state.generation(), state.registrations(), 0, null, state.persistent());
        return done(
                tell
                        ? attentions(state.registrations(), nexus, Sense.RESERVATIONS_RELEASED)
                        : List.of());
    }

    private Outcome clear(Nexus nexus, ParameterList.ReservationParameters parameters) {
        if (!registeredWith(nexus, parameters.key())) {
            return CONFLICT;
        }
        List<Registration> before = state.registrations();
        state = new State(state.generation() + 1, List.of(), 0, null, state.persistent());
        return done(attentions(before, nexus, Sense.RESERVATIONS_PREEMPTED));
    }

    /** SPC-4 5.13.11.2.5 and its figure. */
    private Outcome preempt(
            Nexus nexus,
            ScsiCommand.PersistentReserveOut command,
            ParameterList.ReservationParameters parameters,
            boolean abort) {
        if (!registeredWith(nexus, parameters.key())) {
            return CONFLICT;
        }
        long victimKey = parameters.serviceActionKey();
        boolean allRegistrants = state.type() >= WRITE_EXCLUSIVE_ALL;
        boolean ofHolder =
                state.type() != 0 && (allRegistrants ? victimKey == 0 : holderHas(victimKey));
        if (victimKey == 0 && !ofHolder) {
            return new Outcome.Refused(Sense.invalidFieldInParameters(8));
        }
        if (ofHolder) {
            Optional<Sense> invalid = checkScopeAndType(command);
            if (invalid.isPresent()) {
                return new Outcome.Refused(invalid.get());
            }
        }
        List<Registration> victims = new ArrayList<>();
        List<Registration> left = new ArrayList<>();
        for (Registration registration : state.registrations()) {
            boolean hit =
                    !registration.nexus().equals(nexus)
                            && (registration.key() == victimKey || (ofHolder && victimKey == 0));
            (hit ? victims : left).add(registration);
        }
        if (victims.isEmpty() && !ofHolder) {
            return CONFLICT;
        }
        int oldType = state.type();
        int generation = state.generation() + 1;
        if (ofHolder) {
            hold(nexus, command.type(), List.copyOf(left), generation);
        } else {
            state =
                    new State(
                            generation,
                            List.copyOf(left),
                            state.type(),
                            state.holder(),
                            state.persistent());
        }
        List<Attention> tell =
                new ArrayList<>(attentions(victims, nexus, Sense.REGISTRATIONS_PREEMPTED));
        if (ofHolder && oldType != command.type()) {
            tell.addAll(attentions(left, nexus, Sense.RESERVATIONS_RELEASED));
        }
        List<Nexus> aborted =
                abort ? victims.stream().map(Registration::nexus).toList() : List.of();
        return new Outcome.Done(List.copyOf(tell), aborted);
    }

    private void hold(Nexus nexus, int type, List<Registration> registrations, int generation) {
        Nexus holder = type >= WRITE_EXCLUSIVE_ALL ? null : nexus;
        state = new State(generation, registrations, type, holder, state.persistent());
    }

    private boolean holderHas(long key) {
        Nexus holder = state.holder();
        return holder != null && keyOf(holder).equals(Optional.of(key));
    }

    private boolean registeredWith(Nexus nexus, long key) {
        return keyOf(nexus).equals(Optional.of(key));
    }

    private static Optional<Sense> checkScopeAndType(ScsiCommand.PersistentReserveOut command) {
        boolean typeKnown =
                switch (command.type()) {
                    case WRITE_EXCLUSIVE,
                            EXCLUSIVE_ACCESS,
                            WRITE_EXCLUSIVE_REGISTRANTS,
                            EXCLUSIVE_ACCESS_REGISTRANTS,
                            WRITE_EXCLUSIVE_ALL,
                            EXCLUSIVE_ACCESS_ALL ->
                            true;
                    default -> false;
                };
        return command.scope() == 0 && typeKnown
                ? Optional.empty()
                : Optional.of(Sense.invalidFieldInCdb(2));
    }

    private static Outcome done(List<Attention> attentions) {
        return new Outcome.Done(attentions, List.of());
    }

    private static List<Attention> attentions(List<Registration> to, Nexus except, Sense sense) {
        return to.stream()
                .filter(r -> !r.nexus().equals(except))
                .map(r -> new Attention(r.nexus(), sense))
                .toList();
    }
}
