/* SPDX-License-Identifier: MIT */
/* What the parts of `shakedown spec` that look at a specification have in common. */
#ifndef CLI_SPEC_PART_H
#define CLI_SPEC_PART_H

#include "cli/command.h"
#include "spec/spec.h"

struct spec_part {
    const char *specification; /* a file; NULL: the one that the program comes with */
    const char *picture;       /* a file to draw into; NULL: none */
    bool json;                 /* an object a line instead of text */
    bool help;
};

/* Rows of an option table, whose context is a struct spec_part. */
#define SPEC_PART_SPECIFICATION                                                                         \
    {                                                                                                   \
        0, "specification", "FILE", "take FILE instead of the specification that comes with shakedown", \
            spec_part_take_specification                                                                \
    }
#define SPEC_PART_FORMAT(take)                                                      \
    {                                                                               \
        0, "format", "FORMAT", "text (the default) or json: an object a line", take \
    }
#define SPEC_PART_HELP                                     \
    {                                                      \
        'h', "help", NULL, "say this", spec_part_take_help \
    }

bool spec_part_take_specification(void *context, const char *value, struct error *error);
bool spec_part_take_picture(void *context, const char *value, struct error *error);
bool spec_part_take_format(void *context, const char *value, struct error *error);
bool spec_part_take_help(void *context, const char *value, struct error *error);

/* JSON is what VALUE, a format, asks for; false with an error if it is neither "text" nor "json". */
MUST_USE bool spec_format_take(const char *value, bool *json, struct error *error);

/* Reads WORDS by COMMAND's options into PART. False if that is all that is to be done: STATUS is the exit status. */
MUST_USE bool spec_part_begin(const struct command *command, struct option_words *words, struct spec_part *part,
                              int *status);

/* As command_misused(), of the words behind the options: WHAT is wrong. */
int spec_part_misused(const struct command *command, const char *what);

/* Has graphviz's dot draw GRAPH into the file PATH, as SVG. */
MUST_USE bool spec_part_draw(const struct text *graph, const char *path, struct error *error);

#endif
