package io.holdfast.iscsi.codec;

import io.holdfast.iscsi.core.scsi.KeptState;
import io.holdfast.iscsi.core.session.ConnectionEnds;
import java.util.List;

/**
 * What is kept with a volume for its logical unit.
 *
 * @param connections of the sessions that were open when this was written
 */
public record UnitNotes(KeptState state, List<ConnectionEnds> connections) {
    /** Of a unit that nobody has used yet. */
    public static final UnitNotes NONE = new UnitNotes(KeptState.NONE, List.of());

    public UnitNotes {
        connections = List.copyOf(connections);
    }
}
