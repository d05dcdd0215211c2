/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/data_file.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "spec/laws.h"
#include "suite/catalogue.h"

#include <stdio.h>

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

/* All that one `shakedown spec check` owns. */
struct check_work {
    struct check_options options;
    struct spec spec;
    struct catalogue catalogue;
    struct text text; /* to standard output */
    bool failed;
};

static bool knows_clause(const void *context, const char *clause)
{
    return catalogue_find(context, clause, strlen(clause)) != NULL;
}

static bool load_catalogue(struct check_work *work, struct error *error)
{
    struct text path = text_growing();
    struct text told = text_growing();
    bool loaded = data_file_requirements(&path)
                      ? catalogue_load(&work->catalogue, text_string(&path), &told, error)
                      : error_set(error, ERROR_NOT_FOUND, "the catalogue of requirements is not found");
    (void)fputs(text_string(&told), stderr);
    text_free(&told);
    text_free(&path);
    return loaded;
}

static bool check_laws(struct check_work *work, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct laws laws = {.knows_clause = knows_clause, .context = &work->catalogue};
    bool done = laws_check(&work->spec, &laws, &diagnostics, error);
    if (done && diagnostics.count == 0) {
        text_append_string(&work->text, "Laws\n");
        laws_print(&work->text, &laws);
    } else if (done) {
        diagnostics_print(&work->text, &work->spec.source, &diagnostics);
        work->failed = true;
    }
    arena_free(&arena);
    return done;
}

static int check(struct check_work *work)
{
    struct error error;
    bool done = specification_load(&work->spec, work->options.specification, &error) && load_catalogue(work, &error) &&
                check_laws(work, &error);
    terminal_write(&work->text);
    text_free(&work->text);
    catalogue_free(&work->catalogue);
    spec_free(&work->spec);
    if (!done)
        return command_fail(&error);
    return work->failed ? EXIT_STATUS_FAIL : EXIT_STATUS_PASS;
}

static int run_check(const struct command *command, struct option_words words)
{
    struct check_work work = {.text = text_growing()};
    struct error error;
    if (!options_parse(&option_table, &words, &work.options, &error))
        return command_misused(command, &error);
    if (work.options.help) {
        command_write_help(command);
        return EXIT_STATUS_PASS;
    }
    if (words.count > 0) {
        (void)error_set(&error, ERROR_USAGE, "%s is not understood; a file is named with --specification",
                        words.words[0]);
        return command_misused(command, &error);
    }
    return check(&work);
}

const struct command command_spec_check = {
    .name = "spec check",
    .arguments = "[OPTION...]",
    .help = "prove that the specification is complete and free of contradictions",
    .options = &option_table,
    .run = run_check,
};
