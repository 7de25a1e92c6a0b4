package io.holdfast.lab.holder;

import io.holdfast.linux.nativecall.FileDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast lab hold}: opens descriptors of another process and keeps them till the end. */
@Command(
        name = "hold",
        hidden = true,
        description = "Keeps a lab alive after the command that built it (used by --keep).")
public final class HoldCommand implements Callable<Integer> {
    static final String HOLDING = "holding";

    /** A pipe's write end is opened for writing; namespaces can only be read. */
    private static final String REMEDY = "run it as root while the lab's builder lives";

    @Parameters(arity = "1..*", description = "the lifeline first, then namespaces")
    private List<String> paths = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        List<FileDescriptor> held = new ArrayList<>();
        held.add(FileDescriptor.open(paths.getFirst(), FileDescriptor.O_WRONLY, 0, REMEDY));
        for (String path : paths.subList(1, paths.size())) {
            held.add(FileDescriptor.open(path, FileDescriptor.O_RDONLY, 0, REMEDY));
        }
        System.out.println(HOLDING);
        System.out.flush();
        new CountDownLatch(1).await(); // until a signal comes
        return held.size();
    }
}
