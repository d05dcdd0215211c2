/* SPDX-License-Identifier: MIT */
#include "suite/judging.h"

#include "suite/known_violation.h"

/* What a repetition may come early by, and a little more: lateness below that changes no verdict. */
static const nanoseconds lateness_allowed = 10 * NANOSECONDS_PER_MILLISECOND;

bool judging_begin(struct judging *judging, const struct suite_settings *settings, const struct suite_script *script,
                   const struct program *program, struct error *error)
{
    *judging = (struct judging){.settings = settings, .script = script};
    judging->commands_ran = program->init_command != NULL || script->options.init_scripts != NULL;
    if (settings->spec == NULL)
        return true;
    judging->judge = judge_open(settings->spec, error);
    if (judging->judge == NULL)
        return false;
    judging->sink = judge_sink(judging->judge);
    return true;
}

static bool judging_take(void *context, const struct trace_event *event, struct error *error)
{
    const struct judging *judging = context;
    if (!trace_give(&judging->sink, event, error))
        return false;
    if (event->kind != TRACE_START || !judging->commands_ran)
        return true;
    /* What commands set before the trace began widens what the stack may do as it does later. */
    return trace_give(&judging->sink, &(struct trace_event){.kind = TRACE_NOTE, .note = "commands ran"}, error);
}

struct trace_sink judging_sink(struct judging *judging)
{
    return (struct trace_sink){judging_take, judging};
}

static void print_clauses(const struct judging *judging, const struct judge_violation *violation,
                          struct suite_judged *judged)
{
    const struct catalogue *catalogue = judging->settings->catalogue;
    for (uint16_t i = 0; i < violation->clause_count; i++) {
        const char *name = judging->settings->spec->clauses[violation->clauses[i]];
        const struct catalogue_entry *entry = catalogue == NULL ? NULL : catalogue_find(catalogue, name, strlen(name));
        text_append_format(&judged->clauses, "%s%s", i == 0 ? "" : ", ", name);
        text_append_string(&judged->detail, name);
        if (entry != NULL)
            text_append_format(&judged->detail, " (%s): %s", entry->level, entry->says);
        text_append_character(&judged->detail, '\n');
    }
}

/* Whether VIOLATION rests on a moment that is not known well enough. */
static bool is_late(const struct judge_violation *violation, const struct suite_result *result)
{
    return violation->of_time && result->late > lateness_allowed;
}

static void tell_violation(const struct judging *judging, const struct judge_violation *violation,
                           struct suite_result *result)
{
    const struct source *source = &judging->settings->spec->source;
    struct suite_judged *judged = &result->judged;
    judged->late = is_late(violation, result);
    judged->verdict = judged->late ? VERDICT_INCONCLUSIVE : VERDICT_FAIL;
    judged->should = violation->level != SPEC_MUST;
    judged->event = violation->event;
    if (judged->late)
        text_append_format(&judged->headline, "late by %.1f ms, so this may be right: ",
                           (double)result->late / (double)NANOSECONDS_PER_MILLISECOND);
    text_append_format(&judged->headline, "in %s: %s", violation->state, violation->text);
    print_clauses(judging, violation, judged);
    text_append_format(&judged->rule, "%s:%u", source->name, source_position(source, violation->rule.offset).line);
}

/* Whether VIOLATION is known of the stack; notes which entry says so. */
static bool is_known(const struct judging *judging, const struct judge_violation *violation,
                     struct suite_judged *judged)
{
    const struct deviations *deviations = judging->settings->judged_deviations;
    const struct deviation *known =
        known_violation(deviations, judging->settings->spec, violation, judging->script->path);
    if (known != NULL)
        judged->known |= UINT64_C(1) << (known - deviations->items);
    return known != NULL;
}

/* Takes the clauses of VIOLATION out of those that were kept, and into those of FAULTS. */
static void note_clauses(const struct judge_violation *violation, struct suite_judged *judged,
                         struct clause_set *faults)
{
    for (uint16_t i = 0; i < violation->clause_count; i++) {
        clause_set_remove(&judged->kept, violation->clauses[i]);
        if (faults != NULL)
            clause_set_add(faults, violation->clauses[i]);
    }
}

/* What decides before what: a fail, a broken SHOULD, what is inconclusive. */
enum { RANKS = 3 };
static int rank_of(const struct judge_connection *connection)
{
    if (connection->verdict == VERDICT_FAIL)
        return 0;
    return connection->lax ? 1 : RANKS - 1;
}

/* The first connection of the lowest rank decides. */
static void tell_connection(const struct judging *judging, const struct judge_connection *connection,
                            struct suite_result *result)
{
    struct suite_judged *judged = &result->judged;
    if (connection->verdict == VERDICT_FAIL || connection->lax) {
        const struct judge_violation *violation = judge_violation_at(judging->judge, connection->violation);
        bool known = is_known(judging, violation, judged);
        struct clause_set *unexcused = is_late(violation, result) ? NULL : &judged->broken;
        note_clauses(violation, judged, known ? &judged->excused : unexcused);
        if (!known && judged->verdict == VERDICT_PASS)
            tell_violation(judging, violation, result);
    } else if (connection->verdict == VERDICT_INCONCLUSIVE && judged->verdict == VERDICT_PASS) {
        judged->verdict = VERDICT_INCONCLUSIVE;
        text_append_string(&judged->headline, connection->reason);
    }
}

bool judging_tell(struct judging *judging, struct suite_result *result, struct error *error)
{
    result->judged = suite_judged_none();
    if (judging->judge == NULL)
        return true;
    if (!judge_finish(judging->judge, error))
        return false;
    result->judged.there = true;
    for (uint16_t clause = 0; clause < judging->settings->spec->clause_count; clause++)
        if (judge_clause_tally(judging->judge, clause).exercised > 0)
            clause_set_add(&result->judged.kept, clause);
    size_t count = judge_connection_count(judging->judge);
    for (int rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; i < count; i++) {
            const struct judge_connection *connection = judge_connection_at(judging->judge, i);
            if (rank_of(connection) == rank)
                tell_connection(judging, connection, result);
        }
    return true;
}

void judging_end(struct judging *judging)
{
    judge_close(judging->judge);
    judging->judge = NULL;
}
