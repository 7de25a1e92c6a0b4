package io.holdfast.cib.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class XmlTest {
    private static final String DOCUMENT =
            """
            <cib epoch="1" admin_epoch="0">
              <!-- the owner's note -->
              <configuration>
                <nodes/>
                <acl text="a&lt;b&#10;c&quot;">words &amp; more</acl>
                <!-- last -->
              </configuration>
            </cib>
            """;

    @Test
    void whatIsReadIsWrittenBackCommentsIncluded() {
        Element root = XmlReader.string(DOCUMENT);

        assertThat(XmlWriter.indented(root)).isEqualTo(DOCUMENT);
        assertThat(XmlReader.string(XmlWriter.compact(root))).isEqualTo(root);
        assertThat(root.child("configuration").child("acl").attribute("text"))
                .isEqualTo("a<b\nc\"");
        assertThat(root.child("configuration").line()).isEqualTo(3);
    }

    @Test
    void attributesInAnotherOrderMeanTheSame() {
        assertThat(Element.of("n", "a", "1", "b", "2"))
                .isEqualTo(Element.of("n", "b", "2", "a", "1"))
                .hasSameHashCodeAs(Element.of("n", "b", "2", "a", "1"))
                .isNotEqualTo(Element.of("n", "a", "1", "b", "3"))
                .isNotEqualTo(Element.of("n", "a", "1"));
    }

    @Test
    void aChangeLeavesTheOldTreeAndSharesTheUntouchedPart() {
        Element root = XmlReader.string("<a><b id='1'/><c id='2'><d/></c></a>");
        Element changed = root.withChildById(Element.of("b", "id", "1", "x", "y"));

        assertThat(root.child("b").has("x")).isFalse();
        assertThat(changed.child("b").attribute("x")).isEqualTo("y");
        assertThat(changed.child("c")).isSameAs(root.child("c"));
        assertThat(changed.withoutChild(changed.child("b")).children()).hasSize(1);
        assertThat(root.withAttribute("k", "v").withoutAttribute("k")).isEqualTo(root);
    }

    @Test
    void everyTruncationIsAProblemThatNamesThePlace() {
        for (int end = 0; end < DOCUMENT.strip().length(); end++) {
            String cut = DOCUMENT.substring(0, end);
            assertThatThrownBy(() -> XmlReader.string(cut, "cut.xml"))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cut.xml");
        }
    }

    @Test
    void documentTypesAndEntitiesAreRefused() {
        List<String> bombs = new ArrayList<>();
        bombs.add("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>");
        bombs.add("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><a/>");
        bombs.add("<a>&undefined;</a>");
        bombs.add("<a b='&undefined;'/>");
        for (String bomb : bombs) {
            assertThatThrownBy(() -> XmlReader.string(bomb)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void depthLengthAndAttributesAreBounded() {
        assertThatThrownBy(() -> XmlReader.string("<a>".repeat(100)))
                .hasMessageContaining("nested deeper than 64");
        byte[] small = "<a><b/><b/></a>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThatThrownBy(() -> XmlReader.bytes(small, "s", new XmlLimits(3, 9, 9, 9)))
                .hasMessageContaining("longer than 3 bytes");
        assertThatThrownBy(() -> XmlReader.bytes(small, "s", new XmlLimits(99, 9, 2, 9)))
                .hasMessageContaining("more than 2 elements");
    }

    @Test
    void aSecondRootIsDamage() {
        assertThatThrownBy(() -> XmlReader.string("<a/><b/>"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("line 1");
    }
}
