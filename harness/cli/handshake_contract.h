/* SPDX-License-Identifier: MIT */
/* What both sides of the handshake hold of the contract, as the specification has it: followed packet by packet. */
#ifndef CLI_HANDSHAKE_CONTRACT_H
#define CLI_HANDSHAKE_CONTRACT_H

#include "cli/handshake_exchange.h"
#include "spec/peer.h"

enum contract_party { CONTRACT_CLIENT, CONTRACT_SERVER, CONTRACT_PARTIES };

enum contract_clause {
    CLAUSE_CLIENT_STREAM,
    CLAUSE_SERVER_STREAM,
    CLAUSE_CLIENT_NUMBER,
    CLAUSE_SERVER_NUMBER,
    CONTRACT_CLAUSES
};

/* What a side knows of a clause. */
enum knowledge {
    KNOWS_NOTHING,
    PROPOSED, /* it wants the clause, and does not know whether the other side does */
    ASKED,    /* it knows that the other side wants the clause */
    AGREED,   /* it knows that both sides have agreed */
};

/* One side at one moment. */
struct contract_side {
    bool allowed; /* what it sent is what a rule allows; else nothing is known of it from then on */
    bool sure;    /* it is in one state */
    enum spec_state state;
    uint32_t numbers[SPEC_OWN_VARIABLES];
    uint32_t known; /* bits of them */
    enum knowledge clauses[CONTRACT_CLAUSES];
};

/* The moment when a packet was sent and has arrived. */
struct contract_moment {
    struct contract_side sides[CONTRACT_PARTIES];
    const struct spec_row *rule; /* by which it was taken */
};

struct contract {
    const struct spec *spec;
    struct peer *peers[CONTRACT_PARTIES];
    bool lost[CONTRACT_PARTIES]; /* it sent what no rule allows */
    struct contract_moment moments[HANDSHAKE_PACKETS_WHOLE];
    size_t count;
};

/* A client that has sent nothing yet, and a server that listens. End it with contract_end() in any case. */
MUST_USE bool contract_begin(struct contract *contract, const struct spec *spec, struct error *error);
void contract_end(struct contract *contract);

/* Follows the packets of EXCHANGE that were not followed yet. */
void contract_follow(struct contract *contract, const struct handshake_exchange *exchange);

/* "asked for", ... Static storage. */
const char *knowledge_word(enum knowledge knowledge);

#endif
