package io.holdfast.vrrp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any file gives settings or a fatal finding; never an exception, never a hang. */
class ConfigFuzzTest {
    private static final String SEED =
            """
            ! a file that uses most of the language
            $BASE=10.0
            $LINES= \\
            priority ${P} \\
            advert_int 2
            @node-1 $P=150
            @^node-1 $P=50
            include *.none
            global_defs {
               notification_email { a@example.net
                 b@example.net }
               smtp_server 127.0.0.1 25
               router_id r#1
               vrrp_garp_master_refresh 60
               vrrp_notify_fifo /run/f
               umask 022
               script_user root
            }
            vrrp_sync_group G {
              group {
                A
                B
              }
              notify "/bin/g 'a b'"
            }
            vrrp_script s {
              script "/bin/true x"
              interval 1
              weight -20 reverse
            }
            track_file f { file /run/f
            weight 5 }
            vrrp_track_process p { process "a b" c
            quorum 2 }
            ~LST({N,V}, {A,1}, {B,2}) $HEAD
            vrrp_instance A {
              interface eth0
              virtual_router_id 51
              $LINES
              authentication { auth_type PASS
                auth_pass 1111 }
              virtual_ipaddress {
                ~SEQ(X, 1, 3) ${BASE}.0.${X}/24 dev eth0 label eth0:1 brd +
              }
              virtual_routes { 10.9.0.0/16 via 10.0.0.254 mtu lock 1400 }
              virtual_rules { from 10.9.0.0/16 table 5 pref 7 }
              track_script { s weight 5 }
              track_file { f }
              track_process { p }
              notify_master "/bin/x \\x41 \\"q\\"" root root //remark
              unicast_peer { 10.0.0.7 min_ttl 3 }
              use_vmac vrrp.1 00:00:5e:00:01
            }
            vrrp_instance B {
              interface eth1
              virtual_router_id 52
              version 3
              advert_int 0.05
              virtual_ipaddress { fe80::5/64
                2001:db8::5 }
            }
            virtual_server 10.0.0.1 80 { real_server 10.1.1.1 80 { TCP_CHECK { } } }
            """;

    private static final String[] DICTIONARY = {
        "{",
        "}",
        "\"",
        "'",
        "\\",
        "#",
        "!",
        "@node-1 ",
        "@^x ",
        "$A=",
        "${A}",
        "$BASE",
        "~SEQ(",
        "~SEQ(X,1,99999999) ",
        "~LST({A,B},{1}) ",
        "include ",
        "\u00a0",
        "\ufeff",
        "//",
        "\n",
        "\0",
        "-1",
        "1e9999",
        "99999999999999999999",
        "0x",
        "weight ",
        "reverse",
        "::",
        "/",
        "/999",
        "vrrp_instance ",
        "virtual_ipaddress {",
        "${_RANDOM 5 1}",
        "${_ENV }",
        "${_PWD}",
        "\t",
        "\r"
    };

    @Test
    void twoThousandDamagedFilesAreReadOrRefused() {
        damage(2_000, 1);
    }

    @Test
    @Tag("nightly")
    void aHundredThousandDamagedFilesAreReadOrRefused() {
        damage(100_000, 2);
    }

    private static void damage(int rounds, long seed) {
        for (int round = 0; round < rounds; round++) {
            long roundSeed = seed * 1_000_003 + round;
            Random random = new Random(roundSeed);
            byte[] bytes = damaged(random);
            long begun = System.nanoTime();
            try {
                KeepalivedConf conf = new MemoryFiles().withBytes(bytes).load();
                assertThat(conf.settings().isPresent() || !conf.findings().isEmpty()).isTrue();
            } catch (RuntimeException | Error e) {
                fail("seed " + roundSeed + ":\n" + new String(bytes, StandardCharsets.UTF_8), e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("seed " + roundSeed)
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    private static byte[] damaged(Random random) {
        StringBuilder text = new StringBuilder(SEED);
        for (int n = 1 + random.nextInt(12); n > 0 && !text.isEmpty(); n--) {
            int at = random.nextInt(text.length());
            int to = Math.min(text.length(), at + 1 + random.nextInt(30));
            switch (random.nextInt(6)) {
                case 0 -> text.delete(at, to);
                case 1 -> text.insert(at, text.substring(at, to));
                case 2 -> text.insert(at, DICTIONARY[random.nextInt(DICTIONARY.length)]);
                case 3 -> text.setCharAt(at, (char) random.nextInt(0x250));
                case 4 -> text.replace(at, to, DICTIONARY[random.nextInt(DICTIONARY.length)]);
                default -> {
                    int other = random.nextInt(text.length());
                    text.insert(other, text.substring(at, to));
                }
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
