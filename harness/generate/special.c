/* SPDX-License-Identifier: MIT */
/* What takes more than one segment or call: a FIN that comes before the text, time, and others at the same port. */
#include "generate/candidate.h"

static nanoseconds milliseconds_of(const struct spec *spec, uint16_t parameter)
{
    return (nanoseconds)spec->parameters[parameter].value * NANOSECONDS_PER_MILLISECOND;
}

/* The FIN first, then what stands before it; both acknowledge ACKNOWLEDGED. */
static bool add_held_fin(struct candidates *candidates, const struct place *place, enum spec_variable acknowledged)
{
    const struct hypothesis *main = scene_main(&place->scene);
    const uint32_t initial = numbering_initial(place->numbering);
    struct move moves[] = {
        {.kind = MOVE_SEGMENT, .segment = scene_segment(main, TCP_FIN | TCP_ACK, 0, initial)},
        {.kind = MOVE_SEGMENT, .segment = scene_segment(main, TCP_ACK, SCENE_TEXT, initial)},
    };
    struct scene scene = place->scene;
    struct scene_reaction reaction;
    moves[0].segment.sequence += SCENE_TEXT;
    moves[0].segment.acknowledgment = main->variables[acknowledged];
    moves[1].segment.acknowledgment = main->variables[acknowledged];
    if (!scene_play(&scene, &moves[0], &reaction) || (scene_main(&scene)->facts >> SPEC_FACT_FIN_HELD & 1) == 0)
        return true;
    return candidates_add_moves(candidates, place, moves, COUNT_OF(moves));
}

/* A state that ends by itself while nothing is sent. */
static bool add_lapse(struct candidates *candidates, const struct place *place)
{
    const struct row_list *rows = &place->scene.index->quiet[place->state];
    const struct hypothesis *main = scene_main(&place->scene);
    bool waits = hypothesis_knows(main, SPEC_SND_NXT) && main->variables[SPEC_SND_UNA] != main->variables[SPEC_SND_NXT];
    bool added = true;
    for (uint16_t i = 0; added && i < rows->count && !waits; i++) {
        if (rows->rows[i]->kind != SPEC_ROW_LAPSES)
            continue;
        /* Well behind the least that it takes: most take longer. */
        const struct move move = {.kind = MOVE_LAPSE,
                                  .lapse = 10 * milliseconds_of(place->scene.spec, rows->rows[i]->again.first)};
        added = move.lapse == 0 || candidates_add_moves(candidates, place, &move, 1);
    }
    return added;
}

static const nanoseconds exhausting = 1000 * NANOSECONDS_PER_SECOND; /* longer than any stack is patient */

static bool waits_for_acknowledgment(const struct scene *scene)
{
    const struct hypothesis *main = scene_main(scene);
    return hypothesis_knows(main, SPEC_SND_NXT) && main->variables[SPEC_SND_UNA] != main->variables[SPEC_SND_NXT];
}

/* What the stack sends is sent again after COUNT MOVES, and given up at last. */
static bool add_exhaustion(struct candidates *candidates, const struct place *place, struct move *moves, size_t count)
{
    struct scene scene = place->scene;
    struct scene_reaction reaction;
    for (size_t i = 0; i < count; i++)
        if (!scene_play(&scene, &moves[i], &reaction))
            return true;
    if (!waits_for_acknowledgment(&scene))
        return true;
    moves[count] = (struct move){.kind = MOVE_REPEAT, .lapse = 1200 * NANOSECONDS_PER_MILLISECOND};
    if (!candidates_add_moves(candidates, place, moves, count + 1))
        return false;
    moves[count] = (struct move){.kind = MOVE_EXHAUST, .lapse = exhausting};
    return candidates_add_moves(candidates, place, moves, count + 1);
}

/* Nothing that the stack sends is acknowledged: what it has sent on the way, text, and a FIN behind it. */
static bool add_exhaustions(struct candidates *candidates, const struct place *place)
{
    struct move moves[4] = {{.kind = MOVE_WRITE}, {.kind = MOVE_CLOSE}};
    struct scene scene = place->scene;
    struct scene_reaction reaction;
    bool writes = !hypothesis_knows(scene_main(&scene), SPEC_SND_FIN);
    if (!add_exhaustion(candidates, place, moves, 0) || !writes || !scene_play(&scene, &moves[0], &reaction))
        return true;
    moves[0] = (struct move){.kind = MOVE_WRITE};
    if (!add_exhaustion(candidates, place, moves, 1))
        return false;
    moves[1] = (struct move){.kind = MOVE_CLOSE};
    if (!add_exhaustion(candidates, place, moves, 2))
        return false;
    if (place->state != SPEC_ESTABLISHED || !scene_play(&scene, &moves[1], &reaction))
        return true;
    moves[2] = (struct move){.kind = MOVE_SEGMENT,
                             .segment = scene_segment(scene_main(&place->scene), TCP_FIN | TCP_ACK, 0, 0)};
    return add_exhaustion(candidates, place, moves, 3);
}

/* What a stack may leave undone that has no room. */
static bool add_crowded(struct candidates *candidates, const struct place *place)
{
    static const struct {
        uint16_t flags;
        uint32_t text;
    } rows[] = {{TCP_SYN, 0}, {TCP_ACK, 0}, {TCP_ACK, SCENE_TEXT}, {TCP_FIN | TCP_ACK, 0}};
    const struct hypothesis *main = scene_main(&place->scene);
    const uint32_t initial = numbering_initial(place->numbering);
    bool listens = place->state == SPEC_LISTEN;
    bool added = true;
    if (!listens && (place->state != SPEC_SYN_RECEIVED || !place->passive))
        return true;
    for (size_t i = 0; added && i < COUNT_OF(rows); i++) {
        struct move moves[] = {
            {.kind = MOVE_CROWD},
            {.kind = MOVE_SEGMENT, .segment = scene_segment(main, rows[i].flags, rows[i].text, initial)},
            {.kind = MOVE_SEGMENT, .segment = scene_segment(main, TCP_RST, 0, initial + 1)},
        };
        if (listens != ((rows[i].flags & TCP_SYN) != 0))
            continue;
        added = candidates_add_moves(candidates, place, moves, 2) &&
                (!listens || candidates_add_moves(candidates, place, moves, 3));
        moves[1].segment.options |= SEGMENT_FAST_OPEN;
        moves[1].segment.cookie = SCENE_COOKIE;
        added = added && (!listens || candidates_add_moves(candidates, place, moves, 2));
    }
    const struct move gives_way[] = {{.kind = MOVE_CROWD},
                                     {.kind = MOVE_LAPSE, .lapse = 500 * NANOSECONDS_PER_MILLISECOND}};
    return added && (listens || candidates_add_moves(candidates, place, gives_way, COUNT_OF(gives_way)));
}

/* Text that came is read only once the stack has nothing more to send. */
static bool add_readings(struct candidates *candidates, const struct place *place)
{
    const struct hypothesis *main = scene_main(&place->scene);
    struct move moves[] = {
        {.kind = MOVE_SEGMENT, .segment = scene_segment(main, TCP_ACK, SCENE_TEXT, 0)},
        {.kind = MOVE_READ},
        {.kind = MOVE_READ},
    };
    if (place->state != SPEC_FIN_WAIT_2)
        return true;
    if (!candidates_add_moves(candidates, place, moves, 2))
        return false;
    moves[1] = (struct move){.kind = MOVE_SEGMENT, .segment = scene_segment(main, TCP_FIN | TCP_ACK, 0, 0)};
    moves[1].segment.sequence += SCENE_TEXT;
    return candidates_add_moves(candidates, place, moves, COUNT_OF(moves));
}

bool candidates_add_special(struct candidates *candidates, const struct place *place)
{
    return add_held_fin(candidates, place, SPEC_SND_NXT) && add_held_fin(candidates, place, SPEC_SND_UNA) &&
           add_lapse(candidates, place) && add_exhaustions(candidates, place) && add_crowded(candidates, place) &&
           add_readings(candidates, place);
}
