package io.holdfast.device.codec;

import org.jspecify.annotations.Nullable;

/** What the kernel may ask of a server whose only inode is a regular file. */
public enum FuseOperation {
    FORGET(2, 8, false),
    GETATTR(3, 16, true),
    SETATTR(4, 88, true),
    OPEN(14, 8, true),
    READ(15, 40, true),
    WRITE(16, 40, true),
    STATFS(17, 0, true),
    RELEASE(18, 24, true),
    FSYNC(20, 16, true),
    FLUSH(25, 24, true),
    INIT(26, 16, true),
    INTERRUPT(36, 8, false),
    DESTROY(38, 0, true),
    BATCH_FORGET(42, 8, false),
    FALLOCATE(43, 32, true),
    /** Everything else, which is answered with "not implemented". */
    OTHER(0, 0, true);

    private static final @Nullable FuseOperation[] BY_NUMBER = byNumber();

    private final int number;
    private final int bodyBytes;
    private final boolean answered;

    FuseOperation(int number, int bodyBytes, boolean answered) {
        this.number = number;
        this.bodyBytes = bodyBytes;
        this.answered = answered;
    }

    /** The kernel's number for it. */
    public int number() {
        return number;
    }

    /** The shortest body that its message has behind the header. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** Whether the kernel waits for an answer. */
    public boolean isAnswered() {
        return answered;
    }

    static FuseOperation of(int number) {
        FuseOperation known = number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return known == null ? OTHER : known;
    }

    private static @Nullable FuseOperation[] byNumber() {
        @Nullable FuseOperation[] table = new @Nullable FuseOperation[BATCH_FORGET.number + 8];
        for (FuseOperation operation : values()) {
            if (operation.number > 0) {
                table[operation.number] = operation;
            }
        }
        return table;
    }
}
