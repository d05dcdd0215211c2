/* SPDX-License-Identifier: MIT */
#include "cli/spec_part.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "generate/generate.h"

static const struct option_row rows[] = {SPEC_PART_SPECIFICATION, SPEC_PART_HELP};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

static void print_report(struct text *text, const struct generate_report *report)
{
    if (report->missing.length > 0)
        text_append_format(text, "not brought about by a script:\n%s\n", text_string(&report->missing));
    text_append_format(text,
                       "%zu scripts: %zu of %zu transitions, %zu sides of boundaries between numbers, "
                       "%zu rules before others, %zu negotiations\n",
                       report->scripts, report->transitions, report->transitions_whole, report->boundaries,
                       report->precedences, report->negotiations);
}

static int generate(const struct spec_part *part, const char *directory)
{
    struct spec spec = {.row_count = 0};
    struct generate_report report = {.scripts = 0};
    struct error error;
    struct text text = text_growing();
    int status = EXIT_STATUS_PASS;
    if (!specification_load_lawful(&spec, part->specification, &error) ||
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
    struct spec_part part;
    int status;
    if (!spec_part_begin(command, &words, &part, &status))
        return status;
    if (words.count != 1)
        return spec_part_misused(command,
                                 words.count == 0 ? "no folder is given for the scripts" : "only one folder at a time");
    return generate(&part, words.words[0]);
}

const struct command command_spec_generate = {
    .name = "spec generate",
    .arguments = "[OPTION...] DIR",
    .help = "write test scripts for every transition and boundary of the specification",
    .options = &option_table,
    .run = run_generate,
};
