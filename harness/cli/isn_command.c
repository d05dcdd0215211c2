/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/requirements.h"
#include "cli/stack_choice.h"
#include "cli/stack_work.h"
#include "isn/collect.h"
#include "isn/print.h"
#include "stack/linux.h"
#include "stack/plugin.h"
#include "suite/record_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    COUNT_USUAL = 1000,
    COUNT_A_SECOND = 1000, /* numbers that the slowest stack is thought to give */
};

/* The plot's file is opened before the worker is made, which has a file system of its own. */
struct isn_command {
    unsigned long count;
    struct stack_choice choice;
    const char *plot;
    bool ipv6;
    bool json;
    bool strict;
    bool help;
    struct plugin *plugin; /* NULL for the kernel; in the process that has it loaded */
    struct catalogue catalogue;
    int plot_file; /* -1 without */
};

static bool take_count(void *context, const char *value, struct error *error)
{
    return option_number(&(struct option_range){"--count", ISN_COUNT_LEAST, ISN_COUNT_MOST}, value,
                         &((struct isn_command *)context)->count, error);
}

static bool take_stack(void *context, const char *value, struct error *error)
{
    return stack_choice_read(&((struct isn_command *)context)->choice, value, error);
}

static bool take_plot(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct isn_command *)context)->plot = value;
    return true;
}

static bool take_ip(void *context, const char *value, struct error *error)
{
    bool ipv6 = strcmp(value, "6") == 0;
    if (!ipv6 && strcmp(value, "4") != 0)
        return error_set(error, ERROR_USAGE, "--ip is 4 or 6, not `%s`", value);
    ((struct isn_command *)context)->ipv6 = ipv6;
    return true;
}

static bool take_json(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct isn_command *)context)->json = true;
    return true;
}

static bool take_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct isn_command *)context)->strict = true;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct isn_command *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "stack", "NAME", "linux (default), sample, plugin:FILE.so; :OPTIONS behind it", take_stack},
    {'n', "count", "N", "numbers of each kind, 16 to 50000 (default: 1000)", take_count},
    {0, "ip", "4|6", "the IP version of the connections (default: 4)", take_ip},
    {0, "plot", "FILE", "draw them into FILE, an SVG image", take_plot},
    {0, "json", NULL, "say it as JSON", take_json},
    {0, "strict", NULL, "a broken SHOULD is a fail, too", take_strict},
    {'h', "help", NULL, "say this", take_help},
};
static const struct option_table table = {rows, COUNT_OF(rows)};

static bool write_plot(const struct isn_command *isn, const struct isn_report *report, struct error *error)
{
    if (isn->plot_file < 0)
        return true;
    struct text text = text_growing();
    isn_plot(&text, report);
    bool written = !text.truncated;
    for (size_t at = 0; written && at < text.length;) {
        ssize_t length = write(isn->plot_file, text.data + at, text.length - at);
        written = length > 0;
        at += written ? (size_t)length : 0;
    }
    text_free(&text);
    return written || error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't write %s", isn->plot);
}

static bool open_stack(const struct isn_command *isn, struct stack **stack, struct error *error)
{
    if (isn->plugin == NULL)
        return linux_stack_open(&(struct linux_settings){.link = LINUX_LINK_RAW}, stack, error);
    const struct plugin_settings settings = {.options = isn->choice.options, .seed = 1};
    return plugin_stack_open(isn->plugin, &settings, stack, error);
}

static bool opens_actively(const struct isn_command *isn)
{
    return isn->plugin == NULL || (plugin_offers(isn->plugin)->capabilities & SHAKEDOWN_CAN_OPEN_ACTIVELY) != 0;
}

static bool load_stack(struct isn_command *isn, struct error *error)
{
    const char *path = stack_choice_plugin(&isn->choice);
    return path == NULL || plugin_load(path, &isn->plugin, error);
}

static bool collect(struct isn_command *isn, struct isn_samples *samples, struct error *error)
{
    struct stack *stack;
    if (!load_stack(isn, error) || !open_stack(isn, &stack, error))
        return false;
    const struct isn_plan plan = {.count = isn->count, .active = opens_actively(isn), .ipv6 = isn->ipv6};
    bool collected = isn_collect(stack, &plan, samples, error);
    stack_close(stack);
    return collected;
}

static bool tell(const struct isn_command *isn, const struct isn_samples *samples, struct plugin_answer *answer,
                 struct error *error)
{
    static const enum exit_status statuses[VERDICT_COUNT] = {
        [VERDICT_FAIL] = EXIT_STATUS_FAIL, [VERDICT_INCONCLUSIVE] = EXIT_STATUS_ERROR};
    struct isn_findings findings;
    if (!isn_weigh(samples, &findings, error))
        return false;
    const struct isn_report report = {isn->choice.word, samples, &findings, &isn->catalogue, isn->strict, isn->ipv6};
    if (isn->json)
        isn_print_json(&answer->text, &report);
    else
        isn_print_text(&answer->text, &report);
    answer->status = (int)statuses[isn_verdict(&findings, isn->strict)];
    return write_plot(isn, &report, error);
}

static bool isn_work(void *context, struct plugin_answer *answer, struct error *error)
{
    struct isn_command *isn = context;
    struct isn_samples samples = {0};
    bool told = collect(isn, &samples, error) && tell(isn, &samples, answer, error);
    isn_samples_free(&samples);
    return told;
}

static int isn_start(struct isn_command *isn)
{
    struct error error;
    struct stack_work work = {.choice = &isn->choice,
                              .work = isn_work,
                              .context = isn,
                              .did = "collected the numbers",
                              .seconds = PLUGIN_COMPUTE_SECONDS + (unsigned)isn->count / COUNT_A_SECOND};
    if (isn->plot != NULL && (isn->plot_file = record_file_open(isn->plot, &error)) < 0)
        return command_fail(&error);
    int status = stack_work_perform(&work);
    if (isn->plot_file >= 0)
        (void)close(isn->plot_file);
    return status;
}

static int isn_run(const struct command *command, struct option_words words)
{
    struct isn_command isn = {.count = COUNT_USUAL, .plot_file = -1};
    struct error error;
    int status;
    if (!stack_choice_read(&isn.choice, "linux", &error) || !options_parse(&table, &words, &isn, &error)) {
        status = command_misused(command, &error);
    } else if (isn.help) {
        command_write_help(command);
        status = EXIT_STATUS_PASS;
    } else if (words.count > 0) {
        (void)error_set(&error, ERROR_USAGE, "isn takes options only, not `%s`", words.words[0]);
        status = command_misused(command, &error);
    } else {
        bool found;
        status = requirements_load(&isn.catalogue, &found, &error) ? isn_start(&isn) : command_fail(&error);
    }
    catalogue_free(&isn.catalogue);
    stack_choice_free(&isn.choice);
    return status;
}

const struct command command_isn = {
    .name = "isn",
    .arguments = "[OPTION...]",
    .help = "collect a stack's initial sequence numbers and say how good they are",
    .options = &table,
    .run = isn_run,
};
