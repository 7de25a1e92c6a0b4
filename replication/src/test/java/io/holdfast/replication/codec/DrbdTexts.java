package io.holdfast.replication.codec;

/** Configurations that tests begin with. */
final class DrbdTexts {
    /** A resource on two nodes; the caller's lines are line 6. */
    static final String R0 =
            """
            resource r0 {
              device /dev/drbd0;
              disk /dev/sdb1;
              on server1 { address 10.0.0.1:7788; }
              on server2 { address 10.0.0.2:7788; }
            %s
            }
            """;

    static final String STORAGE_PAIR =
            """
            # Two resources, each Primary on another node.
            resource VM_STORAGE_1 {
                protocol C;
                on server1 {
                    device /dev/drbd0; disk /srv/one.img;
                    address 10.1.0.100:7788; meta-disk internal;
                }
                on server2 {
                    device /dev/drbd0; disk /srv/one.img;
                    address 10.1.0.200:7788; meta-disk internal;
                }
            }
            resource VM_STORAGE_2 {
                protocol B;
                on server1 {
                    device /dev/drbd1; disk /srv/two.img;
                    address 10.1.0.100:7789; flexible-meta-disk internal;
                }
                on server2 {
                    device /dev/drbd1; disk /srv/two.img;
                    address 10.1.0.200:7789; flexible-meta-disk internal;
                }
            }
            """;

    /** Something of everything. */
    static final String RICH =
            """
            global { usage-count yes; minor-count 64; }
            common {
              protocol B;
              handlers { fence-peer "/usr/lib/drbd/crm-fence-peer.sh"; }
              startup { wfc-timeout 120; become-primary-on both; }
              syncer { rate 33M; al-extents 257; }
            }
            resource "r0" {
              options { quorum majority; }
              net { after-sb-0pri discard-zero-changes; shared-secret "s\\"x"; ping-int 3; }
              disk { c-min-rate 1M; no-disk-barrier; on-io-error detach; }
              volume 0 { device /dev/drbd0 minor 0; disk /dev/sda; meta-disk internal; }
              volume 1 { device minor 1; disk /dev/sdb; meta-disk /dev/sdc [0]; disk { size 1G; } }
              on alpha { node-id 0; address 10.0.0.1:7788; volume 1 { disk /dev/sdx; } }
              on beta { node-id 1; address ipv6 [fd00::2%eth0]:7788; }
              on gamma { node-id 2; address ssocks 10.0.0.3:7788; }
              connection a-b { host alpha port 1; host beta; net { protocol C; } }
              connection { path { host alpha address 10.9.0.1:5; host gamma address 10.9.0.3:5; }
                           volume 0 { disk { c-max-rate 4M; } } }
              connection-mesh { hosts alpha beta gamma; net { connect-int 4; } }
            }
            resource r1 { floating ipv4 10.0.0.1:7799 { device /dev/drbd5; disk /dev/sde; } }
            skip resource r2 { on x y { proxy on x { inside 1.2.3.4:5; } } }
            """;

    private DrbdTexts() {}
}
