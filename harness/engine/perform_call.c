/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

/* A call that the script does not let block has to be back by then. */
static const nanoseconds at_once = 2 * NANOSECONDS_PER_SECOND;

/* A return is waited for this much longer than it may take, to tell "late" from "never". */
static const nanoseconds after_deadline = 300 * NANOSECONDS_PER_MILLISECOND;

/* A diagnostic of the run's own becomes the run's error. */
static bool run_fault_diagnosed(struct run *run, const struct event *event)
{
    struct error error;
    const char *elsewhere = run->evaluation.elsewhere;
    if (elsewhere != NULL)
        (void)error_set(&error, ERROR_NOT_APPLICABLE, "%s is not known on this system", elsewhere);
    else
        (void)error_set(&error, ERROR_MALFORMED, "%s",
                        run->diagnostics.kept > 0 ? run->diagnostics.items[run->diagnostics.kept - 1].message
                                                  : "a call can't be made ready");
    return run_fault(run, event, &error);
}

static bool run_record_call(struct run *run, const struct run_call *call, nanoseconds now)
{
    char arguments[256];
    struct text text = text_in(arguments, sizeof(arguments));
    call_print_arguments(&text, &call->prepared);
    return run_record(run, &(struct trace_event){
                               .kind = TRACE_CALL,
                               .time = {now, now},
                               .call = {.number = call->number, .name = call->event->call.name, .arguments = arguments},
                           });
}

static bool run_record_return(struct run *run, const struct run_call *call, const struct stack_return *returned)
{
    const char *name = returned->error_number == 0 ? "" : stack_error_name(run->stack, returned->error_number);
    struct interval when = run_interval(run, returned->time);
    return run_record(run, &(struct trace_event){
                               .kind = TRACE_RETURN,
                               .time = {when.latest, when.latest},
                               .returned = {.number = call->number,
                                            .value = returned->value,
                                            .error_number = returned->error_number,
                                            .error_name = name,
                                            .output = ""},
                           });
}

/* How a system says that it lacks what an argument names. */
static const struct lack_row {
    const char *call;
    const char *error;
    size_t argument;
} lack_rows[] = {
    {"getsockopt", "ENOPROTOOPT", 2}, {"setsockopt", "ENOPROTOOPT", 2}, {"socket", "EAFNOSUPPORT", 0},
    {"getsockopt", "EOPNOTSUPP", 2},  {"setsockopt", "EOPNOTSUPP", 2},  {"socket", "ESOCKTNOSUPPORT", 1},
    {"socket", "EPROTONOSUPPORT", 2},
};

/* What the system lacks, if that is why a call failed that was to succeed: the symbol that the script has for it; else
 * NULL. */
static const char *run_lacking(const struct run *run, const struct call_event *call,
                               const struct stack_return *returned)
{
    if (returned->error_number == 0 || call->error_name != NULL)
        return NULL;
    const char *error = stack_error_name(run->stack, returned->error_number);
    for (size_t i = 0; i < COUNT_OF(lack_rows); i++) {
        const struct lack_row *row = &lack_rows[i];
        if (strcmp(row->call, call->name) == 0 && strcmp(row->error, error) == 0 && row->argument < call->count &&
            call->arguments[row->argument].kind == VALUE_NAME)
            return call->arguments[row->argument].text;
    }
    return NULL;
}

/* What the script calls the socket option, if that is what the stack has not got; else LACKING. */
static const char *run_named(const struct call_event *call, const char *lacking)
{
    return strcmp(lacking, STACK_LACKS_OPTION) == 0 && call->count > 2 && call->arguments[2].kind == VALUE_NAME
               ? call->arguments[2].text
               : lacking;
}

static bool run_fault_lacking(struct run *run, const struct event *event, const char *symbol)
{
    struct error error;
    (void)error_set(&error, ERROR_NOT_APPLICABLE, "%s has no %s",
                    stack_is_virtual(run->stack) ? "the stack" : "this system", symbol);
    return run_fault(run, event, &error);
}

/* Holds a call that returned against the script. */
static bool run_check_call(struct run *run, const struct run_call *call, const struct stack_return *returned)
{
    char sentence[256];
    struct text mismatch = text_in(sentence, sizeof(sentence));
    if (!run_record_return(run, call, returned))
        return false;
    if (returned->lacking != NULL)
        return run_fault_lacking(run, call->event, run_named(&call->event->call, returned->lacking));
    run->answered = call->prepared;
    run->answer = *returned;
    run->listening = run->listening || (call->prepared.call.operation == STACK_LISTEN && returned->error_number == 0);
    if (returned->error_number == 0 && !signing_note(&run->keys, &run->calls, &call->prepared))
        return run_fault_memory(run, call->event);
    run->diagnostics.kept = 0;
    run->calls.tolerance = nanoseconds_add(run->schedule.tolerance, run->schedule.slack);
    if (call_check(&run->calls, &call->prepared, returned, &run->descriptors, &mismatch))
        return true;
    if (mismatch.length == 0)
        return run_fault_diagnosed(run, call->event);
    const char *lacking = run_lacking(run, &call->event->call, returned);
    if (lacking != NULL)
        return run_fault_lacking(run, call->event, lacking);
    return run_fail(run, call->event, sentence, NULL);
}

static bool run_check_blocking_time(struct run *run, const struct run_call *call, const struct stack_return *returned)
{
    struct window window = schedule_return_window(&run->schedule, &call->event->time, call->due);
    nanoseconds when = run_interval(run, returned->time).latest;
    nanoseconds miss = window_miss(&window, (struct interval){when, when});
    if (miss == 0)
        return true;
    char headline[256];
    struct text text = text_in(headline, sizeof(headline));
    text_append_format(&text, "%s() returned ", call->event->call.name);
    nanoseconds off = when - window.wanted.latest;
    explain_span(&text, off < 0 ? -off : off);
    text_append_string(&text, miss < 0 ? " too early" : " too late");
    return run_fail_time(run, call->event, miss, when, headline);
}

/* Waits for the caller's thread, at most until DEADLINE; false: the run has ended. RETURNED_IN_TIME says whether it is
 * back. */
static bool run_await_return(struct run *run, nanoseconds deadline, bool *returned_in_time)
{
    while (!run->returned && run_now(run) < deadline)
        if (!run_wait_any(run, deadline))
            return false;
    *returned_in_time = run->returned;
    run->returned = false;
    return true;
}

/* CALL still blocks at DEADLINE, which is `at_once` behind the time by which it was to be back. */
static bool run_fail_blocked(struct run *run, const struct run_call *call, nanoseconds deadline)
{
    char headline[256];
    struct text text = text_in(headline, sizeof(headline));
    text_append_format(&text, "%s() still blocks ", call->event->call.name);
    explain_span(&text, at_once);
    text_append_string(&text, call->event->time.blocking
                                  ? " after it was to return"
                                  : " after it was made; one that is to block needs the time of its return: +0...0.5");
    return run_fail_time(run, call->event, run_now(run) - deadline + at_once, run_now(run), headline);
}

bool run_finish_call(struct run *run)
{
    if (run->caller == NULL || !(caller_busy(run->caller) || run->returned))
        return true;
    struct run_call call = run->pending;
    struct window window = schedule_return_window(&run->schedule, &call.event->time, call.due);
    nanoseconds deadline = nanoseconds_add(window.allowed.latest, at_once);
    bool in_time = false;
    if (!run_await_return(run, deadline, &in_time))
        return false;
    if (!in_time)
        return run_fail_blocked(run, &call, deadline);
    struct stack_return returned = run->returned_value;
    return run_check_call(run, &call, &returned) && run_check_blocking_time(run, &call, &returned);
}

bool run_finish_call_by(struct run *run, nanoseconds deadline)
{
    struct run_call call = run->pending;
    bool came = false;
    nanoseconds patience = deadline - run_now(run);
    if (!run_await_return(run, nanoseconds_add(deadline, after_deadline), &came))
        return false;
    struct stack_return returned = run->returned_value;
    nanoseconds when = came ? run_interval(run, returned.time).latest : run_now(run);
    if (came && when <= deadline)
        return run_check_call(run, &call, &returned);
    char headline[256];
    struct text text = text_in(headline, sizeof(headline));
    text_append_format(&text, "%s() has not returned within ", call.event->call.name);
    explain_span(&text, patience > 0 ? patience : 0);
    run->returned = came;
    return run_fail_time(run, call.event, when - deadline, when, headline);
}

/* The thread is started while there is time for it, not when the call is due. */
static bool run_need_caller(struct run *run, const struct run_call *call)
{
    struct error error;
    if (run->caller != NULL || !(call->event->time.blocking || call_may_block(&call->prepared)))
        return true;
    return caller_start(run->stack, &run->caller, &error) || run_fault(run, call->event, &error);
}

/* When the thread was about to make it. */
static nanoseconds run_give_call(struct run *run, const struct run_call *call)
{
    run->pending = *call;
    run->returned = false;
    return caller_give(run->caller, &call->prepared.call) - run->origin;
}

/* The same where the caller's thread has a call that blocks. */
static bool run_call_beside(struct run *run, const struct run_call *call, struct stack_return *returned)
{
    struct error error;
    if (run->beside == NULL && !caller_start(run->stack, &run->beside, &error))
        return run_fault(run, call->event, &error);
    nanoseconds deadline = run_now(run) + at_once;
    run->besides = *call;
    (void)caller_give(run->beside, &run->besides.prepared.call);
    while (!caller_done(run->beside, returned)) {
        if (run_now(run) >= deadline)
            return run_fail_blocked(run, call, deadline);
        if (!run_wait_any(run, deadline))
            return false;
    }
    return true;
}

/* Makes a call that is to return at once, by the caller's thread if it could block against the script's word. */
static bool run_call_at_once(struct run *run, const struct run_call *call, struct stack_return *returned)
{
    bool in_time = false;
    if (!call_may_block(&call->prepared)) {
        stack_call(run->stack, &call->prepared.call, returned);
        return true;
    }
    if (run->caller != NULL && caller_busy(run->caller))
        return run_call_beside(run, call, returned);
    nanoseconds deadline = run_now(run) + at_once;
    (void)run_give_call(run, call);
    if (!run_await_return(run, deadline, &in_time))
        return false;
    if (!in_time)
        return run_fail_blocked(run, call, deadline);
    *returned = run->returned_value;
    return true;
}

/* A call that the script lets block: the run goes on beside it. */
static void run_call_blocking(struct run *run, const struct run_call *call)
{
    nanoseconds began = run_give_call(run, call);
    schedule_acted(&run->schedule, call->due, (struct interval){began, began}, false);
}

/* A call that blocks is waited for before the next, unless the script lets it block beyond that one's time. */
static bool run_finish_call_before(struct run *run, const struct event *event, nanoseconds due)
{
    if (run->caller == NULL || !caller_busy(run->caller) || event->time.blocking)
        return run_finish_call(run);
    const struct event_time *time = &run->pending.event->time;
    return run->pending.due + (time->returns - time->start) > due || run_finish_call(run);
}

bool run_call_event(struct run *run, const struct event *event)
{
    nanoseconds due = schedule_due(&run->schedule, &event->time, false);
    struct run_call call = {.event = event, .due = due, .number = run->call_count + 1};
    if (!run_finish_call_before(run, event, due))
        return false;
    run->diagnostics.kept = 0;
    if (!call_prepare(&run->calls, &event->call, &call.prepared))
        return run_fault_diagnosed(run, event);
    if (!run_need_caller(run, &call) || !run_wait_until(run, due, true))
        return false;
    nanoseconds began = run_now(run);
    run->call_count++;
    descriptors_use(&run->descriptors, call_subject(&call.prepared));
    if (!run_record_call(run, &call, began))
        return false;
    run->listening = run->listening && call.prepared.call.operation != STACK_CONNECT;
    if (event->time.blocking) {
        run_call_blocking(run, &call);
        return true;
    }
    struct stack_return returned = {0};
    if (!run_call_at_once(run, &call, &returned))
        return false;
    schedule_acted(&run->schedule, due, run_interval(run, returned.time), false);
    return run_take_in(run) && run_check_call(run, &call, &returned);
}
