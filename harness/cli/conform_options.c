/* SPDX-License-Identifier: MIT */
#include "cli/conform_options.h"

#include "base/nearest_name.h"
#include "report/shell_word.h"

enum { JOBS_MOST = 1024 };

static bool take_stack(void *context, const char *value, struct error *error)
{
    struct conform_options *options = context;
    if (options->stack_count == CONFORMITY_STACKS_MOST)
        return error_set(error, ERROR_USAGE, "no more than %d stacks stand side by side", CONFORMITY_STACKS_MOST);
    return stack_choice_read(&options->stacks[options->stack_count++], value, error);
}

static bool take_jobs(void *context, const char *value, struct error *error)
{
    unsigned long number;
    if (!option_number(&(struct option_range){"--jobs", 1, JOBS_MOST}, value, &number, error))
        return false;
    ((struct conform_options *)context)->jobs = (unsigned)number;
    return true;
}

static bool take_ip(void *context, const char *value, struct error *error)
{
    return ip_versions_parse(value, strlen(value), &((struct conform_options *)context)->versions) ||
           error_set(error, ERROR_USAGE, "--ip takes 4, 6, mapped or all, not `%s`", value);
}

static bool take_filter(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct conform_options *)context)->filter = value;
    return true;
}

static bool take_requirement(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct conform_options *)context)->requirement = value;
    return true;
}

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    struct conform_options *options = context;
    options->specification = value;
    text_append_string(&options->again, " --specification ");
    shell_word_print(&options->again, value);
    return true;
}

static bool take_no_deviations(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct conform_options *options = context;
    options->without_deviations = true;
    text_append_string(&options->again, " --no-deviations");
    return true;
}

static bool take_no_generated(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct conform_options *)context)->without_generated = true;
    return true;
}

static bool take_slow(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct conform_options *options = context;
    options->slow = true;
    text_append_string(&options->again, " --slow");
    return true;
}

static bool take_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct conform_options *options = context;
    options->strict = true;
    text_append_string(&options->again, " --strict");
    return true;
}

static bool take_format(void *context, const char *value, struct error *error)
{
    static const char *const names[] = {"text", "json"};
    struct conform_options *options = context;
    options->json = strcmp(value, "json") == 0;
    if (options->json || strcmp(value, "text") == 0)
        return true;
    const char *nearest = nearest_name_of(value, strlen(value), names, COUNT_OF(names));
    return error_set(error, ERROR_USAGE, "unknown format %s; %s%s", value,
                     nearest == NULL ? "expected text or json" : "did you mean ", nearest == NULL ? "" : nearest);
}

static bool take_verbose(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct conform_options *)context)->verbose = true;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct conform_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "stack", "NAME", "linux (default), sample, plugin:FILE.so; may be repeated", take_stack},
    {'j', "jobs", "N", "scripts at once (default: enough that the longest decides)", take_jobs},
    {0, "ip", "4|6|mapped|all", "IP versions, also several: 4,6 (default: by script)", take_ip},
    {0, "filter", "GLOB", "only scripts whose path, or the end of it, fits GLOB", take_filter},
    {0, "requirement", "ID", "only scripts that cite ID, such as MUST-10", take_requirement},
    {0, "specification", "FILE", "judge by FILE, not by what comes with shakedown", take_specification},
    {0, "no-deviations", NULL, "take no deviation as known", take_no_deviations},
    {0, "no-generated", NULL, "leave out the scripts that the specification gives rise to", take_no_generated},
    {0, "slow", NULL, "run scripts that take minutes on a real clock, too", take_slow},
    {0, "strict", NULL, "a broken SHOULD is a fail, and so is all that the specification says", take_strict},
    {0, "format", "FORMAT", "of the report: text (default) or json", take_format},
    {'v', "verbose", NULL, "a line for each result", take_verbose},
    {'h', "help", NULL, "say this", take_help},
};

const struct option_table conform_option_table = {rows, COUNT_OF(rows)};

bool conform_options_parse(struct conform_options *options, struct option_words *words, struct error *error)
{
    *options = (struct conform_options){.again = text_growing()};
    if (!options_parse(&conform_option_table, words, options, error))
        return false;
    return options->stack_count > 0 || stack_choice_read(&options->stacks[options->stack_count++], "linux", error);
}

void conform_options_free(struct conform_options *options)
{
    for (size_t i = 0; i < options->stack_count; i++)
        stack_choice_free(&options->stacks[i]);
    text_free(&options->again);
}
