package io.holdfast.iscsi.core.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class OperationalKeysTest {
    /** The options of the article's configuration, S4.13. */
    private static final String ARTICLE =
            "InitialR2T=No ImmediateData=Yes MaxRecvDataSegmentLength=1048576"
                    + " MaxXmitDataSegmentLength=1048576 MaxBurstLength=1048576"
                    + " FirstBurstLength=524284 MaxOutstandingR2T=32 HeaderDigest=CRC32C"
                    + " DataDigest=CRC32C QueuedCommands=32";

    private static SequencedMap<String, String> settle(OperationalKeys keys, String... offers) {
        SequencedMap<String, String> answers = new LinkedHashMap<>();
        for (String offer : offers) {
            int equals = offer.indexOf('=');
            keys.settle(offer.substring(0, equals), offer.substring(equals + 1), answers);
        }
        return answers;
    }

    @Test
    void theArticlesOptionsAreNegotiatedAndHonoured() {
        OperationalKeys keys = new OperationalKeys(TargetOptions.parse(ARTICLE));
        SequencedMap<String, String> answers =
                settle(
                        keys,
                        "InitialR2T=No",
                        "ImmediateData=Yes",
                        "MaxRecvDataSegmentLength=262144",
                        "MaxBurstLength=16776192",
                        "FirstBurstLength=262144",
                        "MaxOutstandingR2T=64",
                        "HeaderDigest=None,CRC32C",
                        "DataDigest=CRC32C,None");
        keys.declare(answers);
        assertThat(answers)
                .containsEntry("InitialR2T", "No")
                .containsEntry("MaxBurstLength", "1048576")
                .containsEntry("FirstBurstLength", "262144")
                .containsEntry("MaxOutstandingR2T", "32")
                .containsEntry("HeaderDigest", "CRC32C")
                .containsEntry("DataDigest", "CRC32C")
                .containsEntry("MaxRecvDataSegmentLength", "1048576");
        assertThat(keys.result())
                .isEqualTo(
                        new SessionParameters(
                                true, true, false, true, 1048576, 262144, 1048576, 262144, 32, 2,
                                20));
        assertThat(TargetOptions.parse(ARTICLE).queuedCommands()).isEqualTo(32);
        assertThat(TargetOptions.parse(ARTICLE).firstBurstLength()).isEqualTo(524284);
    }

    @Test
    void anInitiatorWithoutDigestsIsServedWithoutThem() {
        OperationalKeys keys = new OperationalKeys(TargetOptions.parse(ARTICLE));
        assertThat(settle(keys, "HeaderDigest=None", "DataDigest=None"))
                .containsEntry("HeaderDigest", "None")
                .containsEntry("DataDigest", "None");
        assertThat(keys.result().headerDigest()).isFalse();
    }

    @Test
    void theFirstBurstNeverExceedsTheBurst() {
        OperationalKeys keys = new OperationalKeys(TargetOptions.defaults());
        settle(keys, "MaxBurstLength=4096", "FirstBurstLength=65536");
        assertThat(keys.result().firstBurstLength()).isEqualTo(4096);
    }

    @Test
    void whatMakesNoSenseIsRejectedAndWhatIsUnknownNotUnderstood() {
        OperationalKeys keys = new OperationalKeys(TargetOptions.defaults());
        assertThat(
                        settle(
                                keys,
                                "MaxBurstLength=many",
                                "InitialR2T=Perhaps",
                                "MaxRecvDataSegmentLength=1",
                                "MaxOutstandingR2T=99999999999999999999",
                                "X-com.example.key=1"))
                .containsEntry("MaxBurstLength", "Reject")
                .containsEntry("InitialR2T", "Reject")
                .containsEntry("MaxRecvDataSegmentLength", "Reject")
                .containsEntry("MaxOutstandingR2T", "Reject")
                .containsEntry("X-com.example.key", "NotUnderstood");
    }

    @Test
    void oneConnectionAndNoRecoveryAreAllThereIs() {
        OperationalKeys keys = new OperationalKeys(TargetOptions.defaults());
        assertThat(settle(keys, "MaxConnections=8", "ErrorRecoveryLevel=2", "IFMarker=Yes"))
                .containsEntry("MaxConnections", "1")
                .containsEntry("ErrorRecoveryLevel", "0")
                .containsEntry("IFMarker", "No");
    }

    @Test
    void anOptionThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> TargetOptions.parse("MaxBurstLenght=1"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("MaxBurstLenght=1");
        assertThatThrownBy(() -> TargetOptions.parse("MaxBurstLength=1"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("between 512");
    }
}
