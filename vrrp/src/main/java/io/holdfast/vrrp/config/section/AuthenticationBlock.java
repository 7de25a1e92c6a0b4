package io.holdfast.vrrp.config.section;

import io.holdfast.vrrp.config.text.Findings;
import io.holdfast.vrrp.config.text.Place;
import io.holdfast.vrrp.config.text.Statement;
import io.holdfast.vrrp.core.Authentication;
import io.holdfast.vrrp.core.Authentication.Kind;
import io.holdfast.vrrp.core.VrrpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code authentication { auth_type PASS|AH auth_pass PASSWORD }}. */
final class AuthenticationBlock {
    private static final int PASSWORD_BYTES = 8;

    private final String owner;
    private final Findings findings;
    private Kind kind = Kind.NONE;
    private String password = "";
    private @Nullable Place place;

    AuthenticationBlock(String owner, Findings findings) {
        this.owner = owner;
        this.findings = findings;
    }

    void read(Statement block) {
        place = block.place();
        new Section("authentication of " + owner, findings)
                .on("auth_type", this::kind)
                .on("auth_pass", this::password)
                .read(block.children());
    }

    private void kind(Setting setting) {
        switch (setting.word().orElse("")) {
            case "PASS" -> kind = Kind.PASS;
            case "AH" -> kind = Kind.AH;
            case "" -> {}
            default ->
                    setting.error(
                            "the auth_type of " + owner + " is left out",
                            "only PASS and AH are kinds of authentication, in capitals",
                            "write auth_type PASS on all nodes");
        }
    }

    // Never told: settings and findings get logged.
    private void password(Setting setting) {
        password = setting.word().orElse("");
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PASSWORD_BYTES) {
            password = new String(Arrays.copyOf(bytes, PASSWORD_BYTES), StandardCharsets.UTF_8);
            setting.error(
                    "only the first 8 bytes of the auth_pass of " + owner + " count",
                    "an advert has room for no more; Keepalived cuts it too",
                    "choose a password of at most 8 bytes");
        }
    }

    /** What holds, given what the instance speaks. */
    Authentication settle(VrrpVersion version, boolean strict, boolean unicast) {
        Place at = place;
        if (at == null || kind == Kind.NONE) {
            return Authentication.NONE;
        }
        if (version == VrrpVersion.V3 || strict) {
            findings.error(
                    at,
                    "the authentication of " + owner + " is left out",
                    version == VrrpVersion.V3
                            ? "version 3 has none (RFC 9568 section 9)"
                            : "strict mode has none (RFC 3768 section 10)",
                    "remove the block, or "
                            + (version == VrrpVersion.V3 ? "use version 2" : "vrrp_strict"));
            return Authentication.NONE;
        }
        if (password.isEmpty()) {
            findings.error(
                    at,
                    "the authentication of " + owner + " is left out",
                    "it has no password",
                    "add auth_pass PASSWORD, the same on all nodes");
            return Authentication.NONE;
        }
        if (kind == Kind.PASS) {
            findings.warning(
                    at,
                    "the password of " + owner + " travels in clear text",
                    "everyone on "
                            + (unicast ? "the way" : "the network")
                            + " can read it in each advert and take the addresses over; it stops"
                            + " mistakes, not attackers (RFC 9568 section 9)",
                    "keep strangers off that network; nothing to change in this file");
        }
        return new Authentication(kind, password);
    }
}
