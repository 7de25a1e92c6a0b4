package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.base.ProblemException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldfastPathsTest {
    @Test
    void withoutARootThingsLieWhereSystemsKeepThem() {
        HoldfastPaths paths = HoldfastPaths.from(Map.of("HOLDFAST_NODE_NAME", "server1"));
        assertThat(paths.etc()).isEqualTo(Path.of("/etc/holdfast"));
        assertThat(paths.lib()).isEqualTo(Path.of("/var/lib/holdfast"));
        assertThat(paths.clusterSocket()).isEqualTo(Path.of("/run/holdfast/clusterd.sock"));
        assertThat(paths.node().name()).isEqualTo("server1");
    }

    @Test
    void aRootMakesANodeOfItsOwn() {
        HoldfastPaths paths =
                HoldfastPaths.from(
                        Map.of(
                                "HOLDFAST_ROOT",
                                "/tmp/lab/server2/",
                                "HOLDFAST_NODE_NAME",
                                "server2"));
        assertThat(paths.leasePage())
                .isEqualTo(Path.of("/tmp/lab/server2/run/holdfast/lease-page"));
        assertThat(paths.resolve("/etc/drbd.conf"))
                .isEqualTo(Path.of("/tmp/lab/server2/etc/drbd.conf"));
        assertThat(paths.resolve("/../../etc/drbd.conf"))
                .isEqualTo(Path.of("/tmp/lab/server2/etc/drbd.conf"));
    }

    @Test
    void theNodeIsNamedAsTheKernelNamesTheMachine() {
        assertThat(HoldfastPaths.from(Map.of()).node().name()).isNotEmpty();
    }

    @Test
    void aNodeNameThatIsNoNameIsRefused() {
        Map<String, String> environment = Map.of("HOLDFAST_NODE_NAME", "../evil");
        assertThatThrownBy(() -> HoldfastPaths.from(environment))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("not usable");
    }
}
