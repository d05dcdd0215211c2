/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/conform_options.h"
#include "cli/data_file.h"
#include "cli/interrupts.h"
#include "cli/known_deviations.h"
#include "cli/progress.h"
#include "cli/requirements.h"
#include "cli/scratch_folder.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "generate/generate.h"
#include "report/json_members.h"
#include "report/shell_word.h"

#include <stdlib.h>

/* One stack, and the suite that is run on it. */
struct conform_stack {
    const struct stack_choice *choice;
    struct deviations deviations;
    struct deviations judged_deviations;
    struct suite_settings settings;
    struct suite suite;
    struct text again;        /* how to run a script of a suite again */
    struct text again_making; /* and one that was generated */
    struct text_report_settings report;
    struct progress progress;
};

/* All that one `shakedown conform` owns. */
struct conform_command {
    struct conform_options options;
    struct text suites; /* the path of the suites that come with the program */
    struct scratch_folder scratch;
    struct text generated; /* the path of the folder in it with the scripts */
    const char **paths;
    size_t path_count;
    struct generate_report generation;
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

/* "shakedown NAME", with what both it and the scripts have to be run with. */
static void print_command(struct text *text, const char *name, const struct conform_stack *stack,
                          const struct conform_options *options)
{
    *text = text_growing();
    text_append_format(text, "shakedown %s", name);
    if (stack->choice->path.length > 0) {
        text_append_string(text, " --stack ");
        shell_word_print(text, stack->choice->word);
    }
    text_append_string(text, text_string(&options->again));
}

static void prepare_report(struct conform_stack *stack, const struct conform_options *options)
{
    print_command(&stack->again, "run", stack, options);
    print_command(&stack->again_making, "conform", stack, options);
    stack->report = (struct text_report_settings){.colours = terminal_has_colours(),
                                                  .command = text_string(&stack->again),
                                                  .making = text_string(&stack->again_making)};
    stack->progress =
        (struct progress){.report = &stack->report, .bar = terminal_is_interactive(), .lines = options->verbose};
    if (!options->json && (stack->progress.bar || stack->progress.lines)) {
        stack->settings.progress = progress_show;
        stack->settings.progress_context = &stack->progress;
    }
}

/* PATH from the scratch folder on; NULL if it isn't in there. */
static const char *within_scratch(const struct conform_command *conform, const char *path)
{
    const struct text *scratch = &conform->scratch.path;
    size_t length = scratch->length;
    bool within = length > 0 && strncmp(path, text_string(scratch), length) == 0 && path[length] == '/';
    return within ? path + length + 1 : NULL;
}

/* Generated scripts are known by their names in the scratch folder, whatever that is called this time. */
static void mark_generated(const struct conform_command *conform, struct suite *suite)
{
    for (size_t i = 0; i < suite->script_count; i++) {
        struct suite_script *script = &suite->scripts[i];
        const char *name = within_scratch(conform, script->path);
        script->made = name != NULL;
        if (script->made && script->check == VERDICT_PASS)
            script->program.source.name = name;
    }
}

/* As mark_generated(), for the report: no worker opens the script's folder any more. */
static void name_generated(const struct conform_command *conform, struct suite *suite)
{
    for (size_t i = 0; i < suite->script_count; i++)
        if (suite->scripts[i].made)
            suite->scripts[i].path = within_scratch(conform, suite->scripts[i].path);
}

/* Generates the scripts, and adds their folder to the paths. */
static bool generate(struct conform_command *conform, struct error *error)
{
    if (conform->options.without_generated)
        return true;
    if (!scratch_folder_make(&conform->scratch, error))
        return false;
    text_append_format(&conform->generated, "%s/generated", text_string(&conform->scratch.path));
    if (conform->generated.truncated)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the name of a folder");
    conform->paths[conform->path_count++] = text_string(&conform->generated);
    return generate_suite(&conform->spec, text_string(&conform->generated), &conform->generation, error);
}

/* Loads the stack, its deviations and the scripts; they are run later, when all is known to be there. */
static bool load_stack(struct conform_command *conform, struct stack_choice *choice, struct error *error)
{
    const struct conform_options *options = &conform->options;
    struct conform_stack *stack = &conform->stacks[conform->stack_count++];
    *stack = (struct conform_stack){
        .choice = choice,
        .settings = {.paths = conform->paths,
                     .path_count = conform->path_count,
                     .versions = options->versions,
                     .filter = options->filter,
                     .requirement = options->requirement,
                     .jobs = options->jobs,
                     .repeat = 1,
                     .slow = options->slow,
                     .strict = options->strict,
                     .spec = &conform->spec,
                     .catalogue = &conform->catalogue,
                     .interrupt = conform->interrupts.descriptor},
    };
    if (!load_deviations(options, stack, error) || !stack_choice_check(choice, error))
        return false;
    stack->settings.plugin = stack_choice_plugin(choice);
    stack->settings.plugin_restart = choice->restart;
    stack->settings.plugin_options = choice->options;
    prepare_report(stack, options);
    if (!suite_plan(&stack->suite, &stack->settings, error))
        return false;
    mark_generated(conform, &stack->suite);
    return true;
}

static bool load(struct conform_command *conform, struct error *error)
{
    bool found;
    if (!requirements_load(&conform->catalogue, &found, error) ||
        !specification_load_lawful(&conform->spec, conform->options.specification, error) || !generate(conform, error))
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

static void print_generation(struct text *text, const struct conform_command *conform)
{
    const struct generate_report *generation = &conform->generation;
    if (conform->options.without_generated)
        return;
    if (!conform->options.json) {
        text_append_format(text,
                           "%zu scripts were generated from the specification, for %zu of its %zu transitions and %zu "
                           "sides of boundaries between\nnumbers; `shakedown spec generate` tells what keeps scripts "
                           "from the other transitions.\n\n",
                           generation->scripts, generation->transitions, generation->transitions_whole,
                           generation->boundaries);
        return;
    }
    json_string_member(text, "type", "generated");
    json_number_member(text, "scripts", generation->scripts);
    json_number_member(text, "transitions", generation->transitions);
    json_number_member(text, "transitions_whole", generation->transitions_whole);
    json_number_member(text, "boundaries", generation->boundaries);
    text_append_string(text, "}\n");
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
        print_generation(&text, conform);
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
    bool performed = load(conform, &error) && run_stacks(conform, &error);
    scratch_folder_remove(&conform->scratch);
    for (size_t i = 0; i < conform->stack_count; i++)
        name_generated(conform, &conform->stacks[i].suite);
    /* What was done before one stack could not be run is told all the same. */
    int status = conform->run_count > 0 ? tell(conform) : EXIT_STATUS_PASS;
    if (!performed)
        status = command_fail(&error);
    else if (conform->stacks[conform->run_count - 1].suite.interrupted)
        status = interrupts_status(&conform->interrupts);
    interrupts_close(&conform->interrupts);
    return status;
}

static void conform_end(struct conform_command *conform)
{
    for (size_t i = 0; i < conform->stack_count; i++) {
        struct conform_stack *stack = &conform->stacks[i];
        suite_free(&stack->suite);
        text_free(&stack->again);
        text_free(&stack->again_making);
        deviations_free(&stack->deviations);
        deviations_free(&stack->judged_deviations);
    }
    spec_free(&conform->spec);
    catalogue_free(&conform->catalogue);
    text_free(&conform->suites);
    scratch_folder_free(&conform->scratch);
    text_free(&conform->generated);
    generate_report_free(&conform->generation);
    free(conform->paths);
    conform_options_free(&conform->options);
}

/* Without paths, the suites that come with the program. There is room for one more. */
static bool choose_paths(struct conform_command *conform, const struct option_words *words, struct error *error)
{
    conform->paths = calloc(words->count + 2, sizeof(*conform->paths));
    if (conform->paths == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for %zu paths", words->count);
    for (; conform->path_count < words->count; conform->path_count++)
        conform->paths[conform->path_count] = words->words[conform->path_count];
    if (words->count > 0)
        return true;
    if (!data_file_suites(&conform->suites))
        return error_set(error, ERROR_NOT_FOUND, "the suites are not found; name a folder of scripts");
    conform->paths[conform->path_count++] = text_string(&conform->suites);
    return true;
}

static int conform_run(const struct command *command, struct option_words words)
{
    struct conform_command conform = {.suites = text_growing(),
                                      .generated = text_growing(),
                                      .generation = {.missing = text_growing()},
                                      .interrupts = {.descriptor = -1}};
    struct error error;
    int status;
    if (!conform_options_parse(&conform.options, &words, &error)) {
        status = command_misused(command, &error);
    } else if (conform.options.help) {
        command_write_help(command);
        status = EXIT_STATUS_PASS;
    } else {
        status = choose_paths(&conform, &words, &error) ? perform(&conform) : command_fail(&error);
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
