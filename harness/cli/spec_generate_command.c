/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "generate/generate.h"

struct generate_options {
    const char *specification;
    bool help;
};

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct generate_options *)context)->specification = value;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct generate_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "specification", "FILE", "generate from FILE instead of the specification that comes with shakedown",
     take_specification},
    {'h', "help", NULL, "say this", take_help},
};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

static void print_report(struct text *text, const struct generate_report *report)
{
    if (report->missing.length > 0)
        text_append_format(text, "not brought about by a script:\n%s\n", text_string(&report->missing));
    text_append_format(text, "%zu scripts: %zu of %zu transitions, and %zu sides of boundaries between numbers\n",
                       report->scripts, report->transitions, report->transitions_whole, report->boundaries);
}

static int generate(const struct generate_options *options, const char *directory)
{
    struct spec spec = {.row_count = 0};
    struct generate_report report = {.scripts = 0};
    struct error error;
    struct text text = text_growing();
    int status = EXIT_STATUS_PASS;
    if (!specification_load(&spec, options->specification, &error) ||
        !generate_suite(&spec, directory, &report, &error))
        status = command_fail(&error);
    else
        print_report(&text, &report);
    terminal_write(&text);
    text_free(&text);
    generate_report_free(&report);
    spec_free(&spec);
    return status;
}

static int run_generate(const struct command *command, struct option_words words)
{
    struct generate_options options = {.help = false};
    struct error error;
    if (!options_parse(&option_table, &words, &options, &error))
        return command_misused(command, &error);
    if (options.help) {
        command_write_help(command);
        return EXIT_STATUS_PASS;
    }
    if (words.count != 1) {
        (void)error_set(&error, ERROR_USAGE,
                        words.count == 0 ? "no folder is given for the scripts" : "only one folder at a time");
        return command_misused(command, &error);
    }
    return generate(&options, words.words[0]);
}

const struct command command_spec_generate = {
    .name = "spec generate",
    .arguments = "[OPTION...] DIR",
    .help = "write test scripts for every transition and boundary of the specification",
    .options = &option_table,
    .run = run_generate,
};
