/* SPDX-License-Identifier: MIT */
#include "cli/handshake_contract.h"

static const char *const knowledge_words[] = {"-", "proposed", "asked for", "agreed"};

const char *knowledge_word(enum knowledge knowledge)
{
    return knowledge_words[knowledge];
}

bool contract_begin(struct contract *contract, const struct spec *spec, struct error *error)
{
    *contract = (struct contract){.spec = spec};
    contract->peers[CONTRACT_CLIENT] = peer_open(spec, SPEC_CLOSED, error);
    if (contract->peers[CONTRACT_CLIENT] == NULL)
        return false;
    contract->peers[CONTRACT_SERVER] = peer_open(spec, SPEC_LISTEN, error);
    return contract->peers[CONTRACT_SERVER] != NULL;
}

void contract_end(struct contract *contract)
{
    for (size_t party = 0; party < CONTRACT_PARTIES; party++)
        peer_close(contract->peers[party]);
}

static bool knows(const struct contract_side *side, enum spec_variable variable)
{
    return (side->known >> variable & 1) != 0;
}

/* True if VARIABLE is known, and beyond the number that BASE is. */
static bool is_beyond(const struct contract_side *side, enum spec_variable variable, enum spec_variable base)
{
    return knows(side, variable) && knows(side, base) && side->numbers[variable] != side->numbers[base];
}

/* A synchronized state, in the words of RFC 9293 section 3.5.1. */
static bool is_synchronized(const struct contract_side *side)
{
    return side->sure && side->state >= SPEC_ESTABLISHED;
}

static enum knowledge of_own_number(const struct contract_side *side)
{
    if (!knows(side, SPEC_ISS))
        return KNOWS_NOTHING;
    return is_synchronized(side) && is_beyond(side, SPEC_SND_UNA, SPEC_ISS) ? AGREED : PROPOSED;
}

static enum knowledge of_others_number(const struct contract_side *side)
{
    if (!knows(side, SPEC_IRS))
        return KNOWS_NOTHING;
    return is_synchronized(side) && is_beyond(side, SPEC_RCV_ACKED, SPEC_IRS) ? AGREED : ASKED;
}

static enum knowledge of_streams(const struct contract_side *side)
{
    if (is_synchronized(side))
        return AGREED;
    if (knows(side, SPEC_IRS))
        return ASKED;
    return knows(side, SPEC_ISS) ? PROPOSED : KNOWS_NOTHING;
}

static void side_look(struct contract_side *side, const struct peer *peer, enum contract_party party)
{
    enum contract_clause own = party == CONTRACT_CLIENT ? CLAUSE_CLIENT_NUMBER : CLAUSE_SERVER_NUMBER;
    enum contract_clause others = party == CONTRACT_CLIENT ? CLAUSE_SERVER_NUMBER : CLAUSE_CLIENT_NUMBER;
    *side = (struct contract_side){.allowed = true};
    side->sure = peer_state(peer, &side->state);
    for (enum spec_variable variable = 0; variable < SPEC_OWN_VARIABLES; variable++)
        if (peer_number(peer, variable, &side->numbers[variable]))
            side->known |= UINT32_C(1) << variable;
    side->clauses[CLAUSE_CLIENT_STREAM] = side->clauses[CLAUSE_SERVER_STREAM] = of_streams(side);
    side->clauses[own] = of_own_number(side);
    side->clauses[others] = of_others_number(side);
}

void contract_follow(struct contract *contract, const struct handshake_exchange *exchange)
{
    for (; contract->count < exchange->count; contract->count++) {
        const struct handshake_packet *packet = &exchange->packets[contract->count];
        struct contract_moment *moment = &contract->moments[contract->count];
        enum contract_party sender = packet->from_client ? CONTRACT_CLIENT : CONTRACT_SERVER;
        enum contract_party receiver = packet->from_client ? CONTRACT_SERVER : CONTRACT_CLIENT;
        bool allowed = peer_sends(contract->peers[sender], packet->wire, packet->time);
        bool taken = peer_arrives(contract->peers[receiver], packet->wire, packet->time);
        moment->rule = taken && !contract->lost[receiver] ? peer_rule(contract->peers[receiver]) : NULL;
        contract->lost[sender] = contract->lost[sender] || !allowed;
        for (enum contract_party party = 0; party < CONTRACT_PARTIES; party++)
            if (contract->lost[party])
                moment->sides[party] = (struct contract_side){.allowed = party != sender || allowed};
            else
                side_look(&moment->sides[party], contract->peers[party], party);
    }
}
