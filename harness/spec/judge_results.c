/* SPDX-License-Identifier: MIT */
/* What came of a trace that was judged. */
#include "spec/judge_state.h"
#include "spec/unseen.h"

void judge_give_up(struct judge *judge, struct connection *connection, const char *reason)
{
    if (connection->about.verdict == VERDICT_FAIL) {
        const struct judge_violation *violation = &judge->violations.items[connection->about.violation];
        for (uint16_t i = 0; i < violation->clause_count; i++)
            judge->clauses[violation->clauses[i]].violated--;
    }
    connection->judged = false;
    connection->about.verdict = VERDICT_INCONCLUSIVE;
    connection->about.reason = reason;
}

void judge_doubt_failures(struct judge *judge, const char *reason)
{
    for (size_t i = 0; i < judge->table.count; i++)
        if (judge->table.order[i]->about.verdict == VERDICT_FAIL)
            judge_give_up(judge, judge->table.order[i], reason);
}

void judge_be_strict(struct judge *judge)
{
    for (size_t i = 0; i < judge->table.count; i++) {
        struct connection *connection = judge->table.order[i];
        if (!connection->about.lax || connection->about.verdict != VERDICT_PASS)
            continue;
        if (judge_may_lack(judge))
            judge_give_up(judge, connection, unseen_answer);
        else
            connection->about.verdict = VERDICT_FAIL;
    }
}

void judge_excuse(struct judge *judge, size_t connection)
{
    INVARIANT(connection < judge->table.count);
    struct judge_connection *about = &judge->table.order[connection]->about;
    about->verdict = VERDICT_PASS;
    about->excused = true;
    about->lax = false;
}

enum verdict judge_verdict(const struct judge *judge)
{
    enum verdict worst = VERDICT_PASS;
    for (size_t i = 0; i < judge->table.count; i++) {
        enum verdict verdict = judge->table.order[i]->about.verdict;
        if (verdict == VERDICT_FAIL)
            return verdict;
        worst = verdict == VERDICT_PASS ? worst : verdict;
    }
    return worst;
}

void judge_take_for_complete(struct judge *judge)
{
    judge->complete = true;
}

void judge_forget_passed(struct judge *judge)
{
    judge->forgets = true;
}

uint64_t judge_forgotten_count(const struct judge *judge)
{
    return judge->table.forgotten;
}

size_t judge_connection_count(const struct judge *judge)
{
    return judge->table.count;
}

const struct judge_connection *judge_connection_at(const struct judge *judge, size_t index)
{
    INVARIANT(index < judge->table.count);
    return &judge->table.order[index]->about;
}

size_t judge_violation_count(const struct judge *judge)
{
    return judge->violations.count;
}

const struct judge_violation *judge_violation_at(const struct judge *judge, size_t index)
{
    INVARIANT(index < judge->violations.count);
    return &judge->violations.items[index];
}

struct judge_tally judge_clause_tally(const struct judge *judge, uint16_t clause)
{
    INVARIANT(clause < judge->spec->clause_count);
    return judge->clauses[clause];
}

uint64_t judge_row_tally(const struct judge *judge, enum spec_state state, const struct spec_row *row)
{
    return judge->applied[(size_t)state * judge->spec->row_count + row->number];
}
