package io.holdfast.cli.command;

import io.holdfast.api.message.ClusterRequest.ConfigurationLoad;
import io.holdfast.api.message.ConfigurationLoaded;
import io.holdfast.api.message.ConfigurationSyntax;
import io.holdfast.api.message.LoadMode;
import io.holdfast.base.Problem;
import io.holdfast.cli.CommandFailure;
import io.holdfast.cli.Context;
import io.holdfast.cli.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Puts a configuration from a file (or standard input, {@code -}) in force. */
final class ConfigurationFile {
    private static final int MAX_BYTES = 12 << 20;

    private ConfigurationFile() {}

    /**
     * @param syntax null: XML when the text begins like it, else crm's
     */
    static int load(
            Context context, String file, LoadMode mode, @Nullable ConfigurationSyntax syntax) {
        String text = read(file);
        ConfigurationSyntax spoken =
                syntax != null
                        ? syntax
                        : text.stripLeading().startsWith("<")
                                ? ConfigurationSyntax.XML
                                : ConfigurationSyntax.CRM;
        ConfigurationLoaded loaded = context.ask(new ConfigurationLoad(spoken, mode, text, null));
        loaded.warnings().forEach(warning -> print(context, "warning", warning));
        if (!loaded.accepted()) {
            loaded.problems().forEach(problem -> print(context, "error", problem));
            context.terminal()
                    .err()
                    .println(
                            file
                                    + ": not loaded ("
                                    + loaded.problems().size()
                                    + " to mend); the configuration is what it was.");
            return ExitCode.BAD_CONFIGURATION;
        }
        context.say("Configuration " + loaded.version() + " is in force.");
        return ExitCode.OK;
    }

    private static void print(Context context, String kind, Problem problem) {
        context.terminal().out().flush();
        context.terminal()
                .err()
                .println(
                        kind
                                + ": "
                                + problem.object()
                                + ": "
                                + problem.what()
                                + ": "
                                + problem.why()
                                + ". To mend it: "
                                + problem.remedy()
                                + ".");
    }

    private static String read(String file) {
        try (InputStream in = "-".equals(file) ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw unreadable(file, "it has more than " + MAX_BYTES + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    private static CommandFailure unreadable(String file, String why) {
        return new CommandFailure(
                new Problem(
                        "the configuration cannot be read",
                        file,
                        why,
                        "name a file that holds crm text or CIB XML, or - for standard input"),
                ExitCode.NO_INPUT);
    }
}
