package io.holdfast.controller.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.lease.LeasePageWriter;
import io.holdfast.base.NodeId;
import io.holdfast.base.Term;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseKeeperTest {
    private static final Term TERM = new Term(3);

    @TempDir Path directory;

    @Test
    void aLeaseIsHeldFromItsFirstExtensionAfterAGap() {
        try (LeasePageWriter page = LeasePageWriter.open(directory.resolve("page"))) {
            LeaseKeeper leases = new LeaseKeeper(new NodeId("a"), page);
            long before = System.nanoTime();
            assertThat(leases.heldSince(before)).isFalse();
            leases.stateApplied(TERM);
            extend(leases);
            long held = System.nanoTime();
            assertThat(leases.heldSince(before)).isFalse();
            assertThat(leases.heldSince(held)).isTrue();
            extend(leases);
            assertThat(leases.heldSince(held)).isTrue();
        }
    }

    private static void extend(LeaseKeeper leases) {
        leases.leaseExtended(TERM, System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    }
}
