package io.holdfast.iscsi.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.iscsi.core.login.TargetDirectory.Access;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class TargetLoginTest {
    private static final String TARGET = "iqn.2026-01.io.holdfast:disk";
    private static final byte[] CHALLENGE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final ChapAccount USER = new ChapAccount("nfsha", "a long enough secret");
    private static final ChapAccount OURS = new ChapAccount("disk", "another secret entirely");

    private static TargetLogin login(List<ChapAccount> incoming, Optional<ChapAccount> outgoing) {
        return new TargetLogin(
                (target, initiator) ->
                        target.equals(TARGET)
                                ? new Access.Allowed(
                                        TargetOptions.defaults(), 1, incoming, outgoing)
                                : new Access.Unknown(),
                7,
                CHALLENGE);
    }

    private static SequencedMap<String, String> keys(String... pairs) {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            keys.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return keys;
    }

    private static LoginRequest request(boolean transit, int stage, int next, String... pairs) {
        return new LoginRequest(transit, stage, next, 0, 0x8000_0000_0001L, 0, 0, keys(pairs));
    }

    private static LoginStep firstWithChap(TargetLogin login) {
        return login.receive(
                request(
                        false,
                        0,
                        0,
                        "InitiatorName=iqn.x:me",
                        "TargetName=" + TARGET,
                        "AuthMethod=CHAP,None"));
    }

    private static String proof(ChapAccount account) {
        return Chap.toText(Chap.respond(Chap.Algorithm.MD5, 7, account.secret(), CHALLENGE));
    }

    private static LoginStatus refusal(LoginStep step) {
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        return ((LoginStep.Refused) step).status();
    }

    @Test
    void anInitiatorLogsInWithoutAnAccountWhenNoneIsDemanded() {
        TargetLogin login = login(List.of(), Optional.empty());
        LoginStep step =
                login.receive(
                        request(
                                true,
                                1,
                                3,
                                "InitiatorName=iqn.x:me",
                                "TargetName=" + TARGET,
                                "ImmediateData=Yes"));
        assertThat(step).isInstanceOf(LoginStep.Established.class);
        LoginStep.Established done = (LoginStep.Established) step;
        assertThat(done.keys())
                .containsEntry("TargetPortalGroupTag", "1")
                .containsEntry("ImmediateData", "Yes")
                .containsKey("MaxRecvDataSegmentLength");
        assertThat(done.session().targetName()).isEqualTo(TARGET);
    }

    @Test
    void aRightSecretIsLetIn() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        assertThat(firstWithChap(login))
                .isInstanceOfSatisfying(
                        LoginStep.Continue.class,
                        c -> assertThat(c.keys()).containsEntry("AuthMethod", "CHAP"));
        LoginStep challenge = login.receive(request(false, 0, 0, "CHAP_A=5"));
        assertThat(((LoginStep.Continue) challenge).keys())
                .containsEntry("CHAP_A", "5")
                .containsEntry("CHAP_I", "7")
                .containsEntry("CHAP_C", Chap.toText(CHALLENGE));
        LoginStep proved =
                login.receive(request(true, 0, 1, "CHAP_N=nfsha", "CHAP_R=" + proof(USER)));
        assertThat(proved)
                .isInstanceOfSatisfying(
                        LoginStep.Continue.class, c -> assertThat(c.transit()).isTrue());
        assertThat(login.receive(request(true, 1, 3))).isInstanceOf(LoginStep.Established.class);
    }

    @Test
    void aWrongSecretIsRefusedAndTheReasonNamesOnlyTheUser() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        firstWithChap(login);
        login.receive(request(false, 0, 0, "CHAP_A=5"));
        LoginStep step =
                login.receive(
                        request(
                                true,
                                0,
                                1,
                                "CHAP_N=nfsha",
                                "CHAP_R=" + proof(new ChapAccount("nfsha", "guess"))));
        assertThat(refusal(step)).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
        assertThat(((LoginStep.Refused) step).reason())
                .contains("nfsha")
                .doesNotContain(USER.secret());
    }

    @Test
    void aWrongUserWithARightSecretIsRefused() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        firstWithChap(login);
        login.receive(request(false, 0, 0, "CHAP_A=5"));
        LoginStep step = login.receive(request(true, 0, 1, "CHAP_N=root", "CHAP_R=" + proof(USER)));
        assertThat(refusal(step)).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void theTargetProvesItselfWhenAsked() {
        TargetLogin login = login(List.of(USER), Optional.of(OURS));
        firstWithChap(login);
        login.receive(request(false, 0, 0, "CHAP_A=5"));
        LoginStep step =
                login.receive(
                        request(
                                true,
                                0,
                                1,
                                "CHAP_N=nfsha",
                                "CHAP_R=" + proof(USER),
                                "CHAP_I=9",
                                "CHAP_C=0x0a0b0c0d"));
        byte[] expected =
                Chap.respond(Chap.Algorithm.MD5, 9, OURS.secret(), new byte[] {10, 11, 12, 13});
        assertThat(((LoginStep.Continue) step).keys())
                .containsEntry("CHAP_N", "disk")
                .containsEntry("CHAP_R", Chap.toText(expected));
    }

    @Test
    void aReflectedChallengeIsRefused() {
        TargetLogin login = login(List.of(USER), Optional.of(OURS));
        firstWithChap(login);
        login.receive(request(false, 0, 0, "CHAP_A=5"));
        LoginStep step =
                login.receive(
                        request(
                                true,
                                0,
                                1,
                                "CHAP_N=nfsha",
                                "CHAP_R=" + proof(USER),
                                "CHAP_I=7",
                                "CHAP_C=" + Chap.toText(CHALLENGE)));
        assertThat(refusal(step)).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void authenticationCannotBeSkipped() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        LoginStep step =
                login.receive(
                        request(true, 1, 3, "InitiatorName=iqn.x:me", "TargetName=" + TARGET));
        assertThat(refusal(step)).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void anInitiatorThatOffersNoChapIsRefused() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        LoginStep step =
                login.receive(
                        request(
                                true,
                                0,
                                1,
                                "InitiatorName=iqn.x:me",
                                "TargetName=" + TARGET,
                                "AuthMethod=None"));
        assertThat(refusal(step)).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void theSecurityStageIsNotLeftBeforeTheProof() {
        TargetLogin login = login(List.of(USER), Optional.empty());
        LoginStep step =
                login.receive(
                        request(
                                true,
                                0,
                                3,
                                "InitiatorName=iqn.x:me",
                                "TargetName=" + TARGET,
                                "AuthMethod=CHAP"));
        assertThat(step)
                .isInstanceOfSatisfying(
                        LoginStep.Continue.class, c -> assertThat(c.transit()).isFalse());
    }

    @Test
    void namesAreMissing() {
        LoginStep noInitiator =
                login(List.of(), Optional.empty()).receive(request(true, 1, 3, "TargetName=a"));
        assertThat(refusal(noInitiator)).isEqualTo(LoginStatus.MISSING_PARAMETER);
        LoginStep noTarget =
                login(List.of(), Optional.empty())
                        .receive(request(true, 1, 3, "InitiatorName=iqn.x:me"));
        assertThat(refusal(noTarget)).isEqualTo(LoginStatus.MISSING_PARAMETER);
    }

    @Test
    void anUnknownTargetIsNotFound() {
        LoginStep step =
                login(List.of(), Optional.empty())
                        .receive(
                                request(
                                        true,
                                        1,
                                        3,
                                        "InitiatorName=iqn.x:me",
                                        "TargetName=iqn.x:other"));
        assertThat(refusal(step)).isEqualTo(LoginStatus.NOT_FOUND);
    }

    @Test
    void stagesDoNotGoBackwardsNorAnywhereElse() {
        TargetLogin login = login(List.of(), Optional.empty());
        login.receive(request(false, 1, 1, "InitiatorName=iqn.x:me", "TargetName=" + TARGET));
        assertThat(refusal(login.receive(request(false, 0, 0))))
                .isEqualTo(LoginStatus.INITIATOR_ERROR);
        for (int bad : List.of(2, 3)) {
            assertThat(refusal(login(List.of(), Optional.empty()).receive(request(true, bad, 3))))
                    .isEqualTo(LoginStatus.INITIATOR_ERROR);
        }
        assertThat(refusal(login(List.of(), Optional.empty()).receive(request(true, 1, 1))))
                .isEqualTo(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void aLoginThatNeverEndsIsEnded() {
        TargetLogin login = login(List.of(), Optional.empty());
        LoginStep step =
                login.receive(request(false, 1, 1, "InitiatorName=i", "TargetName=" + TARGET));
        for (int i = 0; i < 30 && !(step instanceof LoginStep.Refused); i++) {
            step = login.receive(request(false, 1, 1));
        }
        assertThat(refusal(step)).isEqualTo(LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void aFutureProtocolVersionIsRefused() {
        LoginStep step =
                login(List.of(), Optional.empty())
                        .receive(new LoginRequest(true, 1, 3, 1, 1, 0, 0, keys("InitiatorName=i")));
        assertThat(refusal(step)).isEqualTo(LoginStatus.UNSUPPORTED_VERSION);
    }
}
