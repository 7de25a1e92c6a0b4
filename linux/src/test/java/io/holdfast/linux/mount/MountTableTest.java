package io.holdfast.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountTableTest {
    @Test
    void anEntryIsReadWithItsOptionalFields() {
        String text =
                "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw\n"
                        + "70 1 7:3 / /data rw - ext4 /dev/drbd0 rw,errors=continue\n";
        assertThat(MountTable.parse(text))
                .containsExactly(
                        new MountTable.Entry("98:0", "/mnt2", "ext3", "/dev/root"),
                        new MountTable.Entry("7:3", "/data", "ext4", "/dev/drbd0"));
    }

    @Test
    void blanksAndBackslashesOfPathsAreRestored() {
        String text = "1 2 0:5 / /a\\040b\\134c\\011 rw - tmpfs x\\012 rw";
        assertThat(MountTable.parse(text))
                .containsExactly(new MountTable.Entry("0:5", "/a b\\c\t", "tmpfs", "x\n"));
    }

    @Test
    void linesThatDoNotFitAreLeftOut() {
        assertThat(MountTable.parse("\n1 2 3\n1 2 3 - \nx - y\n1 2 0:5 / /a rw -\n")).isEmpty();
    }

    @Test
    void everyTruncationOfALineIsLeftOutOrAnEntry() {
        String line = "70 1 7:3 / /d\\040 rw shared:1 - ext4 /dev/drbd0 rw";
        for (int length = 0; length <= line.length(); length++) {
            assertThat(MountTable.parse(line.substring(0, length)).size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void theOwnTableHasARootAndProc() {
        assertThat(MountTable.read()).anyMatch(entry -> entry.mountPoint().equals("/proc"));
        assertThat(MountTable.of(ProcessHandle.current().pid())).isEqualTo(MountTable.read());
        assertThat(MountTable.of(Integer.MAX_VALUE)).isEmpty();
    }
}
