/* SPDX-License-Identifier: MIT */
#include "spec/laws.h"

#include "spec/laws_figure.h"
#include "spec/laws_outcome.h"

/* Of each row that something can arrive at. */
struct row_use {
    bool decides;                   /* in some situation, or has its say before another does */
    const struct spec_row *instead; /* the row above it that decides where it would fit */
    bool resets;                    /* a RST in answer to one was told already */
    bool told[OUTCOME_LAWS];
};

struct lookout {
    const struct spec *spec;
    struct row_index index;
    struct row_use *uses; /* by row number */
    struct diagnostics *diagnostics;
    size_t situations;
    size_t resets; /* situations with a RST */
    size_t outcomes;
    bool told[SPEC_STATE_COUNT]; /* that a situation of the state has no row */
};

/* The first situation of a state that has no row stands for all others. */
static void tell_unsaid(struct lookout *lookout, const struct situation *situation)
{
    char buffer[64];
    struct text bits = text_in(buffer, sizeof(buffer));
    const enum spec_state state = situation->view.hypothesis->state;
    if (lookout->told[state])
        return;
    lookout->told[state] = true;
    segment_bits_print(&bits, situation->view.segment->flags);
    (void)diagnostics_add(lookout->diagnostics, laws_place_of(lookout->spec, state),
                          "in %s no row says what happens when a segment with %s arrives%s%s, %s, its SEG.SEQ %s%s%s",
                          spec_state_name(state), text_string(&bits), situation->surroundings->name == NULL ? "" : " ",
                          situation->surroundings->name == NULL ? "" : situation->surroundings->name,
                          situation->view.segment->text > 0 ? "with text" : "without text", situation->place,
                          situation->acknowledgment == NULL ? "" : ", its SEG.ACK ",
                          situation->acknowledgment == NULL ? "" : situation->acknowledgment);
}

static void look_for_resets(struct lookout *lookout, const struct situation *situation, const struct spec_row *row)
{
    struct row_use *use = &lookout->uses[row->number];
    if ((situation->view.segment->flags & TCP_RST) == 0 || use->resets)
        return;
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        const struct spec_outcome *outcome = &row->outcomes[i];
        if (!outcome->answers || (outcome->answer.bits.all & TCP_RST) == 0 ||
            view_condition(&situation->view, outcome->when) == TRUTH_NO)
            continue;
        use->resets = true;
        (void)diagnostics_add(lookout->diagnostics, row->at, "in %s this row answers a RST with a RST",
                              spec_state_name(situation->view.hypothesis->state));
        return;
    }
}

/* Each outcome that ROW may have then, against all that RFC 9293 leaves no choice in. */
static void look_at_outcomes(struct lookout *lookout, const struct situation *situation, const struct spec_row *row)
{
    struct row_use *use = &lookout->uses[row->number];
    for (unsigned law = 0; law < OUTCOME_LAWS; law++) {
        if (use->told[law] || !outcome_laws[law].applies(situation))
            continue;
        for (uint16_t i = 0; i < row->outcome_count && !use->told[law]; i++) {
            const struct spec_outcome *outcome = &row->outcomes[i];
            if (outcome->passes || view_condition(&situation->view, outcome->when) == TRUTH_NO)
                continue;
            lookout->outcomes++;
            use->told[law] = !outcome_laws[law].holds(situation, outcome);
        }
        if (use->told[law])
            (void)diagnostics_add(lookout->diagnostics, row->at, "in %s this row breaks RFC 9293 section %s: %s",
                                  spec_state_name(situation->view.hypothesis->state), outcome_laws[law].section,
                                  outcome_laws[law].says);
    }
}

/* What else is true of a connection may be a reason for anything. */
static bool is_plain(const struct situation *situation)
{
    const struct surroundings *with = situation->surroundings;
    return (with->facts & ~(1U << SPEC_FACT_PASSIVE)) == 0 && with->options == 0 && with->agreed == 0 && !with->stray &&
           !with->corrupt && !with->crowded;
}

static void look(void *context, const struct situation *situation)
{
    struct lookout *lookout = context;
    const struct row_list *rows = situation_rows(&lookout->index, situation);
    const struct spec_row *decider = NULL;
    lookout->situations++;
    lookout->resets += (situation->view.segment->flags & TCP_RST) != 0;
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        struct row_use *use = &lookout->uses[row->number];
        if (!situation_fits(situation, row))
            continue;
        if (decider != NULL) {
            use->instead = use->instead == NULL ? decider : use->instead; /* ordinary situations come first */
            continue;
        }
        use->decides = true;
        look_for_resets(lookout, situation, row);
        if (is_plain(situation))
            look_at_outcomes(lookout, situation, row);
        if (!row_passes_on(row) && view_condition(&situation->view, row->when) == TRUTH_YES)
            decider = row;
    }
    if (decider == NULL)
        tell_unsaid(lookout, situation);
}

/* A row that another one always forestalls says something else of the same situations. */
static void tell_forestalled(const struct lookout *lookout)
{
    for (uint16_t i = 0; i < lookout->spec->row_count; i++) {
        const struct spec_row *row = &lookout->spec->rows[i];
        const struct row_use *use = &lookout->uses[i];
        if (row->kind != SPEC_ROW_ARRIVES || use->decides)
            continue;
        if (use->instead == NULL)
            (void)diagnostics_add(lookout->diagnostics, row->at, "nothing that can arrive fits this row");
        else
            (void)diagnostics_add(lookout->diagnostics, row->at,
                                  "this row contradicts the one in line %u, which decides wherever this one fits",
                                  source_position(&lookout->spec->source, use->instead->at.offset).line);
    }
}

static void reach(const struct spec *spec, enum spec_state state, bool reached[SPEC_STATE_COUNT])
{
    const struct spec_state_rows *lists[] = {&spec->everywhere, &spec->states[state]};
    reached[state] = true;
    for (size_t list = 0; list < COUNT_OF(lists); list++)
        for (uint16_t i = 0; i < lists[list]->count; i++)
            for (uint16_t j = 0; j < lists[list]->rows[i]->outcome_count; j++) {
                uint8_t next = lists[list]->rows[i]->outcomes[j].next;
                if (next != SPEC_STATE_COUNT && !reached[next])
                    reach(spec, next, reached);
            }
}

static void tell_unreachable(const struct spec *spec, struct diagnostics *diagnostics)
{
    bool reached[SPEC_STATE_COUNT] = {false};
    reach(spec, SPEC_CLOSED, reached);
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++)
        if (!reached[state])
            (void)diagnostics_add(diagnostics, laws_place_of(spec, state),
                                  "no sequence of rows leads from CLOSED to %s", spec_state_name(state));
}

static bool cites(const uint16_t *clauses, uint16_t count, uint16_t clause)
{
    for (uint16_t i = 0; i < count; i++)
        if (clauses[i] == clause)
            return true;
    return false;
}

static struct span first_citation(const struct spec *spec, uint16_t clause)
{
    for (uint16_t i = 0; i < spec->row_count; i++)
        if (cites(spec->rows[i].clauses, spec->rows[i].clause_count, clause))
            return spec->rows[i].at;
    for (uint16_t i = 0; i < spec->option_count; i++)
        if (cites(spec->options[i].clauses, spec->options[i].clause_count, clause))
            return spec->options[i].at;
    return spec->ecn.at;
}

static void tell_unknown_clauses(const struct spec *spec, const struct laws *laws, struct diagnostics *diagnostics)
{
    for (uint16_t i = 0; laws->knows_clause != NULL && i < spec->clause_count; i++)
        if (!laws->knows_clause(laws->context, spec->clauses[i]))
            (void)diagnostics_add(diagnostics, first_citation(spec, i),
                                  "this cites %s, which the catalogue of requirements lacks", spec->clauses[i]);
}

bool laws_check(const struct spec *spec, struct laws *laws, struct diagnostics *diagnostics, struct error *error)
{
    struct arena arena = {0};
    struct lookout lookout = {.spec = spec, .diagnostics = diagnostics};
    lookout.uses = arena_take(&arena, ((size_t)spec->row_count + 1) * sizeof(*lookout.uses));
    bool made = row_index_make(&lookout.index, spec) && lookout.uses != NULL;
    if (made) {
        situations_walk_all(spec, look, &lookout);
        tell_forestalled(&lookout);
        tell_unreachable(spec, diagnostics);
        laws->looked_at[LAW_FIGURE] = laws_tell_missing_arrows(spec, diagnostics);
        laws->looked_at[LAW_SENDS] = laws_tell_wild_sends(spec, diagnostics);
        tell_unknown_clauses(spec, laws, diagnostics);
        diagnostics_sort(diagnostics);
    }
    laws->looked_at[LAW_COMPLETE] = lookout.situations;
    laws->looked_at[LAW_RESETS] = lookout.resets;
    laws->looked_at[LAW_OUTCOMES] = lookout.outcomes;
    laws->looked_at[LAW_REACHABLE] = SPEC_STATE_COUNT;
    laws->looked_at[LAW_IN_VAIN] = spec->row_count;
    laws->looked_at[LAW_CLAUSES] = laws->knows_clause == NULL ? 0 : spec->clause_count;
    row_index_free(&lookout.index);
    arena_free(&arena);
    return made || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to look at the laws");
}

static const struct {
    const char *says;
    const char *about;
} laws_in_words[] = {
#define X(name, says, about) [LAW_##name] = {says, about},
    LAWS(X)
#undef X
};

const char *law_says(enum law law)
{
    INVARIANT(law < COUNT_OF(laws_in_words));
    return laws_in_words[law].says;
}

const char *law_is_about(enum law law)
{
    INVARIANT(law < COUNT_OF(laws_in_words));
    return laws_in_words[law].about;
}

void laws_print(struct text *text, const struct laws *laws)
{
    for (unsigned law = 0; law < LAW_COUNT; law++)
        if (laws->looked_at[law] > 0)
            text_append_format(text, "  %s: %zu %s\n", law_says(law), laws->looked_at[law], law_is_about(law));
}
