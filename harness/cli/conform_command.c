/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/conform_options.h"
#include "cli/data_file.h"
#include "cli/interrupts.h"
#include "cli/known_deviations.h"
#include "cli/progress.h"
#include "cli/requirements.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/shell_word.h"

/* One stack, and the suite that is run on it. */
struct conform_stack {
    const struct stack_choice *choice;
    struct plugin *plugin; /* NULL for linux */
    struct deviations deviations;
    struct deviations judged_deviations;
    struct suite_settings settings;
    struct suite suite;
    struct text again;
    struct text_report_settings report;
    struct progress progress;
};

/* All that one `shakedown conform` owns. */
struct conform_command {
    struct conform_options options;
    struct option_words paths;
    struct text suites; /* the path of the suites that come with the program */
    struct spec spec;
    struct catalogue catalogue;
    struct interrupts interrupts;
    struct conform_stack stacks[CONFORMITY_STACKS_MOST];
    size_t stack_count; /* that were loaded, all or in part */
    size_t run_count;   /* of them: that were run */
};

static bool load_deviations(const struct conform_options *options, struct conform_stack *stack, struct error *error)
{
    const char *name = text_string(&stack->choice->name);
    const struct deviations_place place = {NULL, name, data_file_deviations};
    const struct deviations_place judged_place = {NULL, name, data_file_judged};
    bool found;
    bool judged_found;
    if (options->without_deviations)
        return true;
    if (!known_deviations_load(&place, &stack->deviations, &found, error) ||
        !known_deviations_load(&judged_place, &stack->judged_deviations, &judged_found, error))
        return false;
    if (!found)
        known_deviations_note_missing(name);
    stack->settings.deviations = found ? &stack->deviations : NULL;
    stack->settings.judged_deviations = judged_found ? &stack->judged_deviations : NULL;
    return true;
}

static void prepare_report(struct conform_stack *stack, const struct conform_options *options)
{
    stack->again = text_growing();
    text_append_string(&stack->again, "shakedown run");
    if (stack->choice->path.length > 0) {
        text_append_string(&stack->again, " --stack ");
        shell_word_print(&stack->again, stack->choice->word);
    }
    text_append_string(&stack->again, text_string(&options->again));
    stack->report =
        (struct text_report_settings){.colours = terminal_has_colours(), .command = text_string(&stack->again)};
    stack->progress =
        (struct progress){.report = &stack->report, .bar = terminal_is_interactive(), .lines = options->verbose};
    if (!options->json && (stack->progress.bar || stack->progress.lines)) {
        stack->settings.progress = progress_show;
        stack->settings.progress_context = &stack->progress;
    }
}

/* Loads the stack, its deviations and the scripts; they are run later, when all is known to be there. */
static bool load_stack(struct conform_command *conform, const struct stack_choice *choice, struct error *error)
{
    const struct conform_options *options = &conform->options;
    struct conform_stack *stack = &conform->stacks[conform->stack_count++];
    *stack = (struct conform_stack){
        .choice = choice,
        .settings = {.paths = (const char *const *)conform->paths.words,
                     .path_count = conform->paths.count,
                     .versions = options->versions,
                     .filter = options->filter,
                     .requirement = options->requirement,
                     .jobs = options->jobs,
                     .repeat = 1,
                     .strict = options->strict,
                     .spec = &conform->spec,
                     .catalogue = &conform->catalogue,
                     .interrupt = conform->interrupts.descriptor},
    };
    if (!load_deviations(options, stack, error) || !stack_choice_load(choice, &stack->plugin, error))
        return false;
    stack->settings.plugin = stack->plugin;
    stack->settings.plugin_options = choice->options;
    prepare_report(stack, options);
    return suite_plan(&stack->suite, &stack->settings, error);
}

static bool load(struct conform_command *conform, struct error *error)
{
    bool found;
    if (!requirements_load(&conform->catalogue, &found, error) ||
        !specification_load(&conform->spec, conform->options.specification, error))
        return false;
    for (size_t i = 0; i < conform->options.stack_count; i++)
        if (!load_stack(conform, &conform->options.stacks[i], error))
            return false;
    return true;
}

/* One stack after the other, until one is interrupted. */
static bool run_stacks(struct conform_command *conform, struct error *error)
{
    while (conform->run_count < conform->stack_count) {
        struct conform_stack *stack = &conform->stacks[conform->run_count];
        bool performed = suite_run(&stack->suite, error);
        if (stack->settings.progress != NULL)
            progress_end(&stack->progress);
        if (!performed)
            return false;
        conform->run_count++;
        if (stack->suite.interrupted)
            break;
    }
    return true;
}

static int tell(const struct conform_command *conform)
{
    struct conformity_stack stacks[CONFORMITY_STACKS_MOST];
    struct conformity_report report = {.stacks = stacks, .stack_count = conform->run_count};
    struct text text = text_growing();
    struct error error;
    for (size_t i = 0; i < conform->run_count; i++)
        stacks[i] = (struct conformity_stack){.name = conform->stacks[i].choice->word,
                                              .suite = &conform->stacks[i].suite,
                                              .report = conform->stacks[i].report};
    int status = EXIT_STATUS_ERROR;
    if (conformity_reckon(&report, &conform->catalogue)) {
        if (conform->options.json)
            conformity_print_json(&text, &report);
        else
            conformity_print_text(&text, &report);
        status = conformity_exit_status(&report);
    } else {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for the report");
        terminal_error(&error);
    }
    terminal_write(&text);
    text_free(&text);
    conformity_free(&report);
    return status;
}

static int perform(struct conform_command *conform)
{
    struct error error;
    if (!interrupts_open(&conform->interrupts, &error))
        return command_fail(&error);
    int status;
    if (!load(conform, &error) || !run_stacks(conform, &error)) {
        status = command_fail(&error);
    } else {
        status = tell(conform);
        if (conform->stacks[conform->run_count - 1].suite.interrupted)
            status = interrupts_status(&conform->interrupts);
    }
    interrupts_close(&conform->interrupts);
    return status;
}

static void conform_end(struct conform_command *conform)
{
    for (size_t i = 0; i < conform->stack_count; i++) {
        struct conform_stack *stack = &conform->stacks[i];
        suite_free(&stack->suite);
        text_free(&stack->again);
        deviations_free(&stack->deviations);
        deviations_free(&stack->judged_deviations);
        plugin_unload(stack->plugin);
    }
    spec_free(&conform->spec);
    catalogue_free(&conform->catalogue);
    text_free(&conform->suites);
    conform_options_free(&conform->options);
}

/* Without paths, the suites that come with the program. */
static bool choose_paths(struct conform_command *conform, const struct option_words *words, char **own,
                         struct error *error)
{
    conform->suites = text_growing();
    conform->paths = *words;
    if (words->count > 0)
        return true;
    if (!data_file_suites(&conform->suites))
        return error_set(error, ERROR_NOT_FOUND, "the suites are not found; name a folder of scripts");
    *own = conform->suites.data;
    conform->paths = (struct option_words){own, 1};
    return true;
}

static int conform_run(const struct command *command, struct option_words words)
{
    struct conform_command conform = {.interrupts = {.descriptor = -1}};
    struct error error;
    char *own;
    int status;
    if (!conform_options_parse(&conform.options, &words, &error)) {
        status = command_misused(command, &error);
    } else if (conform.options.help) {
        command_write_help(command);
        status = EXIT_STATUS_PASS;
    } else {
        status = choose_paths(&conform, &words, &own, &error) ? perform(&conform) : command_fail(&error);
    }
    conform_end(&conform);
    return status;
}

const struct command command_conform = {
    .name = "conform",
    .arguments = "[OPTION...] [FILE|DIR...]",
    .help = "say which requirements stacks keep, side by side",
    .options = &conform_option_table,
    .run = conform_run,
};
