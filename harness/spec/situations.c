/* SPDX-License-Identifier: MIT */
#include "spec/situations.h"

#include "spec/hypothesis.h"
#include "spec/row_index.h"

/* Numbers of a connection in the middle of its life; its own first. */
enum { OWN_FIRST = 5000, PEER_FIRST = 1000, WINDOW = 1000, TEXT = 10 };

static struct hypothesis typical(enum spec_state state)
{
    struct hypothesis made = hypothesis_in(state);
    bool opening = state == SPEC_SYN_SENT || state == SPEC_SYN_RECEIVED;
    const struct {
        enum spec_variable variable;
        uint32_t value;
    } values[] = {
        {SPEC_ISS, OWN_FIRST},
        {SPEC_SND_UNA, opening ? OWN_FIRST : OWN_FIRST + 100},
        {SPEC_SND_NXT, opening ? OWN_FIRST + 1 : OWN_FIRST + 200},
        {SPEC_SND_FIN, OWN_FIRST + 199},
        {SPEC_SND_WND, WINDOW},
        {SPEC_SND_MAX_WND, WINDOW},
        {SPEC_SND_EDGE, OWN_FIRST + 200 + WINDOW},
        {SPEC_IRS, PEER_FIRST},
        {SPEC_RCV_NXT, PEER_FIRST + 1},
        {SPEC_RCV_HIGH, PEER_FIRST + 1},
        {SPEC_RCV_ACKED, PEER_FIRST + 1},
        {SPEC_RCV_EDGE, PEER_FIRST + 1 + WINDOW},
    };
    for (size_t i = 0; state != SPEC_CLOSED && state != SPEC_LISTEN && i < COUNT_OF(values); i++)
        hypothesis_set(&made, values[i].variable, values[i].value);
    return made;
}

static bool passes_on(const struct spec_row *row)
{
    for (uint16_t i = 0; i < row->outcome_count; i++)
        if (row->outcomes[i].passes)
            return true;
    return false;
}

/* The row that decides; NULL if none does. */
static const struct spec_row *deciding_row(const struct row_index *index, const struct view *view)
{
    const struct row_list *rows = &index->arrives[view->hypothesis->state][0][row_key(view->segment->flags)];
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        bool fits =
            (view->segment->flags & row->bits.all) == row->bits.all && (view->segment->flags & row->bits.none) == 0;
        if (fits && !passes_on(row) && view_condition(view, row->when) == TRUTH_YES)
            return row;
    }
    return NULL;
}

static void note(const struct spec *spec, const struct row_index *index, const struct hypothesis *hypothesis,
                 const struct segment *segment, struct spec_situations *situations)
{
    const struct view view = {.spec = spec,
                              .hypothesis = hypothesis,
                              .segment = segment,
                              .mask = UINT32_MAX,
                              .next = hypothesis->variables[SPEC_RCV_NXT],
                              .to_stack = true};
    const struct spec_row *row = deciding_row(index, &view);
    situations->count++;
    situations->by_wildcards += row != NULL && row->bits.all == 0;
    situations->without_row += row == NULL;
}

/* All acknowledgments that make a difference to HYPOTHESIS. */
static void note_acknowledgments(const struct spec *spec, const struct row_index *index,
                                 const struct hypothesis *hypothesis, struct segment *segment,
                                 struct spec_situations *situations)
{
    const uint32_t una = hypothesis->variables[SPEC_SND_UNA];
    const uint32_t next = hypothesis->variables[SPEC_SND_NXT];
    const uint32_t classes[] = {una - WINDOW - 1, una, next, next + 1};
    size_t count = (segment->flags & TCP_ACK) != 0 ? COUNT_OF(classes) : 1;
    for (size_t i = 0; i < count; i++) {
        segment->acknowledgment = classes[i];
        note(spec, index, hypothesis, segment, situations);
    }
}

static void note_segments(const struct spec *spec, const struct row_index *index, const struct hypothesis *hypothesis,
                          struct spec_situations *situations)
{
    static const uint32_t places[] = {PEER_FIRST - 100, PEER_FIRST + 1, PEER_FIRST + 500, PEER_FIRST + 1 + WINDOW};
    for (unsigned key = 0; key < ROW_KEYS; key++) {
        for (size_t i = 0; i < 2 * COUNT_OF(places); i++) {
            struct segment segment = {.sequence = places[i / 2], .text = i % 2 * TEXT, .window = WINDOW};
            segment.flags = (uint16_t)((key & (TCP_FIN | TCP_SYN | TCP_RST)) | (key << 1 & TCP_ACK));
            segment.length =
                segment.text + ((segment.flags & TCP_SYN) != 0 ? 1 : 0) + ((segment.flags & TCP_FIN) != 0 ? 1 : 0);
            note_acknowledgments(spec, index, hypothesis, &segment, situations);
        }
    }
}

bool spec_situations_count(const struct spec *spec, struct spec_situations *situations, struct error *error)
{
    struct row_index index;
    bool made = row_index_make(&index, spec);
    *situations = (struct spec_situations){0};
    for (unsigned state = 0; made && state < SPEC_STATE_COUNT; state++) {
        const struct hypothesis hypothesis = typical(state);
        note_segments(spec, &index, &hypothesis, situations);
    }
    row_index_free(&index);
    return made || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to count situations");
}

void spec_situations_print(struct text *text, const struct spec_situations *situations)
{
    text_append_format(text, "%zu situations; rows for any control bits decide %zu %%, ", situations->count,
                       situations->by_wildcards * 100 / situations->count);
    if (situations->without_row == 0)
        text_append_string(text, "none is without a row");
    else
        text_append_format(text, "%zu are without a row", situations->without_row);
}
