/* SPDX-License-Identifier: MIT */
#include "cli/requirements.h"
#include "cli/spec_part.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/row_text.h"
#include "report/spec_json.h"

#include <strings.h>

static const struct option_row rows[] = {SPEC_PART_SPECIFICATION, SPEC_PART_FORMAT(spec_part_take_format),
                                         SPEC_PART_HELP};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

/* The state that is called NAME, in capitals or not; SPEC_STATE_COUNT if none is. */
static enum spec_state state_named(const char *name)
{
    unsigned state = 0;
    while (state < SPEC_STATE_COUNT && strcasecmp(name, spec_state_name(state)) != 0)
        state++;
    return state;
}

static int show(const struct spec_part *part, enum spec_state state)
{
    struct spec spec = {.row_count = 0};
    struct catalogue catalogue = {.count = 0};
    struct text text = text_growing();
    struct error error;
    bool found = false;
    int status = EXIT_STATUS_PASS;
    if (!specification_load(&spec, part->specification, &error) || !requirements_load(&catalogue, &found, &error))
        status = command_fail(&error);
    else if (part->json)
        rows_print_json(&text, &spec, state, NULL);
    else if (state == SPEC_STATE_COUNT)
        states_text(&text, &spec);
    else
        state_text(&text, &spec, state, found ? &catalogue : NULL);
    terminal_write(&text);
    text_free(&text);
    catalogue_free(&catalogue);
    spec_free(&spec);
    return status;
}

static int run_show(const struct command *command, struct option_words words)
{
    struct spec_part part;
    int status;
    if (!spec_part_begin(command, &words, &part, &status))
        return status;
    if (words.count > 1)
        return spec_part_misused(command, "only one state at a time");
    enum spec_state state = words.count == 1 ? state_named(words.words[0]) : SPEC_STATE_COUNT;
    if (words.count == 1 && state == SPEC_STATE_COUNT)
        return spec_part_misused(command, "no state is called so; `shakedown spec show` lists them");
    return show(&part, state);
}

const struct command command_spec_show = {
    .name = "spec show",
    .arguments = "[OPTION...] [STATE]",
    .help = "tell what leads from state to state, or all about one, with what the requirements say",
    .options = &option_table,
    .run = run_show,
};
