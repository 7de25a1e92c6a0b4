package io.holdfast.iscsi.core.scsi;

/** How space stands behind the blocks of a unit, SBC-3 4.7.3. */
public enum Provisioning {
    /** Every block has space and keeps it; UNMAP is not known. */
    FULL(0),

    /** Every block has space and keeps it; UNMAP makes zeros of blocks at once ("anchored"). */
    RESOURCE(1),

    /** UNMAP gives space back. */
    THIN(2);

    private final int type;

    Provisioning(int type) {
        this.type = type;
    }

    /** PROVISIONING TYPE of VPD page 0xB2. */
    public int type() {
        return type;
    }

    public boolean unmaps() {
        return this != FULL;
    }
}
