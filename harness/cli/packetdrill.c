/* SPDX-License-Identifier: MIT */
#include "cli/packetdrill.h"

#include "base/character.h"
#include "cli/command.h"
#include "cli/packetdrill_options.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "suite/in_place.h"
#include "trace/print.h"

#include <stdio.h>

bool packetdrill_is_meant(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash == NULL ? path : slash + 1, "packetdrill") == 0;
}

static bool show_note(void *context, const struct trace_event *event, struct error *error)
{
    (void)context;
    (void)error;
    if (event->kind == TRACE_NOTE)
        (void)fprintf(stderr, "%s\n", event->note);
    return true;
}

static bool show_event(void *context, const struct trace_event *event, struct error *error)
{
    struct text text = text_growing();
    trace_print_event(&text, event);
    terminal_write(&text);
    text_free(&text);
    return show_note(context, event, error);
}

/* Those who call packetdrill look for "file:line: ": the column is left out. */
static void print_without_columns(struct text *text, const char *path, const char *lines)
{
    size_t length = strlen(path);
    while (*lines != '\0') {
        size_t end = strcspn(lines, "\n");
        const char *at = lines;
        if (strncmp(lines, path, length) == 0 && lines[length] == ':') {
            at += length + 1;
            while (character_is_digit(*at))
                at++;
            text_append_bytes(text, lines, (size_t)(at - lines));
            if (*at == ':' && character_is_digit(at[1]))
                at++;
            while (character_is_digit(*at))
                at++;
        }
        text_append_bytes(text, at, (size_t)(lines + end - at));
        text_append_character(text, '\n');
        lines += end + (lines[end] == '\n');
    }
}

/* "file:line: error: what is wrong", and what there is to see of it. */
static void print_result(struct text *text, const char *path, const struct in_place_result *result)
{
    static const char *const verdicts[VERDICT_COUNT] = {
        [VERDICT_INCONCLUSIVE] = "inconclusive: ", [VERDICT_NOT_APPLICABLE] = "not applicable: "};
    const struct suite_result *told = &result->result;
    if (told->headline.length > 0) {
        const char *verdict = verdicts[told->verdict];
        text_append_string(text, path);
        if (result->line > 0)
            text_append_format(text, ":%u", result->line);
        text_append_format(text, ": error: %s%s\n", verdict == NULL ? "" : verdict, text_string(&told->headline));
    }
    print_without_columns(text, path, text_string(&told->detail));
}

static bool run_script(const struct in_place_settings *settings, const char *path)
{
    struct in_place_result result;
    in_place_perform(settings, path, &result);
    bool passed = result.result.verdict == VERDICT_PASS;
    if (!passed) {
        struct text text = text_growing();
        print_result(&text, path, &result);
        (void)fputs(text_string(&text), stderr);
        text_free(&text);
    }
    suite_result_free(&result.result);
    return passed;
}

static void write_help(void)
{
    struct text text = text_growing();
    text_append_string(&text, "usage: packetdrill [OPTION...] FILE...\n\n"
                              "runs scripts in the network namespace that it is called in (which must not be the "
                              "machine's own:\n`unshare -n packetdrill ...`), on a device tun0; says nothing and "
                              "returns 0 if they pass, else 1.\nThis is shakedown in packetdrill's place; `shakedown "
                              "run` does more.\n\n"
                              "  -D, --define=NAME=VALUE       let NAME in scripts stand for VALUE\n");
    engine_options_print(&text);
    text_append_string(&text, "  -h, --help                    say this\n\n"
                              "An option here goes before the same one in a script.\n");
    terminal_write(&text);
    text_free(&text);
}

static int misused(const struct error *error)
{
    (void)fprintf(stderr, "packetdrill: %s\nTry `packetdrill --help`.\n", error->text);
    return EXIT_STATUS_FAIL;
}

static int run_scripts(const struct packetdrill_options *options, const struct option_words *paths)
{
    const struct trace_sink trace = {.take = show_event};
    const struct trace_sink notes = {.take = show_note};
    const struct in_place_settings settings = {.program = {.definitions = options->definitions.items,
                                                           .definition_count = options->definitions.count,
                                                           .options = options->items,
                                                           .option_count = options->count},
                                               .trace = &trace,
                                               .notes = &notes};
    struct error error;
    if (paths->count == 0) {
        (void)error_set(&error, ERROR_USAGE, "no script is given");
        return misused(&error);
    }
    for (size_t i = 0; i < paths->count; i++)
        if (!run_script(&settings, paths->words[i]))
            return EXIT_STATUS_FAIL;
    return terminal_sound(&error) ? EXIT_STATUS_PASS : EXIT_STATUS_FAIL;
}

int packetdrill_main(struct option_words words)
{
    struct packetdrill_options options;
    struct error error;
    int status;
    if (!packetdrill_options_parse(&options, &words, &error)) {
        status = misused(&error);
    } else if (options.help) {
        write_help();
        status = EXIT_STATUS_PASS;
    } else {
        status = run_scripts(&options, &words);
    }
    packetdrill_options_free(&options);
    return status;
}
