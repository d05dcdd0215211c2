/* SPDX-License-Identifier: MIT */
/* What takes more than one segment or call: a FIN that comes before the text, and time. */
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

bool candidates_add_special(struct candidates *candidates, const struct place *place)
{
    return add_held_fin(candidates, place, SPEC_SND_NXT) && add_held_fin(candidates, place, SPEC_SND_UNA) &&
           add_lapse(candidates, place);
}
