package io.holdfast.lab.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.lab.view.Paint.Tone;
import org.junit.jupiter.api.Test;

class PaintTest {
    @Test
    void coloursTakeNoRoom() {
        String text = Paint.COLOURED.paint(Tone.GOOD, "online");
        assertThat(text).isEqualTo("\u001b[32monline\u001b[0m");
        assertThat(Paint.visibleLength(text)).isEqualTo(6);
        assertThat(Paint.PLAIN.paint(Tone.GOOD, "online")).isEqualTo("online");
    }

    @Test
    void aLineThatIsTooLongIsCutAndItsColoursEnd() {
        String text = "node " + Paint.COLOURED.paint(Tone.BAD, "no power") + " for long";
        assertThat(Paint.fit(text, 100)).isEqualTo(text);
        String cut = Paint.fit(text, 10);
        assertThat(Paint.visibleLength(cut)).isEqualTo(10);
        assertThat(cut).isEqualTo("node \u001b[31mno p…\u001b[0m");
        assertThat(Paint.fit("abcdef", 4)).isEqualTo("abc…");
    }
}
