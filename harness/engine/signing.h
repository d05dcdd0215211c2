/* SPDX-License-Identifier: MIT */
/* The keys that a script gave the stack for signing segments, and signatures by them. */
#ifndef ENGINE_SIGNING_H
#define ENGINE_SIGNING_H

#include "digest/signature.h"
#include "engine/call.h"
#include "packet/pattern.h"

enum { SIGNING_KEY_MOST = 80 }; /* bytes of a key, TCP_MD5SIG_MAXKEYLEN and TCP_AO_MAXKEYLEN */

struct signing_key {
    enum slot_rule rule; /* SLOT_MD5 or SLOT_MAC */
    struct address peer; /* family ADDRESS_NONE: any */
    uint8_t prefix;      /* bits of it that count */
    uint8_t length;
    uint8_t bytes[SIGNING_KEY_MOST];
    /* SLOT_MAC: */
    enum authentication_algorithm algorithm;
    bool omits_options;
    uint8_t send_id; /* the stack's key identifiers, in what it sends and what it receives */
    uint8_t receive_id;
    uint8_t code_length;
};

/* Zero-initialise to start. */
struct signing_keys {
    struct signing_key *items; /* a later one counts before those before it */
    size_t count;
    size_t capacity;
};

/* Keeps the key that a setsockopt() which has succeeded gave; other calls are passed over. False if memory ran out. */
MUST_USE bool signing_note(struct signing_keys *keys, struct call_context *context, const struct prepared_call *call);

/* A segment to be signed, as it is on the wire but for its signatures. */
struct signing {
    const struct signing_keys *keys;
    const struct pattern *pattern; /* whose slots say what is signed */
    const struct packet *segment;
    bool injected;                         /* else the stack has sent it */
    struct authentication_numbers numbers; /* of its connection */
};

/* Bytes of the authentication code that PATTERN's option has room for; 12 if no key is known. */
uint8_t signing_code_length(const struct signing_keys *keys, const struct pattern *pattern, bool injected);

/*
 * Writes the signatures that the pattern asks for into the LENGTH option bytes at OPTIONS, which have room for them.
 * False with ERROR if there is no key for one.
 */
MUST_USE bool signing_write(const struct signing *signing, uint8_t *options, size_t length, struct error *error);

#endif
