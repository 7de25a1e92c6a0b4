package io.holdfast.daemon.keepalived.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A user's own group: the fourth field of passwd(5), where a file has it. */
final class GroupOfUser {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private GroupOfUser() {}

    /** Its number, or the user's name: a group of that name is what most systems make. */
    static String of(String user) {
        try {
            List<String> lines = Files.readAllLines(PASSWD);
            for (String line : lines) {
                String[] fields = line.split(":", -1);
                if (fields.length > 3 && (fields[0].equals(user) || fields[2].equals(user))) {
                    return fields[3];
                }
            }
        } catch (IOException e) {
            // A directory service has the users, then.
        }
        return user;
    }
}
