/* SPDX-License-Identifier: MIT */
#include "cli/stack_work.h"

#include "cli/command.h"
#include "cli/terminal.h"
#include "stack/isolation.h"

#include <stdio.h>

/* Writes the answer, however far that got, and what went wrong; returns the exit status. */
static int conclude(struct plugin_answer *answer, const struct error *wrong)
{
    struct error unwritten;
    terminal_write(&answer->text);
    text_free(&answer->text);
    if (wrong != NULL)
        return command_fail(wrong);
    return terminal_sound(&unwritten) ? answer->status : command_fail(&unwritten);
}

/* An isolation_main. */
static int work_isolated(void *context)
{
    const struct stack_work *work = context;
    struct plugin_answer answer = {.text = text_growing()};
    struct error error;
    bool done = work->work(work->context, &answer, &error);
    return conclude(&answer, done ? NULL : &error);
}

static int perform_embedded(const struct stack_work *work)
{
    const struct plugin_work_order order = {work->work, work->context, work->seconds};
    struct plugin_answer answer = {.text = text_growing()};
    struct text detail = text_growing();
    struct error error;
    bool done = plugin_process_work(&order, &answer, &detail, &error);
    int status = conclude(&answer, done ? NULL : &error);
    (void)fputs(text_string(&detail), stderr);
    text_free(&detail);
    return status;
}

int stack_work_perform(struct stack_work *work)
{
    struct error error;
    pid_t pid;
    if (stack_choice_plugin(work->choice) != NULL)
        return perform_embedded(work);
    return isolation_start(work_isolated, work, &pid, &error) ? command_await(pid, work->did) : command_fail(&error);
}
