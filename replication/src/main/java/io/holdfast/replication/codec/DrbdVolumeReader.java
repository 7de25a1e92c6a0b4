package io.holdfast.replication.codec;

import io.holdfast.replication.config.MetaDisk;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code device}, {@code disk} and {@code meta-disk}, inside a {@code volume} or not. */
final class DrbdVolumeReader {
    private static final List<String> KNOWN =
            List.of("device", "disk", "meta-disk", "flexible-meta-disk");
    private static final int MAX_VOLUME = 65_534;
    private static final int MAX_MINOR = (1 << 20) - 1;
    private static final Pattern DEVICE = Pattern.compile("/dev/drbd(\\d{1,7}|_[\\x21-\\x7e]+)");
    private static final Pattern INDEXED = Pattern.compile("(.+)\\[(\\d{1,4})]");

    private final DrbdFindings findings;
    private final DrbdSyntax syntax;
    private final DrbdOptionReader options;

    DrbdVolumeReader(DrbdFindings findings) {
        this.findings = findings;
        this.syntax = new DrbdSyntax(findings);
        this.options = new DrbdOptionReader(findings);
    }

    /** {@code volume N { … }}. */
    void explicit(DrbdStatement section, DrbdVolumes volumes) {
        if (!syntax.isSection(section, 1, 1, "volume 0 { … }")) {
            return;
        }
        int number = number(section.value(0), MAX_VOLUME);
        if (number < 0) {
            findings.mistake(
                    section.place(),
                    "\"" + section.value(0) + "\" is no volume number",
                    "volumes are numbered 0 to " + MAX_VOLUME,
                    "write for example: volume 0 { … }");
            return;
        }
        if (volumes.explicit == null) {
            volumes.explicit = section.place();
        }
        tellIfMixed(volumes, section.place());
        DrbdVolume volume = new DrbdVolume(number, section.place());
        DrbdVolume before = volumes.byNumber.putIfAbsent(number, volume);
        if (before != null) {
            findings.mistake(
                    section.place(),
                    "volume " + number + " is described twice",
                    "it is described at " + before.place + " too",
                    "keep one of the two, or give this one another number");
            return;
        }
        for (DrbdStatement statement : section.statements()) {
            if (!statement(statement, volume)) {
                syntax.unknown(statement, "volume", KNOWN);
            }
        }
    }

    /** A line about volume 0 that stands in no section of its own. */
    void implicit(DrbdStatement statement, DrbdVolumes volumes) {
        if (volumes.implicit == null) {
            volumes.implicit = statement.place();
        }
        tellIfMixed(volumes, statement.place());
        DrbdVolume volume =
                volumes.byNumber.computeIfAbsent(0, n -> new DrbdVolume(n, statement.place()));
        statement(statement, volume);
    }

    private void tellIfMixed(DrbdVolumes volumes, DrbdPlace place) {
        if (volumes.implicit != null && volumes.explicit != null && !volumes.toldMixed) {
            volumes.toldMixed = true;
            findings.mistake(
                    place,
                    "some lines about volumes are in a \"volume\" section and some are not",
                    "those outside ("
                            + volumes.implicit
                            + ") are about volume 0, and it is"
                            + " described inside ("
                            + volumes.explicit
                            + ")",
                    "move all of them into \"volume\" sections");
        }
    }

    /** Whether it was a line about a volume. */
    private boolean statement(DrbdStatement statement, DrbdVolume volume) {
        if (statement.block() == null) {
            volume.tried.add(statement.keyword());
        }
        switch (statement.keyword()) {
            case "device" -> device(statement, volume);
            case "disk" -> {
                if (statement.block() != null) {
                    options.section(statement, DrbdOptions.DISK, volume.settings);
                } else {
                    disk(statement, volume);
                }
            }
            case "meta-disk", "flexible-meta-disk" -> metaDisk(statement, volume);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code device /dev/drbd0}, {@code device minor 0}, {@code device /dev/drbd_x minor 0}. */
    private void device(DrbdStatement statement, DrbdVolume volume) {
        if (!syntax.isLine(statement, 1, 3, "device /dev/drbd0;")
                || saidTwice(statement, volume.device)) {
            return;
        }
        List<DrbdToken> values = statement.values();
        boolean named = !values.getFirst().isKeyword("minor");
        String name = named ? statement.value(0) : "";
        int minor = -1;
        if (!named || values.size() > 1) {
            int at = named ? 2 : 1;
            boolean good = values.size() == at + 1 && values.get(at - 1).isKeyword("minor");
            minor = good ? number(values.get(at).text(), MAX_MINOR) : -1;
            if (minor < 0) {
                notADevice(statement, "what follows is not \"minor\" and 0 to " + MAX_MINOR);
                return;
            }
        }
        if (!named) {
            name = "/dev/drbd" + minor;
        } else if (name.startsWith("drbd")) {
            name = "/dev/" + name;
        }
        Matcher matcher = DEVICE.matcher(name);
        if (!matcher.matches()) {
            notADevice(statement, "a device is called /dev/drbd and a number, or /dev/drbd_NAME");
            return;
        }
        if (!matcher.group(1).startsWith("_")) {
            int ofName = number(matcher.group(1), MAX_MINOR);
            if (ofName < 0 || (minor >= 0 && minor != ofName)) {
                notADevice(
                        statement,
                        ofName < 0
                                ? "minors are 0 to " + MAX_MINOR
                                : "its name says minor " + ofName + " and the line says " + minor);
                return;
            }
            minor = ofName;
            name = "/dev/drbd" + ofName; // one name a device: /dev/drbd00 is /dev/drbd0
        }
        volume.device = new DrbdSaid<>(name, statement.place());
        volume.minor = minor < 0 ? null : new DrbdSaid<>(minor, statement.place());
    }

    private void notADevice(DrbdStatement statement, String why) {
        findings.mistake(
                statement.place(),
                "the device is not named as it should be",
                why,
                "write for example: device /dev/drbd0; or device minor 0;");
    }

    private void disk(DrbdStatement statement, DrbdVolume volume) {
        if (!syntax.isLine(statement, 1, 1, "disk /dev/sdb1;")
                || saidTwice(statement, volume.disk)) {
            return;
        }
        String disk = statement.value(0);
        if (disk.equals(DrbdVolume.NO_DISK) || isPath(statement, disk)) {
            volume.disk = new DrbdSaid<>(disk, statement.place());
        }
    }

    /** {@code internal}, a path of its own, or {@code path[index]} (8.3's shared metadata disk). */
    private void metaDisk(DrbdStatement statement, DrbdVolume volume) {
        if (!syntax.isLine(statement, 1, 4, "meta-disk internal;")
                || saidTwice(statement, volume.metaDisk)) {
            return;
        }
        String text = statement.joinedValues(0);
        if (text.equals("internal")) {
            volume.metaDisk = new DrbdSaid<>(new MetaDisk.Internal(), statement.place());
            return;
        }
        Matcher indexed = INDEXED.matcher(text);
        if (indexed.matches()) {
            findings.warning(
                    statement.place(),
                    "the index [" + indexed.group(2) + "] has no effect",
                    "metadata that is not internal has its file or device for itself",
                    "give each volume a metadata file or device of its own");
            text = indexed.group(1);
        }
        if (isPath(statement, text)) {
            volume.metaDisk =
                    new DrbdSaid<>(new MetaDisk.External(Path.of(text)), statement.place());
        }
    }

    private boolean saidTwice(DrbdStatement statement, @Nullable DrbdSaid<?> before) {
        if (before == null) {
            return false;
        }
        findings.mistake(
                statement.place(),
                "\"" + statement.keyword() + "\" is given twice for one volume",
                "it is given at " + before.place() + " too",
                "keep the one that is right");
        return true;
    }

    private boolean isPath(DrbdStatement statement, String text) {
        String why = "it does not begin with /";
        try {
            if (Path.of(text).isAbsolute()) {
                return true;
            }
        } catch (InvalidPathException e) {
            why = e.getReason();
        }
        findings.mistake(
                statement.place(),
                "\"" + text + "\" is not the path of a disk",
                why,
                "write the whole path, for example: " + statement.keyword() + " /dev/sdb1;");
        return false;
    }

    /** A number up to a limit, or -1. */
    static int number(String text, int max) {
        long number = DrbdOptionReader.amount(text, '1');
        boolean plain = !text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1));
        return plain && number >= 0 && number <= max ? (int) number : -1;
    }
}
