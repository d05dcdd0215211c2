/* SPDX-License-Identifier: MIT */
/* The way out of a half-open connection. */
#include "spec/model_search.h"

enum { STATES_MOST = 20000 };

struct pair {
    uint32_t peers[MODEL_SIDES]; /* in the world of the recovery */
    uint32_t state;              /* of the search that it is from */
    bool leads_out;
};

struct recovery {
    struct world world;  /* in which nobody crashes or opens anew */
    struct search known; /* pairs that lead out */
    struct search search;
    struct pair *pairs;
    size_t count;
    bool gives_up; /* R2 may run out */
    bool found;
    bool cut;
};

static bool is_out(const struct world *world, const uint32_t peers[MODEL_SIDES])
{
    return search_agrees(world, peers) ||
           (peer_is_closed(&world->peers[peers[0]]) && peer_is_closed(&world->peers[peers[1]]));
}

/* Segments and timers, of which R2 is the last one for who repeats a SYN: what came, and SYNs again, and whatever a
 * side that is ESTABLISHED has to say. */
static bool is_allowed(const struct recovery *recovery, const struct move *move)
{
    const struct world *world = &recovery->world;
    if (move->kind == MOVE_LAPSES)
        return recovery->gives_up;
    if (move->kind == MOVE_SENDS)
        return world->segments[move->sent[0]].flags == TCP_ACK;
    return move->kind == MOVE_TAKES || move->kind == MOVE_REPEATS || move->kind == MOVE_EXPIRES;
}

static bool visit(void *context, const struct search_state *from, const struct search_state *into)
{
    struct recovery *recovery = context;
    (void)from;
    if (!is_allowed(recovery, &into->move))
        return true;
    if (is_out(&recovery->world, into->peers) || search_has_pair(&recovery->known, into->peers))
        recovery->found = true;
    else
        (void)search_add(&recovery->search, into);
    return !recovery->found;
}

/* True if PAIR leads out, or to a pair that does. */
static bool look(struct recovery *recovery, const struct pair *pair)
{
    struct search_state first = {.parent = SEARCH_NO_STATE};
    memcpy(first.peers, pair->peers, sizeof(first.peers));
    recovery->found = is_out(&recovery->world, pair->peers);
    if (!recovery->found && search_begin(&recovery->search, &recovery->world, STATES_MOST)) {
        (void)search_add(&recovery->search, &first);
        for (uint32_t i = 0; i < recovery->search.count && !recovery->found; i++)
            (void)search_expand(&recovery->search, i, visit, recovery);
        recovery->cut = recovery->cut || (recovery->search.full && !recovery->found);
    }
    if (!is_out(&recovery->world, pair->peers))
        search_free(&recovery->search);
    return recovery->found;
}

static bool gather(struct recovery *recovery, const struct search *from)
{
    struct search seen;
    bool made = search_begin(&seen, from->world, from->states_most);
    recovery->pairs = arena_take(&recovery->world.arena, (from->count + 1) * sizeof(*recovery->pairs));
    made = made && recovery->pairs != NULL;
    for (uint32_t i = 0; made && i < from->count; i++) {
        struct search_state state = {.parent = SEARCH_NO_STATE};
        memcpy(state.peers, from->states[i].peers, sizeof(state.peers));
        if (!search_add(&seen, &state))
            continue;
        struct pair *pair = &recovery->pairs[recovery->count++];
        *pair = (struct pair){.state = i};
        for (unsigned side = 0; side < MODEL_SIDES; side++)
            pair->peers[side] = world_peer(&recovery->world, &from->world->peers[state.peers[side]]);
    }
    search_free(&seen);
    return made;
}

static void note_known(struct recovery *recovery, struct pair *pair)
{
    struct search_state state = {.parent = SEARCH_NO_STATE};
    memcpy(state.peers, pair->peers, sizeof(state.peers));
    (void)search_add(&recovery->known, &state);
    pair->leads_out = true;
}

/* Until nothing more is found: what leads to a pair that leads out does so itself. */
static void settle_all(struct recovery *recovery)
{
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < recovery->count; i++) {
            struct pair *pair = &recovery->pairs[i];
            if (pair->leads_out || !look(recovery, pair))
                continue;
            note_known(recovery, pair);
            more = true;
        }
    }
}

bool recovery_check(const struct search *from, struct recovery_result *result)
{
    struct model_scenario calm = *from->world->scenario;
    struct recovery recovery = {.count = 0};
    calm.crashes = 0;
    calm.outsider = false;
    recovery.world = (struct world){.spec = from->world->spec,
                                    .index = from->world->index,
                                    .scenario = &calm,
                                    .mask = from->world->mask,
                                    .opens_most = WORLD_OPENINGS};
    bool made = world_begin(&recovery.world) && search_begin(&recovery.known, &recovery.world, from->states_most) &&
                gather(&recovery, from);
    *result = (struct recovery_result){.pairs = recovery.count, .stuck = SEARCH_NO_STATE};
    if (made)
        settle_all(&recovery);
    for (size_t i = 0; i < recovery.count; i++)
        result->need_patience += !recovery.pairs[i].leads_out;
    recovery.gives_up = true;
    if (made)
        settle_all(&recovery);
    for (size_t i = 0; i < recovery.count && result->stuck == SEARCH_NO_STATE; i++)
        if (!recovery.pairs[i].leads_out)
            result->stuck = recovery.pairs[i].state;
    result->cut = recovery.cut || recovery.world.exhausted;
    world_free(&recovery.world);
    search_free(&recovery.known);
    return made;
}
