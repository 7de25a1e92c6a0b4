package io.holdfast.cib.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The schema a CIB was written by: its {@code validate-with}, such as {@code pacemaker-3.9}. */
public record SchemaVersion(int major, int minor) implements Comparable<SchemaVersion> {
    /** The newest schema known here; what older ones are upgraded to. */
    public static final SchemaVersion CURRENT = new SchemaVersion(3, 10);

    /** The oldest that can be upgraded. */
    public static final SchemaVersion OLDEST = new SchemaVersion(1, 0);

    private static final Pattern NAME = Pattern.compile("pacemaker-(\\d{1,4})\\.(\\d{1,4})");

    /** Reads {@code pacemaker-MAJOR.MINOR}, or null for any other name. */
    public static @Nullable SchemaVersion parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? new SchemaVersion(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : null;
    }

    public boolean isKnown() {
        return compareTo(OLDEST) >= 0 && compareTo(CURRENT) <= 0;
    }

    @Override
    public int compareTo(SchemaVersion other) {
        int byMajor = Integer.compare(major, other.major);
        return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return "pacemaker-" + major + "." + minor;
    }
}
