/* SPDX-License-Identifier: MIT */
#include "base/text_file.h"
#include "cli/command.h"
#include "cli/data_file.h"
#include "cli/spec_part.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/json_members.h"
#include "report/spec_json.h"
#include "spec/variant.h"

#include <stdio.h>

struct check_options {
    const char *specification;
    const char *variant;
    unsigned long width;
    bool json;
    bool help;
};

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->specification = value;
    return true;
}

static bool take_variant(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->variant = value;
    return true;
}

static bool take_width(void *context, const char *value, struct error *error)
{
    static const struct option_range range = {"--width", 6, 32};
    return option_number(&range, value, &((struct check_options *)context)->width, error);
}

static bool take_format(void *context, const char *value, struct error *error)
{
    return spec_format_take(value, &((struct check_options *)context)->json, error);
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
    {0, "variant", "FILE", "check the specification as FILE amends it: what breaks then?", take_variant},
    {0, "width", "BITS", "sequence numbers in the model have so many bits, 6 to 32; 10 by default", take_width},
    SPEC_PART_FORMAT(take_format),
    {'h', "help", NULL, "say this", take_help},
};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

/* All that one `shakedown spec check` owns. */
struct check_work {
    struct check_options options;
    struct spec spec;
    struct catalogue catalogue;
    struct variant variant;
    struct text text; /* to standard output */
    bool failed;
};

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

static void print_verdict(struct check_work *work, const char *verdict)
{
    if (!work->options.json)
        return;
    json_string_member(&work->text, "type", "summary");
    json_string_member(&work->text, "specification", work->spec.source.name);
    json_string_member(&work->text, "verdict", verdict);
    text_append_string(&work->text, "}\n");
}

/* Standard output has them where a program reads it; people look for them where a file can't be read. */
static bool load_specification(struct check_work *work, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool loaded = work->options.json ? specification_read(&work->spec, work->options.specification, &diagnostics, error)
                                     : specification_load(&work->spec, work->options.specification, error);
    if (loaded && diagnostics.count > 0) {
        mistakes_print_json(&work->text, &work->spec.source, &diagnostics);
        print_verdict(work, "error");
        loaded = error_set(error, ERROR_MALFORMED, "%s is no specification to judge by", work->spec.source.name);
    }
    arena_free(&arena);
    return loaded;
}

static bool print_laws(struct check_work *work, const struct laws *laws, struct error *error)
{
    struct spec_situations situations;
    if (!spec_situations_count(&work->spec, &situations, error))
        return false;
    if (work->options.json) {
        laws_print_json(&work->text, laws, &situations);
        return true;
    }
    text_append_string(&work->text, "Laws\n");
    laws_print(&work->text, laws);
    text_append_string(&work->text, "  ");
    spec_situations_print(&work->text, &situations);
    text_append_string(&work->text, "\n\n");
    return true;
}

static bool check_laws(struct check_work *work, struct error *error)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct laws laws = {.knows_clause = NULL};
    bool done = specification_check_laws(&work->spec, &work->catalogue, &laws, &diagnostics, error);
    if (done && diagnostics.count == 0 && work->options.variant == NULL) {
        done = print_laws(work, &laws, error);
    } else if (done && diagnostics.count > 0) {
        if (work->options.json)
            mistakes_print_json(&work->text, &work->spec.source, &diagnostics);
        else
            diagnostics_print(&work->text, &work->spec.source, &diagnostics);
        work->failed = true;
    }
    arena_free(&arena);
    return done;
}

/* The specification as the variant amends it takes its place. */
static bool parse_amended(struct check_work *work, const struct text *amended, struct diagnostics *diagnostics)
{
    struct text name = text_growing();
    text_append_format(&name, "%s as %s amends it", work->spec.source.name, work->options.variant);
    const struct source source = {text_string(&name), text_string(amended), amended->length};
    struct spec spec;
    bool sound = spec_parse(&spec, &source, diagnostics);
    spec_free(&work->spec);
    work->spec = spec;
    text_free(&name);
    return sound;
}

static bool amend(struct check_work *work, struct error *error)
{
    struct text read = text_growing();
    struct text amended = text_growing();
    struct text told = text_growing();
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool sound = text_file_read(work->options.variant, "variant", &read, error);
    if (sound) {
        const struct source source = {work->options.variant, read.data, read.length};
        sound = variant_amend(&work->variant, &source, &work->spec.source, &amended, &diagnostics);
        if (!sound) {
            diagnostics_print(&told, &source, &diagnostics);
        } else if (!parse_amended(work, &amended, &diagnostics)) {
            sound = false;
            diagnostics_print(&told, &work->spec.source, &diagnostics);
        }
        (void)fputs(text_string(&told), stderr);
        if (!sound)
            (void)error_set(error, ERROR_MALFORMED, "%s is no variant of the specification", work->options.variant);
    }
    arena_free(&arena);
    text_free(&told);
    text_free(&amended);
    text_free(&read);
    return sound;
}

static bool check_contract(struct check_work *work, struct error *error)
{
    const bool amended = work->options.variant != NULL;
    struct contract contract = {.width = work->options.width == 0 ? MODEL_WIDTH : (unsigned)work->options.width,
                                .foreseen = work->variant.foreseen,
                                .exceptions = !amended};
    bool done = contract_check(&work->spec, &contract, error);
    if (done && work->options.json)
        contract_print_json(&work->text, &work->spec, &contract);
    else if (done)
        contract_print(&work->text, &work->spec, &contract);
    contract_free(&contract);
    work->failed = work->failed || contract.broken;
    return done;
}

static void print_variant(struct check_work *work)
{
    if (work->options.variant == NULL)
        return;
    if (!work->options.json) {
        text_append_format(&work->text, "Variant %s: %s\n\n", work->variant.name, work->variant.says);
        return;
    }
    json_string_member(&work->text, "type", "variant");
    json_string_member(&work->text, "name", work->variant.name);
    json_string_member(&work->text, "says", work->variant.says);
    text_append_string(&work->text, "}\n");
}

static int check(struct check_work *work)
{
    struct error error;
    bool done = load_specification(work, &error) && load_catalogue(work, &error) &&
                (work->options.variant == NULL || amend(work, &error));
    if (done)
        print_variant(work);
    done = done && check_laws(work, &error) && check_contract(work, &error);
    if (done)
        print_verdict(work, work->failed ? "fail" : "pass");
    terminal_write(&work->text);
    text_free(&work->text);
    catalogue_free(&work->catalogue);
    variant_free(&work->variant);
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
    .help = "prove that the specification is complete, and that two who follow it keep the contract",
    .options = &option_table,
    .run = run_check,
};
