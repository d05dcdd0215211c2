/* SPDX-License-Identifier: MIT */
#include "cli/spec_part.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/state_graph.h"

static const struct option_row rows[] = {
    {0, "svg", "FILE", "draw it into FILE, by graphviz's dot", spec_part_take_picture},
    SPEC_PART_SPECIFICATION,
    SPEC_PART_HELP,
};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

static int graph(const struct spec_part *part)
{
    struct spec spec = {.row_count = 0};
    struct text text = text_growing();
    struct error error;
    bool done = specification_load(&spec, part->specification, &error);
    if (done) {
        state_graph_print(&text, &spec, NULL);
        if (part->picture == NULL)
            terminal_write(&text);
        else
            done = spec_part_draw(&text, part->picture, &error);
    }
    text_free(&text);
    spec_free(&spec);
    return done ? EXIT_STATUS_PASS : command_fail(&error);
}

static int run_graph(const struct command *command, struct option_words words)
{
    struct spec_part part;
    int status;
    if (!spec_part_begin(command, &words, &part, &status))
        return status;
    return words.count == 0 ? graph(&part)
                            : spec_part_misused(command, "a graph is of all states; a file for it is "
                                                         "named with --svg");
}

const struct command command_spec_graph = {
    .name = "spec graph",
    .arguments = "[OPTION...]",
    .help = "draw the specification: the text for graphviz's dot, or a picture",
    .options = &option_table,
    .run = run_graph,
};
