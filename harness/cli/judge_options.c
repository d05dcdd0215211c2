/* SPDX-License-Identifier: MIT */
#include "cli/judge_options.h"

static bool take_side(void *context, const char *value, struct error *error)
{
    struct judge_options *options = context;
    if (options->side_count == JUDGE_SIDES_MOST)
        return error_set(error, ERROR_USAGE, "more than %d times --stack-side", JUDGE_SIDES_MOST);
    if (!address_prefix_parse(value, &options->sides[options->side_count], error))
        return false;
    options->side_count++;
    return true;
}

static bool take_on_stack(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judge_options *)context)->on_stack = true;
    return true;
}

static bool take_complete(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judge_options *)context)->complete = true;
    return true;
}

static bool take_stack(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct judge_options *)context)->stack = value;
    return true;
}

static bool take_deviations(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct judge_options *)context)->deviations = value;
    return true;
}

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct judge_options *)context)->specification = value;
    return true;
}

static bool take_format(void *context, const char *value, struct error *error)
{
    static const char *const names[] = {"text", "json"};
    struct judge_options *options = context;
    options->format = strcmp(value, names[0]) == 0 ? REPORT_TEXT : REPORT_JSON;
    return strcmp(value, names[options->format == REPORT_JSON]) == 0 ||
           error_set(error, ERROR_USAGE, "judged traffic is told as text or json, not as %s", value);
}

static bool take_every(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judge_options *)context)->every = true;
    return true;
}

static bool take_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judge_options *)context)->strict = true;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judge_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "stack-side", "ADDR[/BITS]",
     "judge only the stack at this address, or those of this prefix; may be given again", take_side},
    {0, "on-stack", NULL, "the capture was taken on the stack's own machine: what it shows arrived", take_on_stack},
    {0, "complete", NULL, "the capture lacks nothing: what it does not show did not happen", take_complete},
    {0, "stack", "NAME", "what is judged is this stack: what it is known to do otherwise counts as a pass", take_stack},
    {0, "deviations", "FILE", "the file of known deviations, instead of the one that comes with the stack",
     take_deviations},
    {0, "format", "FORMAT", "text (the default) or json: an object a line", take_format},
    {'v', "verbose", NULL, "a line for connections that passed, too (text)", take_every},
    {0, "strict", NULL, "a broken SHOULD is a fail, not a pass that is marked", take_strict},
    {0, "specification", "FILE", "judge by FILE instead of the specification that comes with shakedown",
     take_specification},
    {'h', "help", NULL, "say this", take_help},
};

const struct option_table judge_option_table = {rows, COUNT_OF(rows)};
