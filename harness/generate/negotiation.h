/* SPDX-License-Identifier: MIT */
/* Scripts about what a handshake negotiates: each option, offered and not, and ECN. */
#ifndef GENERATE_NEGOTIATION_H
#define GENERATE_NEGOTIATION_H

#include "base/text.h"
#include "spec/spec.h"

/* One script: what the harness's SYN says, or that the stack's is waited for. */
enum negotiation_kind {
    NEGOTIATION_WITHOUT, /* a SYN without any option to a listener */
    NEGOTIATION_WITH,    /* one with `option` */
    NEGOTIATION_ACTIVE,  /* the stack's own SYN, and a SYN-ACK without options */
    NEGOTIATION_RESET,   /* a SYN with all options where nobody listens */
    NEGOTIATION_ECN,     /* a SYN with the bits `ecn` in a packet with the field `field` */
};

struct negotiation {
    enum negotiation_kind kind;
    const struct spec_option *option; /* NEGOTIATION_WITH */
    uint8_t ecn;                      /* AE, CWR and ECE as a number */
    uint8_t field;                    /* of the IP header */
};

enum { NEGOTIATIONS_MOST = 64 };

/* All that SPEC gives rise to, into NEGOTIATIONS, which have room for NEGOTIATIONS_MOST; how many. Each is about
 * something that no other is about. */
size_t negotiations_find(const struct spec *spec, struct negotiation *negotiations);

/* The name of its file, without ".pkt", and its text. */
void negotiation_name(struct text *text, const struct negotiation *negotiation);
void negotiation_write(struct text *text, const struct spec *spec, const struct negotiation *negotiation);

#endif
