/* SPDX-License-Identifier: MIT */
/* What stands before the IP header in captured packets, by link type (draft-ietf-opsawg-pcaplinktype). Private to this
 * room. */
#ifndef TRACE_CAPTURE_LAYERS_H
#define TRACE_CAPTURE_LAYERS_H

#include "base/bytes.h"

enum capture_layer {
    CAPTURE_LAYER_IP,
    CAPTURE_LAYER_OTHER,   /* the packet is none of IP: ARP, a bridge's, ... */
    CAPTURE_LAYER_CUT,     /* too little of it was captured to know */
    CAPTURE_LAYER_UNKNOWN, /* the link type is not one of those that can be read */
};

/* Sets PACKET to the part of DATA from the IP header on. */
enum capture_layer capture_layers(uint32_t link_type, struct bytes data, struct bytes *packet);

#endif
