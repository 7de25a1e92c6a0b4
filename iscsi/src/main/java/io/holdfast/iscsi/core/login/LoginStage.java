package io.holdfast.iscsi.core.login;

/** Stages of RFC 7143 6.1 by their CSG/NSG number; 2 does not exist. */
public enum LoginStage {
    SECURITY(0),
    OPERATIONAL(1),
    FULL_FEATURE(3);

    private final int number;

    LoginStage(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The stage with this number, or nothing for the reserved 2. */
    public static java.util.Optional<LoginStage> of(int number) {
        return switch (number) {
            case 0 -> java.util.Optional.of(SECURITY);
            case 1 -> java.util.Optional.of(OPERATIONAL);
            case 3 -> java.util.Optional.of(FULL_FEATURE);
            default -> java.util.Optional.empty();
        };
    }
}
