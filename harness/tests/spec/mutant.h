/* SPDX-License-Identifier: MIT */
/* A specification with one rule dropped, weakened or swapped with the one below it, in memory. */
#ifndef TESTS_SPEC_MUTANT_H
#define TESTS_SPEC_MUTANT_H

#include "spec/situation.h"

enum mutation { DROPPED, WEAKENED, SWAPPED, MUTATION_COUNT };

static inline const char *mutation_name(enum mutation mutation)
{
    static const char *const names[] = {"dropped", "weakened", "swapped with the one below"};
    return names[mutation];
}

struct mutant {
    struct arena arena; /* of what differs */
    struct spec spec;
    struct spec_row *rows;
};

/* Row NUMBER weakened: without its condition; if it has none, without its answers; without these, it changes nothing.
 */
static inline bool mutant_weaken(struct mutant *mutant, uint16_t number)
{
    struct spec_row *row = &mutant->rows[number];
    bool answers = false;
    bool changes = false;
    if (row->when != SPEC_NO_NODE) {
        row->when = SPEC_NO_NODE;
        return true;
    }
    struct spec_outcome *outcomes = arena_take(&mutant->arena, (row->outcome_count + 1U) * sizeof(*outcomes));
    memcpy(outcomes, row->outcomes, row->outcome_count * sizeof(*outcomes));
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        answers = answers || outcomes[i].answers;
        changes = changes || outcomes[i].effect_count > 0 || outcomes[i].next != SPEC_STATE_COUNT;
    }
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        outcomes[i].answers = false;
        outcomes[i].effect_count = answers ? outcomes[i].effect_count : 0;
        outcomes[i].next = answers ? outcomes[i].next : (uint8_t)SPEC_STATE_COUNT;
    }
    row->outcomes = outcomes;
    return answers || changes;
}

static inline bool mutant_is_swapped(const struct spec_state_rows *list, uint16_t at, uint16_t number)
{
    return at + 1 < list->count && list->rows[at]->number == number && list->rows[at]->kind == SPEC_ROW_ARRIVES &&
           list->rows[at + 1]->kind == SPEC_ROW_ARRIVES;
}

/* The rows of one state, of the mutant's own; true if NUMBER makes a difference to them. */
static inline bool mutant_list(struct mutant *mutant, struct spec_state_rows *list, uint16_t number,
                               enum mutation mutation)
{
    const struct spec_row **rows = arena_take(&mutant->arena, (list->count + 1U) * sizeof(*rows));
    uint16_t count = 0;
    bool differs = false;
    for (uint16_t i = 0; i < list->count; i++) {
        if (mutation == DROPPED && list->rows[i]->number == number) {
            differs = true;
        } else if (mutation == SWAPPED && mutant_is_swapped(list, i, number)) {
            rows[count++] = &mutant->rows[list->rows[i + 1]->number];
            rows[count++] = &mutant->rows[number];
            i++;
            differs = true;
        } else {
            rows[count++] = &mutant->rows[list->rows[i]->number];
        }
    }
    list->rows = rows;
    list->count = count;
    return differs;
}

/* False if there is no such mutant. End it with mutant_free() in any case. */
static inline bool mutant_make(struct mutant *mutant, const struct spec *spec, uint16_t number, enum mutation mutation)
{
    *mutant = (struct mutant){.spec = *spec};
    mutant->rows = arena_take(&mutant->arena, (spec->row_count + 1U) * sizeof(*mutant->rows));
    memcpy(mutant->rows, spec->rows, spec->row_count * sizeof(*mutant->rows));
    mutant->spec.rows = mutant->rows;
    bool differs = mutation == WEAKENED && mutant_weaken(mutant, number);
    differs = mutant_list(mutant, &mutant->spec.everywhere, number, mutation) || differs;
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        differs = mutant_list(mutant, &mutant->spec.states[state], number, mutation) || differs;
    return differs;
}

static inline void mutant_free(struct mutant *mutant)
{
    arena_free(&mutant->arena);
}

#endif
