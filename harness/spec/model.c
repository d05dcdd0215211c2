/* SPDX-License-Identifier: MIT */
#include "spec/model.h"

#include "spec/model_search.h"

static const char *const findings[] = {
#define X(name, text) [MODEL_##name] = (text),
    MODEL_FINDINGS(X)
#undef X
};

const char *model_finding_says(enum model_finding finding)
{
    INVARIANT(finding < COUNT_OF(findings));
    return findings[finding];
}

struct model {
    struct row_index index;
    struct world world;
    struct search search;
    enum model_finding finding;
    uint32_t at;                  /* the state that it was found in */
    uint32_t wanted[MODEL_SIDES]; /* the peers there */
};

/* True if OTHER is in the connection that PEER takes for made. */
static bool takes_part(const struct peer *peer, const struct peer *other)
{
    return !peer_is_closed(other) && peer_knows(other, SPEC_ISS) &&
           other->variables[SPEC_ISS] == peer->variables[SPEC_IRS];
}

/* True if the other side once sent an acknowledgment of PEER's number in that connection. */
static bool was_agreed(const struct world *world, const struct peer *peer, const struct sent *sent)
{
    for (size_t i = 0; i < world->segment_count; i++) {
        const struct model_segment *segment = &world->segments[i];
        if ((sent->words[i / 64] >> i % 64 & 1) != 0 && segment->sender == 1 - peer->side &&
            (segment->flags & (TCP_ACK | TCP_RST)) == TCP_ACK &&
            segment->acknowledgment == ((peer->variables[SPEC_ISS] + 1) & world->mask) &&
            ((segment->sequence - peer->variables[SPEC_IRS]) & world->mask) <= 1)
            return true;
    }
    return false;
}

/* True if what ended a side's connection is its own doing, or what closing comes to. */
static bool is_its_own(const struct world *world, const struct search_state *from, const struct search_state *into)
{
    const uint8_t state = world->peers[from->peers[into->side]].state;
    const uint8_t sent = into->move.sent[0];
    const bool closed = state >= SPEC_FIN_WAIT_1 && state != SPEC_CLOSE_WAIT;
    const bool resets = sent != MODEL_NO_SEGMENT && (world->segments[sent].flags & TCP_RST) != 0;
    return into->move.kind == MOVE_CRASHES || state == SPEC_LAST_ACK || state == SPEC_TIME_WAIT || (closed && resets);
}

static enum model_finding look_at(const struct world *world, const struct search_state *from,
                                  const struct search_state *into)
{
    const struct peer *peers[] = {&world->peers[into->peers[0]], &world->peers[into->peers[1]]};
    if (into->move.unsaid)
        return MODEL_UNSAID;
    if (peers[0]->state == SPEC_ESTABLISHED && peers[1]->state == SPEC_ESTABLISHED &&
        !search_agrees(world, into->peers))
        return MODEL_DISAGREED;
    for (unsigned side = 0; side < MODEL_SIDES; side++)
        if (peer_believes(peers[side]) && !peer_believes(&world->peers[from->peers[side]]) &&
            !takes_part(peers[side], peers[1 - side]) && !was_agreed(world, peers[side], &into->sent))
            return MODEL_ALONE;
    if (peer_is_closed(peers[into->side]) && search_agrees(world, from->peers) && !is_its_own(world, from, into))
        return MODEL_BROKEN;
    return MODEL_NOTHING;
}

/* R2 is for the way out of what went wrong; before that it is the same as a crash. */
static bool is_looked_for(const struct search_state *into)
{
    return into->move.kind != MOVE_LAPSES;
}

static bool visit_closed(void *context, const struct search_state *from, const struct search_state *into)
{
    struct model *model = context;
    if (!is_looked_for(into))
        return true;
    struct search_state closed = *into;
    enum model_finding finding = look_at(&model->world, from, into);
    search_close(&model->search, &closed);
    bool added = search_add(&model->search, &closed);
    if (finding == MODEL_NOTHING || !added)
        return true;
    model->finding = finding;
    model->at = (uint32_t)model->search.count - 1;
    return false;
}

/* Step by step, so that the way is the shortest. */
static bool visit_each(void *context, const struct search_state *from, const struct search_state *into)
{
    struct model *model = context;
    if (!is_looked_for(into) || !search_add(&model->search, into))
        return true;
    bool found = model->finding == MODEL_STUCK
                     ? into->peers[0] == model->wanted[0] && into->peers[1] == model->wanted[1]
                     : look_at(&model->world, from, into) != MODEL_NOTHING;
    if (!found)
        return true;
    if (model->finding != MODEL_STUCK)
        model->finding = look_at(&model->world, from, into);
    model->at = (uint32_t)model->search.count - 1;
    return false;
}

static bool run(struct model *model, search_visit *visit)
{
    struct search_state first = {.peers = {world_first(&model->world, 0), world_first(&model->world, 1)},
                                 .parent = SEARCH_NO_STATE};
    if (visit == visit_closed)
        search_close(&model->search, &first);
    (void)search_add(&model->search, &first);
    for (uint32_t i = 0; i < model->search.count; i++)
        if (!search_expand(&model->search, i, visit, model))
            return true;
    return false;
}

static unsigned depth_of(const struct search *search, uint32_t state)
{
    unsigned depth = 0;
    for (; search->states[state].parent != SEARCH_NO_STATE; state = search->states[state].parent)
        depth++;
    return depth;
}

/* The shortest way to what was found. */
static bool tell(struct model *model, size_t states_most, struct model_result *result)
{
    struct search first = model->search;
    memcpy(model->wanted, first.states[model->at].peers, sizeof(model->wanted));
    bool made = search_begin(&model->search, &model->world, states_most);
    if (made && run(model, visit_each))
        result->depth = depth_of(&model->search, model->at);
    story_print(&result->story, &model->search, model->at);
    search_free(&first);
    return made;
}

static bool search_all(struct model *model, size_t states_most, struct model_result *result)
{
    struct recovery_result recovery = {.stuck = SEARCH_NO_STATE};
    bool done = true;
    if (!run(model, visit_closed))
        done = recovery_check(&model->search, &recovery);
    if (recovery.stuck != SEARCH_NO_STATE) {
        model->finding = MODEL_STUCK;
        model->at = recovery.stuck;
    }
    result->pairs = recovery.pairs;
    result->need_patience = recovery.need_patience;
    result->cut = recovery.cut;
    result->states = model->search.count;
    result->transitions = model->search.transitions;
    result->cut = result->cut || model->search.full || model->world.exhausted;
    if (done && model->finding != MODEL_NOTHING)
        done = tell(model, states_most, result);
    result->finding = model->finding;
    return done;
}

static bool begin(struct model *model, const struct spec *spec, const struct model_bounds *bounds)
{
    bool made = row_index_make(&model->index, spec);
    made = world_begin(&model->world) && made;
    made = search_begin(&model->search, &model->world, bounds->states_most) && made;
    model->world.tally.applied = bounds->applied;
    if (bounds->applied == NULL)
        model->world.tally.applied =
            arena_take(&model->world.arena, (spec->row_count + 1U) * sizeof(*model->world.tally.applied));
    return made && model->world.tally.applied != NULL;
}

bool model_search(const struct spec *spec, const struct model_scenario *scenario, const struct model_bounds *bounds,
                  struct model_result *result, struct error *error)
{
    struct model model = {.at = 0};
    *result = (struct model_result){.story = text_growing()};
    INVARIANT(bounds->width >= 6 && bounds->width <= 32);
    model.world = (struct world){.spec = spec,
                                 .index = &model.index,
                                 .scenario = scenario,
                                 .mask = UINT32_MAX >> (32 - bounds->width),
                                 .opens_most = scenario->opens};
    bool made = begin(&model, spec, bounds) && search_all(&model, bounds->states_most, result);
    for (uint16_t i = 0; made && i < spec->row_count; i++)
        result->rows += model.world.tally.applied[i] > 0;
    search_free(&model.search);
    world_free(&model.world);
    row_index_free(&model.index);
    return made || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to search the model");
}

void model_result_free(struct model_result *result)
{
    text_free(&result->story);
}
