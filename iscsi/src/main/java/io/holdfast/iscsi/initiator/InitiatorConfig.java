package io.holdfast.iscsi.initiator;

import io.holdfast.iscsi.core.login.ChapAccount;
import java.util.Optional;

/**
 * How an initiator presents itself and how long it waits. Times in milliseconds.
 *
 * @param initiatorName an iqn
 * @param isid six bytes that tell this initiator's sessions apart; the same isid again reinstates
 *     (replaces) the old session at the target
 * @param chap the account this side proves
 * @param chapOfTarget the account the target must prove (mutual CHAP)
 * @param connectTimeoutMillis for the TCP connection
 * @param loginTimeoutMillis for the whole login after that
 * @param commandTimeoutMillis a command that takes longer breaks the session
 */
public record InitiatorConfig(
        String initiatorName,
        long isid,
        Optional<ChapAccount> chap,
        Optional<ChapAccount> chapOfTarget,
        boolean headerDigest,
        boolean dataDigest,
        int connectTimeoutMillis,
        int loginTimeoutMillis,
        int commandTimeoutMillis) {
    /** No CHAP, no digests, 1 s to connect, 5 s to log in, 30 s a command. */
    public static InitiatorConfig named(String initiatorName) {
        return new InitiatorConfig(
                initiatorName,
                // RFC 7143 11.12.5: 0x80 in the first byte marks a "random" qualifier.
                0x8000_0000_0000L | (initiatorName.hashCode() & 0xffff_ffffL),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                1_000,
                5_000,
                30_000);
    }

    public InitiatorConfig withIsid(long newIsid) {
        return new InitiatorConfig(
                initiatorName,
                newIsid,
                chap,
                chapOfTarget,
                headerDigest,
                dataDigest,
                connectTimeoutMillis,
                loginTimeoutMillis,
                commandTimeoutMillis);
    }

    public InitiatorConfig withChap(String name, String secret) {
        return new InitiatorConfig(
                initiatorName,
                isid,
                Optional.of(new ChapAccount(name, secret)),
                chapOfTarget,
                headerDigest,
                dataDigest,
                connectTimeoutMillis,
                loginTimeoutMillis,
                commandTimeoutMillis);
    }

    public InitiatorConfig withChapOfTarget(String name, String secret) {
        return new InitiatorConfig(
                initiatorName,
                isid,
                chap,
                Optional.of(new ChapAccount(name, secret)),
                headerDigest,
                dataDigest,
                connectTimeoutMillis,
                loginTimeoutMillis,
                commandTimeoutMillis);
    }

    public InitiatorConfig withDigests(boolean header, boolean data) {
        return new InitiatorConfig(
                initiatorName,
                isid,
                chap,
                chapOfTarget,
                header,
                data,
                connectTimeoutMillis,
                loginTimeoutMillis,
                commandTimeoutMillis);
    }

    public InitiatorConfig withTimeouts(int connectMillis, int loginMillis, int commandMillis) {
        return new InitiatorConfig(
                initiatorName,
                isid,
                chap,
                chapOfTarget,
                headerDigest,
                dataDigest,
                connectMillis,
                loginMillis,
                commandMillis);
    }
}
