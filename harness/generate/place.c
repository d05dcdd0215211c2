/* SPDX-License-Identifier: MIT */
#include "generate/place.h"

static const uint32_t initials[NUMBERING_COUNT] = {
    [NUMBERING_PLAIN] = 1000, [NUMBERING_ZERO_NEXT] = UINT32_MAX, [NUMBERING_ZERO_INSIDE] = UINT32_MAX - 99};

uint32_t numbering_initial(enum numbering numbering)
{
    return initials[numbering];
}

/* --- which places differ --- */

static bool mentions(const struct spec *spec, uint16_t node, enum spec_fact fact)
{
    if (node == SPEC_NO_NODE)
        return false;
    const struct spec_node *at = &spec->nodes[node];
    switch (at->operator) {
    case SPEC_FACT:
        return at->number == fact;
    case SPEC_PREDICATE:
        return mentions(spec, spec->predicates[at->number].node, fact);
    case SPEC_NOT:
        return mentions(spec, at->left, fact);
    case SPEC_AND:
    case SPEC_OR:
        return mentions(spec, at->left, fact) || mentions(spec, at->right, fact);
    default:
        return false;
    }
}

static bool row_mentions(const struct spec *spec, const struct spec_row *row, enum spec_fact fact)
{
    for (uint16_t i = 0; i < row->outcome_count; i++)
        if (mentions(spec, row->outcomes[i].when, fact))
            return true;
    return mentions(spec, row->when, fact);
}

/* True if it makes a difference to the rows of STATE. */
static bool state_mentions(const struct spec *spec, enum spec_state state, enum spec_fact fact)
{
    const struct spec_state_rows *rows = &spec->states[state];
    for (uint16_t i = 0; i < rows->count; i++)
        if (row_mentions(spec, rows->rows[i], fact))
            return true;
    return false;
}

static void describe(struct place *place)
{
    const struct hypothesis *main = scene_main(&place->scene);
    const struct spec *spec = place->scene.spec;
    place->state = main->state;
    place->passive =
        (main->facts >> SPEC_FACT_PASSIVE & 1) != 0 && state_mentions(spec, place->state, SPEC_FACT_PASSIVE);
    place->stamped = (main->sent & main->received & SEGMENT_TIMESTAMPS) != 0;
}

static bool is_known(const struct place *places, size_t from, size_t count, const struct place *place)
{
    for (size_t i = from; i < count; i++)
        if (places[i].state == place->state && places[i].passive == place->passive &&
            places[i].stamped == place->stamped)
            return true;
    return false;
}

/* --- the search --- */

/* The moves that may lead on, in the order in which they are tried. */
static const struct way {
    enum move_kind kind;
    uint16_t flags;
    bool stamped;
    bool crosses; /* was sent before what the stack sent last came */
} ways[] = {
    {.kind = MOVE_CONNECT},
    {.kind = MOVE_LISTEN},
    {.kind = MOVE_SEGMENT, .flags = TCP_SYN | TCP_ACK},
    {.kind = MOVE_SEGMENT, .flags = TCP_SYN},
    {.kind = MOVE_SEGMENT, .flags = TCP_ACK},
    {.kind = MOVE_SEGMENT, .flags = TCP_FIN | TCP_ACK},
    {.kind = MOVE_SEGMENT, .flags = TCP_FIN | TCP_ACK, .crosses = true},
    {.kind = MOVE_CLOSE},
    {.kind = MOVE_SEGMENT, .flags = TCP_SYN, .stamped = true},
};

static struct move move_of(const struct place *place, const struct way *way)
{
    const struct hypothesis *main = scene_main(&place->scene);
    struct move move = {.kind = way->kind};
    if (way->kind == MOVE_SEGMENT)
        move.segment = scene_segment(main, way->flags, 0, initials[place->numbering]);
    if (way->crosses)
        move.segment.acknowledgment = main->variables[SPEC_SND_UNA];
    if ((way->flags & TCP_SYN) != 0)
        move.segment.options = SEGMENT_MSS;
    if (way->stamped) {
        move.segment.options |= SEGMENT_TIMESTAMPS;
        move.segment.timestamp = SCENE_STAMP;
    }
    return move;
}

/* What WAY makes of PLACE; false if that is not one thing for sure. */
static bool go(const struct place *place, const struct way *way, struct place *next)
{
    struct scene_reaction reaction;
    bool is_open = place->state != SPEC_CLOSED && place->state != SPEC_LISTEN && place->state != SPEC_SYN_SENT &&
                   place->state != SPEC_SYN_RECEIVED;
    if ((way->kind == MOVE_LISTEN || way->kind == MOVE_CONNECT) && place->state != SPEC_CLOSED)
        return false;
    if (way->kind == MOVE_CLOSE && !is_open)
        return false;
    if (way->stamped && (place->state != SPEC_LISTEN || place->numbering != NUMBERING_PLAIN))
        return false;
    *next = *place;
    const struct move move = move_of(place, way);
    if (place->move_count == SCENE_MOVES_MOST || !scene_play(&next->scene, &move, &reaction) ||
        next->scene.set.count != 1 || reaction.count > 1)
        return false;
    next->moves[next->move_count++] = move;
    describe(next);
    return true;
}

static size_t find_numbered(const struct spec *spec, const struct row_index *index, enum numbering numbering,
                            struct place *places, size_t count)
{
    size_t first = count;
    places[count] = (struct place){.numbering = numbering, .scene = scene_begin(spec, index)};
    describe(&places[count++]);
    for (size_t at = first; at < count; at++)
        for (size_t i = 0; i < COUNT_OF(ways) && count < PLACES_MOST; i++)
            if (go(&places[at], &ways[i], &places[count]) && !is_known(places, first, count, &places[count]))
                count++;
    return count;
}

size_t places_find(const struct spec *spec, const struct row_index *index, struct place *places)
{
    size_t count = 0;
    for (unsigned numbering = 0; numbering < NUMBERING_COUNT; numbering++)
        count = find_numbered(spec, index, numbering, places, count);
    return count;
}
