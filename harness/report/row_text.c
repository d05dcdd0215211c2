/* SPDX-License-Identifier: MIT */
#include "report/row_text.h"

#include "packet/packet.h"
#include "spec/row_head.h"

void row_bits_text(struct text *text, const struct spec_bits *bits)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } names[] = {{TCP_SYN, "SYN"}, {TCP_RST, "RST"}, {TCP_FIN, "FIN"}, {TCP_ACK, "ACK"}};
    const char *between = "";
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if ((bits->all & names[i].bit) == 0)
            continue;
        text_append_format(text, "%s%s", between, names[i].name);
        between = "+";
    }
    if (between[0] == '\0')
        text_append_string(text, "any segment");
}

/* --- all states --- */

static void put_ways(struct text *text, const struct spec *spec, const struct spec_row *row, bool *any)
{
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        if (row->outcomes[i].next == SPEC_STATE_COUNT)
            continue;
        *any = true;
        text_append_string(text, "    ");
        row_head_print(text, spec, row);
        text_append_format(text, "  go %s\n", spec_state_name(row->outcomes[i].next));
    }
}

void states_text(struct text *text, const struct spec *spec)
{
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++) {
        const struct spec_state_rows *rows = &spec->states[state];
        bool any = false;
        text_append_format(text, "%s, %u rows\n", spec_state_name(state), rows->count);
        for (uint16_t i = 0; i < rows->count; i++)
            put_ways(text, spec, rows->rows[i], &any);
        text_append_string(text, any ? "\n" : "    nothing leads out\n\n");
    }
    text_append_format(text, "In every state %u rows come first. `shakedown spec show STATE` tells of one state.\n",
                       spec->everywhere.count);
}

/* --- one state --- */

/* The lines of ROW between its head and what it cites, as they stand, without comments. */
static void put_lines(struct text *text, const struct spec *spec, const struct spec_row *row)
{
    const char *at = spec->source.text + row->at.offset;
    at += strcspn(at, "\n");
    while (*at == '\n') {
        const char *line = at + 1;
        size_t length = strcspn(line, "\n");
        size_t shown = strcspn(line, "#\n");
        while (shown > 0 && line[shown - 1] == ' ')
            shown--;
        if (shown == 0 || strncmp(line, "  RFC", 5) == 0)
            return;
        text_append_string(text, "    ");
        text_append_bytes(text, line, shown);
        text_append_character(text, '\n');
        at = line + length;
    }
}

static void put_clauses(struct text *text, const struct spec *spec, const struct spec_row *row,
                        const struct catalogue *catalogue)
{
    for (uint16_t i = 0; i < row->clause_count; i++) {
        const char *clause = spec->clauses[row->clauses[i]];
        const struct catalogue_entry *entry =
            catalogue == NULL ? NULL : catalogue_find(catalogue, clause, strlen(clause));
        text_append_format(text, "      %s", clause);
        if (entry != NULL)
            text_append_format(text, " (%s): %s", entry->level, entry->says);
        text_append_character(text, '\n');
    }
}

static void put_rows(struct text *text, const struct spec *spec, const struct spec_state_rows *rows,
                     const struct catalogue *catalogue)
{
    for (uint16_t i = 0; i < rows->count; i++) {
        text_append_string(text, "\n  ");
        row_head_print(text, spec, rows->rows[i]);
        text_append_character(text, '\n');
        put_lines(text, spec, rows->rows[i]);
        put_clauses(text, spec, rows->rows[i], catalogue);
    }
}

void state_text(struct text *text, const struct spec *spec, enum spec_state state, const struct catalogue *catalogue)
{
    text_append_format(text, "%s: rows are tried from the top, and the first that fits decides\n",
                       spec_state_name(state));
    put_rows(text, spec, &spec->everywhere, catalogue);
    put_rows(text, spec, &spec->states[state], catalogue);
}
