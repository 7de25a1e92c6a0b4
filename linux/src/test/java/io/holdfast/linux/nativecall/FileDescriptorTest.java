package io.holdfast.linux.nativecall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FileDescriptorTest {
    @Test
    void aRefusedOpenNamesErrnoPathAndRemedy() {
        assertThatThrownBy(
                        () ->
                                FileDescriptor.open(
                                        "/nonexistent/file",
                                        FileDescriptor.O_RDONLY,
                                        0,
                                        "create the file"))
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessage(
                        "/nonexistent/file: cannot open: ENOENT (No such file or directory). To mend"
                                + " it: create the file.");
    }

    @Test
    void aClosedDescriptorIsNotUsedAgain() {
        FileDescriptor descriptor =
                FileDescriptor.open("/dev/null", FileDescriptor.O_RDWR, 0, "mount /dev");
        assertThat(descriptor.number()).isNotNegative();
        descriptor.close();
        descriptor.close();
        assertThatThrownBy(descriptor::number).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUnknownErrnoStillHasAName() {
        assertThat(new Errno(4095).name()).isEqualTo("errno 4095");
        assertThat(Errno.EEXIST).hasToString("EEXIST (File exists)");
    }
}
