/* SPDX-License-Identifier: MIT */
#include "engine/command.h"
#include "engine/pressure.h"
#include "engine/run.h"

#include <stdlib.h>

/* The cleanup command of a script that used up its time has this much left. */
static const nanoseconds cleanup_time = 5 * NANOSECONDS_PER_SECOND;

/* Judges a command that had until now, and forgets it. */
static bool run_settle_command(struct run *run, const struct event *event, const char *text, nanoseconds began)
{
    struct error error;
    struct text output = text_growing();
    struct child *child = run->command;
    bool done = command_judge(child, text, clock_now() - began, &error, &output);
    struct text refused = text_in(run->refused, sizeof(run->refused));
    if (done && run->refused[0] == '\0')
        (void)command_refused_setting(child, text, &refused);
    child_end(child);
    free(child);
    run->command = NULL;
    if (!done)
        (void)run_fault_detailed(run, event, &error, &output);
    text_free(&output);
    return done;
}

static bool run_start_command(struct run *run, const struct event *event, const char *text)
{
    struct error error;
    struct child *child = malloc(sizeof(*child));
    if (child == NULL) {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for a command");
        return run_fault(run, event, &error);
    }
    if (!command_start(child, text, &error)) {
        free(child);
        return run_fault(run, event, &error);
    }
    run->command = child;
    return true;
}

/* Runs a command with nothing else going on. */
static bool run_command_alone(struct run *run, const char *text, nanoseconds time)
{
    nanoseconds began = clock_now();
    if (!run_start_command(run, NULL, text))
        return false;
    (void)child_await(run->command, nanoseconds_add(began, time));
    return run_settle_command(run, NULL, text, began);
}

/* Programs that are to run before anything of the script's own does; a name without a folder is one of this folder. */
static bool run_init_scripts(struct run *run, const char *names)
{
    struct text command = text_growing();
    bool done = true;
    while (done && *names != '\0') {
        size_t length = strcspn(names, ",");
        text_clear(&command);
        if (memchr(names, '/', length) == NULL)
            text_append_string(&command, "./");
        text_append_bytes(&command, names, length);
        done = length == 0 || run_command_alone(run, text_string(&command), run->time_out);
        names += length;
        names += *names == ',';
    }
    text_free(&command);
    return done;
}

bool run_init_command(struct run *run)
{
    const char *scripts = run->settings->options.init_scripts;
    const char *text = run->program->init_command;
    return (scripts == NULL || run_init_scripts(run, scripts)) &&
           (text == NULL || run_command_alone(run, text, run->time_out));
}

void run_cleanup_command(struct run *run)
{
    const char *text = run->program->cleanup_command;
    struct engine_result *result = run->result;
    if (text == NULL)
        return;
    struct engine_result before = *result;
    nanoseconds left = run->time_out - run_now(run);
    result->headline = text_growing();
    result->detail = text_growing();
    bool done = run_command_alone(run, text, (left > 0 ? left : 0) + cleanup_time);
    /* What went wrong before is what counts. */
    bool worse = !done && before.verdict == VERDICT_PASS;
    text_free(worse ? &before.headline : &result->headline);
    text_free(worse ? &before.detail : &result->detail);
    if (!worse)
        *result = before;
}

/* False: the run has ended. */
static bool run_await_command(struct run *run)
{
    for (;;) {
        child_listen(run->command);
        if (run->command->ended || run_now(run) >= run->time_out)
            return true;
        if (!run_wait_any(run, run->time_out))
            return false;
    }
}

bool run_command_event(struct run *run, const struct event *event)
{
    nanoseconds due = schedule_due(&run->schedule, &event->time, false);
    if (!run_wait_until(run, due, true))
        return false;
    nanoseconds began = run_now(run);
    nanoseconds pressure = pressure_total();
    if (!run_start_command(run, event, event->body.text))
        return false;
    bool sound = run_await_command(run);
    nanoseconds ended = run_now(run);
    schedule_acted(&run->schedule, due, (struct interval){began, ended}, false);
    schedule_held_up(&run->schedule, ended - began, pressure_total() - pressure);
    if (sound)
        return run_settle_command(run, event, event->body.text, run->origin + began);
    child_end(run->command);
    free(run->command);
    run->command = NULL;
    return false;
}
