/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "spec/situations.h"

struct check_options {
    const char *specification;
    bool help;
};

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->specification = value;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct check_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "specification", "FILE", "check FILE instead of the specification that comes with shakedown",
     take_specification},
    {'h', "help", NULL, "say this", take_help},
};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

static int check(const struct check_options *options)
{
    struct spec spec = {.row_count = 0};
    struct spec_situations situations;
    struct error error;
    struct text text = text_growing();
    int status = EXIT_STATUS_PASS;
    if (!specification_load(&spec, options->specification, &error) ||
        !spec_situations_count(&spec, &situations, &error)) {
        status = command_fail(&error);
    } else {
        spec_situations_print(&text, &situations);
        text_append_character(&text, '\n');
        status = situations.without_row == 0 ? EXIT_STATUS_PASS : EXIT_STATUS_FAIL;
    }
    terminal_write(&text);
    text_free(&text);
    spec_free(&spec);
    return status;
}

static int run_check(const struct command *command, struct option_words words)
{
    struct check_options options = {.help = false};
    struct error error;
    if (!options_parse(&option_table, &words, &options, &error))
        return command_misused(command, &error);
    if (options.help) {
        command_write_help(command);
        return EXIT_STATUS_PASS;
    }
    if (words.count > 0) {
        (void)error_set(&error, ERROR_USAGE, "%s is not understood; a file is named with --specification",
                        words.words[0]);
        return command_misused(command, &error);
    }
    return check(&options);
}

const struct command command_spec_check = {
    .name = "spec check",
    .arguments = "[OPTION...]",
    .help = "prove that the specification is complete and free of contradictions",
    .options = &option_table,
    .run = run_check,
};
