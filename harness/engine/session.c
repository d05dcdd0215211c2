/* SPDX-License-Identifier: MIT */
#include "engine/session.h"

#include "engine/call_row.h"
#include "engine/run.h"

#include <stdlib.h>

/* How much of what passed is kept to explain a failure with. */
enum { HISTORY_KEPT = 8 * 1024 };

/* Longer than any program waits; how long a call that was begun may take is said when it is waited for. */
static const nanoseconds call_endless = 1000000 * NANOSECONDS_PER_SECOND;

struct session {
    struct engine_settings settings;
    struct engine_result result;
    struct run *run;
    struct program none;  /* the run's between two steps */
    struct program step;  /* the text of the step under way */
    struct program begun; /* the text of a call that has not returned */
};

bool session_open(struct stack *stack, const struct engine_settings *settings, struct session **session,
                  struct error *error)
{
    struct session *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a run");
    made->settings = *settings;
    made->none.source = (struct source){settings->title, "", 0};
    if (!engine_set_up(&made->none, stack, &made->settings, &made->result, &made->run)) {
        (void)error_set(error, ERROR_SYSTEM_CALL, "%s", text_string(&made->result.headline));
        engine_result_free(&made->result);
        free(made);
        return false;
    }
    made->run->time_out = NANOSECONDS_NEVER;
    if (!run_begin(made->run)) {
        (void)error_set(error, ERROR_SYSTEM_CALL, "%s", text_string(&made->result.headline));
        session_close(made);
        return false;
    }
    *session = made;
    return true;
}

/* Leaves the last lines. */
static void history_trim(struct text *history)
{
    if (history->length <= HISTORY_KEPT)
        return;
    const char *first = memchr(history->data + history->length - HISTORY_KEPT, '\n', HISTORY_KEPT);
    size_t kept = first == NULL ? 0 : history->length - (size_t)(first + 1 - history->data);
    memmove(history->data, history->data + history->length - kept, kept);
    history->length = kept;
    history->data[kept] = '\0';
}

/* Everything that steps have in common begins with this. */
static void session_step(struct session *session)
{
    text_clear(&session->result.headline);
    text_clear(&session->result.detail);
    session->result.verdict = VERDICT_PASS;
    session->result.late = 0;
    history_trim(&session->run->history);
}

static bool call_is_pending(const struct session *session)
{
    const struct run *run = session->run;
    return run->caller != NULL && (caller_busy(run->caller) || run->returned);
}

static void session_use(struct session *session, const struct program *program)
{
    session->run->program = program;
    session->run->calls.source = &program->source;
}

/* ... and ends with this: a text is kept only as long as a call of its own may return. */
static enum verdict session_done(struct session *session)
{
    const struct program *step = &session->step;
    bool kept = false;
    for (size_t i = 0; i < step->event_count && call_is_pending(session); i++)
        kept = kept || session->run->pending.event == &step->events[i];
    if (kept || !call_is_pending(session))
        program_free(&session->begun);
    if (kept) {
        session->begun = session->step;
        session->step = (struct program){0};
    }
    program_free(&session->step);
    session_use(session, &session->none);
    return session->result.verdict;
}

static bool step_refuse(struct session *session, enum verdict verdict, const char *headline)
{
    session->result.verdict = verdict;
    text_append_string(&session->result.headline, headline);
    return false;
}

static bool step_refuse_diagnosed(struct session *session, const struct source *source,
                                  const struct diagnostics *diagnostics)
{
    diagnostics_print(&session->result.detail, source, diagnostics);
    return step_refuse(session, VERDICT_ERROR,
                       diagnostics->kept > 0 ? diagnostics->items[0].message : "memory ran out");
}

/* What only a whole script can have. */
static const char *step_stranger(const struct program *program)
{
    if (program->option_count > 0)
        return "options are given when the stack is opened, not in a text";
    if (program->init_command != NULL || program->cleanup_command != NULL)
        return "a command needs a time, such as `+0`";
    for (size_t i = 0; i < program->event_count; i++)
        if (program->events[i].kind == EVENT_CODE)
            return "code can't stand in a text: what it would say the program itself says";
    return NULL;
}

/* Reads SOURCE as the program of this step; false with a result. */
static bool step_read(struct session *session, const struct source *source)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct text reason = text_growing();
    const char *stranger = NULL;
    enum verdict checked = VERDICT_ERROR;
    bool read = program_parse(source, &(struct program_settings){.earlier_names = true}, &diagnostics, &session->step);
    if (read)
        stranger = step_stranger(&session->step);
    if (read && stranger == NULL)
        checked = engine_check(&session->step, &diagnostics, &reason);
    bool sound = checked == VERDICT_PASS;
    if (sound)
        session_use(session, &session->step);
    else if (stranger != NULL)
        (void)step_refuse(session, VERDICT_ERROR, stranger);
    else if (checked == VERDICT_NOT_APPLICABLE)
        (void)step_refuse(session, checked, text_string(&reason));
    else
        (void)step_refuse_diagnosed(session, source, &diagnostics);
    text_free(&reason);
    arena_free(&arena);
    return sound;
}

/* As step_read() for a text that is to be one event of KIND. */
static bool step_read_one(struct session *session, const struct source *source, enum event_kind kind,
                          const char *expected)
{
    if (!step_read(session, source))
        return false;
    if (session->step.event_count == 1 && session->step.events[0].kind == kind)
        return true;
    return step_refuse(session, VERDICT_ERROR, expected);
}

/* An action is due now: what a program did since its last one makes nothing late. */
static void session_act(struct session *session)
{
    struct run *run = session->run;
    nanoseconds now = run_now(run);
    run->schedule.late = false;
    run->schedule.worst_late = 0;
    run->schedule.slack = 0;
    schedule_happened(&run->schedule, (struct interval){now, now});
}

enum verdict session_perform(struct session *session, const struct source *source)
{
    session_step(session);
    if (!step_read(session, source))
        return session_done(session);
    const struct event *first = &session->step.events[0];
    bool expects = first->kind == EVENT_EXPECT || first->kind == EVENT_NOTHING;
    if (!expects && first->time.kind == TIME_RELATIVE)
        session_act(session);
    for (size_t i = 0; i < session->step.event_count; i++)
        if (!run_event(session->run, &session->step.events[i]))
            break;
    return session_done(session);
}

enum verdict session_send(struct session *session, const struct source *source)
{
    session_step(session);
    if (step_read_one(session, source, EVENT_INJECT, "expected one segment to send")) {
        session_act(session);
        (void)run_event(session->run, &session->step.events[0]);
    }
    return session_done(session);
}

enum verdict session_expect(struct session *session, const struct source *source, nanoseconds within)
{
    session_step(session);
    if (step_read_one(session, source, EVENT_EXPECT, "expected one segment, which the stack is to send")) {
        struct event *event = &session->step.events[0];
        event->time.kind = TIME_ABSOLUTE_RANGE;
        event->time.start = 0;
        event->time.end = nanoseconds_add(run_now(session->run), within);
        (void)run_event(session->run, event);
    }
    return session_done(session);
}

enum verdict session_nothing(struct session *session, nanoseconds within)
{
    nanoseconds until = nanoseconds_add(run_now(session->run), within);
    struct event event = {.kind = EVENT_NOTHING, .time = {.kind = TIME_ABSOLUTE, .start = until, .end = until}};
    session_step(session);
    (void)run_event(session->run, &event);
    return session_done(session);
}

enum verdict session_receive(struct session *session, nanoseconds within, bool *came)
{
    *came = false;
    session_step(session);
    (void)run_receive(session->run, nanoseconds_add(run_now(session->run), within), came);
    return session_done(session);
}

/* The bytes of the first argument that the call wrote to. */
static struct bytes answer_output(const struct prepared_call *prepared, const struct stack_return *returned)
{
    for (size_t i = 0; i < prepared->call.count; i++) {
        enum parameter_kind kind = prepared->row->parameters[i];
        const struct stack_argument *argument = &prepared->call.arguments[i];
        struct bytes bytes = {argument->data, argument->length};
        uint32_t length;
        if (argument->kind != ARGUMENT_POINTER || argument->data == NULL)
            continue;
        if (kind == PARAMETER_DATA_OUT)
            return bytes_slice(bytes, 0, (size_t)returned->value);
        if (kind != PARAMETER_OPTION_OUT && kind != PARAMETER_ADDRESS_OUT)
            continue;
        const struct stack_argument *behind = &prepared->call.arguments[i + 1];
        if (behind->kind != ARGUMENT_POINTER || behind->data == NULL || behind->length != sizeof(length))
            continue;
        memcpy(&length, behind->data, sizeof(length));
        return bytes_slice(bytes, 0, length);
    }
    return (struct bytes){NULL, 0};
}

/* What came back of the call that was answered last. */
static void session_answer(struct session *session, struct session_answer *answer)
{
    struct run *run = session->run;
    const struct prepared_call *prepared = &run->answered;
    *answer = (struct session_answer){.value = run->answer.value, .error_number = run->answer.error_number};
    if (answer->value < 0)
        return;
    answer->output = answer_output(prepared, &run->answer);
    if (!prepared->row->gives_descriptor)
        return;
    if (!prepared->event->has_result || prepared->event->result.kind == VALUE_ELLIPSIS) {
        answer->value = descriptors_free(&run->descriptors);
        if (!descriptors_note(&run->descriptors, &run->arena, answer->value, run->answer.value))
            (void)step_refuse(session, VERDICT_ERROR, "no memory for a descriptor");
    } else {
        (void)descriptors_script(&run->descriptors, run->answer.value, &answer->value);
    }
}

enum verdict session_call(struct session *session, const struct source *source, struct session_answer *answer)
{
    session_step(session);
    if (step_read_one(session, source, EVENT_CALL, "expected one call")) {
        session_act(session);
        if (run_event(session->run, &session->step.events[0]))
            session_answer(session, answer);
    }
    return session_done(session);
}

enum verdict session_call_begin(struct session *session, const struct source *source)
{
    session_step(session);
    if (call_is_pending(session)) {
        (void)step_refuse(session, VERDICT_ERROR, "a call that was begun before has not been ended");
    } else if (step_read_one(session, source, EVENT_CALL, "expected one call")) {
        struct event *event = &session->step.events[0];
        event->time.blocking = true;
        event->time.returns = event->time.start + call_endless;
        session_act(session);
        (void)run_event(session->run, event);
    }
    return session_done(session);
}

enum verdict session_call_end(struct session *session, nanoseconds within, struct session_answer *answer)
{
    session_step(session);
    if (!call_is_pending(session)) {
        (void)step_refuse(session, VERDICT_ERROR, "no call was begun");
        return session_done(session);
    }
    session_use(session, &session->begun);
    if (run_finish_call_by(session->run, nanoseconds_add(run_now(session->run), within)))
        session_answer(session, answer);
    return session_done(session);
}

enum verdict session_wait(struct session *session, nanoseconds until)
{
    session_step(session);
    (void)run_wait_until(session->run, until, true);
    return session_done(session);
}

void session_await(struct session *session, int descriptor)
{
    /* What is wrong with the link the next step will find too. */
    (void)run_wait_readable(session->run, descriptor);
}

const struct engine_result *session_result(const struct session *session)
{
    return &session->result;
}

bool session_taken(const struct session *session, struct session_segment *segment)
{
    const struct run *run = session->run;
    if (run->taken == NULL)
        return false;
    *segment = (struct session_segment){
        .time = run->taken->time, .packet = run->taken->packet.wire, .script = run->taken_script};
    return true;
}

nanoseconds session_now(const struct session *session)
{
    return run_now(session->run);
}

void session_close(struct session *session)
{
    run_conclude(session->run);
    program_free(&session->begun);
    engine_result_free(&session->result);
    free(session);
}
