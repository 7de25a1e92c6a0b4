package io.holdfast.iscsi.driver;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.LoginPdu;
import io.holdfast.iscsi.codec.MalformedPduException;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.codec.TextKeys;
import io.holdfast.iscsi.core.login.LoginStage;
import io.holdfast.iscsi.core.login.LoginStatus;
import io.holdfast.iscsi.core.login.LoginStep;
import io.holdfast.iscsi.core.login.TargetLogin;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login of one connection: joins text that goes over several PDUs and asks {@link TargetLogin}.
 */
final class LoginPhase implements PduAssembler.Sink {
    /** A login PDU carries at most MaxRecvDataSegmentLength's default, RFC 7143 6.1. */
    static final int MAX_DATA_BYTES = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(LoginPhase.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CHALLENGE_BYTES = 16;

    private final TargetConnection connection;
    private final IscsiTargetService service;
    private final TargetLogin login;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private byte @Nullable [] segment;
    private int statSn = 1;
    private boolean over;

    LoginPhase(TargetConnection connection, IscsiTargetService service) {
        this.connection = connection;
        this.service = service;
        byte[] challenge = new byte[CHALLENGE_BYTES];
        RANDOM.nextBytes(challenge);
        this.login =
                new TargetLogin(
                        (targetName, initiatorName) ->
                                service.access(connection, targetName, initiatorName),
                        RANDOM.nextInt(256),
                        challenge);
    }

    @Override
    public ByteBuffer destination(ByteBuffer bhs, int dataLength) {
        byte[] bytes = new byte[dataLength];
        segment = bytes;
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void pdu(ByteBuffer bhs, boolean dataDigestGood) {
        if (over) {
            return;
        }
        if (Bhs.opcode(bhs) != Opcode.LOGIN_REQUEST) {
            throw new MalformedPduException("PDU " + Bhs.opcode(bhs) + " before login");
        }
        gather();
        if (LoginPdu.continues(bhs)) {
            answer(bhs, false, new LinkedHashMap<>(), LoginStatus.SUCCESS, 0, 0, 1);
            return;
        }
        SequencedMap<String, String> keys = TextKeys.decode(ByteBuffer.wrap(text.toByteArray()));
        text.reset();
        handle(bhs, login.receive(LoginPdu.decode(bhs, keys)));
    }

    private void gather() {
        byte[] came = segment;
        segment = null;
        if (came == null) {
            return;
        }
        if (text.size() + came.length > TextKeys.MAX_BYTES) {
            throw new MalformedPduException(
                    "a login of more than " + TextKeys.MAX_BYTES + " bytes");
        }
        text.writeBytes(came);
    }

    private void handle(ByteBuffer bhs, LoginStep step) {
        switch (step) {
            case LoginStep.Continue(
                            boolean transit,
                            LoginStage _,
                            LoginStage next,
                            SequencedMap<String, String> keys) ->
                    answer(
                            bhs,
                            transit,
                            keys,
                            LoginStatus.SUCCESS,
                            next.number(),
                            LoginPdu.tsih(bhs),
                            1);
            case LoginStep.Refused(LoginStatus status, String reason) ->
                    refuse(bhs, status, reason);
            case LoginStep.Redirected(String portal) -> {
                SequencedMap<String, String> keys = new LinkedHashMap<>();
                keys.put("TargetAddress", portal);
                end(bhs, LoginStatus.TARGET_MOVED_TEMPORARILY, keys);
            }
            case LoginStep.Established(
                            LoginStage _,
                            SequencedMap<String, String> keys,
                            LoginStep.LoggedIn who) ->
                    establish(bhs, keys, who);
        }
    }

    private void refuse(ByteBuffer bhs, LoginStatus status, String reason) {
        LOG.warn(
                "login refused: initiator {} ({}) on portal {}, target \"{}\": {}",
                login.initiatorName(),
                connection.initiator(),
                connection.portal(),
                login.targetName(),
                reason);
        end(bhs, status, new LinkedHashMap<>());
    }

    private void end(ByteBuffer bhs, LoginStatus status, SequencedMap<String, String> keys) {
        over = true;
        connection.lock().lock();
        try {
            connection.outbox().closeWhenEmpty();
        } finally {
            connection.lock().unlock();
        }
        answer(bhs, false, keys, status, 0, LoginPdu.tsih(bhs), 1);
    }

    private void establish(
            ByteBuffer bhs, SequencedMap<String, String> keys, LoginStep.LoggedIn who) {
        if (who.tsih() != 0) {
            // One connection a session; a second one, or one of a session that is gone, is refused.
            boolean exists = service.sessionExists(who);
            refuse(
                    bhs,
                    exists ? LoginStatus.TOO_MANY_CONNECTIONS : LoginStatus.SESSION_DOES_NOT_EXIST,
                    exists ? "a second connection for its session" : "its session is gone");
            return;
        }
        Target target = who.discovery() ? null : service.target(who.targetName());
        if (!who.discovery() && target == null) {
            refuse(bhs, LoginStatus.TARGET_REMOVED, "the target was removed during the login");
            return;
        }
        int tsih = service.nextTsih();
        int firstCmdSn = Bhs.word24(bhs);
        FullFeaturePhase session =
                new FullFeaturePhase(
                        connection, service, target, who, tsih, firstCmdSn, statSn + 1);
        if (target != null) {
            target.sessionBegan(session);
        }
        LOG.info(
                "login: initiator {} ({}) on portal {}, target \"{}\"",
                who.initiatorName(),
                connection.initiator(),
                connection.portal(),
                who.targetName());
        over = true;
        answer(
                bhs,
                true,
                keys,
                LoginStatus.SUCCESS,
                LoginStage.FULL_FEATURE.number(),
                tsih,
                session.depth());
        connection
                .assembler()
                .become(
                        session,
                        who.parameters().maxReceive(),
                        who.parameters().headerDigest(),
                        who.parameters().dataDigest());
        connection.lock().lock();
        try {
            connection.outbox().useHeaderDigest(who.parameters().headerDigest());
        } finally {
            connection.lock().unlock();
        }
        connection.sessionBegan(session);
        if (target != null && target.removed()) {
            connection.close("the target was removed during the login");
        }
    }

    private void answer(
            ByteBuffer bhs,
            boolean transit,
            SequencedMap<String, String> keys,
            LoginStatus status,
            int nextStage,
            int tsih,
            int windowDepth) {
        byte[] data = TextKeys.encode(keys);
        connection.lock().lock();
        try {
            Outbox.Pdu pdu = connection.outbox().take();
            LoginPdu.encodeResponse(
                    pdu.header,
                    transit,
                    LoginPdu.currentStage(bhs),
                    nextStage,
                    data.length,
                    LoginPdu.isid(bhs),
                    tsih,
                    status.code());
            pdu.header.putInt(16, Bhs.initiatorTaskTag(bhs));
            pdu.header.putInt(24, statSn++);
            pdu.header.putInt(28, Bhs.word24(bhs));
            pdu.header.putInt(32, Bhs.word24(bhs) + windowDepth - 1);
            pdu.trailer.clear().putInt(0, 0).limit(Bhs.padding(data.length));
            connection.outbox().add(pdu, data.length == 0 ? null : ByteBuffer.wrap(data), null);
        } finally {
            connection.lock().unlock();
        }
    }
}
