package io.holdfast.iscsi.multipath;

import io.holdfast.iscsi.initiator.InitiatorSession;
import io.holdfast.iscsi.initiator.IscsiException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What a unit says it is.
 *
 * @param wwid as {@code scsi_id} prints it: 3 and the NAA name in hexadecimal
 */
public record UnitName(String wwid, String vendor, String product, long sizeBytes, int blockBytes) {
    static final UnitName UNKNOWN = new UnitName("", "", "", 0, 512);

    /** Asks INQUIRY, VPD page 0x83 and READ CAPACITY. */
    static UnitName read(InitiatorSession session, int lun) throws IscsiException {
        byte[] inquiry = session.inquiry(lun);
        InitiatorSession.Capacity capacity = session.readCapacity(lun);
        return new UnitName(
                wwid(session.inquiryPage(lun, 0x83)),
                text(inquiry, 8, 8),
                text(inquiry, 16, 16),
                capacity.bytes(),
                capacity.blockBytes());
    }

    private static String text(byte[] inquiry, int at, int length) {
        return inquiry.length < at + length
                ? ""
                : new String(inquiry, at, length, StandardCharsets.US_ASCII).strip();
    }

    /** The NAA designator of the unit, SPC-4 7.8.5. */
    static String wwid(byte[] page) throws IscsiException {
        for (int at = 4; at + 4 <= page.length; ) {
            int length = page[at + 3] & 0xff;
            boolean unitsNaa = (page[at + 1] & 0x3f) == 0x03;
            if (at + 4 + length > page.length) {
                break;
            }
            if (unitsNaa) {
                return "3" + HexFormat.of().formatHex(page, at + 4, at + 4 + length);
            }
            at += 4 + length;
        }
        throw new IscsiException("the unit has no NAA name in VPD page 0x83");
    }
}
