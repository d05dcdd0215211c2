/* SPDX-License-Identifier: MIT */
#include "generate/candidate.h"

#include <stdlib.h>

enum { VALUES_MOST = 64, NO_GOAL = UINT16_MAX };

void candidates_free(struct candidates *candidates)
{
    arena_free(&candidates->arena);
}

/* The place in a table that KEY has, or is to have; an empty one holds 0. */
static size_t slot_of(const uint64_t *keys, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) % CANDIDATE_SLOTS;
    while (keys[at] != 0 && keys[at] != key)
        at = (at + 1) % CANDIDATE_SLOTS;
    return at;
}

static uint64_t key_of(const struct goal *goal)
{
    return UINT64_C(1) << 63 | (uint64_t)goal->kind << 48 | (uint64_t)goal->state << 44 |
           (uint64_t)goal->outcome << 40 | (uint64_t)goal->side << 36 | (uint64_t)goal->wrapped << 35 |
           (uint64_t)goal->row << 16 | goal->node;
}

/* The index of GOAL, which is added if it is new; NO_GOAL if there is no room. */
static uint16_t goal_index(struct candidates *candidates, const struct goal *goal)
{
    void *items = candidates->goals;
    const uint64_t key = key_of(goal);
    size_t slot = slot_of(candidates->goal_keys, key);
    if (candidates->goal_keys[slot] == key)
        return candidates->goal_slots[slot];
    if (candidates->goal_count == CANDIDATE_SLOTS / 2)
        return NO_GOAL;
    if (!arena_array_room(&candidates->arena, &items, sizeof(*goal), candidates->goal_count,
                          &candidates->goal_capacity))
        return NO_GOAL;
    candidates->goals = items;
    candidates->goals[candidates->goal_count] = *goal;
    candidates->goal_keys[slot] = key;
    candidates->goal_slots[slot] = (uint16_t)candidates->goal_count;
    return (uint16_t)candidates->goal_count++;
}

static int compare_goals(const void *left, const void *right)
{
    return *(const uint16_t *)left - *(const uint16_t *)right;
}

/* True if an earlier candidate reaches what MADE does, no more and no less; notes it if none did. */
static bool is_outdone(struct candidates *candidates, struct candidate *made)
{
    uint64_t key = UINT64_C(0xcbf29ce484222325);
    qsort(made->goals, made->goal_count, sizeof(made->goals[0]), compare_goals);
    for (size_t i = 0; i < made->goal_count; i++)
        key = (key ^ (made->goals[i] + 1U)) * UINT64_C(0x100000001b3);
    size_t slot = slot_of(candidates->set_keys, key | 1);
    bool known = candidates->set_keys[slot] != 0;
    candidates->set_keys[slot] = key | 1;
    return known;
}

/* What everybody's address has to do with a family is a goal of its own; so is what a call does to a connection that
 * waits to be accepted, which is another thing than what it does to the user's own. */
static void tell_apart(const struct place *place, const struct move *move, struct reached *reached)
{
    uint8_t side = move->stray_family;
    if (move->kind == MOVE_CLOSE || move->kind == MOVE_ABORT)
        side = place->passive;
    for (size_t i = 0; side != 0 && i < reached->count; i++)
        reached->goals[i].side = side;
}

bool candidates_add_moves(struct candidates *candidates, const struct place *place, const struct move *moves,
                          size_t count)
{
    struct scene scene = place->scene;
    struct scene_reaction reaction;
    struct reached reached;
    struct candidate made = {.place = place, .move_count = count};
    for (size_t i = 0; i + 1 < count; i++)
        if (!scene_play(&scene, &moves[i], &reaction))
            return true;
    const struct move *last = &moves[count - 1];
    goals_reached(place, &scene, last, &reached);
    if (reached.count == 0 || !scene_play(&scene, last, &reaction))
        return true;
    tell_apart(place, last, &reached);
    made.row = reached.row;
    for (size_t i = 0; i < reached.count; i++) {
        made.goals[i] = goal_index(candidates, &reached.goals[i]);
        if (made.goals[i] == NO_GOAL)
            return false;
    }
    made.goal_count = reached.count;
    memcpy(made.moves, moves, count * sizeof(*moves));
    for (size_t i = 0; i < count; i++)
        made.slow = made.slow || moves[i].lapse > 10 * NANOSECONDS_PER_SECOND;
    made.crowded = scene.crowd > 0;
    if (is_outdone(candidates, &made))
        return true;
    if (candidates->count == CANDIDATE_SLOTS / 2)
        return false;
    void *items = candidates->items;
    if (!arena_array_room(&candidates->arena, &items, sizeof(made), candidates->count, &candidates->capacity))
        return false;
    candidates->items = items;
    candidates->items[candidates->count++] = made;
    return true;
}

static bool add_segment(struct candidates *candidates, const struct place *place, const struct segment *segment)
{
    const struct move move = {.kind = MOVE_SEGMENT, .segment = *segment};
    return candidates_add_moves(candidates, place, &move, 1);
}

/* SEGMENT, and with each number that is next to a boundary. */
static bool add_numbers(struct candidates *candidates, const struct place *place, const struct segment *segment)
{
    static const enum spec_variable variables[] = {SPEC_SEG_SEQ, SPEC_SEG_ACK, SPEC_SEG_TSVAL};
    uint32_t values[VALUES_MOST];
    bool added = add_segment(candidates, place, segment);
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        bool has = i == 0 || (i == 1 && (segment->flags & TCP_ACK) != 0) ||
                   (i == 2 && (segment->options & SEGMENT_TIMESTAMPS) != 0);
        size_t count = has ? goals_values(place, segment, variables[i], values, VALUES_MOST) : 0;
        for (size_t j = 0; added && j < count; j++) {
            struct segment other = *segment;
            uint32_t *numbers[] = {&other.sequence, &other.acknowledgment, &other.timestamp};
            *numbers[i] = values[j];
            added = add_segment(candidates, place, &other);
        }
    }
    return added;
}

/* All combinations of control bits, the plainest first. */
static const uint16_t combinations[] = {
    TCP_SYN,
    TCP_ACK,
    TCP_RST,
    TCP_FIN | TCP_ACK,
    TCP_SYN | TCP_ACK,
    TCP_RST | TCP_ACK,
    TCP_FIN,
    0,
    TCP_SYN | TCP_FIN,
    TCP_SYN | TCP_ACK | TCP_FIN,
    TCP_SYN | TCP_RST,
    TCP_RST | TCP_FIN,
    TCP_SYN | TCP_RST | TCP_ACK,
    TCP_RST | TCP_ACK | TCP_FIN,
    TCP_SYN | TCP_RST | TCP_FIN,
    TCP_SYN | TCP_RST | TCP_ACK | TCP_FIN,
};

/* Bytes of text: where one is as good as ten, the boundaries of both ends of a segment are one. */
static const uint32_t texts[] = {0, 1, SCENE_TEXT};

/* A SYN with a cookie that nobody gave. */
static bool add_cookie(struct candidates *candidates, const struct place *place, const struct segment *segment)
{
    struct segment other = *segment;
    other.options |= SEGMENT_FAST_OPEN;
    other.cookie = SCENE_COOKIE;
    return place->state != SPEC_LISTEN || place->numbering != NUMBERING_PLAIN || (segment->flags & TCP_SYN) == 0 ||
           add_segment(candidates, place, &other);
}

static bool add_segments(struct candidates *candidates, const struct place *place)
{
    const struct hypothesis *main = scene_main(&place->scene);
    bool added = true;
    for (size_t i = 0; added && i < COUNT_OF(texts) * COUNT_OF(combinations); i++) {
        uint16_t flags = combinations[i / COUNT_OF(texts)];
        struct segment segment =
            scene_segment(main, flags, texts[i % COUNT_OF(texts)], numbering_initial(place->numbering));
        if ((flags & TCP_SYN) != 0)
            segment.options |= SEGMENT_MSS;
        added = add_numbers(candidates, place, &segment) && add_cookie(candidates, place, &segment);
        if (added && place->stamped) {
            segment.options = 0;
            added = add_segment(candidates, place, &segment);
        }
    }
    return added;
}

/* What would have an effect, were it not broken or from everybody. */
static bool add_unfit(struct candidates *candidates, const struct place *place)
{
    const struct hypothesis *main = scene_main(&place->scene);
    uint16_t flags = place->state == SPEC_CLOSED || place->state == SPEC_LISTEN ? TCP_SYN
                     : place->state == SPEC_SYN_SENT                            ? TCP_SYN | TCP_ACK
                                                                                : TCP_RST;
    struct move move = {.kind = MOVE_SEGMENT,
                        .segment = scene_segment(main, flags, 0, numbering_initial(place->numbering))};
    move.segment.options = 0;
    move.segment.corrupt = true;
    bool added = candidates_add_moves(candidates, place, &move, 1);
    move.segment.corrupt = false;
    move.segment.stray = true;
    for (uint8_t family = 4; added && family <= 6; family = (uint8_t)(family + 2)) {
        move.stray_family = family;
        added = candidates_add_moves(candidates, place, &move, 1);
    }
    return added;
}

static bool add_calls(struct candidates *candidates, const struct place *place)
{
    static const enum move_kind kinds[] = {MOVE_LISTEN, MOVE_CONNECT, MOVE_CLOSE, MOVE_ABORT, MOVE_WRITE, MOVE_REPEAT};
    const struct hypothesis *main = scene_main(&place->scene);
    bool waits = hypothesis_knows(main, SPEC_SND_NXT) && main->variables[SPEC_SND_UNA] != main->variables[SPEC_SND_NXT];
    bool closed = place->state == SPEC_CLOSED;
    bool added = true;
    for (size_t i = 0; added && i < COUNT_OF(kinds); i++) {
        /* Its first interval, and its lateness. */
        const struct move move = {.kind = kinds[i],
                                  .lapse = kinds[i] == MOVE_REPEAT ? 1200 * NANOSECONDS_PER_MILLISECOND : 0};
        bool opens = kinds[i] == MOVE_LISTEN || kinds[i] == MOVE_CONNECT;
        bool late = kinds[i] == MOVE_WRITE && hypothesis_knows(main, SPEC_SND_FIN);
        if (opens == closed && (kinds[i] != MOVE_REPEAT || waits) && !late)
            added = candidates_add_moves(candidates, place, &move, 1);
    }
    return added;
}

bool candidates_add(struct candidates *candidates, const struct place *place)
{
    bool plain = place->numbering == NUMBERING_PLAIN && !place->stamped;
    return (!plain || (add_calls(candidates, place) && add_unfit(candidates, place))) &&
           add_segments(candidates, place) && (!plain || candidates_add_special(candidates, place));
}
