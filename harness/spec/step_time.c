/* SPDX-License-Identifier: MIT */
/* What a stack owes by when, and what it costs to leave out what should be done. */
#include "spec/step.h"

/* A timer may run late by its wheel's coarseness, an eighth, and early by a tick or two. */
enum { TIMER_LATE_SHIFT = 3 };
static const nanoseconds timer_early = 12 * NANOSECONDS_PER_MILLISECOND;

/* When a timer of INTERVAL that was started at SINCE has surely run out, and what it makes the stack send is there. */
static nanoseconds latest_after(const struct spec *spec, nanoseconds since, nanoseconds interval)
{
    return since + interval + (interval >> TIMER_LATE_SHIFT) + spec->answer_time;
}

const struct spec_row *step_again_row(const struct step *step, const struct hypothesis *hypothesis)
{
    const struct row_list *rows = &step->index->again[hypothesis->state];
    if (rows->count == 0)
        return NULL;
    const struct view view = step_view(step, hypothesis, false);
    for (uint16_t i = 0; i < rows->count; i++)
        if (view_condition(&view, rows->rows[i]->when) == TRUTH_YES)
            return rows->rows[i];
    return NULL;
}

void step_again_times(const struct spec *spec, const struct hypothesis *hypothesis, const struct spec_row *row,
                      nanoseconds ends[2])
{
    nanoseconds interval = spec_milliseconds(spec, row->again.first);
    nanoseconds most = spec_milliseconds(spec, row->again.most);
    if (hypothesis->interval != 0 && hypothesis->interval != INTERVAL_OVERDUE)
        interval = (nanoseconds)hypothesis->interval * NANOSECONDS_PER_MILLISECOND;
    for (unsigned i = 0; i < hypothesis->repeats && interval < most; i++)
        interval *= 2;
    interval = interval < most ? interval : most;
    ends[0] = hypothesis->last_sent + interval - timer_early;
    ends[1] = latest_after(spec, hypothesis->last_sent, interval);
    if (row->again.until != SPEC_NO_NODE &&
        ends[1] - hypothesis->first_sent > spec_milliseconds(spec, row->again.until))
        ends[1] = NANOSECONDS_NEVER;
}

/* INTO left out what ROW says that it should do. */
static void charge(struct hypothesis *into, uint16_t row)
{
    into->lax_row = row;
    if (into->cost < UINT8_MAX)
        into->cost++;
}

bool step_is_late(const struct step *step, const struct hypothesis *hypothesis)
{
    nanoseconds ends[2];
    for (unsigned i = 0; i < hypothesis->due_count; i++) {
        const struct due *due = &hypothesis->dues[i];
        const struct spec_answer *answer = &step->spec->rows[due->row].outcomes[due->outcome].answer;
        if (answer->level == SPEC_MUST && (due->open & DUE_EXCUSED) == 0 && step->now > due->deadline)
            return true;
    }
    const struct spec_row *again = step_again_row(step, hypothesis);
    if (again == NULL || hypothesis->last_sent == NANOSECONDS_NEVER)
        return false;
    step_again_times(step->spec, hypothesis, again, ends);
    if (again->again.should && hypothesis->repeats == 0)
        ends[1] = latest_after(step->spec, hypothesis->last_sent, spec_milliseconds(step->spec, again->again.most));
    return step->now > ends[1];
}

bool step_charge(const struct step *step, struct hypothesis *hypothesis)
{
    nanoseconds ends[2];
    bool charged = false;
    for (unsigned i = hypothesis->due_count; i > 0; i--) {
        const struct due *due = &hypothesis->dues[i - 1];
        const struct spec_answer *answer = &step->spec->rows[due->row].outcomes[due->outcome].answer;
        if (answer->level != SPEC_SHOULD || (due->open & DUE_EXCUSED) != 0 || step->now <= due->deadline)
            continue;
        charge(hypothesis, due->row);
        hypothesis_pay(hypothesis, i - 1);
        charged = true;
    }
    const struct spec_row *again = step_again_row(step, hypothesis);
    if (again == NULL || !again->again.should || hypothesis->repeats > 0 || hypothesis->interval != 0 ||
        hypothesis->last_sent == NANOSECONDS_NEVER)
        return charged;
    step_again_times(step->spec, hypothesis, again, ends);
    if (step->now <= ends[1])
        return charged;
    charge(hypothesis, again->number);
    hypothesis->interval = INTERVAL_OVERDUE;
    return true;
}
