/* SPDX-License-Identifier: MIT */
#include "engine/machine_watch.h"
#include "engine/run.h"

/* A stall of the machine this long before something went wrong may be why. */
static const nanoseconds watch_before = 20 * NANOSECONDS_PER_MILLISECOND;

/* A watch without real-time priority waits this long for a processor now and then, where the kernel's timers do not. */
static const nanoseconds imprecise_watch = 25 * NANOSECONDS_PER_MILLISECOND;

enum { PLACE_LINES_MOST = 8 };

/* "  at name:12" and the lines of the script that the event takes. */
static void print_place(struct text *text, const struct run *run, const struct event *event)
{
    const struct source *source = &run->program->source;
    struct source_position position = source_position(source, event->at.offset);
    size_t offset = event->at.offset;
    text_append_format(text, "  at %s:%u\n", source->name, position.line);
    for (size_t i = 0; i < PLACE_LINES_MOST && (i == 0 || offset < event->at.offset + event->at.length); i++) {
        struct span line = source_line(source, offset);
        text_append_format(text, "    %.*s\n", (int)line.length, source->text + line.offset);
        offset = line.offset + line.length + 1;
    }
}

static void result_fill(struct run *run, const struct event *event, const char *headline, const struct text *detail)
{
    struct engine_result *result = run->result;
    text_append_string(&result->headline, headline);
    result->line = event == NULL ? 0 : source_position(&run->program->source, event->at.offset).line;
    if (event != NULL)
        print_place(&result->detail, run, event);
    if (detail != NULL)
        text_append_bytes(&result->detail, text_string(detail), detail->length);
    if (run->history.length > 0) {
        text_append_string(&result->detail, "  what passed up to there:\n");
        text_append_bytes(&result->detail, text_string(&run->history), run->history.length);
    }
}

static nanoseconds machine_late(const struct run *run, nanoseconds start, nanoseconds end)
{
    if (run->settings->watch == NULL)
        return 0;
    return machine_watch_worst(run->settings->watch, run->origin + start - watch_before, run->origin + end);
}

/* The kernel did not do as the script asked it to before, so that its answer is one to another question. */
static bool run_end_refused(struct run *run, const struct event *event, const char *headline, const struct text *detail)
{
    char sentence[512];
    struct text text = text_in(sentence, sizeof(sentence));
    text_append_format(&text, "this system does not take the value given to %s; without it: %s", run->refused,
                       headline);
    run->result->verdict = VERDICT_NOT_APPLICABLE;
    result_fill(run, event, sentence, detail);
    return false;
}

static bool run_end(struct run *run, const struct event *event, nanoseconds late, const char *headline,
                    const struct text *detail)
{
    struct engine_result *result = run->result;
    if (late == 0 && run->refused[0] != '\0')
        return run_end_refused(run, event, headline, detail);
    if (late == 0) {
        result->verdict = VERDICT_FAIL;
        result_fill(run, event, headline, detail);
        return false;
    }
    char sentence[512];
    struct text text = text_in(sentence, sizeof(sentence));
    text_append_string(&text, "late by ");
    explain_span(&text, late);
    text_append_format(&text, ", so that this proves nothing: %s", headline);
    result->verdict = VERDICT_INCONCLUSIVE;
    result->late = late;
    result_fill(run, event, sentence, detail);
    return false;
}

/* How late the machine has to have been, in the SPAN up to a wrong answer, to be a reason for it. */
static nanoseconds machine_tolerance(const struct run *run, nanoseconds span)
{
    nanoseconds tolerance = schedule_tolerance(&run->schedule, span);
    bool precise = run->settings->watch == NULL || machine_watch_precise(run->settings->watch);
    return precise || tolerance > imprecise_watch ? tolerance : imprecise_watch;
}

nanoseconds run_lateness(const struct run *run, nanoseconds since)
{
    nanoseconds late = run->schedule.late ? run->schedule.worst_late : 0;
    nanoseconds now = run_now(run);
    nanoseconds machine = machine_late(run, since, now);
    if (machine > machine_tolerance(run, now - since) && machine > late)
        late = machine;
    return late;
}

bool run_fail(struct run *run, const struct event *event, const char *headline, const struct text *detail)
{
    /* A wrong answer may be the right one to what was meant to come at another time. */
    return run_end(run, event, run_lateness(run, run->schedule.previous.earliest), headline, detail);
}

bool run_fail_late(struct run *run, const struct event *event, nanoseconds late, const char *headline,
                   const struct text *detail)
{
    return run_end(run, event, late, headline, detail);
}

bool run_fail_time(struct run *run, const struct event *event, nanoseconds miss, nanoseconds until,
                   const char *headline)
{
    nanoseconds far = miss < 0 ? -miss : miss;
    nanoseconds late = nanoseconds_add(machine_late(run, run->schedule.previous.earliest, until), run->schedule.slack);
    return run_end(run, event, late >= far ? late : 0, headline, NULL);
}

bool run_fault(struct run *run, const struct event *event, const struct error *error)
{
    return run_fault_detailed(run, event, error, NULL);
}

bool run_fault_detailed(struct run *run, const struct event *event, const struct error *error,
                        const struct text *detail)
{
    switch (error_category(error->code)) {
    case ERROR_CATEGORY_NOT_APPLICABLE:
        run->result->verdict = VERDICT_NOT_APPLICABLE;
        break;
    case ERROR_CATEGORY_STACK:
        run->result->verdict = VERDICT_FAIL;
        break;
    default:
        run->result->verdict = VERDICT_ERROR;
    }
    result_fill(run, event, error->text, detail);
    return false;
}
