package io.holdfast.membership.codec;

import io.holdfast.membership.core.VoterAnswer;
import io.holdfast.membership.core.VoterRequest;
import java.nio.ByteBuffer;

/** What a frame carries. */
public sealed interface Message {
    /** "I am here, on this ring." Sent on that ring alone. */
    record Heartbeat(int ring) implements Message {}

    /** "I leave now, do not wait for silence." */
    record Goodbye() implements Message {}

    record Request(VoterRequest request) implements Message {}

    record Answer(VoterAnswer answer) implements Message {}

    /** A packet of group communication, as it made it. */
    record GroupPacket(ByteBuffer bytes) implements Message {}
}
