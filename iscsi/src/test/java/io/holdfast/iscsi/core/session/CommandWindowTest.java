package io.holdfast.iscsi.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.InvariantViolation;
import io.holdfast.iscsi.core.session.CommandWindow.Arrival;
import org.junit.jupiter.api.Test;

class CommandWindowTest {
    @Test
    void theNextCommandIsTakenALaterOneWaitsAndTheRestIsIgnored() {
        CommandWindow window = new CommandWindow(4, 10);
        assertThat(window.classify(10)).isEqualTo(Arrival.NEXT);
        assertThat(window.classify(13)).isEqualTo(Arrival.EARLY);
        assertThat(window.classify(14)).isEqualTo(Arrival.OUTSIDE);
        assertThat(window.classify(9)).isEqualTo(Arrival.OUTSIDE);
    }

    @Test
    void theWindowClosesWhileCommandsExecuteAndOpensAfterwards() {
        CommandWindow window = new CommandWindow(2, 0);
        window.begun();
        window.begun();
        assertThat(window.maxCmdSn()).isEqualTo(1);
        assertThat(window.classify(2)).isEqualTo(Arrival.OUTSIDE);
        window.finished();
        assertThat(window.maxCmdSn()).isEqualTo(2);
        assertThat(window.classify(2)).isEqualTo(Arrival.NEXT);
    }

    @Test
    void numbersWrapAround() {
        CommandWindow window = new CommandWindow(4, -2);
        for (int i = 0; i < 3; i++) {
            window.begun();
            window.finished();
        }
        assertThat(window.expectedCmdSn()).isEqualTo(1);
        assertThat(window.maxCmdSn()).isEqualTo(4);
        assertThat(window.classify(-1)).isEqualTo(Arrival.OUTSIDE);
        assertThat(window.classify(4)).isEqualTo(Arrival.EARLY);
    }

    @Test
    void theHighestNumberNeverMovesBack() {
        CommandWindow window = new CommandWindow(8, 0);
        assertThat(window.maxCmdSn()).isEqualTo(7);
        window.begun();
        assertThat(window.maxCmdSn()).isEqualTo(7);
    }

    @Test
    void aCommandThatFinishesTwiceIsABug() {
        CommandWindow window = new CommandWindow(2, 0);
        window.begun();
        window.finished();
        assertThatThrownBy(window::finished).isInstanceOf(InvariantViolation.class);
    }
}
