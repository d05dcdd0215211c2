/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Where packets are seen, the stack may not have taken a segment yet that was seen on its way to
 * it: what it sends may still be from before. So the last few segments to the stack are kept beside the set from before
 * them. As long as what the stack sends is explained by its having taken them all, nothing is tried; otherwise it is
 * asked whether it is explained by its having taken fewer, the latest first. Where packets may be lost behind the point
 * of view, it may never take them.
 */
#include "spec/judge.h"

#include "spec/calls.h"
#include "spec/explain.h"
#include "spec/judge_state.h"
#include "spec/row_tally.h"
#include "spec/unseen.h"

#include <stdlib.h>

static const char too_many_states[] = "the stack may be in more states than can be kept track of";

static const char cut_answer[] = "an answer that was due may be in what was cut off";

static struct step step_at(struct judge *judge, const struct connection *connection, const struct segment *segment,
                           nanoseconds now)
{
    uint32_t crowd = crowds_at(&judge->crowds, connection->about.ends.local_port);
    static const uint32_t whole_space = UINT32_MAX;
    return (struct step){.spec = judge->spec,
                         .index = &judge->index,
                         .segment = segment,
                         .now = now,
                         .mask = whole_space,
                         .crowd = crowd - (connection->crowds ? 1 : 0),
                         .calls = judge->calls,
                         .lossless = judge->visibility.injected};
}

static void count_crowd(struct judge *judge, struct connection *connection, const struct hypotheses *set)
{
    bool crowds = !hypotheses_over(set);
    if (crowds == connection->crowds)
        return;
    if (!crowds_count(&judge->crowds, connection->about.ends.local_port, crowds))
        judge->out_of_memory = true;
    connection->crowds = crowds;
}

/* Adds a violation; what becomes of the connection is the caller's. */
static void record(struct judge *judge, struct connection *connection, const struct explanation *explanation,
                   const struct segment *segment, nanoseconds time)
{
    const struct judge_violation violation = {.ends = connection->about.ends,
                                              .event = judge->event,
                                              .time = time,
                                              .flags = segment == NULL ? 0 : segment->flags};
    connection->about.violation = judge->violations.count;
    for (uint16_t i = 0; i < explanation->clause_count; i++)
        judge->clauses[explanation->clauses[i]].violated++;
    if (!violations_add(&judge->violations, &violation, explanation))
        judge->out_of_memory = true;
}

static void violate(struct judge *judge, struct connection *connection, const struct explanation *explanation,
                    const struct segment *segment, nanoseconds time)
{
    connection->judged = false;
    connection->about.verdict = VERDICT_FAIL;
    connection->about.reason = NULL;
    record(judge, connection, explanation, segment, time);
}

/* What every explanation left that is in SET lacks of what should be done is told: of the cheapest. */
static void tell_laxity(struct judge *judge, struct connection *connection, const struct hypotheses *set,
                        nanoseconds now)
{
    const struct hypothesis *cheapest = hypotheses_cheapest(set);
    if (cheapest == NULL || cheapest->cost <= connection->cost)
        return;
    struct explanation explanation;
    const struct step step = step_at(judge, connection, NULL, now);
    connection->cost = cheapest->cost;
    explain_laxity(&step, cheapest, &explanation);
    record(judge, connection, &explanation, NULL, now);
    connection->about.lax = true;
}

static void keep_now(struct judge *judge, struct connection *connection, nanoseconds now, struct hypotheses *set)
{
    const struct step step = step_at(judge, connection, NULL, now);
    if (!step_lasts(&step, set->items, set->count))
        step_quietly(&step, set);
    if (set->overflowed)
        judge_give_up(judge, connection, too_many_states);
    if (set->unsaid)
        judge_give_up(judge, connection, "the specification has no row for what arrived");
    tell_laxity(judge, connection, set, now);
    count_crowd(judge, connection, set);
    if (!hypotheses_keep(&connection->now, set))
        judge->out_of_memory = true;
}

/* Lets time go by up to NOW, when ARRIVED comes (or NULL); false if something that was owed did not come. SET is what
 * is left. */
static bool wait_until(struct judge *judge, struct connection *connection, const struct segment *arrived,
                       nanoseconds now, struct hypotheses *set)
{
    struct hypotheses *before = &judge->sets[3];
    const struct step step = step_at(judge, connection, judge->visibility.injected ? NULL : arrived, now);
    if (step_lasts(&step, connection->now.items, connection->now.count)) {
        hypotheses_recall(set, &connection->now);
        return true;
    }
    hypotheses_recall(before, &connection->now);
    step_waits(&step, before, set);
    if (set->count > 0) {
        tell_laxity(judge, connection, set, now);
        return true;
    }
    if ((!judge->visibility.from_start || judge->cut) && arrived == NULL) {
        judge_give_up(judge, connection, judge->cut ? cut_answer : unseen_answer);
        return false;
    }
    /* What comes meanwhile is not taken: the first question stands. */
    if (judge_may_lack(judge) && !unseen_counts_silence(connection, judge->heard))
        return false;
    struct explanation explanation;
    explain_silence(&step, before, &explanation);
    violate(judge, connection, &explanation, NULL, now);
    return false;
}

/* Takes the oldest pending segment for taken; where it may have been lost, for that as well. */
static void retire(struct judge *judge, struct connection *connection)
{
    struct hypotheses *before = &judge->sets[1];
    struct hypotheses *after = &judge->sets[2];
    const struct pending_segment *oldest = &connection->pending[0];
    const struct step step = step_at(judge, connection, &oldest->segment, oldest->time);
    hypotheses_recall(before, &connection->base);
    step_arrives(&step, before, after);
    if (!step.lossless)
        step_unite(&step, before, after);
    if (after->overflowed)
        judge_give_up(judge, connection, too_many_states);
    if (!hypotheses_keep(&connection->base, after))
        judge->out_of_memory = true;
    connection->pending_count--;
    memmove(&connection->pending[0], &connection->pending[1],
            connection->pending_count * sizeof(connection->pending[0]));
}

static void take_arrival(struct judge *judge, struct connection *connection, const struct segment *segment,
                         nanoseconds now)
{
    struct hypotheses *set = &judge->sets[0];
    if (!wait_until(judge, connection, segment, now, set))
        return;
    while (connection->pending_count == CONNECTION_PENDING || connection_long_taken(connection, now))
        retire(judge, connection);
    if (connection->pending_count == 0 && !hypotheses_keep(&connection->base, set))
        judge->out_of_memory = true;
    if (!connection_pending_room(connection)) {
        judge->out_of_memory = true;
        return;
    }
    connection->pending[connection->pending_count++] = (struct pending_segment){*segment, now};
    struct step step = step_at(judge, connection, segment, now);
    struct step_tally tally = {.in_states = judge->applied};
    struct hypotheses *after = &judge->sets[1];
    step.tally = &tally;
    step_arrives(&step, set, after);
    keep_now(judge, connection, now, after);
}

/* Explains SEGMENT by the stack's having taken only TAKEN of the pending segments. */
static bool explain_by_fewer(struct judge *judge, struct connection *connection, const struct segment *segment,
                             nanoseconds now, size_t taken)
{
    struct hypotheses *from = &judge->sets[1];
    struct hypotheses *to = &judge->sets[2];
    hypotheses_recall(from, &connection->base);
    for (size_t i = 0; i < taken; i++) {
        const struct pending_segment *pending = &connection->pending[i];
        const struct step step = step_at(judge, connection, &pending->segment, pending->time);
        step_arrives(&step, from, to);
        *from = *to;
    }
    const struct step step = step_at(judge, connection, segment, now);
    step_sends(&step, from, to);
    if (to->count == 0)
        return false;
    if (!hypotheses_keep(&connection->base, to))
        judge->out_of_memory = true;
    connection->pending_count = (uint8_t)(connection->pending_count - taken);
    memmove(&connection->pending[0], &connection->pending[taken],
            connection->pending_count * sizeof(connection->pending[0]));
    for (size_t i = 0; i < connection->pending_count; i++) {
        const struct pending_segment *pending = &connection->pending[i];
        const struct step again = step_at(judge, connection, &pending->segment, pending->time);
        *from = *to;
        step_arrives(&again, from, to);
    }
    keep_now(judge, connection, now, to);
    return true;
}

static void take_departure(struct judge *judge, struct connection *connection, const struct segment *segment,
                           nanoseconds now)
{
    struct hypotheses *set = &judge->sets[0];
    struct hypotheses *after = &judge->sets[1];
    if (!wait_until(judge, connection, NULL, now, set))
        return;
    bool overtaken = !judge->visibility.injected && connection_overtaken(connection, segment, now);
    /* A SYN that is seen again may be the path's doing as well as the stack's: it tells nothing of where the stack is.
     */
    if (overtaken && (segment->flags & TCP_SYN) != 0)
        return;
    struct step step = step_at(judge, connection, segment, now);
    while (step.lossless && connection_long_taken(connection, now))
        retire(judge, connection);
    struct step_tally tally = {.in_states = judge->applied};
    step.tally = &tally;
    step_sends(&step, set, after);
    if (after->count > 0) {
        connection->pending_count = 0;
        hypotheses_forget(&connection->base);
        keep_now(judge, connection, now, after);
        return;
    }
    if (overtaken)
        return;
    for (size_t taken = connection->pending_count; taken > 0; taken--)
        if (explain_by_fewer(judge, connection, segment, now, taken - 1))
            return;
    step.tally = NULL;
    const char *unseen = judge_may_lack(judge) ? unseen_may_explain(&step, connection, set, after) : NULL;
    if (unseen != NULL) {
        judge_give_up(judge, connection, unseen);
        return;
    }
    struct explanation explanation;
    explain_segment(&step, set, &explanation);
    violate(judge, connection, &explanation, segment, now);
}

/* Gives back what is kept of connections that are over: in a long capture most are. */
static void sweep(struct judge *judge, nanoseconds now)
{
    for (size_t i = 0; i < judge->table.count; i++) {
        struct connection *connection = judge->table.order[i];
        if (!connection_is_over(connection, now))
            continue;
        if (connection->crowds && !crowds_count(&judge->crowds, connection->about.ends.local_port, false))
            judge->out_of_memory = true;
        connection_summarise(&judge->table, connection);
    }
    if (judge->forgets && !connection_table_forget(&judge->table))
        judge->out_of_memory = true;
    judge->table.sweep_at = connection_table_sweep_next(&judge->table);
}

/* From the very beginning; all that is known is that nothing is. */
static void start(struct judge *judge, struct connection *connection, nanoseconds now)
{
    struct hypotheses *set = &judge->sets[0];
    *set = (struct hypotheses){.count = 1, .items = {hypothesis_in(SPEC_CLOSED)}};
    connection->judged = true;
    keep_now(judge, connection, now, set);
}

/* Another connection; NULL if there is none to be judged. */
static struct connection *connection_begin(struct judge *judge, const struct judge_ends *ends,
                                           const struct segment *segment, nanoseconds now)
{
    if (judge->table.count - judge->table.summarised >= judge->table.sweep_at && !judge->visibility.from_start)
        sweep(judge, now);
    /* What is long over tells nothing. */
    if ((segment->flags & TCP_SYN) == 0 && connection_table_forgot(&judge->table, ends))
        return NULL;
    struct connection *connection = connection_add(&judge->table, ends);
    if (connection == NULL) {
        judge->out_of_memory = true;
        return NULL;
    }
    connection->about.began = now;
    start(judge, connection, now);
    if (!judge->visibility.from_start && (segment->flags & TCP_SYN) == 0)
        judge_give_up(judge, connection, "it began before the capture did");
    return connection;
}

/* Gives up on a connection of which a capture lacks something, or has it in a shape that no verdict can rest on. */
static void doubt(struct judge *judge, struct connection *connection, const char *reason, const struct segment *segment,
                  bool to_stack)
{
    if (judge->visibility.from_start)
        return;
    connection->holed = connection->holed || connection_shows_hole(connection, segment, to_stack);
    if (reason == NULL && connection_has_gap(connection, segment, to_stack))
        reason = "segments are acknowledged that the capture lacks";
    if (reason != NULL && (connection->judged || connection->about.verdict == VERDICT_FAIL))
        judge_give_up(judge, connection, reason);
}

static void take_packet(struct judge *judge, const struct trace_event *event, bool to_stack)
{
    struct packet packet;
    struct segment segment;
    /* What was captured may not have its checksum yet, and a stack may never have got it: no evidence either way. */
    bool checked = to_stack && judge->visibility.from_start;
    packet_decode(event->packet, checked ? DECODE_ALL : DECODE_UNCHECKED, &packet);
    if (packet.transport != TRANSPORT_TCP)
        return;
    segment_take(&segment, &packet);
    const struct judge_ends ends = connection_ends(&packet, to_stack);
    nanoseconds now = to_stack ? event->time.latest : event->time.earliest;
    struct connection *connection = connection_find(&judge->table, &ends);
    if (connection == NULL)
        connection = connection_begin(judge, &ends, &segment, now);
    if (connection == NULL)
        return;
    if (connection_begins_anew(connection, &segment, to_stack))
        connection->judged = true;
    if (connection->summarised && connection_may_go_on(connection, &segment)) {
        connection->summarised = false;
        judge->table.summarised--;
        start(judge, connection, now);
    }
    connection->about.to_stack += to_stack;
    connection->about.from_stack += !to_stack;
    judge->heard = judge->heard || !to_stack;
    connection->about.ended = now;
    doubt(judge, connection, event->doubt, &segment, to_stack);
    if (connection->judged && to_stack)
        take_arrival(judge, connection, &segment, now);
    else if (connection->judged)
        take_departure(judge, connection, &segment, now);
    connection_tell(connection, &segment, to_stack, now);
}

static void take_start(struct judge *judge, const struct trace_visibility *visibility)
{
    judge->visibility = *visibility;
    judge->calls = visibility->calls ? calls_before : calls_unseen;
}

static bool judge_take(void *context, const struct trace_event *event, struct error *error)
{
    struct judge *judge = context;
    judge->event++;
    judge->last = event->time.latest;
    if (event->kind == TRACE_START)
        take_start(judge, &event->start.visibility);
    else if (event->kind == TRACE_CALL)
        judge->calls |= calls_of(event->call.name, event->call.arguments);
    else if (event->kind == TRACE_NOTE)
        judge->calls = calls_unseen; /* a command may have closed anything */
    else if (event->kind == TRACE_INJECTED || event->kind == TRACE_SEEN)
        take_packet(judge, event, event->kind == TRACE_INJECTED);
    return !judge->out_of_memory || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to judge a trace");
}

struct trace_sink judge_sink(struct judge *judge)
{
    return (struct trace_sink){judge_take, judge};
}

struct judge *judge_open(const struct spec *spec, struct error *error)
{
    struct judge *judge = calloc(1, sizeof(*judge));
    if (judge != NULL) {
        judge->spec = spec;
        judge->applied = calloc((size_t)SPEC_STATE_COUNT * spec->row_count + 1, sizeof(*judge->applied));
        judge->clauses = calloc((size_t)spec->clause_count + 1, sizeof(*judge->clauses));
    }
    bool indexed = judge != NULL && row_index_make(&judge->index, spec);
    if (!indexed || judge->applied == NULL || judge->clauses == NULL) {
        judge_close(judge);
        (void)error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a judge");
        return NULL;
    }
    return judge;
}

void judge_restart(struct judge *judge)
{
    violations_clear(&judge->violations);
    connection_table_free(&judge->table);
    crowds_clear(&judge->crowds);
    memset(judge->applied, 0, (size_t)SPEC_STATE_COUNT * judge->spec->row_count * sizeof(*judge->applied));
    memset(judge->clauses, 0, judge->spec->clause_count * sizeof(*judge->clauses));
    judge->visibility = (struct trace_visibility){.injected = false};
    judge->event = 0;
    judge->last = 0;
    judge->calls = 0;
    judge->heard = false;
    judge->cut = false;
    judge->forgets = false;
    judge->complete = false;
    judge->out_of_memory = false;
}

void judge_close(struct judge *judge)
{
    if (judge == NULL)
        return;
    violations_free(&judge->violations);
    connection_table_free(&judge->table);
    row_index_free(&judge->index);
    free(judge->applied);
    free(judge->clauses);
    crowds_free(&judge->crowds);
    free(judge);
}

void judge_cut_short(struct judge *judge)
{
    judge->cut = true;
}

bool judge_finish(struct judge *judge, struct error *error)
{
    for (size_t i = 0; i < judge->table.count; i++) {
        struct connection *connection = judge->table.order[i];
        if (connection->judged)
            (void)wait_until(judge, connection, NULL, judge->last, &judge->sets[0]);
    }
    row_tally_clauses(judge->spec, judge->applied, judge->clauses);
    return !judge->out_of_memory || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to judge a trace");
}
