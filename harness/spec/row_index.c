/* SPDX-License-Identifier: MIT */
#include "spec/row_index.h"

/* True if the row may be about segments with the control bits of KEY. */
static bool bits_allow(const struct spec_bits *bits, unsigned key)
{
    return (row_key(bits->all) & ~key) == 0 && (row_key(bits->none) & key) == 0;
}

static bool is_of(const struct spec_row *row, enum spec_row_kind kind, unsigned key, bool corrupt)
{
    switch (kind) {
    case SPEC_ROW_ARRIVES:
        return row->kind == kind && row->corrupt == corrupt && bits_allow(&row->bits, key);
    case SPEC_ROW_SENDS:
        return row->kind == kind && bits_allow(&row->bits, key);
    case SPEC_ROW_AGAIN:
        return row->kind == kind;
    default:
        return row->kind == SPEC_ROW_LAPSES || row->kind == SPEC_ROW_CALLS;
    }
}

struct wanted {
    enum spec_row_kind kind;
    unsigned key;
    bool corrupt;
};

static void append(struct row_list *list, const struct spec_state_rows *from, const struct wanted *wanted)
{
    for (uint16_t i = 0; i < from->count; i++)
        if (is_of(from->rows[i], wanted->kind, wanted->key, wanted->corrupt))
            list->rows[list->count++] = from->rows[i];
}

static bool make_list(struct row_index *index, const struct spec *spec, enum spec_state state,
                      const struct wanted *wanted, struct row_list *list)
{
    size_t most = (size_t)spec->everywhere.count + spec->states[state].count;
    list->rows = arena_take(&index->arena, (most + 1) * sizeof(const struct spec_row *));
    if (list->rows == NULL)
        return false;
    append(list, &spec->everywhere, wanted);
    append(list, &spec->states[state], wanted);
    return true;
}

static struct row_list up_to_last_leading_on(struct row_list rows)
{
    while (rows.count > 0 && rows.rows[rows.count - 1]->outcomes[0].next == SPEC_STATE_COUNT)
        rows.count--;
    return rows;
}

static bool make_state(struct row_index *index, const struct spec *spec, enum spec_state state)
{
    const struct wanted again = {SPEC_ROW_AGAIN, 0, false};
    const struct wanted quiet = {SPEC_ROW_LAPSES, 0, false};
    bool made = make_list(index, spec, state, &again, &index->again[state]) &&
                make_list(index, spec, state, &quiet, &index->quiet[state]);
    for (unsigned key = 0; made && key < ROW_KEYS; key++) {
        const struct wanted sound = {SPEC_ROW_ARRIVES, key, false};
        const struct wanted corrupt = {SPEC_ROW_ARRIVES, key, true};
        const struct wanted sends = {SPEC_ROW_SENDS, key, false};
        made = make_list(index, spec, state, &sound, &index->arrives[state][0][key]) &&
               make_list(index, spec, state, &corrupt, &index->arrives[state][1][key]) &&
               make_list(index, spec, state, &sends, &index->sends[state][key]);
        index->follows[state][key] = up_to_last_leading_on(index->sends[state][key]);
    }
    return made;
}

bool row_index_make(struct row_index *index, const struct spec *spec)
{
    *index = (struct row_index){.arena = {0}};
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        if (!make_state(index, spec, state))
            return false;
    return true;
}

void row_index_free(struct row_index *index)
{
    arena_free(&index->arena);
}
