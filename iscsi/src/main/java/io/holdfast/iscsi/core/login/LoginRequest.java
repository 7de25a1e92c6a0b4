package io.holdfast.iscsi.core.login;

import java.util.SequencedMap;

/**
 * One login request whose text is complete (continuation PDUs already joined), RFC 7143 11.12.
 *
 * @param transit the T bit
 * @param currentStage CSG as sent
 * @param nextStage NSG as sent; meaningful only with {@code transit}
 * @param versionMin the lowest protocol version the initiator speaks
 * @param isid the six bytes of the initiator's session id, in the low bits
 * @param tsih zero for a new session
 * @param keys in the order they were sent
 */
public record LoginRequest(
        boolean transit,
        int currentStage,
        int nextStage,
        int versionMin,
        long isid,
        int tsih,
        int connectionId,
        SequencedMap<String, String> keys) {}
