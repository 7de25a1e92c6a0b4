package io.holdfast.lab.writer;

import io.holdfast.iscsi.initiator.CommandResult;
import io.holdfast.iscsi.initiator.InitiatorConfig;
import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import io.holdfast.iscsi.initiator.IscsiInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A logical unit of an iSCSI target, reached by the project's own initiator. */
final class IscsiDisk implements Disk {
    private static final int CONNECT_TIMEOUT_MILLIS = 100;
    private static final int LOGIN_TIMEOUT_MILLIS = 500;
    private static final int COMMAND_TIMEOUT_MILLIS = 5_000;
    private static final long PAUSE_AFTER_REFUSAL_MILLIS = 5;

    private final InetSocketAddress portal;
    private final String targetName;
    private final int lun;
    private final InitiatorConfig config;
    private final Consumer<String> refusals;

    /**
     * For one unit of a target; nothing is asked of it yet.
     *
     * @param refusals told why a login did not succeed
     */
    IscsiDisk(
            InetSocketAddress portal,
            String targetName,
            int lun,
            InitiatorConfig config,
            Consumer<String> refusals) {
        this.portal = portal;
        this.targetName = targetName;
        this.lun = lun;
        this.config =
                config.withTimeouts(
                        CONNECT_TIMEOUT_MILLIS, LOGIN_TIMEOUT_MILLIS, COMMAND_TIMEOUT_MILLIS);
        this.refusals = refusals;
    }

    @Override
    public Session connect() throws InterruptedException {
        while (true) {
            PortalDoor.awaitOpen(portal);
            try {
                InitiatorSession session = IscsiInitiator.login(portal, targetName, config);
                try {
                    return new IscsiSession(session, session.readCapacity(lun).blockBytes());
                } catch (IscsiException | RuntimeException e) {
                    session.close();
                    throw e;
                }
            } catch (IscsiException e) {
                refusals.accept(String.valueOf(e.getMessage()));
                Thread.sleep(PAUSE_AFTER_REFUSAL_MILLIS);
            }
        }
    }

    private final class IscsiSession implements Session {
        private final InitiatorSession session;
        private final int sectorBytes;

        IscsiSession(InitiatorSession session, int sectorBytes) {
            this.session = session;
            this.sectorBytes = sectorBytes;
        }

        @Override
        public void write(long block, ByteBuffer from, Completion completion) {
            session.write(
                    lun,
                    sector(block),
                    from.remaining() / sectorBytes,
                    from,
                    false,
                    result -> tell(completion, result));
        }

        @Override
        public void flush(Completion completion) {
            session.flush(lun, result -> tell(completion, result));
        }

        @Override
        public void ping(Completion completion) {
            session.nop(result -> tell(completion, result));
        }

        @Override
        public void read(long block, ByteBuffer into) throws IOException {
            session.readBlocking(lun, sector(block), into.remaining() / sectorBytes, into);
        }

        @Override
        public void close() {
            session.close();
        }

        private long sector(long block) {
            return block * (NumberedBlock.BYTES / sectorBytes);
        }

        private void tell(Completion completion, CommandResult result) {
            Outcome outcome =
                    result.good()
                            ? Outcome.OK
                            : !result.delivered()
                                    ? Outcome.BROKEN
                                    : result.retryable() ? Outcome.RETRY : Outcome.FAILED;
            String why = session.brokenBecause();
            completion.done(
                    outcome, outcome == Outcome.BROKEN && why != null ? why : result.toString());
        }
    }
}
