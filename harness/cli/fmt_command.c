/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/definitions.h"
#include "cli/replace_file.h"
#include "cli/terminal.h"
#include "script/print.h"
#include "suite/discovery.h"

#include <stdio.h>

/* What one `shakedown fmt` was asked for, and what came of it. */
struct fmt_work {
    struct definitions definitions;
    bool in_place;
    bool check;
    bool help;
    bool differs; /* with --check: some script */
    bool failed;  /* some script could not be read or written, or is none */
};

static bool take_in_place(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct fmt_work *)context)->in_place = true;
    return true;
}

static bool take_check(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct fmt_work *)context)->check = true;
    return true;
}

static bool take_definition(void *context, const char *value, struct error *error)
{
    return definitions_add(&((struct fmt_work *)context)->definitions, value, error);
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct fmt_work *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {'i', "in-place", NULL, "rewrite the files instead of printing them", take_in_place},
    {0, "check", NULL, "only name the files that are laid out otherwise; fail if there is one", take_check},
    {'D', "define", "NAME=VALUE", "let NAME stand for VALUE while reading; it stays in the text", take_definition},
    {'h', "help", NULL, "say this", take_help},
};

static const struct option_table table = {rows, COUNT_OF(rows)};

/* The law that makes it safe to write over a file: the text means what it meant. */
static bool means_the_same(const struct program *program, const struct program_settings *settings,
                           const struct text *text)
{
    const struct source source = {program->source.name, text_string(text), text->length};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct program again;
    bool same = program_parse(&source, settings, &diagnostics, &again) && program_equal(program, &again);
    program_free(&again);
    arena_free(&arena);
    return same;
}

static void give_text(struct fmt_work *work, const char *path, const struct source *before, struct text *text)
{
    struct error error;
    struct text told = text_growing();
    bool differs = before->length != text->length || memcmp(before->text, text_string(text), text->length) != 0;
    if (work->check && differs) {
        work->differs = true;
        text_append_format(&told, "%s\n", path);
        terminal_write(&told);
    } else if (work->in_place && !work->check && differs) {
        if (!replace_file(path, text, &error)) {
            work->failed = true;
            terminal_error(&error);
        }
    } else if (!work->in_place && !work->check) {
        terminal_write(text);
    }
    text_free(&told);
}

static void format_program(struct fmt_work *work, const char *path, const struct program *program,
                           const struct program_settings *settings)
{
    struct text text = text_growing();
    struct error error;
    program_format(&text, program);
    if (text.truncated) {
        work->failed = true;
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory to lay out %s", path);
        terminal_error(&error);
    } else {
        INVARIANT(means_the_same(program, settings, &text));
        give_text(work, path, &program->source, &text);
    }
    text_free(&text);
}

static void format_file(struct fmt_work *work, const char *path)
{
    const struct program_settings settings = {
        .definitions = work->definitions.items, .definition_count = work->definitions.count, .undefined_names = true};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct program program;
    struct error error;
    if (!program_load(path, &settings, &diagnostics, &program, &error)) {
        work->failed = true;
        terminal_error(&error);
    } else if (diagnostics.count > 0) {
        struct text text = text_growing();
        work->failed = true;
        diagnostics_print(&text, &program.source, &diagnostics);
        (void)fputs(text_string(&text), stderr);
        text_free(&text);
        program_free(&program);
    } else {
        format_program(work, path, &program, &settings);
        program_free(&program);
    }
    arena_free(&arena);
}

static void format_discovered(struct fmt_work *work, const struct discovered_script *script)
{
    struct error error;
    if (script->fault == NULL) {
        format_file(work, script->path);
        return;
    }
    work->failed = true;
    (void)error_set(&error, ERROR_NOT_FOUND, "%s", script->fault);
    terminal_error(&error);
}

static int format_paths(struct fmt_work *work, const struct option_words *paths)
{
    struct error error;
    struct discovery discovery = {0};
    bool found = discovery_find(&discovery, (const char *const *)paths->words, paths->count, &error);
    for (size_t i = 0; found && i < discovery.count; i++)
        format_discovered(work, &discovery.scripts[i]);
    discovery_free(&discovery);
    if (!found)
        return command_fail(&error);
    if (work->differs)
        return EXIT_STATUS_FAIL;
    return work->failed ? EXIT_STATUS_ERROR : EXIT_STATUS_PASS;
}

static bool check_words(const struct fmt_work *work, const struct option_words *words, bool *from_input,
                        struct error *error)
{
    *from_input = words->count == 1 && strcmp(words->words[0], "-") == 0;
    if (words->count == 0)
        return error_set(error, ERROR_USAGE, "no script is given; `-` is standard input");
    if (*from_input && work->in_place)
        return error_set(error, ERROR_USAGE, "standard input can't be rewritten in place");
    return true;
}

static int fmt_run(const struct command *command, struct option_words words)
{
    static char standard_input[] = "/dev/stdin";
    char *input_words[] = {standard_input};
    const struct option_words input = {input_words, COUNT_OF(input_words)};
    struct fmt_work work = {0};
    struct error error;
    bool from_input = false;
    int status = EXIT_STATUS_PASS;
    if (!options_parse(&table, &words, &work, &error) ||
        (!work.help && !check_words(&work, &words, &from_input, &error)))
        status = command_misused(command, &error);
    else if (work.help)
        command_write_help(command);
    else
        status = format_paths(&work, from_input ? &input : &words);
    definitions_free(&work.definitions);
    return status;
}

const struct command command_fmt = {
    .name = "fmt",
    .arguments = "[OPTION...] FILE|DIR...",
    .help = "print scripts in their canonical form",
    .options = &table,
    .run = fmt_run,
};
