package io.holdfast.iscsi.core.login;

import io.holdfast.iscsi.core.login.TargetDirectory.Access;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of one login, RFC 7143 chapter 6. Pure; the random challenge comes in.
 *
 * <pre>
 * stage        event                                   next
 * START        request with names, CSG=0               SECURITY
 * START        request with names, CSG=1, no CHAP due  OPERATIONAL
 * SECURITY     AuthMethod chosen None, T               NSG
 * SECURITY     AuthMethod=CHAP, CHAP_A, CHAP_N/R good  proved; with T: NSG
 * OPERATIONAL  keys; with T                            NSG (full feature: established)
 * any          anything else                           refused, connection closed
 * </pre>
 */
public final class TargetLogin {
    /** More exchanges than any initiator needs; bounds a peer that never finishes. */
    private static final int MAX_REQUESTS = 24;

    private enum ChapState {
        NONE,
        METHOD_CHOSEN,
        CHALLENGED,
        PROVED
    }

    private final TargetDirectory directory;
    private final int challengeIdentifier;
    private final byte[] challenge;

    private int requests;
    private @Nullable LoginStage stage;
    private String initiatorName = "";
    private String targetName = "";
    private boolean discovery;
    private Access.@Nullable Allowed target;
    private @Nullable OperationalKeys operational;
    private boolean declared;
    private boolean portalGroupTold;
    private ChapState chapState = ChapState.NONE;
    private Chap.Algorithm algorithm = Chap.Algorithm.MD5;

    /**
     * @param challengeIdentifier one random byte
     * @param challenge fresh random bytes, at least 16
     */
    public TargetLogin(TargetDirectory directory, int challengeIdentifier, byte[] challenge) {
        this.directory = directory;
        this.challengeIdentifier = challengeIdentifier & 0xff;
        this.challenge = challenge.clone();
    }

    public String initiatorName() {
        return initiatorName;
    }

    public String targetName() {
        return targetName;
    }

    /** Answers one complete request. */
    public LoginStep receive(LoginRequest request) {
        Optional<LoginStep> refused = checkFrame(request);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (stage == null) {
            Optional<LoginStep> unknown = introduce(request.keys());
            if (unknown.isPresent()) {
                return unknown.get();
            }
        }
        LoginStage current = LoginStage.of(request.currentStage()).orElseThrow();
        stage = current;
        return current == LoginStage.SECURITY ? security(request) : operational(request);
    }

    private Optional<LoginStep> checkFrame(LoginRequest request) {
        if (++requests > MAX_REQUESTS) {
            return refuse(LoginStatus.INITIATOR_ERROR, "too many login requests");
        }
        if (request.versionMin() > 0) {
            return refuse(LoginStatus.UNSUPPORTED_VERSION, "protocol version 0 is not spoken");
        }
        Optional<LoginStage> current = LoginStage.of(request.currentStage());
        if (current.isEmpty() || current.get() == LoginStage.FULL_FEATURE) {
            return refuse(LoginStatus.INITIATOR_ERROR, "CSG " + request.currentStage());
        }
        if (stage != null && current.get().number() < stage.number()) {
            return refuse(LoginStatus.INITIATOR_ERROR, "a login stage went backwards");
        }
        if (request.transit() && !forward(current.get(), request.nextStage())) {
            return refuse(LoginStatus.INITIATOR_ERROR, "NSG " + request.nextStage());
        }
        return Optional.empty();
    }

    private static boolean forward(LoginStage current, int nextStage) {
        return LoginStage.of(nextStage).filter(n -> n.number() > current.number()).isPresent();
    }

    /** The first request names both sides and the kind of session, RFC 7143 6.3. */
    private Optional<LoginStep> introduce(Map<String, String> keys) {
        initiatorName = keys.getOrDefault("InitiatorName", "");
        if (initiatorName.isEmpty()) {
            return refuse(LoginStatus.MISSING_PARAMETER, "InitiatorName is missing");
        }
        if (initiatorName.length() > 223) {
            return refuse(LoginStatus.INITIATOR_ERROR, "InitiatorName is longer than 223 bytes");
        }
        String sessionType = keys.getOrDefault("SessionType", "Normal");
        if (sessionType.equals("Discovery")) {
            discovery = true;
            target = new Access.Allowed(TargetOptions.defaults(), 1, List.of(), Optional.empty());
            operational = new OperationalKeys(target.options());
            return Optional.empty();
        }
        if (!sessionType.equals("Normal")) {
            return refuse(LoginStatus.SESSION_TYPE_NOT_SUPPORTED, "SessionType " + sessionType);
        }
        targetName = keys.getOrDefault("TargetName", "");
        if (targetName.isEmpty()) {
            return refuse(LoginStatus.MISSING_PARAMETER, "TargetName is missing");
        }
        return switch (directory.access(targetName, initiatorName)) {
            case Access.Unknown() ->
                    refuse(LoginStatus.NOT_FOUND, "no target of this name on this portal");
            case Access.Forbidden(String reason) ->
                    refuse(LoginStatus.AUTHORIZATION_FAILURE, reason);
            // "Not found" and its like make initiators give the target up.
            case Access.Moving() -> refuse(LoginStatus.SERVICE_UNAVAILABLE, "the target is moving");
            case Access.Redirected(String portal) -> Optional.of(new LoginStep.Redirected(portal));
            case Access.Allowed allowed -> {
                target = allowed;
                operational = new OperationalKeys(allowed.options());
                yield Optional.empty();
            }
        };
    }

    private LoginStep security(LoginRequest request) {
        SequencedMap<String, String> answers = new LinkedHashMap<>();
        tellPortalGroup(answers);
        SequencedMap<String, String> keys = request.keys();
        if (chapRequired() && chapState != ChapState.PROVED) {
            Optional<LoginStep> refused = chap(keys, answers);
            if (refused.isPresent()) {
                return refused.get();
            }
        } else if (keys.containsKey("AuthMethod")) {
            List<String> methods = List.of(keys.getOrDefault("AuthMethod", "").split(",", -1));
            if (!methods.contains("None")) {
                return refused(
                        LoginStatus.AUTHENTICATION_FAILURE,
                        "the initiator insists on "
                                + String.join(",", methods)
                                + " but the target has no account");
            }
            answers.put("AuthMethod", "None");
        }
        settleRest(keys, answers);
        boolean mayLeave = !chapRequired() || chapState == ChapState.PROVED;
        return mayLeave ? advance(request, answers) : stay(request, answers);
    }

    private boolean chapRequired() {
        return target != null && !target.incoming().isEmpty();
    }

    /** One step of RFC 7143 12.1.3. */
    private Optional<LoginStep> chap(Map<String, String> keys, Map<String, String> answers) {
        if (chapState == ChapState.NONE) {
            if (!keys.containsKey("AuthMethod")) {
                return Optional.empty();
            }
            List<String> methods = List.of(keys.getOrDefault("AuthMethod", "").split(",", -1));
            if (!methods.contains("CHAP")) {
                return refuse(LoginStatus.AUTHENTICATION_FAILURE, "the initiator offers no CHAP");
            }
            answers.put("AuthMethod", "CHAP");
            chapState = ChapState.METHOD_CHOSEN;
        }
        if (chapState == ChapState.METHOD_CHOSEN && keys.containsKey("CHAP_A")) {
            Optional<Chap.Algorithm> chosen = Chap.choose(keys.getOrDefault("CHAP_A", ""));
            if (chosen.isEmpty()) {
                return refuse(LoginStatus.AUTHENTICATION_FAILURE, "no common CHAP_A");
            }
            algorithm = chosen.get();
            answers.put("CHAP_A", Integer.toString(algorithm.number()));
            answers.put("CHAP_I", Integer.toString(challengeIdentifier));
            answers.put("CHAP_C", Chap.toText(challenge));
            chapState = ChapState.CHALLENGED;
            return Optional.empty();
        }
        if (chapState == ChapState.CHALLENGED) {
            return verify(keys, answers);
        }
        return Optional.empty();
    }

    private Optional<LoginStep> verify(Map<String, String> keys, Map<String, String> answers) {
        String name = keys.getOrDefault("CHAP_N", "");
        try {
            byte[] response = Chap.toBytes(keys.getOrDefault("CHAP_R", ""));
            if (response.length != algorithm.responseBytes() || !proves(name, response)) {
                return refuse(
                        LoginStatus.AUTHENTICATION_FAILURE,
                        "wrong CHAP user or secret for user \"" + printable(name) + "\"");
            }
            if (keys.containsKey("CHAP_I") || keys.containsKey("CHAP_C")) {
                return proveOurselves(keys, answers);
            }
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            return refuse(
                    LoginStatus.AUTHENTICATION_FAILURE,
                    "malformed CHAP value: " + malformed.getMessage());
        }
        chapState = ChapState.PROVED;
        return Optional.empty();
    }

    private boolean proves(String name, byte[] response) {
        boolean proved = false;
        for (ChapAccount account : requireTarget().incoming()) {
            byte[] expected =
                    Chap.respond(algorithm, challengeIdentifier, account.secret(), challenge);
            boolean secretKnown = MessageDigest.isEqual(expected, response);
            proved |= secretKnown && account.name().equals(name);
        }
        return proved;
    }

    private Optional<LoginStep> proveOurselves(
            Map<String, String> keys, Map<String, String> answers) {
        Optional<ChapAccount> outgoing = requireTarget().outgoing();
        if (outgoing.isEmpty()) {
            return refuse(
                    LoginStatus.AUTHENTICATION_FAILURE,
                    "the initiator asks for mutual CHAP but the target has no outgoing account");
        }
        int identifier = Chap.identifier(keys.getOrDefault("CHAP_I", ""));
        byte[] theirs = Chap.toBytes(keys.getOrDefault("CHAP_C", ""));
        // RFC 7143 9.2.1: a reflected challenge would let us compute the peer's own answer for it.
        if (theirs.length == 0 || MessageDigest.isEqual(theirs, challenge)) {
            return refuse(LoginStatus.AUTHENTICATION_FAILURE, "the CHAP challenge was reflected");
        }
        answers.put("CHAP_N", outgoing.get().name());
        answers.put(
                "CHAP_R",
                Chap.toText(Chap.respond(algorithm, identifier, outgoing.get().secret(), theirs)));
        chapState = ChapState.PROVED;
        return Optional.empty();
    }

    private LoginStep operational(LoginRequest request) {
        if (chapRequired() && chapState != ChapState.PROVED) {
            return refused(
                    LoginStatus.AUTHENTICATION_FAILURE, "the initiator skips authentication");
        }
        SequencedMap<String, String> answers = new LinkedHashMap<>();
        tellPortalGroup(answers);
        if (request.keys().containsKey("AuthMethod")) {
            return refused(LoginStatus.INITIATOR_ERROR, "AuthMethod outside the security stage");
        }
        settleRest(request.keys(), answers);
        if (!declared) {
            declared = true;
            requireOperational().declare(answers);
        }
        return advance(request, answers);
    }

    /** Everything but names and CHAP is an operational key, in either stage. */
    private void settleRest(Map<String, String> keys, SequencedMap<String, String> answers) {
        for (Map.Entry<String, String> entry : keys.entrySet()) {
            switch (entry.getKey()) {
                case "InitiatorName", "TargetName", "SessionType", "AuthMethod" -> {}
                case "CHAP_A", "CHAP_I", "CHAP_C", "CHAP_N", "CHAP_R" -> {}
                default -> requireOperational().settle(entry.getKey(), entry.getValue(), answers);
            }
        }
    }

    private void tellPortalGroup(Map<String, String> answers) {
        // RFC 7143 13.9: in the first response of a session that names a target.
        if (!portalGroupTold && !discovery) {
            portalGroupTold = true;
            answers.put("TargetPortalGroupTag", Integer.toString(requireTarget().portalGroupTag()));
        }
    }

    private LoginStep advance(LoginRequest request, SequencedMap<String, String> answers) {
        if (!request.transit()) {
            return stay(request, answers);
        }
        LoginStage current = LoginStage.of(request.currentStage()).orElseThrow();
        LoginStage next = LoginStage.of(request.nextStage()).orElseThrow();
        if (next != LoginStage.FULL_FEATURE) {
            stage = next;
            return new LoginStep.Continue(true, current, next, answers);
        }
        return new LoginStep.Established(
                current,
                answers,
                new LoginStep.LoggedIn(
                        initiatorName,
                        targetName,
                        discovery,
                        request.isid(),
                        request.tsih(),
                        request.connectionId(),
                        requireOperational().result()));
    }

    private static LoginStep stay(LoginRequest request, SequencedMap<String, String> answers) {
        LoginStage current = LoginStage.of(request.currentStage()).orElseThrow();
        return new LoginStep.Continue(false, current, current, answers);
    }

    private Access.Allowed requireTarget() {
        if (target == null) {
            throw new IllegalStateException("no target was chosen yet");
        }
        return target;
    }

    private OperationalKeys requireOperational() {
        if (operational == null) {
            throw new IllegalStateException("no target was chosen yet");
        }
        return operational;
    }

    private static Optional<LoginStep> refuse(LoginStatus status, String reason) {
        return Optional.of(refused(status, reason));
    }

    private static LoginStep refused(LoginStatus status, String reason) {
        return new LoginStep.Refused(status, reason);
    }

    /** A name from the network, fit for a log line. */
    private static String printable(String name) {
        String shortened = name.length() > 64 ? name.substring(0, 64) : name;
        return new String(shortened.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                .replaceAll("[^ -~]", "?");
    }
}
