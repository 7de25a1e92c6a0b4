package io.holdfast.iscsi.core.scsi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The operation codes we carry out and which bits of their CDBs we look at, SPC-4 6.35. */
public final class SupportedOperations {
    /**
     * One operation code, or one service action of it.
     *
     * @param serviceAction -1 when the operation has none
     * @param usage the CDB usage data in hexadecimal; its length is the CDB's
     */
    public record Operation(int opcode, int serviceAction, String usage) {
        public int cdbBytes() {
            return usage.length() / 2;
        }
    }

    private static final List<Operation> COMMON =
            List.of(
                    new Operation(0x00, -1, "000000000007"),
                    new Operation(0x03, -1, "03010000ff07"),
                    new Operation(0x08, -1, "081fffffff07"),
                    new Operation(0x0a, -1, "0a1fffffff07"),
                    new Operation(0x12, -1, "1201ffffff07"),
                    new Operation(0x15, -1, "15110000ff07"),
                    new Operation(0x16, -1, "160000000007"),
                    new Operation(0x17, -1, "170000000007"),
                    new Operation(0x1a, -1, "1a08ffffff07"),
                    new Operation(0x1b, -1, "1b01000ff707"),
                    new Operation(0x1d, -1, "1d04ffff0007".replace("ffff", "0000")),
                    new Operation(0x1e, -1, "1e0000000307"),
                    new Operation(0x25, -1, "2500ffffffff00000107"),
                    new Operation(0x28, -1, "28f8ffffffff00ffff07"),
                    new Operation(0x2a, -1, "2af8ffffffff00ffff07"),
                    new Operation(0x2e, -1, "2ef6ffffffff00ffff07"),
                    new Operation(0x2f, -1, "2ff6ffffffff00ffff07"),
                    new Operation(0x34, -1, "3402ffffffff00ffff07"),
                    new Operation(0x35, -1, "3502ffffffff00ffff07"),
                    new Operation(0x37, -1, "37001f00000000ffff07"),
                    new Operation(0x41, -1, "41e0ffffffff00ffff07"),
                    new Operation(0x48, 0x01, "48a10000000000ffff07"),
                    new Operation(0x48, 0x1f, "48bf0000000000000007"),
                    new Operation(0x55, -1, "551100000000" + "00ffff07"),
                    new Operation(0x56, -1, "56000000000000000007"),
                    new Operation(0x57, -1, "57000000000000000007"),
                    new Operation(0x5a, -1, "5a18ffff000000ffff07"),
                    new Operation(0x5e, 0x00, "5e000000000000ffff07"),
                    new Operation(0x5e, 0x01, "5e010000000000ffff07"),
                    new Operation(0x5e, 0x02, "5e020000000000ffff07"),
                    new Operation(0x5e, 0x03, "5e030000000000ffff07"),
                    new Operation(0x5f, 0x00, "5f00000000ffffffff07"),
                    new Operation(0x5f, 0x01, "5f01ff0000ffffffff07"),
                    new Operation(0x5f, 0x02, "5f02ff0000ffffffff07"),
                    new Operation(0x5f, 0x03, "5f03000000ffffffff07"),
                    new Operation(0x5f, 0x04, "5f04ff0000ffffffff07"),
                    new Operation(0x5f, 0x05, "5f05ff0000ffffffff07"),
                    new Operation(0x5f, 0x06, "5f06000000ffffffff07"),
                    new Operation(0x83, 0x00, "83000000000000000000ffffffff0007"),
                    new Operation(0x84, 0x00, "8400ff00000000000000ffffffff0007"),
                    new Operation(0x84, 0x03, "84030000000000000000ffffffff0007"),
                    new Operation(0x88, -1, "88f8ffffffffffffffffffffffff0007"),
                    new Operation(0x89, -1, "89f8ffffffffffffffff000000ff0007"),
                    new Operation(0x8a, -1, "8af8ffffffffffffffffffffffff0007"),
                    new Operation(0x8b, -1, "8bf8ffffffffffffffffffffffff0007"),
                    new Operation(0x8e, -1, "8ef6ffffffffffffffffffffffff0007"),
                    new Operation(0x8f, -1, "8ff6ffffffffffffffffffffffff0007"),
                    new Operation(0x90, -1, "9002ffffffffffffffffffffffff0007"),
                    new Operation(0x91, -1, "9102ffffffffffffffffffffffff0007"),
                    new Operation(0x93, -1, "93e1ffffffffffffffffffffffff0007"),
                    new Operation(0x9c, -1, "9cf8ffffffffffffffffffffffff0007"),
                    new Operation(0x9e, 0x10, "9e100000000000000000ffffffff0007"),
                    new Operation(0xa0, -1, "a000ff000000ffffffff0007"),
                    new Operation(0xa3, 0x0a, "a3ea00000000ffffffff0007"),
                    new Operation(0xa3, 0x0c, "a30c87ffffffffffffff0007"),
                    new Operation(0xa4, 0x0a, "a40a00000000ffffffff0007"),
                    new Operation(0xa8, -1, "a8f8ffffffffffffffff0007"),
                    new Operation(0xaa, -1, "aaf8ffffffffffffffff0007"),
                    new Operation(0xae, -1, "aef6ffffffffffffffff0007"),
                    new Operation(0xaf, -1, "aff6ffffffffffffffff0007"),
                    new Operation(0xb7, -1, "b71f00000000ffffffff0007"));

    private static final List<Operation> UNMAPPING =
            List.of(
                    new Operation(0x41, -1, "41f8ffffffff00ffff07"),
                    new Operation(0x42, -1, "42000000000000ffff07"),
                    new Operation(0x48, 0x02, "48a20000000000000007"),
                    new Operation(0x48, 0x03, "48a30000000000000007"),
                    new Operation(0x93, -1, "93f9ffffffffffffffffffffffff0007"),
                    new Operation(0x9e, 0x12, "9e12ffffffffffffffffffffffff0007"));

    private SupportedOperations() {}

    /** All operations in the order of their codes. */
    public static List<Operation> all(boolean unmaps) {
        if (!unmaps) {
            return COMMON;
        }
        List<Operation> all = new ArrayList<>(UNMAPPING);
        COMMON.stream()
                .filter(c -> find(UNMAPPING, c.opcode(), c.serviceAction()).isEmpty())
                .forEach(all::add);
        all.sort(
                Comparator.comparingInt(Operation::opcode)
                        .thenComparingInt(Operation::serviceAction));
        return List.copyOf(all);
    }

    static Optional<Operation> find(List<Operation> in, int opcode, int serviceAction) {
        return in.stream()
                .filter(o -> o.opcode() == opcode && o.serviceAction() == serviceAction)
                .findFirst();
    }

    static boolean hasServiceActions(List<Operation> in, int opcode) {
        return in.stream().anyMatch(o -> o.opcode() == opcode && o.serviceAction() >= 0);
    }

    static boolean known(List<Operation> in, int opcode) {
        return in.stream().anyMatch(o -> o.opcode() == opcode);
    }
}
