package io.holdfast.iscsi.core.scsi;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The mode pages of a disk, SPC-4 7.5 and SBC-3 6.5. Only D_SENSE and SWP of the control page can
 * be changed. Single owner, mutable, pure.
 */
public final class ModePages {
    static final int ALL_PAGES = 0x3f;
    static final int ALL_SUBPAGES = 0xff;
    static final int CURRENT = 0;
    static final int CHANGEABLE = 1;
    static final int SAVED = 3;
    private static final int CONTROL = 0x0a;

    /**
     * One page.
     *
     * @param body the bytes after the page header, in hexadecimal
     */
    public record Page(int page, int subpage, String body) {}

    private final boolean writeCache;
    private boolean descriptorSense;
    private boolean softwareWriteProtect;

    ModePages(boolean writeCache) {
        this.writeCache = writeCache;
    }

    boolean descriptorSense() {
        return descriptorSense;
    }

    boolean softwareWriteProtect() {
        return softwareWriteProtect;
    }

    /** The pages asked for, in order; none when there is no such page. */
    List<Page> select(int page, int subpage, int control) {
        List<Page> selected = new ArrayList<>();
        for (Page candidate : all(control == CHANGEABLE)) {
            boolean samePage = page == ALL_PAGES || page == candidate.page();
            boolean sameSubpage = subpage == ALL_SUBPAGES || subpage == candidate.subpage();
            if (samePage && sameSubpage) {
                selected.add(candidate);
            }
        }
        return selected;
    }

    private List<Page> all(boolean changeable) {
        return List.of(
                // Read-write error recovery: nothing can be tuned.
                new Page(0x01, 0, "00000000000000000000"),
                // Disconnect-reconnect.
                new Page(0x02, 0, "0000000000000000000000000000"),
                new Page(0x08, 0, changeable ? zeros(18) : caching()),
                new Page(CONTROL, 0, changeable ? "041008000000000000" + "00" : control()),
                // Control extension: TCMOS, SCSIP, IALUAE off.
                new Page(CONTROL, 1, zeros(28)),
                // Informational exceptions: none are reported.
                new Page(0x1c, 0, changeable ? zeros(10) : "08000000000000000000"));
    }

    private String caching() {
        return (writeCache ? "04" : "00") + zeros(17);
    }

    private String control() {
        // TST=0; QAM=1 (unrestricted reordering), byte 3; SWP in byte 4.
        int first = descriptorSense ? 0x04 : 0x00;
        int third = softwareWriteProtect ? 0x08 : 0x00;
        return String.format("%02x10%02x0000000000" + "0000", first, third);
    }

    private static String zeros(int bytes) {
        return "00".repeat(bytes);
    }

    /** Whether these pages may be set as they are: right length, only changeable bits differ. */
    Optional<Sense> refuse(List<Page> wanted) {
        for (Page page : wanted) {
            List<Page> known = select(page.page(), page.subpage(), CURRENT);
            if (known.size() != 1 || known.getFirst().body().length() != page.body().length()) {
                return Optional.of(Sense.invalidFieldInParameters(0));
            }
            byte[] current = bytes(known.getFirst());
            byte[] changeable = bytes(select(page.page(), page.subpage(), CHANGEABLE).getFirst());
            byte[] asked = bytes(page);
            for (int i = 0; i < asked.length; i++) {
                if (((asked[i] ^ current[i]) & ~changeable[i]) != 0) {
                    return Optional.of(Sense.invalidFieldInParameters(i));
                }
            }
        }
        return Optional.empty();
    }

    /** Sets pages that {@link #refuse} found nothing against; says whether anything changed. */
    boolean apply(List<Page> wanted) {
        boolean before = descriptorSense;
        boolean protectedBefore = softwareWriteProtect;
        for (Page page : wanted) {
            if (page.page() == CONTROL && page.subpage() == 0) {
                byte[] asked = bytes(page);
                descriptorSense = (asked[0] & 0x04) != 0;
                softwareWriteProtect = (asked[2] & 0x08) != 0;
            }
        }
        return before != descriptorSense || protectedBefore != softwareWriteProtect;
    }

    void restore(boolean keptDescriptorSense, boolean keptWriteProtect) {
        descriptorSense = keptDescriptorSense;
        softwareWriteProtect = keptWriteProtect;
    }

    /** As after power on. */
    void reset() {
        descriptorSense = false;
        softwareWriteProtect = false;
    }

    private static byte[] bytes(Page page) {
        return HexFormat.of().parseHex(page.body());
    }
}
