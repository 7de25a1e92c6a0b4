package io.holdfast.iscsi.core.login;

import java.util.List;
import java.util.SequencedMap;

/**
 * The target's half of operational negotiation, RFC 7143 chapter 13: for each key offered, the
 * answer, and at the end the {@link SessionParameters}. Single owner, mutable, pure.
 *
 * <pre>
 * result function   keys
 * list              HeaderDigest DataDigest: CRC32C when both can, else None
 * or                InitialR2T DataPDUInOrder DataSequenceInOrder
 * and               ImmediateData
 * minimum           MaxBurstLength FirstBurstLength MaxOutstandingR2T DefaultTime2Retain
 *                   MaxConnections (here 1) ErrorRecoveryLevel (here 0)
 * maximum           DefaultTime2Wait
 * declared          MaxRecvDataSegmentLength
 * </pre>
 */
final class OperationalKeys {
    static final String NOT_UNDERSTOOD = "NotUnderstood";
    static final String REJECT = "Reject";
    private static final String IRRELEVANT = "Irrelevant";
    private static final int MAX_LENGTH = 0xff_ffff;

    private final TargetOptions options;
    private boolean headerDigest;
    private boolean dataDigest;
    private boolean initialR2T = true;
    private boolean immediateData = true;
    private int initiatorReceives = SessionParameters.DEFAULT_SEGMENT_BYTES;
    private int targetReceives = SessionParameters.DEFAULT_SEGMENT_BYTES;
    private int maxBurstLength = 262_144;
    private int firstBurstLength = 65_536;
    private int maxOutstandingR2T = 1;
    private int time2Wait = 2;
    private int time2Retain = 20;

    OperationalKeys(TargetOptions options) {
        this.options = options;
    }

    /** Settles one offered key and puts the answer, if the key wants one, into {@code answers}. */
    void settle(String key, String value, SequencedMap<String, String> answers) {
        switch (key) {
            case "HeaderDigest" ->
                    headerDigest = digest(key, value, options.headerDigest(), answers);
            case "DataDigest" -> dataDigest = digest(key, value, options.dataDigest(), answers);
            case "InitialR2T" -> initialR2T = or(key, value, options.initialR2T(), answers);
            case "ImmediateData" ->
                    immediateData = and(key, value, options.immediateData(), answers);
            case "MaxRecvDataSegmentLength" -> {
                int declared = number(value, 512, MAX_LENGTH);
                if (declared < 0) {
                    answers.put(key, REJECT);
                } else {
                    initiatorReceives = declared;
                }
            }
            case "MaxBurstLength" ->
                    maxBurstLength =
                            least(
                                    key,
                                    value,
                                    512,
                                    options.maxBurstLength(),
                                    maxBurstLength,
                                    answers);
            case "FirstBurstLength" ->
                    firstBurstLength =
                            least(
                                    key,
                                    value,
                                    512,
                                    options.firstBurstLength(),
                                    firstBurstLength,
                                    answers);
            case "MaxOutstandingR2T" ->
                    maxOutstandingR2T =
                            least(
                                    key,
                                    value,
                                    1,
                                    options.maxOutstandingR2T(),
                                    maxOutstandingR2T,
                                    answers);
            // RFC 7143 13.15: the larger wins. We ask for none, so that initiators are back at
            // once.
            case "DefaultTime2Wait" -> time2Wait = echoNumber(key, value, time2Wait, answers);
            case "DefaultTime2Retain" ->
                    time2Retain = least(key, value, 0, 0, time2Retain, answers);
            case "MaxConnections" -> least(key, value, 1, 1, 1, answers);
            case "ErrorRecoveryLevel" -> least(key, value, 0, 0, 0, answers);
            case "DataPDUInOrder", "DataSequenceInOrder" -> or(key, value, true, answers);
            case "IFMarker", "OFMarker" -> answers.put(key, "No");
            case "IFMarkInt", "OFMarkInt" -> answers.put(key, IRRELEVANT);
            case "iSCSIProtocolLevel" -> least(key, value, 0, 1, 1, answers);
            case "TaskReporting" -> answers.put(key, "RFC3720");
            case "InitiatorAlias" -> {
                // Declared for people; nothing to answer.
            }
            default -> answers.put(key, NOT_UNDERSTOOD);
        }
    }

    /** Declares our own receive limit, once, in the first operational response. */
    void declare(SequencedMap<String, String> answers) {
        targetReceives = options.maxRecvDataSegmentLength();
        answers.put("MaxRecvDataSegmentLength", Integer.toString(targetReceives));
    }

    SessionParameters result() {
        return new SessionParameters(
                headerDigest,
                dataDigest,
                initialR2T,
                immediateData,
                targetReceives,
                Math.min(initiatorReceives, options.maxXmitDataSegmentLength()),
                maxBurstLength,
                // RFC 7143 13.14: FirstBurstLength must not exceed MaxBurstLength.
                Math.min(firstBurstLength, maxBurstLength),
                maxOutstandingR2T,
                time2Wait,
                time2Retain);
    }

    private static boolean digest(
            String key, String value, boolean wanted, SequencedMap<String, String> answers) {
        List<String> offered = List.of(value.split(",", -1));
        if (wanted && offered.contains("CRC32C")) {
            answers.put(key, "CRC32C");
            return true;
        }
        answers.put(key, offered.contains("None") ? "None" : REJECT);
        return false;
    }

    private static boolean or(
            String key, String value, boolean ours, SequencedMap<String, String> answers) {
        boolean theirs = value.equals("Yes");
        if (!theirs && !value.equals("No")) {
            answers.put(key, REJECT);
            return true;
        }
        answers.put(key, theirs || ours ? "Yes" : "No");
        return theirs || ours;
    }

    private static boolean and(
            String key, String value, boolean ours, SequencedMap<String, String> answers) {
        boolean theirs = value.equals("Yes");
        if (!theirs && !value.equals("No")) {
            answers.put(key, REJECT);
            return true;
        }
        answers.put(key, theirs && ours ? "Yes" : "No");
        return theirs && ours;
    }

    private static int least(
            String key,
            String value,
            int lowest,
            int ours,
            int otherwise,
            SequencedMap<String, String> answers) {
        int theirs = number(value, lowest, MAX_LENGTH);
        if (theirs < 0) {
            answers.put(key, REJECT);
            return otherwise;
        }
        int settled = Math.min(theirs, ours);
        answers.put(key, Integer.toString(settled));
        return settled;
    }

    private static int echoNumber(
            String key, String value, int otherwise, SequencedMap<String, String> answers) {
        int theirs = number(value, 0, 3600);
        answers.put(key, theirs < 0 ? REJECT : Integer.toString(theirs));
        return theirs < 0 ? otherwise : theirs;
    }

    /** A decimal or 0x number between the limits, or -1. */
    private static int number(String value, int lowest, int highest) {
        boolean hexadecimal = value.startsWith("0x") || value.startsWith("0X");
        String digits = hexadecimal ? value.substring(2) : value;
        if (digits.length() > 9 || !digits.matches(hexadecimal ? "[0-9a-fA-F]+" : "[0-9]+")) {
            return -1;
        }
        long number = Long.parseLong(digits, hexadecimal ? 16 : 10);
        return number < lowest || number > highest ? -1 : (int) number;
    }
}
