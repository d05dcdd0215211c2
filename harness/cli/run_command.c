/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/data_file.h"
#include "cli/interrupts.h"
#include "cli/known_deviations.h"
#include "cli/progress.h"
#include "cli/report_folder.h"
#include "cli/requirements.h"
#include "cli/run_options.h"
#include "cli/specification.h"
#include "cli/terminal.h"

#include <stdio.h>

/* All that one `shakedown run` owns. */
struct run_command {
    const struct command *command;
    struct run_options options;
    struct deviations deviations;
    struct spec spec;
    struct deviations judged_deviations;
    struct catalogue catalogue;
    struct suite suite;
    struct text_report_settings report;
    struct progress progress;
    struct text again; /* how to run one script again */
};

/* Fails would count that are known to be the stack's own: whoever reads the verdicts has to know. */
static bool load_deviations(struct run_command *run, struct error *error)
{
    struct run_options *options = &run->options;
    const char *stack = text_string(&options->stack.name);
    const struct deviations_place place = {options->deviations, stack, data_file_deviations};
    bool found;
    if (options->without_deviations)
        return true;
    if (!known_deviations_load(&place, &run->deviations, &found, error))
        return false;
    if (found)
        options->suite.deviations = &run->deviations;
    else if (!options->list && !options->dry_run)
        known_deviations_note_missing(stack);
    return true;
}

/* The known deviations from the specification; a stack need have none. */
static bool load_judged_deviations(struct run_command *run, struct error *error)
{
    struct run_options *options = &run->options;
    const struct deviations_place place = {options->judged_deviations, text_string(&options->stack.name),
                                           data_file_judged};
    bool found;
    if (options->without_deviations)
        return true;
    if (!known_deviations_load(&place, &run->judged_deviations, &found, error))
        return false;
    options->suite.judged_deviations = found ? &run->judged_deviations : NULL;
    return true;
}

/* Once for all workers, which are forked with it. */
static bool load_specification(struct run_command *run, struct error *error)
{
    struct run_options *options = &run->options;
    if (options->without_judge || options->list || options->dry_run)
        return true;
    if (!specification_load_lawful(&run->spec, options->specification, error)) {
        if (options->specification != NULL || error->code != ERROR_NOT_FOUND)
            return false;
        (void)fputs("shakedown: the specification is not found, so nothing is judged by it; name it with "
                    "--specification FILE, or go without by --no-judge\n",
                    stderr);
        return true;
    }
    options->suite.spec = &run->spec;
    return load_judged_deviations(run, error);
}

static bool load_catalogue(struct run_command *run, struct error *error)
{
    bool found;
    if (!requirements_load(&run->catalogue, &found, error))
        return false;
    run->options.suite.catalogue = found ? &run->catalogue : NULL;
    return true;
}

static void prepare_report(struct run_command *run)
{
    const struct run_options *options = &run->options;
    bool terminal = terminal_is_interactive();
    text_append_format(&run->again, "shakedown run%s", text_string(&options->again));
    run->report = (struct text_report_settings){.colours = terminal_has_colours(), .command = text_string(&run->again)};
    run->progress = (struct progress){.report = &run->report,
                                      .bar = terminal,
                                      .lines = options->verbose || (!terminal && options->suite.repeat == 1),
                                      .brief = !terminal};
    if (options->format == REPORT_TEXT) {
        run->options.suite.progress = progress_show;
        run->options.suite.progress_context = &run->progress;
    }
}

static void print_listed(struct text *text, const struct suite_case *one)
{
    const struct suite_script *script = one->script;
    text_append_string(text, script->path);
    if (script->check == VERDICT_PASS)
        text_append_format(text, " [%s]", ip_version_name(one->ip_version));
    if (script->title != NULL)
        text_append_format(text, "  %s", script->title);
    if (script->requirements[0] != '\0')
        text_append_format(text, " (%s)", script->requirements);
    if (script->check != VERDICT_PASS)
        text_append_format(text, "  %s: %s", verdict_name(script->check), script->headline);
    text_append_character(text, '\n');
}

static int list_cases(const struct run_command *run)
{
    struct text text = text_growing();
    if (run->options.format == REPORT_JSON)
        json_list_print(&text, &run->suite);
    else
        for (size_t i = 0; i < run->suite.case_count; i++)
            print_listed(&text, &run->suite.cases[i]);
    terminal_write(&text);
    text_free(&text);
    return EXIT_STATUS_PASS;
}

/* Prints RECORDS as the run was asked to, unless they could not be made. */
static bool write_records(const struct run_command *run, bool made, struct records *records)
{
    struct text text = text_growing();
    struct error error;
    if (made) {
        report_print(&text, run->options.format, records);
        terminal_write(&text);
    } else {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for the report");
        terminal_error(&error);
    }
    text_free(&text);
    records_free(records);
    return made;
}

static void print_checked(struct text *text, const struct records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        const struct record *record = &records->items[i];
        if (record->verdict != VERDICT_PASS)
            text_append_format(text, "%s: %s: %s\n%s", record->path, verdict_name(record->verdict), record->headline,
                               record->detail);
    }
    text_append_format(text, "%zu scripts checked, %zu with errors, %zu not applicable\n", records->count,
                       records->verdicts[VERDICT_ERROR], records->verdicts[VERDICT_NOT_APPLICABLE]);
}

static int check_scripts(const struct run_command *run)
{
    struct records records;
    bool made = records_of_check(&records, &run->suite);
    int status = made ? records.exit_status : EXIT_STATUS_ERROR;
    if (run->options.format != REPORT_TEXT || !made)
        return write_records(run, made, &records) ? status : EXIT_STATUS_ERROR;
    struct text text = text_growing();
    print_checked(&text, &records);
    terminal_write(&text);
    text_free(&text);
    records_free(&records);
    return status;
}

/* False if there was no memory for it. */
static bool write_report(struct run_command *run)
{
    struct records records;
    if (run->options.format != REPORT_TEXT)
        return write_records(run, records_of_run(&records, &run->suite, run->report.command), &records);
    struct text text = text_growing();
    progress_end(&run->progress);
    if (!run->progress.bar && run->progress.lines)
        text_append_character(&text, '\n');
    text_report_end(&text, &run->report, &run->suite);
    terminal_write(&text);
    text_free(&text);
    return true;
}

static int report_run(struct run_command *run)
{
    struct error error;
    if (!write_report(run))
        return EXIT_STATUS_ERROR;
    const char *folder = run->options.report;
    if (folder != NULL && !report_folder_write(folder, &run->report, &run->suite, &error))
        return command_fail(&error);
    return suite_exit_status(&run->suite);
}

static int perform(struct run_command *run)
{
    struct error error;
    struct interrupts interrupts = {.descriptor = -1};
    if (!interrupts_open(&interrupts, &error))
        return command_fail(&error);
    run->options.suite.interrupt = interrupts.descriptor;
    int status;
    if (!suite_run(&run->suite, &error)) {
        if (run->options.format == REPORT_TEXT)
            progress_end(&run->progress);
        status = command_fail(&error);
    } else {
        status = report_run(run);
        if (run->suite.interrupted)
            status = interrupts_status(&interrupts);
    }
    interrupts_close(&interrupts);
    return status;
}

static int run_planned(struct run_command *run)
{
    struct error error;
    if (!suite_plan(&run->suite, &run->options.suite, &error))
        return command_fail(&error);
    if (run->options.list)
        return list_cases(run);
    return run->options.dry_run ? check_scripts(run) : perform(run);
}

static int run_paths(struct run_command *run, const struct option_words *paths)
{
    struct error error;
    if (paths->count == 0) {
        (void)error_set(&error, ERROR_USAGE, "no script and no folder of scripts is given");
        return command_misused(run->command, &error);
    }
    if (run->options.list && run->options.format != REPORT_TEXT && run->options.format != REPORT_JSON) {
        (void)error_set(&error, ERROR_USAGE, "a list has no verdicts to report: it is text or json");
        return command_misused(run->command, &error);
    }
    run->again = text_growing();
    run->options.suite.paths = (const char *const *)paths->words;
    run->options.suite.path_count = paths->count;
    bool loaded = load_deviations(run, &error) && load_catalogue(run, &error) && load_specification(run, &error) &&
                  stack_choice_check(&run->options.stack, &error);
    run->options.suite.plugin = stack_choice_plugin(&run->options.stack);
    run->options.suite.plugin_restart = run->options.stack.restart;
    run->options.suite.plugin_options = run->options.stack.options;
    if (loaded)
        prepare_report(run);
    int status = loaded ? run_planned(run) : command_fail(&error);
    suite_free(&run->suite);
    text_free(&run->again);
    deviations_free(&run->deviations);
    deviations_free(&run->judged_deviations);
    spec_free(&run->spec);
    catalogue_free(&run->catalogue);
    return status;
}

static int run_run(const struct command *command, struct option_words words)
{
    struct run_command run = {.command = command};
    struct error error;
    int status;
    if (!run_options_parse(&run.options, &words, &error)) {
        status = command_misused(command, &error);
    } else if (run.options.help) {
        command_write_help(command);
        status = EXIT_STATUS_PASS;
    } else {
        status = run_paths(&run, &words);
    }
    run_options_free(&run.options);
    return status;
}

const struct command command_run = {
    .name = "run",
    .arguments = "[OPTION...] FILE|DIR...",
    .help = "run scripts on a stack and say what it did otherwise than they expect",
    .options = &run_option_table,
    .run = run_run,
};
