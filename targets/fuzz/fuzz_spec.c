/* SPDX-License-Identifier: MIT */
/*
 * Parses any text as a specification: there is one, or there are messages, and these can be printed. What is one is
 * looked at in full: each state has rows, and what they point to is there.
 */
#include "base/text.h"
#include "spec/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned look_at_node(const struct spec *spec, uint16_t node)
{
    if (node == SPEC_NO_NODE)
        return 0;
    INVARIANT(node < spec->node_count);
    return spec->nodes[node].number;
}

static unsigned look_at_outcome(const struct spec *spec, const struct spec_outcome *outcome)
{
    unsigned seen = look_at_node(spec, outcome->when);
    INVARIANT(outcome->next <= SPEC_STATE_COUNT);
    if (outcome->answers) {
        seen += look_at_node(spec, outcome->answer.sequence) + look_at_node(spec, outcome->answer.acknowledgment);
        INVARIANT(outcome->answer.within == SPEC_NO_NODE || outcome->answer.within < spec->parameter_count);
    }
    for (uint16_t i = 0; i < outcome->effect_count; i++)
        seen += look_at_node(spec, outcome->effects[i].node);
    return seen;
}

static unsigned look_at_row(const struct spec *spec, const struct spec_row *row)
{
    unsigned seen = look_at_node(spec, row->when);
    INVARIANT(row->clause_count > 0 && row->outcome_count > 0 && row->number < spec->row_count);
    for (uint16_t i = 0; i < row->clause_count; i++)
        INVARIANT(row->clauses[i] < spec->clause_count && spec->clauses[row->clauses[i]][0] != '\0');
    for (uint16_t i = 0; i < row->outcome_count; i++)
        seen += look_at_outcome(spec, &row->outcomes[i]);
    return seen;
}

static unsigned look_at_spec(const struct spec *spec)
{
    unsigned seen = 0;
    for (uint16_t i = 0; i < spec->row_count; i++)
        seen += look_at_row(spec, &spec->rows[i]);
    for (unsigned i = 0; i < SPEC_STATE_COUNT; i++) {
        INVARIANT(spec->states[i].described);
        for (uint16_t j = 0; j < spec->states[i].count; j++)
            seen += look_at_row(spec, spec->states[i].rows[j]);
    }
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct source source = {"fuzzed", (const char *)data, size};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct text text = text_growing();
    struct spec spec;
    bool parsed = spec_parse(&spec, &source, &diagnostics);
    INVARIANT(parsed == (diagnostics.count == 0));
    if (parsed)
        (void)look_at_spec(&spec);
    diagnostics_print(&text, &source, &diagnostics);
    text_free(&text);
    spec_free(&spec);
    arena_free(&arena);
    return 0;
}
