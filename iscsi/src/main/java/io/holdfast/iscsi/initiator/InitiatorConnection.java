package io.holdfast.iscsi.initiator;

import io.holdfast.iscsi.codec.Bhs;
import io.holdfast.iscsi.codec.Crc32cDigest;
import io.holdfast.iscsi.codec.LoginPdu;
import io.holdfast.iscsi.codec.Opcode;
import io.holdfast.iscsi.codec.TextKeys;
import io.holdfast.iscsi.core.login.Chap;
import io.holdfast.iscsi.core.login.ChapAccount;
import io.holdfast.iscsi.core.login.LoginStage;
import io.holdfast.iscsi.core.login.LoginStatus;
import io.holdfast.iscsi.core.login.SessionParameters;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection of an initiator: login and discovery in the caller's thread, and PDUs in and
 * out for {@link InitiatorSession}. Reading belongs to one thread, writing to whoever holds the
 * session's send lock.
 */
final class InitiatorConnection implements AutoCloseable {
    /** Ends logins that take too long and looks for overdue commands. */
    static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("iscsi-initiator-timer").factory());

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int STAGING_BYTES = 128 * 1024;
    private static final int OUR_SEGMENT_BYTES = 1 << 20;
    private static final int OUR_BURST_BYTES = 1 << 20;

    private final SocketChannel channel;
    private final InitiatorConfig config;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES).flip();
    private final ByteBuffer header = ByteBuffer.allocateDirect(Bhs.BYTES);
    private final ByteBuffer small = ByteBuffer.allocateDirect(8);
    private final Crc32cDigest readDigest = new Crc32cDigest();

    private final ByteBuffer outHeader = ByteBuffer.allocateDirect(Bhs.BYTES + Bhs.DIGEST_BYTES);
    private final ByteBuffer outTrailer = ByteBuffer.allocateDirect(8);
    private final ByteBuffer[] outHeaderOnly = {outHeader};
    private final ByteBuffer[] outWithData = {outHeader, outHeader, outTrailer};
    private final Crc32cDigest writeDigest = new Crc32cDigest();

    private SessionParameters parameters = SessionParameters.protocolDefaults();
    private int cmdSn = 1;
    private int maxCmdSn = 1;
    private int expStatSn;

    private InitiatorConnection(SocketChannel channel, InitiatorConfig config) {
        this.channel = channel;
        this.config = config;
    }

    /**
     * Connects and logs in.
     *
     * @param targetName empty for a discovery session
     */
    static InitiatorConnection open(
            InetSocketAddress portal, String targetName, InitiatorConfig config)
            throws IscsiException, RedirectedException {
        try {
            return connect(portal, targetName, config);
        } catch (IscsiException | RedirectedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IscsiException("portal " + portal + ": " + e.getMessage(), e);
        }
    }

    private static InitiatorConnection connect(
            InetSocketAddress portal, String targetName, InitiatorConfig config)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(portal, config.connectTimeoutMillis());
            InitiatorConnection connection = new InitiatorConnection(channel, config);
            ScheduledFuture<?> tooLate =
                    TIMER.schedule(
                            connection::close, config.loginTimeoutMillis(), TimeUnit.MILLISECONDS);
            try {
                connection.logIn(targetName);
            } finally {
                tooLate.cancel(false);
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    SessionParameters parameters() {
        return parameters;
    }

    /** The CmdSN of the first command after login. */
    int firstCmdSn() {
        return cmdSn;
    }

    /** The window the target opened at login. */
    int firstMaxCmdSn() {
        return maxCmdSn;
    }

    int firstExpStatSn() {
        return expStatSn;
    }

    InetSocketAddress localAddress() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void logIn(String targetName) throws IOException {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put("InitiatorName", config.initiatorName());
        if (targetName.isEmpty()) {
            keys.put("SessionType", "Discovery");
        } else {
            keys.put("SessionType", "Normal");
            keys.put("TargetName", targetName);
        }
        if (config.chap().isPresent()) {
            keys.put("AuthMethod", "CHAP,None");
            authenticate(config.chap().get(), exchange(LoginStage.SECURITY, false, keys));
        } else {
            keys.put("AuthMethod", "None");
            exchange(LoginStage.SECURITY, true, keys);
        }
        SequencedMap<String, String> answers =
                exchange(LoginStage.OPERATIONAL, true, operationalKeys());
        parameters = settle(answers);
    }

    private void authenticate(ChapAccount account, SequencedMap<String, String> answers)
            throws IOException {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        if (!"CHAP".equals(answers.get("AuthMethod"))) {
            exchange(LoginStage.SECURITY, true, keys);
            return;
        }
        keys.put("CHAP_A", "7,6,5");
        SequencedMap<String, String> challenge = exchange(LoginStage.SECURITY, false, keys);
        Chap.Algorithm algorithm = algorithm(challenge.getOrDefault("CHAP_A", "5"));
        int identifier = Chap.identifier(challenge.getOrDefault("CHAP_I", ""));
        byte[] theirs = Chap.toBytes(challenge.getOrDefault("CHAP_C", ""));
        SequencedMap<String, String> proof = new LinkedHashMap<>();
        proof.put("CHAP_N", account.name());
        proof.put(
                "CHAP_R",
                Chap.toText(Chap.respond(algorithm, identifier, account.secret(), theirs)));
        byte[] ours = new byte[16];
        int ourIdentifier = RANDOM.nextInt(256);
        RANDOM.nextBytes(ours);
        if (config.chapOfTarget().isPresent()) {
            proof.put("CHAP_I", Integer.toString(ourIdentifier));
            proof.put("CHAP_C", Chap.toText(ours));
        }
        SequencedMap<String, String> verdict = exchange(LoginStage.SECURITY, true, proof);
        if (config.chapOfTarget().isPresent()) {
            checkTarget(config.chapOfTarget().get(), algorithm, ourIdentifier, ours, verdict);
        }
    }

    private static Chap.Algorithm algorithm(String number) throws IscsiException {
        for (Chap.Algorithm algorithm : Chap.Algorithm.values()) {
            if (number.equals(Integer.toString(algorithm.number()))) {
                return algorithm;
            }
        }
        throw new IscsiException("the target chose an unknown CHAP algorithm");
    }

    private static void checkTarget(
            ChapAccount expected,
            Chap.Algorithm algorithm,
            int identifier,
            byte[] challenge,
            SequencedMap<String, String> verdict)
            throws IscsiException {
        byte[] response = Chap.toBytes(verdict.getOrDefault("CHAP_R", "0x"));
        byte[] proof = Chap.respond(algorithm, identifier, expected.secret(), challenge);
        if (!expected.name().equals(verdict.get("CHAP_N"))
                || !MessageDigest.isEqual(response, proof)) {
            throw new IscsiException("the target did not prove itself (mutual CHAP)");
        }
    }

    private SequencedMap<String, String> operationalKeys() {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put("HeaderDigest", config.headerDigest() ? "CRC32C,None" : "None");
        keys.put("DataDigest", config.dataDigest() ? "CRC32C,None" : "None");
        keys.put("InitialR2T", "No");
        keys.put("ImmediateData", "Yes");
        keys.put("MaxRecvDataSegmentLength", Integer.toString(OUR_SEGMENT_BYTES));
        keys.put("MaxBurstLength", Integer.toString(OUR_BURST_BYTES));
        keys.put("FirstBurstLength", Integer.toString(OUR_BURST_BYTES));
        keys.put("MaxOutstandingR2T", "8");
        keys.put("MaxConnections", "1");
        keys.put("DefaultTime2Wait", "0");
        keys.put("DefaultTime2Retain", "0");
        keys.put("ErrorRecoveryLevel", "0");
        return keys;
    }

    private SessionParameters settle(SequencedMap<String, String> answers) {
        SessionParameters none = SessionParameters.protocolDefaults();
        return new SessionParameters(
                "CRC32C".equals(answers.get("HeaderDigest")),
                "CRC32C".equals(answers.get("DataDigest")),
                !"No".equals(answers.get("InitialR2T")),
                !"No".equals(answers.get("ImmediateData")),
                OUR_SEGMENT_BYTES,
                Math.min(
                        OUR_SEGMENT_BYTES,
                        number(answers, "MaxRecvDataSegmentLength", none.maxTransmit())),
                number(answers, "MaxBurstLength", none.maxBurstLength()),
                number(answers, "FirstBurstLength", none.firstBurstLength()),
                number(answers, "MaxOutstandingR2T", 1),
                0,
                0);
    }

    private static int number(SequencedMap<String, String> answers, String key, int otherwise) {
        String value = answers.getOrDefault(key, "");
        return value.matches("[0-9]{1,9}") ? Math.max(1, Integer.parseInt(value)) : otherwise;
    }

    /** One login request and its answer, with T when {@code transit}. */
    private SequencedMap<String, String> exchange(
            LoginStage stage, boolean transit, SequencedMap<String, String> keys)
            throws IOException {
        byte[] text = TextKeys.encode(keys);
        int next =
                stage == LoginStage.SECURITY
                        ? LoginStage.OPERATIONAL.number()
                        : LoginStage.FULL_FEATURE.number();
        LoginPdu.encodeRequest(
                outHeader, transit, stage.number(), next, text.length, config.isid());
        outHeader.putInt(16, 1);
        outHeader.putInt(24, cmdSn);
        outHeader.putInt(28, expStatSn);
        send(ByteBuffer.wrap(text));
        ByteBuffer bhs = receiveHeader();
        if (Bhs.opcode(bhs) != Opcode.LOGIN_RESPONSE) {
            throw new IscsiException("the target answers a login with PDU " + Bhs.opcode(bhs));
        }
        expStatSn = Bhs.word24(bhs) + 1;
        maxCmdSn = Bhs.word32(bhs);
        int status = LoginPdu.status(bhs);
        boolean transited = LoginPdu.transits(bhs);
        ByteBuffer data = ByteBuffer.allocate(Bhs.dataLength(bhs));
        receiveData(data);
        if (status >>> 8 == 1) {
            String elsewhere = TextKeys.decode(data.flip()).get("TargetAddress");
            if (elsewhere != null) {
                throw new RedirectedException(elsewhere);
            }
        }
        if (status != 0) {
            throw new IscsiException(
                    "the target refuses the login: " + LoginStatus.describe(status), status);
        }
        if (transit && !transited) {
            throw new IscsiException("the target does not let the login go on");
        }
        return TextKeys.decode(data.flip());
    }

    /** A SendTargets exchange in full feature phase of a discovery session. */
    List<String> sendTargets() throws IscsiException {
        try {
            return collectTargets();
        } catch (IOException | RuntimeException e) {
            throw new IscsiException("discovery: " + e.getMessage(), e);
        }
    }

    private List<String> collectTargets() throws IOException {
        List<String> pairs = new ArrayList<>();
        byte[] text = TextKeys.encodePairs(List.of("SendTargets=All"));
        int transferTag = Bhs.RESERVED_TAG;
        while (true) {
            Bhs.begin(outHeader, Opcode.TEXT_REQUEST, Bhs.FINAL, text.length);
            outHeader.putInt(16, 2);
            outHeader.putInt(20, transferTag);
            outHeader.putInt(24, cmdSn++);
            outHeader.putInt(28, expStatSn);
            send(ByteBuffer.wrap(text));
            ByteBuffer bhs = receiveHeader();
            if (Bhs.opcode(bhs) != Opcode.TEXT_RESPONSE) {
                throw new IscsiException("the target answers SendTargets with " + Bhs.opcode(bhs));
            }
            expStatSn = Bhs.word24(bhs) + 1;
            boolean last = (Bhs.flags(bhs) & Bhs.FINAL) != 0;
            transferTag = Bhs.word20(bhs);
            ByteBuffer data = ByteBuffer.allocate(Bhs.dataLength(bhs));
            receiveData(data);
            pairs.addAll(TextKeys.decodePairs(data.flip()));
            if (last) {
                return pairs;
            }
            text = new byte[0];
        }
    }

    /** The header to fill in before {@link #send} or {@link #sendHeader}. */
    ByteBuffer outHeader() {
        return outHeader;
    }

    void sendHeader() throws IOException {
        finishHeader();
        writeFully(outHeaderOnly);
    }

    /** Sends the prepared header with the data between position and limit. */
    void send(ByteBuffer data) throws IOException {
        int length = data.remaining();
        finishHeader();
        if (length == 0) {
            writeFully(outHeaderOnly);
            return;
        }
        int padding = Bhs.padding(length);
        outTrailer.clear().putInt(0, 0).limit(padding);
        if (parameters.dataDigest()) {
            writeDigest.reset();
            writeDigest.update(data);
            writeDigest.pad(padding);
            outTrailer.limit(padding + Bhs.DIGEST_BYTES).putInt(padding, writeDigest.wireValue());
        }
        outWithData[1] = data;
        writeFully(outWithData);
    }

    private void finishHeader() {
        outHeader.position(0).limit(Bhs.BYTES);
        if (parameters.headerDigest()) {
            writeDigest.reset();
            writeDigest.update(outHeader);
            outHeader.limit(Bhs.BYTES + Bhs.DIGEST_BYTES);
            outHeader.putInt(Bhs.BYTES, writeDigest.wireValue());
        }
    }

    private void writeFully(ByteBuffer[] buffers) throws IOException {
        ByteBuffer last = buffers[buffers.length - 1];
        while (last.hasRemaining() || remaining(buffers)) {
            channel.write(buffers);
        }
        outHeader.clear();
    }

    private static boolean remaining(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /** Reads the next header; it is valid until the next call. */
    ByteBuffer receiveHeader() throws IOException {
        header.clear();
        fill(header);
        header.flip();
        if (Bhs.ahsBytes(header) != 0) {
            throw new IscsiException("a target sends no additional headers");
        }
        if (Bhs.dataLength(header) > OUR_SEGMENT_BYTES) {
            throw new IscsiException("a data segment longer than we declared");
        }
        if (parameters.headerDigest()) {
            readDigest.reset();
            readDigest.update(header);
            checkDigest("header");
        }
        return header;
    }

    /** Reads the data segment of the current header into the buffer, up to its limit. */
    void receiveData(ByteBuffer into) throws IOException {
        int length = into.remaining();
        if (length == 0) {
            return;
        }
        int start = into.position();
        fill(into);
        int padding = Bhs.padding(length);
        small.clear().limit(padding);
        fill(small);
        if (parameters.dataDigest()) {
            int end = into.position();
            readDigest.reset();
            into.position(start);
            readDigest.update(into);
            into.position(end);
            readDigest.pad(padding);
            checkDigest("data");
        }
    }

    private void checkDigest(String what) throws IOException {
        int expected = readDigest.wireValue();
        small.clear().limit(Bhs.DIGEST_BYTES);
        fill(small);
        if (small.getInt(0) != expected) {
            throw new IscsiException("wrong " + what + " digest");
        }
    }

    /** Fills from the staging buffer first, then straight from the socket. */
    private void fill(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (staging.hasRemaining()) {
                int count = Math.min(staging.remaining(), into.remaining());
                into.put(into.position(), staging, staging.position(), count);
                into.position(into.position() + count);
                staging.position(staging.position() + count);
            } else if (into.isDirect() && into.remaining() >= 32 * 1024) {
                requireMore(channel.read(into));
            } else {
                staging.clear();
                int read = channel.read(staging);
                staging.flip();
                requireMore(read);
            }
        }
    }

    private static void requireMore(int read) throws IOException {
        if (read < 0) {
            throw new EOFException("the target closed the connection");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Closing is all we wanted; there is nobody to tell and nothing to undo.
        }
    }
}
