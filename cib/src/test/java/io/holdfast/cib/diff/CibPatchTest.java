package io.holdfast.cib.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import io.holdfast.cib.Cib;
import io.holdfast.cib.Mutations;
import io.holdfast.cib.Samples;
import io.holdfast.cib.xml.Element;
import io.holdfast.cib.xml.XmlReader;
import io.holdfast.cib.xml.XmlWriter;
import org.junit.jupiter.api.Test;

class CibPatchTest {
    private static final Cib OLD =
            Cib.parse(
                    """
                    <cib admin_epoch="0" epoch="7" num_updates="3"><configuration><resources>
                      <primitive id="A" class="ocf" type="x"/>
                      <primitive id="B" class="ocf" type="x"><operations/></primitive>
                      <primitive id="C" class="ocf" type="x"/>
                    </resources></configuration><status/></cib>
                    """);

    @Test
    void aPatchNamesWhatIsDeletedModifiedAndCreated() {
        Cib changed =
                Cib.parse(
                        """
                        <cib admin_epoch="0" epoch="8" num_updates="0"><configuration><resources>
                          <primitive id="B" class="ocf" type="y"><operations/></primitive>
                          <primitive id="N" class="ocf" type="x"/>
                          <primitive id="C" class="ocf" type="x"/>
                        </resources></configuration><status/></cib>
                        """);
        assertThat(XmlWriter.indented(CibPatch.make(OLD, changed)))
                .isEqualTo(
                        """
                        <diff format="2">
                          <version>
                            <source admin_epoch="0" epoch="7" num_updates="3"/>
                            <target admin_epoch="0" epoch="8" num_updates="0"/>
                          </version>
                          <change operation="delete" path="/cib/configuration/resources/primitive[@id='A']"/>
                          <change operation="modify" path="/cib">
                            <change-list>
                              <change-attr name="epoch" operation="set" value="8"/>
                              <change-attr name="num_updates" operation="set" value="0"/>
                            </change-list>
                            <change-result>
                              <cib admin_epoch="0" epoch="8" num_updates="0"/>
                            </change-result>
                          </change>
                          <change operation="modify" path="/cib/configuration/resources/primitive[@id='B']">
                            <change-list>
                              <change-attr name="type" operation="set" value="y"/>
                            </change-list>
                            <change-result>
                              <primitive id="B" class="ocf" type="y"/>
                            </change-result>
                          </change>
                          <change operation="create" path="/cib/configuration/resources" position="1">
                            <primitive id="N" class="ocf" type="x"/>
                          </change>
                        </diff>
                        """);
        assertThat(CibPatch.apply(OLD, CibPatch.make(OLD, changed))).isEqualTo(changed);
    }

    @Test
    void anElementThatOnlyMovedIsMoved() {
        Element resources = OLD.resources();
        Element a = resources.child("primitive", "A");
        Cib moved =
                OLD.withSection(
                        io.holdfast.cib.Section.RESOURCES, resources.withoutChild(a).withChild(a));
        Element patch = CibPatch.make(OLD, moved);

        assertThat(patch.children("change"))
                .extracting(c -> c.attribute("operation") + " " + c.attribute("position"))
                .containsExactly("move 2");
        assertThat(CibPatch.apply(OLD, patch)).isEqualTo(moved);
    }

    @Test
    void aPatchIsRefusedByAnotherVersionOrAnotherCib() {
        Cib changed = OLD.withVersion(OLD.version().nextEpoch());
        Element patch = CibPatch.make(OLD, changed);

        assertThatThrownBy(() -> CibPatch.apply(changed, patch))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("starts from version 0.7.3")
                .hasMessageContaining("0.8.0");
        Element stray =
                XmlReader.string(
                        "<diff format='2'><change operation='delete' path=\"/cib/no[@id='x']\"/></diff>");
        assertThatThrownBy(() -> CibPatch.apply(OLD, stray))
                .hasMessageContaining("/cib/no[@id='x']");
        Element whole =
                XmlReader.string(
                        "<diff format='2'><change operation='delete' path='/cib'/></diff>");
        assertThatThrownBy(() -> CibPatch.apply(OLD, whole)).isInstanceOf(ProblemException.class);
    }

    @Test
    void anyChangeIsMadeByItsPatch() {
        Element base = Samples.everything().root();
        for (long seed = 0; seed < 400; seed++) {
            Element damaged = new Mutations(seed).damaged(base);
            if (!damaged.is("cib") || !damaged.text().isEmpty()) {
                continue;
            }
            Cib from = new Cib(base);
            Cib to = new Cib(damaged);
            assertThat(CibPatch.apply(from, CibPatch.make(from, to)))
                    .as("seed " + seed)
                    .isEqualTo(to);
            assertThat(CibPatch.apply(to, CibPatch.make(to, from)))
                    .as("seed " + seed)
                    .isEqualTo(from);
        }
    }
}
