package io.holdfast.daemon.keepalived.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.vrrp.config.MailSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One mail to a server on the loopback interface. */
class SmtpClientTest {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private void serve(ServerSocket server, String refuse) {
        try (Socket client = server.accept();
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.getInputStream(), StandardCharsets.UTF_8))) {
            answer(client, "220-many\r\n220 ready");
            boolean data = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line);
                if (data && !line.equals(".")) {
                    continue;
                }
                data = line.equals("DATA");
                answer(client, line.startsWith(refuse) ? "550 no" : data ? "354 go on" : "250 ok");
            }
        } catch (IOException e) {
            heard.add(e.toString());
        }
    }

    private static void answer(Socket client, String text) throws IOException {
        client.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static MailSettings settings(int port) {
        return new MailSettings(
                List.of("a@example.net", "b@example.net"),
                Optional.of("k@example.net\r\nRCPT TO:<evil@example.net>"),
                Optional.of("127.0.0.1"),
                port,
                Duration.ofSeconds(5),
                Optional.of("north"),
                true);
    }

    @Test
    void theServerHearsAddressesThenTheMessageWithItsDotsDoubled() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = Thread.ofVirtual().start(() -> serve(server, "never"));
            SmtpClient.send(
                    settings(server.getLocalPort()), new Mail("[n] MASTER", "=> up <=\n.dot"));
            serving.join();
        }
        assertThat(heard)
                .startsWith("HELO north")
                .contains(
                        "RCPT TO:<a@example.net>",
                        "RCPT TO:<b@example.net>",
                        "Subject: [n] MASTER",
                        "=> up <=",
                        "..dot")
                .doesNotContain("RCPT TO:<evil@example.net>")
                .endsWith(".", "QUIT");
    }

    @Test
    void aRefusalIsAnErrorWithTheServersWords() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = Thread.ofVirtual().start(() -> serve(server, "RCPT"));
            assertThatThrownBy(
                            () ->
                                    SmtpClient.send(
                                            settings(server.getLocalPort()), new Mail("s", "b")))
                    .hasMessageContaining("550 no");
            serving.join();
        }
    }
}
