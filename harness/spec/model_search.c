/* SPDX-License-Identifier: MIT */
#include "spec/model_search.h"

#include <stdlib.h>

enum { HEADS = 1 << 16 };

bool search_begin(struct search *search, struct world *world, size_t states_most)
{
    *search = (struct search){.world = world, .states_most = states_most};
    search->heads = malloc(HEADS * sizeof(*search->heads));
    if (search->heads == NULL)
        return false;
    memset(search->heads, 0xff, HEADS * sizeof(*search->heads));
    return true;
}

void search_free(struct search *search)
{
    free(search->states);
    free(search->heads);
}

static size_t bucket_of(const uint32_t peers[MODEL_SIDES])
{
    uint64_t hash = ((uint64_t)peers[0] << 32 | peers[1]) * 0x9e3779b97f4a7c15U;
    return hash >> 48;
}

static bool holds_all(const struct sent *sent, const struct sent *of)
{
    for (size_t i = 0; i < SENT_WORDS; i++)
        if ((of->words[i] & ~sent->words[i]) != 0)
            return false;
    return true;
}

static bool same_pair(const uint32_t left[MODEL_SIDES], const uint32_t right[MODEL_SIDES])
{
    return left[0] == right[0] && left[1] == right[1];
}

bool search_has_pair(const struct search *search, const uint32_t peers[MODEL_SIDES])
{
    for (uint32_t at = search->heads[bucket_of(peers)]; at != SEARCH_NO_STATE; at = search->states[at].next)
        if (same_pair(search->states[at].peers, peers))
            return true;
    return false;
}

static bool make_room(struct search *search)
{
    size_t room = search->room == 0 ? 1024 : search->room * 2;
    struct search_state *grown = NULL;
    if (search->count < search->room)
        return true;
    if (search->count < search->states_most)
        grown = realloc(search->states, room * sizeof(*grown));
    if (grown == NULL) {
        search->full = true;
        return false;
    }
    search->states = grown;
    search->room = room;
    return true;
}

bool search_add(struct search *search, const struct search_state *state)
{
    uint32_t *head = &search->heads[bucket_of(state->peers)];
    for (uint32_t at = *head; at != SEARCH_NO_STATE; at = search->states[at].next)
        if (same_pair(search->states[at].peers, state->peers) && holds_all(&search->states[at].sent, &state->sent))
            return false;
    if (!make_room(search))
        return false;
    search->states[search->count] = *state;
    search->states[search->count].next = *head;
    *head = (uint32_t)search->count++;
    return true;
}

static void put(struct sent *sent, uint8_t segment)
{
    if (segment != MODEL_NO_SEGMENT)
        sent->words[segment / 64] |= UINT64_C(1) << segment % 64;
}

struct expanding {
    struct search *search;
    struct search_state from;
    uint32_t number;
    search_visit *visit;
    void *context;
};

static bool visit_moves(struct expanding *expanding, unsigned side, const struct moves *moves)
{
    for (size_t i = 0; i < moves->count; i++) {
        struct search_state into = expanding->from;
        into.peers[side] = moves->items[i].peer;
        for (size_t answer = 0; answer < MODEL_ANSWERS_MOST; answer++)
            put(&into.sent, moves->items[i].sent[answer]);
        if (same_pair(into.peers, expanding->from.peers) && holds_all(&expanding->from.sent, &into.sent) &&
            !moves->items[i].unsaid)
            continue;
        into.parent = expanding->number;
        into.move = moves->items[i];
        into.side = (uint8_t)side;
        expanding->search->transitions++;
        if (!expanding->visit(expanding->context, &expanding->from, &into))
            return false;
    }
    return true;
}

bool search_expand(struct search *search, uint32_t state, search_visit *visit, void *context)
{
    struct world *world = search->world;
    struct expanding expanding = {search, search->states[state], state, visit, context};
    for (unsigned side = 0; side < MODEL_SIDES; side++) {
        uint32_t peer = expanding.from.peers[side];
        if (!visit_moves(&expanding, side, world_own_moves(world, peer)))
            return false;
        for (unsigned segment = 0; segment < world->segment_count; segment++) {
            bool sent = (expanding.from.sent.words[segment / 64] >> segment % 64 & 1) != 0;
            if (sent && world->segments[segment].sender != side &&
                !visit_moves(&expanding, side, world_takes(world, peer, (uint8_t)segment)))
                return false;
        }
    }
    return true;
}

static bool add_answers(struct sent *sent, uint32_t peer, const struct moves *moves)
{
    const struct sent before = *sent;
    for (size_t i = 0; i < moves->count; i++)
        for (size_t answer = 0; moves->items[i].peer == peer && answer < MODEL_ANSWERS_MOST; answer++)
            put(sent, moves->items[i].sent[answer]);
    return !holds_all(&before, sent);
}

void search_close(const struct search *search, struct search_state *state)
{
    struct world *world = search->world;
    bool more = true;
    for (unsigned side = 0; side < MODEL_SIDES; side++)
        (void)add_answers(&state->sent, state->peers[side], world_own_moves(world, state->peers[side]));
    while (more) {
        more = false;
        for (unsigned segment = 0; segment < world->segment_count; segment++) {
            bool sent = (state->sent.words[segment / 64] >> segment % 64 & 1) != 0;
            for (unsigned side = 0; sent && side < MODEL_SIDES; side++)
                if (world->segments[segment].sender != side &&
                    add_answers(&state->sent, state->peers[side],
                                world_takes(world, state->peers[side], (uint8_t)segment)))
                    more = true;
        }
    }
}

bool search_agrees(const struct world *world, const uint32_t peers[MODEL_SIDES])
{
    const struct peer *left = &world->peers[peers[0]];
    const struct peer *right = &world->peers[peers[1]];
    return left->state >= SPEC_ESTABLISHED && right->state >= SPEC_ESTABLISHED &&
           left->variables[SPEC_IRS] == right->variables[SPEC_ISS] &&
           right->variables[SPEC_IRS] == left->variables[SPEC_ISS];
}
