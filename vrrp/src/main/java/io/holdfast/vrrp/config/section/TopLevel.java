package io.holdfast.vrrp.config.section;

import java.util.Set;

/** The keywords that begin a block of their own, outside all others. */
final class TopLevel {
    static final Set<String> KEYWORDS =
            Set.of(
                    "global_defs",
                    "vrrp_instance",
                    "vrrp_sync_group",
                    "vrrp_script",
                    "vrrp_track_process",
                    "vrrp_track_file",
                    "static_ipaddress",
                    "static_routes",
                    "static_rules",
                    "track_group",
                    "garp_group",
                    "interface_up_down_delays",
                    "linkbeat_interfaces",
                    "bfd_instance",
                    "virtual_server",
                    "virtual_server_group",
                    "SSL");

    private TopLevel() {}
}
