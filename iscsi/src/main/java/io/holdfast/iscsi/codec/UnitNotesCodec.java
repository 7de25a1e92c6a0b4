package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.AccessState;
import io.holdfast.iscsi.core.scsi.KeptState;
import io.holdfast.iscsi.core.scsi.Nexus;
import io.holdfast.iscsi.core.scsi.PersistentReservations;
import io.holdfast.iscsi.core.scsi.Sense;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link UnitNotes} as bytes, big endian; strings are a length of two bytes and UTF-8.
 *
 * <pre>
 * u8      version, 1
 * u8      flags: 1 APTPL, 2 D_SENSE, 4 SWP, 8 access set by an initiator, 16 sanitize unfinished
 * u8      access state
 * u32     generation of the reservations
 * u8      type of the reservation, 0 for none
 * u8 [n]  1 and the holder, or 0
 * u16     registrations, each: nexus, u64 key
 * u16     nexuses with unit attentions, each: nexus, u8 conditions, each u16 additional code
 * u16     connections, each: portal string, u16 port, client string, u16 port
 * nexus   u16 index of the initiator name below, 6 bytes ISID
 * names   u16 count, strings, at the very end; the u32 at 1 says where
 * </pre>
 *
 * A name is written once: a host has many nexuses, and 1,024 registrations must fit.
 */
public final class UnitNotesCodec {
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 5;
    private static final int APTPL = 1;
    private static final int DESCRIPTOR_SENSE = 2;
    private static final int WRITE_PROTECT = 4;
    private static final int ACCESS_SET = 8;
    private static final int SANITIZE_UNFINISHED = 16;

    /** Tickling is a courtesy: further connections find out by themselves. */
    private static final int MAX_CONNECTIONS = 1024;

    private UnitNotesCodec() {}

    private static final class Names {
        private final Map<String, Integer> numbers = new LinkedHashMap<>();

        int numberOf(String name) {
            return numbers.computeIfAbsent(name, n -> numbers.size());
        }
    }

    public static byte[] encode(UnitNotes notes) {
        KeptState state = notes.state();
        PersistentReservations.State reservations = state.reservations();
        Names names = new Names();
        ByteSink out = new ByteSink();
        out.u8(flags(state)).u8(state.access().code());
        out.u32(reservations.generation()).u8(reservations.type());
        Nexus holder = reservations.holder();
        out.u8(holder == null ? 0 : 1);
        if (holder != null) {
            nexus(out, holder, names);
        }
        out.u16(reservations.registrations().size());
        for (PersistentReservations.Registration each : reservations.registrations()) {
            nexus(out, each.nexus(), names);
            out.u64(each.key());
        }
        out.u16(state.attentions().size());
        for (KeptState.Pending each : state.attentions()) {
            nexus(out, each.nexus(), names);
            out.u8(each.conditions().size());
            each.conditions().forEach(sense -> out.u16(sense.additional()));
        }
        List<ConnectionEnds> connections =
                notes.connections()
                        .subList(0, Math.min(MAX_CONNECTIONS, notes.connections().size()));
        out.u16(connections.size());
        for (ConnectionEnds each : connections) {
            string(out, each.portalAddress());
            out.u16(each.portalPort());
            string(out, each.clientAddress());
            out.u16(each.clientPort());
        }
        ByteSink all = new ByteSink().u8(VERSION).u32(HEAD_BYTES + out.size()).put(out.bytes());
        all.u16(names.numbers.size());
        names.numbers.keySet().forEach(name -> string(all, name));
        return all.bytes();
    }

    private static int flags(KeptState state) {
        return (state.reservations().persistent() ? APTPL : 0)
                | (state.descriptorSense() ? DESCRIPTOR_SENSE : 0)
                | (state.softwareWriteProtect() ? WRITE_PROTECT : 0)
                | (state.accessSetByInitiator() ? ACCESS_SET : 0)
                | (state.sanitizeUnfinished() ? SANITIZE_UNFINISHED : 0);
    }

    private static void nexus(ByteSink out, Nexus nexus, Names names) {
        out.u16(names.numberOf(nexus.initiatorName()));
        out.u16((int) (nexus.isid() >> 32)).u32(nexus.isid());
    }

    private static void string(ByteSink out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.u16(bytes.length).put(bytes);
    }

    /**
     * Reads what {@link #encode} wrote; no bytes at all are {@link UnitNotes#NONE}.
     *
     * @throws MalformedPduException when it is anything else, or of a later version
     */
    public static UnitNotes decode(byte[] bytes) {
        if (bytes.length == 0) {
            return UnitNotes.NONE;
        }
        try {
            return decode(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new MalformedPduException("notes of a unit end too early");
        }
    }

    private static UnitNotes decode(ByteBuffer in) {
        int version = in.get() & 0xff;
        if (version != VERSION) {
            throw new MalformedPduException("notes of a unit have version " + version);
        }
        int namesAt = in.getInt();
        List<String> names = names(in.duplicate().position(bounded(namesAt, in.limit())));
        int flags = in.get();
        int code = in.get();
        Optional<AccessState> access = AccessState.of(code);
        if (access.isEmpty()) {
            throw new MalformedPduException("notes of a unit have access state " + code);
        }
        int generation = in.getInt();
        int type = in.get();
        @Nullable Nexus holder = in.get() == 0 ? null : nexus(in, names);
        List<PersistentReservations.Registration> registrations = new ArrayList<>();
        for (int left = in.getShort() & 0xffff; left > 0; left--) {
            registrations.add(
                    new PersistentReservations.Registration(nexus(in, names), in.getLong()));
        }
        List<KeptState.Pending> attentions = new ArrayList<>();
        for (int left = in.getShort() & 0xffff; left > 0; left--) {
            attentions.add(pending(in, names));
        }
        List<ConnectionEnds> connections = new ArrayList<>();
        for (int left = in.getShort() & 0xffff; left > 0; left--) {
            connections.add(
                    new ConnectionEnds(
                            string(in),
                            in.getShort() & 0xffff,
                            string(in),
                            in.getShort() & 0xffff));
        }
        return new UnitNotes(
                new KeptState(
                        new PersistentReservations.State(
                                generation,
                                List.copyOf(registrations),
                                type,
                                holder,
                                (flags & APTPL) != 0),
                        (flags & DESCRIPTOR_SENSE) != 0,
                        (flags & WRITE_PROTECT) != 0,
                        access.get(),
                        (flags & ACCESS_SET) != 0,
                        (flags & SANITIZE_UNFINISHED) != 0,
                        attentions),
                connections);
    }

    private static int bounded(int position, int limit) {
        if (position < HEAD_BYTES || position > limit) {
            throw new MalformedPduException("notes of a unit have their names nowhere");
        }
        return position;
    }

    private static List<String> names(ByteBuffer in) {
        List<String> names = new ArrayList<>();
        for (int left = in.getShort() & 0xffff; left > 0; left--) {
            names.add(string(in));
        }
        return names;
    }

    private static KeptState.Pending pending(ByteBuffer in, List<String> names) {
        Nexus nexus = nexus(in, names);
        List<Sense> conditions = new ArrayList<>();
        for (int left = in.get() & 0xff; left > 0; left--) {
            conditions.add(Sense.of(Sense.UNIT_ATTENTION, in.getShort() & 0xffff));
        }
        return new KeptState.Pending(nexus, conditions);
    }

    private static Nexus nexus(ByteBuffer in, List<String> names) {
        String name = names.get(in.getShort() & 0xffff);
        return new Nexus(name, (in.getShort() & 0xffffL) << 32 | (in.getInt() & 0xffff_ffffL));
    }

    private static String string(ByteBuffer in) {
        byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining() + 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
