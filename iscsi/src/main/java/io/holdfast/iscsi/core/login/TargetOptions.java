package io.holdfast.iscsi.core.login;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;

/**
 * A target's side of negotiation, with the names of SCST's {@code tgtoptions}. Lengths are bytes,
 * times seconds.
 *
 * @param headerDigest CRC32C when the initiator can, else None
 * @param queuedCommands how many commands a session may have open: the width of its CmdSN window
 * @param nopInInterval idle seconds after which the target asks "are you there"; 0 is never
 * @param nopInTimeout seconds to wait for the answer before the connection is closed
 */
public record TargetOptions(
        boolean initialR2T,
        boolean immediateData,
        int maxRecvDataSegmentLength,
        int maxXmitDataSegmentLength,
        int maxBurstLength,
        int firstBurstLength,
        int maxOutstandingR2T,
        boolean headerDigest,
        boolean dataDigest,
        int queuedCommands,
        int nopInInterval,
        int nopInTimeout) {
    private static final int MIN_SEGMENT_BYTES = 512;
    private static final int MAX_SEGMENT_BYTES = 0xff_ffff;

    /** More commands than this would only queue in front of the disk. */
    private static final int MAX_QUEUED_COMMANDS = 1024;

    private static final int MAX_OUTSTANDING_R2T = 65_535;

    public TargetOptions {
        require("MaxRecvDataSegmentLength", maxRecvDataSegmentLength, MIN_SEGMENT_BYTES, 16 << 20);
        require("MaxXmitDataSegmentLength", maxXmitDataSegmentLength, MIN_SEGMENT_BYTES, 16 << 20);
        require("MaxBurstLength", maxBurstLength, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
        require("FirstBurstLength", firstBurstLength, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
        require("MaxOutstandingR2T", maxOutstandingR2T, 1, MAX_OUTSTANDING_R2T);
        require("QueuedCommands", queuedCommands, 1, MAX_QUEUED_COMMANDS);
        require("NopInInterval", nopInInterval, 0, 86_400);
        require("NopInTimeout", nopInTimeout, 1, 86_400);
    }

    public static TargetOptions defaults() {
        return new TargetOptions(
                false, true, 262_144, 1 << 20, 1 << 20, 262_144, 8, true, true, 128, 30, 30);
    }

    /**
     * The defaults changed by {@code key=value} words, as in the {@code tgtoptions} parameter of
     * the SCSTTarget agent.
     *
     * @throws ProblemException naming the word that cannot be obeyed
     */
    public static TargetOptions parse(String words) {
        TargetOptions options = defaults();
        for (String word : words.trim().split("\\s+", -1)) {
            if (!word.isEmpty()) {
                options = options.with(word);
            }
        }
        return options;
    }

    private TargetOptions with(String word) {
        int equals = word.indexOf('=');
        String key = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        return switch (key) {
            case "InitialR2T" ->
                    withFlags(yes(word, value), immediateData, headerDigest, dataDigest);
            case "ImmediateData" ->
                    withFlags(initialR2T, yes(word, value), headerDigest, dataDigest);
            case "HeaderDigest" ->
                    withFlags(initialR2T, immediateData, crc32c(word, value), dataDigest);
            case "DataDigest" ->
                    withFlags(initialR2T, immediateData, headerDigest, crc32c(word, value));
            default -> withNumber(word, key, value);
        };
    }

    private TargetOptions withFlags(
            boolean newInitialR2T, boolean newImmediateData, boolean newHeader, boolean newData) {
        return new TargetOptions(
                newInitialR2T,
                newImmediateData,
                maxRecvDataSegmentLength,
                maxXmitDataSegmentLength,
                maxBurstLength,
                firstBurstLength,
                maxOutstandingR2T,
                newHeader,
                newData,
                queuedCommands,
                nopInInterval,
                nopInTimeout);
    }

    private TargetOptions withNumber(String word, String key, String value) {
        int number = number(word, value);
        return new TargetOptions(
                initialR2T,
                immediateData,
                key.equals("MaxRecvDataSegmentLength") ? number : maxRecvDataSegmentLength,
                key.equals("MaxXmitDataSegmentLength") ? number : maxXmitDataSegmentLength,
                key.equals("MaxBurstLength") ? number : maxBurstLength,
                key.equals("FirstBurstLength") ? number : firstBurstLength,
                key.equals("MaxOutstandingR2T") ? number : maxOutstandingR2T,
                headerDigest,
                dataDigest,
                key.equals("QueuedCommands") ? number : queuedCommands,
                key.equals("NopInInterval") ? number : nopInInterval,
                key.equals("NopInTimeout") ? number : knownOrRefused(word, key));
    }

    private int knownOrRefused(String word, String key) {
        return switch (key) {
            case "MaxRecvDataSegmentLength",
                    "MaxXmitDataSegmentLength",
                    "MaxBurstLength",
                    "FirstBurstLength",
                    "MaxOutstandingR2T",
                    "QueuedCommands",
                    "NopInInterval" ->
                    nopInTimeout;
            default -> throw refused(word, "no target option has this name");
        };
    }

    private static int number(String word, String value) {
        if (!value.matches("[0-9]{1,9}")) {
            throw refused(word, "a number is needed after '='");
        }
        return Integer.parseInt(value);
    }

    private static boolean yes(String word, String value) {
        return switch (value) {
            case "Yes" -> true;
            case "No" -> false;
            default -> throw refused(word, "the value is Yes or No");
        };
    }

    private static boolean crc32c(String word, String value) {
        return switch (value) {
            case "CRC32C", "CRC32C,None", "None,CRC32C" -> true;
            case "None" -> false;
            default -> throw refused(word, "the value is CRC32C or None");
        };
    }

    private static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused(key + "=" + value, "the value lies between " + least + " and " + most);
        }
    }

    private static ProblemException refused(String word, String why) {
        return new ProblemException(
                new Problem(
                        "the iSCSI target option \"" + word + "\" cannot be used",
                        word,
                        why,
                        "correct tgtoptions; RFC 7143 chapter 13 has the keys"));
    }
}
