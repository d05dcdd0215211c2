/* SPDX-License-Identifier: MIT */
/* What MPTCP's options are told apart by (RFC 8684 section 3). */
#ifndef PACKET_MULTIPATH_SUBTYPE_H
#define PACKET_MULTIPATH_SUBTYPE_H

enum multipath_subtype {
    MULTIPATH_CAPABLE = 0,
    MULTIPATH_JOIN = 1,
    MULTIPATH_DSS = 2,
    MULTIPATH_ADD_ADDRESS = 3,
    MULTIPATH_REMOVE_ADDRESS = 4,
    MULTIPATH_PRIORITY = 5,
    MULTIPATH_FAIL = 6,
    MULTIPATH_FAST_CLOSE = 7,
    MULTIPATH_RESET = 8,
};

/* Flags of DSS (section 3.3). */
enum multipath_dss_flag {
    DSS_ACKNOWLEDGMENT = 0x01,
    DSS_ACKNOWLEDGMENT_WIDE = 0x02, /* of eight bytes */
    DSS_MAPPING = 0x04,
    DSS_MAPPING_WIDE = 0x08,
    DSS_FIN = 0x10,
};

#endif
