package io.holdfast.daemon.keepalived;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.daemon.keepalived.option.CommandLineReader;
import io.holdfast.daemon.keepalived.option.Option;
import io.holdfast.vrrp.config.ProcessFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code holdfast keepalived status [--json | --metrics] [-p FILE]}: asks the running process. */
final class StatusQuestion {
    private static final ProcessFiles DEFAULT_FILES =
            new ProcessFiles(
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);

    private StatusQuestion() {}

    /** Prints the answer; the exit code. */
    static int run(List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> rest = new ArrayList<>(arguments);
        boolean json = rest.remove("--json");
        boolean metrics = rest.remove("--metrics");
        Map<Option, String> options = CommandLineReader.read(rest);
        LaunchOptions launch = LaunchOptions.of(options, environment);
        Path socket = ProcessPaths.of(launch, DEFAULT_FILES).socket();
        String word = json ? "json" : metrics ? "metrics" : "status";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            int _ = channel.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
            long _ = Channels.newInputStream(channel).transferTo(System.out);
            System.out.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            "nobody answers",
                            socket.toString(),
                            String.valueOf(e.getMessage()),
                            "start it: holdfast keepalived; one with another pid file is asked with"
                                    + " -p FILE"),
                    e);
        }
    }
}
