package io.holdfast.device.codec;

/**
 * One request of the kernel. An object is used again for the next request; fields that an operation
 * does not have keep what they had.
 */
public final class FuseRequest {
    FuseOperation operation = FuseOperation.OTHER;
    int operationNumber;
    long unique;
    long offsetBytes;
    long lengthBytes;
    int mode;
    int major;
    int minor;
    long capabilities;
    long interrupted;

    public FuseOperation operation() {
        return operation;
    }

    /** The kernel's number of the operation, also of one that is {@link FuseOperation#OTHER}. */
    public int operationNumber() {
        return operationNumber;
    }

    /** What the answer must carry. A request that is sent again has a higher bit set in it. */
    public long unique() {
        return unique;
    }

    /** Of READ, WRITE and FALLOCATE; not negative. */
    public long offsetBytes() {
        return offsetBytes;
    }

    /** Of READ, WRITE (the length of its data, which follows the request) and FALLOCATE. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** Of FALLOCATE: {@link FallocateMode}. */
    public int mode() {
        return mode;
    }

    /** The kernel's protocol version, of INIT. */
    public int major() {
        return major;
    }

    public int minor() {
        return minor;
    }

    /** What the kernel can, of INIT: flags of {@link FuseInit}. */
    public long capabilities() {
        return capabilities;
    }

    /** Of INTERRUPT: the {@link #unique} of the request whose caller waits no more. */
    public long interrupted() {
        return interrupted;
    }

    @Override
    public String toString() {
        return "%s(%d) unique %x offset %d length %d mode %x"
                .formatted(operation, operationNumber, unique, offsetBytes, lengthBytes, mode);
    }
}
