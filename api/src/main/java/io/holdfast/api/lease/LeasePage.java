package io.holdfast.api.lease;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;

/**
 * The layout of the lease page. All numbers are little-endian; times are {@link System#nanoTime},
 * which on Linux is {@code CLOCK_MONOTONIC} and so the same clock in every process of one boot.
 *
 * <pre>
 * offset  bytes  what
 *      0      8  magic "HFLEASE1"
 *      8      4  version, 1
 *     12      4  zero
 *     16      8  sequence: odd while the writer writes; readers begin again when it changed meanwhile
 *     24     16  boot id: a page of an earlier boot is not believed, its clock began anew
 *     40      8  incarnation of the writer, never 0; another number: slots may be others
 *     48      8  process id of the writer, for people
 *     56      8  acting until (nanoTime); 0: this node may not act
 *     64      8  term of the lease
 *     72      8  volume generation: grows by one whenever a volume gets a slot
 *     80      8  address generation: grows by one whenever the address table changes
 *     88      4  volume slots in use, 0 to 512
 *     92      4  address slots in use, 0 to 256
 *     96     32  zero
 *    128  40960  volume slots, 80 bytes each:
 *                  0  64  name, UTF-8, closed by NUL
 *                 64   8  granted epoch; 0: not granted
 *                 72   8  zero
 *  41088  16384  address slots, 64 bytes each:
 *                  0  16  interface, UTF-8, closed by NUL
 *                 16  16  address; IPv4 in the first 4 bytes
 *                 32   1  4 or 6
 *                 33   1  prefix length
 *                 34  30  zero
 *  57472         end
 * </pre>
 *
 * <p>A writer takes over the file it finds: it never replaces it, because readers keep it mapped.
 */
final class LeasePage {
    static final long MAGIC =
            ByteBuffer.wrap("HFLEASE1".getBytes(StandardCharsets.US_ASCII))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
    static final int VERSION = 1;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long SEQUENCE_AT = 16;
    static final long BOOT_ID_AT = 24;
    static final int BOOT_ID_BYTES = 16;
    static final long INCARNATION_AT = 40;
    static final long WRITER_PID_AT = 48;
    static final long ACTING_UNTIL_AT = 56;
    static final long TERM_AT = 64;
    static final long VOLUME_GENERATION_AT = 72;
    static final long ADDRESS_GENERATION_AT = 80;
    static final long VOLUME_SLOTS_USED_AT = 88;
    static final long ADDRESS_SLOTS_USED_AT = 92;

    static final long VOLUMES_AT = 128;
    static final int VOLUME_SLOTS = 512;
    static final int VOLUME_SLOT_BYTES = 80;
    static final int VOLUME_NAME_BYTES = 64;
    static final int VOLUME_EPOCH_IN_SLOT = 64;

    static final long ADDRESSES_AT = VOLUMES_AT + (long) VOLUME_SLOTS * VOLUME_SLOT_BYTES;
    static final int ADDRESS_SLOTS = 256;
    static final int ADDRESS_SLOT_BYTES = 64;
    static final int INTERFACE_BYTES = 16;
    static final int ADDRESS_IN_SLOT = 16;
    static final int FAMILY_IN_SLOT = 32;
    static final int PREFIX_IN_SLOT = 33;

    static final long PAGE_BYTES = ADDRESSES_AT + (long) ADDRESS_SLOTS * ADDRESS_SLOT_BYTES;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Long access with memory ordering: (segment, offset). */
    static final VarHandle ORDERED_LONG = LONG.varHandle();

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private LeasePage() {}

    /**
     * Opens the file, made and brought to its size when it is not there yet; whoever comes first.
     */
    static FileChannel open(Path file) {
        try {
            Files.createDirectories(
                    file.toAbsolutePath().getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            FileChannel channel =
                    FileChannel.open(
                            file,
                            EnumSet.of(
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            if (channel.size() < PAGE_BYTES) {
                // One byte at the end: what another process wrote before it stays as it is.
                channel.write(ByteBuffer.allocate(1), PAGE_BYTES - 1);
            }
            return channel;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    static MemorySegment map(Path file, FileChannel channel, Arena arena) {
        try {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_BYTES, arena);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    static ProblemException unusable(Path file, IOException cause) {
        return new ProblemException(
                new Problem(
                        "the lease page cannot be used",
                        file.toString(),
                        String.valueOf(cause.getMessage()),
                        "see that its folder exists on a local file system, belongs to this user"
                                + " and has space"),
                cause);
    }

    static byte[] bootId() {
        try {
            String text = Files.readString(BOOT_ID).strip().replace("-", "");
            return HexFormat.of().parseHex(text);
        } catch (IOException e) {
            throw unusable(BOOT_ID, e);
        }
    }

    static boolean isOfThisBoot(MemorySegment page, byte[] bootId) {
        return page.get(LONG, MAGIC_AT) == MAGIC
                && page.get(INT, VERSION_AT) == VERSION
                && page.asSlice(BOOT_ID_AT, BOOT_ID_BYTES).mismatch(MemorySegment.ofArray(bootId))
                        == -1;
    }

    static long volumeSlotAt(int slot) {
        return VOLUMES_AT + (long) slot * VOLUME_SLOT_BYTES;
    }

    static long addressSlotAt(int slot) {
        return ADDRESSES_AT + (long) slot * ADDRESS_SLOT_BYTES;
    }

    /** The slot whose name is {@code name}, or -1. */
    static int findVolume(MemorySegment page, byte[] name) {
        int used = Math.clamp(page.get(INT, VOLUME_SLOTS_USED_AT), 0, VOLUME_SLOTS);
        MemorySegment padded =
                MemorySegment.ofArray(java.util.Arrays.copyOf(name, VOLUME_NAME_BYTES));
        for (int slot = 0; slot < used; slot++) {
            if (page.asSlice(volumeSlotAt(slot), VOLUME_NAME_BYTES).mismatch(padded) == -1) {
                return slot;
            }
        }
        return -1;
    }

    static List<GuardedAddress> readAddresses(MemorySegment page) {
        int used = Math.clamp(page.get(INT, ADDRESS_SLOTS_USED_AT), 0, ADDRESS_SLOTS);
        List<GuardedAddress> addresses = new ArrayList<>(used);
        for (int slot = 0; slot < used; slot++) {
            MemorySegment at = page.asSlice(addressSlotAt(slot), ADDRESS_SLOT_BYTES);
            int bytes = at.get(JAVA_BYTE, FAMILY_IN_SLOT) == 6 ? 16 : 4;
            addresses.add(
                    new GuardedAddress(
                            readName(at.asSlice(0, INTERFACE_BYTES)),
                            address(at.asSlice(ADDRESS_IN_SLOT, bytes).toArray(JAVA_BYTE)),
                            Byte.toUnsignedInt(at.get(JAVA_BYTE, PREFIX_IN_SLOT))));
        }
        return List.copyOf(addresses);
    }

    static void writeAddress(MemorySegment page, int slot, GuardedAddress address) {
        MemorySegment at = page.asSlice(addressSlotAt(slot), ADDRESS_SLOT_BYTES);
        at.fill((byte) 0);
        writeName(at.asSlice(0, INTERFACE_BYTES), address.networkInterface());
        byte[] bytes = address.address().getAddress();
        MemorySegment.copy(bytes, 0, at, JAVA_BYTE, ADDRESS_IN_SLOT, bytes.length);
        at.set(JAVA_BYTE, FAMILY_IN_SLOT, (byte) (bytes.length == 16 ? 6 : 4));
        at.set(JAVA_BYTE, PREFIX_IN_SLOT, (byte) address.prefixLength());
    }

    static void writeName(MemorySegment field, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        field.fill((byte) 0);
        MemorySegment.copy(bytes, 0, field, JAVA_BYTE, 0, bytes.length);
    }

    private static String readName(MemorySegment field) {
        byte[] bytes = field.toArray(JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }
}
