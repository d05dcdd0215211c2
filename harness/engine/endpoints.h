/* SPDX-License-Identifier: MIT */
/* Both ends of a connection as the wire has them, and the addresses that names stand for. */
#ifndef ENGINE_ENDPOINTS_H
#define ENGINE_ENDPOINTS_H

#include "packet/packet.h"
#include "packet/pattern.h"

struct endpoints {
    struct address local; /* the stack's */
    struct address remote;
    uint16_t local_port;
    uint16_t remote_port;
};

/* The ends that a packet of the stack's has, of TCP or UDP. */
struct endpoints endpoints_of_sent(const struct packet *packet);

/* The address that NAME, which has no value yet, stands for on the side whose own address is BASE: as much behind it as
 * the number at the name's end. `caddr0` and `ep` are BASE itself, `caddr1` the one behind it. */
struct address address_numbered(const struct address *base, const char *name);

/* `addr[NAME]` in front of the flags, on the side that FIELD is (FIELD_SOURCE, FIELD_DESTINATION), or NULL. */
const struct pattern_slot *endpoints_slot(const struct pattern *pattern, enum pattern_field field);

#endif
