/* SPDX-License-Identifier: MIT */
/*
 * Places of a segment for which a script gives no number or bytes, but what they follow from: a name that an earlier
 * segment gave a value, or a digest over the segment itself. The bytes there are zero until the run knows better.
 */
#ifndef PACKET_SLOT_H
#define PACKET_SLOT_H

#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum slot_rule {
    SLOT_NAME, /* `$name`, `$name+1`: what the name stands for */
    SLOT_MD5,  /* `md5 valid`: the digest of RFC 2385 */
    SLOT_MAC,  /* `ao ... valid`: the message authentication code of RFC 5925 */
    SLOT_ANY,  /* `TS val ...`: whatever comes */
    /* Of MPTCP (RFC 8684), whose names stand without `$`: */
    SLOT_KEY,            /* `key[skey]`, `key[skey=2]`: eight bytes */
    SLOT_PEER_KEY,       /* the key of the host that the segment goes to, or `ckey`, that of the name */
    SLOT_TOKEN,          /* `token=sha256_32(skey)`: of the key of that name */
    SLOT_NONCE,          /* the sender's random number, or `rand=5` */
    SLOT_JOIN_CODE,      /* `sender_hmac=auto` */
    SLOT_ADDRESS,        /* `addr[ep]`, `addr[ep=inet_addr("192.0.2.1")]`; one of the sender's without a name */
    SLOT_ADDRESS_CODE,   /* `hmac=auto` */
    SLOT_DATA_NUMBERS,   /* of `dss`: data acknowledgment and data sequence number count from the initial ones */
    SLOT_SUBFLOW_NUMBER, /* of `dss` without `ssn`: the segment's own sequence number */
    SLOT_DATA_LENGTH,    /* of `dss` without `dll`: the segment's length */
    SLOT_DATA_CHECKSUM,  /* of `dss` without `cksum` or `nocs`: of the mapping and the segment's data */
    SLOT_FAILED,         /* of `mp_fail`: a data sequence number that counts from the receiver's initial one */
    SLOT_OPEN,           /* an address identifier that is not given */
};

/* What a name stands for; one name stands for one kind. */
#define NAME_KINDS(X)                                            \
    X(INITIAL_SEQUENCE, "a live number (of a segment with SYN)") \
    X(SEQUENCE, "a number that counts from the initial one")     \
    X(WINDOW, "a window")                                        \
    X(URGENT_POINTER, "an urgent pointer")                       \
    X(PORT, "a port")                                            \
    X(SEGMENT_SIZE, "a maximum segment size")                    \
    X(WINDOW_SCALE, "a shift count")                             \
    X(TIMESTAMP, "a timestamp")                                  \
    X(BYTES, "bytes of an option")                               \
    X(KEY, "a key of MPTCP")                                     \
    X(ADDRESS, "an address")

enum name_kind {
#define X(name, text) NAME_##name,
    NAME_KINDS(X)
#undef X
        NAME_KIND_COUNT
};

struct pattern_slot {
    enum slot_rule rule;
    enum name_kind kind; /* SLOT_NAME */
    uint8_t field;       /* enum pattern_field; FIELD_OPTIONS: a place among the option bytes */
    uint8_t option;      /* FIELD_OPTIONS: where the option begins among them */
    uint8_t offset;      /* FIELD_OPTIONS: where the place begins among them */
    uint8_t size;        /* FIELD_OPTIONS: bytes of the place; 0: as many as come, up to the option's end */
    uint32_t addend;     /* SLOT_NAME: what is added to the value, modulo 2^32 */
    const char *name;    /* without the `$`; NULL where there is none */
    bool has_value;      /* SLOT_KEY, SLOT_ADDRESS: the name gets `value` here; SLOT_OPEN: it is `value` if injected;
                            SLOT_NONCE, SLOT_JOIN_CODE: the sender's random number is `value` */
    uint8_t value[16];   /* in network byte order */
    uint8_t value_size;
    struct span at; /* in the source */
};

enum { SLOT_NAME_MOST = 31 }; /* characters of a name */

/* "a window". Static storage. */
const char *name_kind_text(enum name_kind kind);

/* True if both say the same of the same place. */
bool slots_equal(const struct pattern_slot *left, const struct pattern_slot *right);

#endif
