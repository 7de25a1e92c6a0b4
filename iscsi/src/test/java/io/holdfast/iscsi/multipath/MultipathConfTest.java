package io.holdfast.iscsi.multipath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.iscsi.multipath.MapSettings.Grouping;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultipathConfTest {
    private static final String WWID = "360000000000000000e00000000010001";

    /** The configuration of scenario S0, as its author has it. */
    private static final String S0 =
            """
            blacklist {
              devnode "^(ram|raw|loop|fd|md|dm-|sr|scd|st)[0-9]*"
              devnode "^sd[a-d][0-9]*"
            }
            defaults {
              user_friendly_names yes
              path_grouping_policy multibus
              failback immediate
              no_path_retry fail
            }
            multipaths {
              multipath {
                wwid 360000000000000000e00000000010001
                alias lvm
              }
            }
            """;

    @Test
    void theDiskOfTheScenarioIsCalledLvmAndUsesAllPathsAtOnce() {
        MultipathConf.Configured map = MultipathConf.parse(S0).map(WWID);
        assertThat(map.alias()).isEqualTo("lvm");
        assertThat(map.settings())
                .isEqualTo(
                        MapSettings.defaults().withGrouping(Grouping.MULTIBUS).withFailback(true));
    }

    @Test
    void aDiskThatIsNotNamedHasTheDefaultsAndItsWwid() {
        assertThat(MultipathConf.parse(S0).map("3600").alias()).isEqualTo("3600");
    }

    @Test
    void whatADiskSaysCountsMoreThanTheDefaults() {
        MultipathConf conf =
                MultipathConf.parse(
                        S0.replace(
                                "alias lvm",
                                "alias lvm\nno_path_retry 12\npath_selector \"round-robin 0\""));
        assertThat(conf.map(WWID).settings().noPathRetry()).isEqualTo(12);
        assertThat(conf.map(WWID).settings().selector())
                .isEqualTo(MapSettings.Selector.ROUND_ROBIN);
        assertThat(conf.map("3600").settings().noPathRetry()).isEqualTo(MapSettings.FAIL);
    }

    @Test
    void aBlacklistedWwidIsLeftAloneUnlessItIsNamed() {
        MultipathConf conf =
                MultipathConf.parse("blacklist {\n wwid 3601\n wwid " + WWID + "\n}\n" + S0);
        assertThat(conf.blacklists("3601")).isTrue();
        assertThat(conf.blacklists(WWID)).isFalse();
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        String[][] wrong = {
            {"defaults {\n failback soon\n}", "line 2"},
            {"defaults {\n no_path_retry never\n}", "never"},
            {"defaults {", "not closed"},
            {"}", "closes nothing"},
            {"alias x", "outside"},
            {"multipaths {\n multipath {\n alias x\n }\n}", "no wwid"},
        };
        for (String[] each : wrong) {
            assertThatThrownBy(() -> MultipathConf.parse(each[0]))
                    .as(each[0])
                    .hasMessageContaining(each[1]);
        }
    }

    @Test
    void theViewIsThatOfMultipathLl() {
        UnitName unit = new UnitName(WWID, "IET", "VIRTUAL-DISK", 10L << 30, 512);
        MapSettings settings = MultipathConf.parse(S0).map(WWID).settings();
        List<MultipathDisk.PathStatus> paths =
                List.of(
                        new MultipathDisk.PathStatus("192.168.162.131:3260", 1, true, true),
                        new MultipathDisk.PathStatus("192.168.195.131:3260", 1, false, true));
        assertThat(MultipathText.of("lvm", 2, unit, settings, List.of(paths)))
                .isEqualTo(
                        """
                        lvm (360000000000000000e00000000010001) dm-2 IET,VIRTUAL-DISK
                        size=10G features='0' hwhandler='0' wp=rw
                        `-+- policy='service-time 0' prio=1 status=active
                          |- 0:0:0:1 192.168.162.131:3260 active ready running
                          `- 1:0:0:1 192.168.195.131:3260 failed faulty running
                        """);
    }

    @Test
    void sizesAreWrittenAsMultipathToolsDo() {
        assertThat(List.of(10L << 30, 1536L << 20, 64L << 20, 512L * 3))
                .extracting(MultipathText::size)
                .containsExactly("10G", "1.5G", "64M", "1.5K");
    }
}
