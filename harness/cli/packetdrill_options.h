/* SPDX-License-Identifier: MIT */
/* The command line of packetdrill. */
#ifndef CLI_PACKETDRILL_OPTIONS_H
#define CLI_PACKETDRILL_OPTIONS_H

#include "cli/definitions.h"
#include "cli/option.h"

enum { PACKETDRILL_OPTIONS_MOST = 128 };

struct packetdrill_options {
    struct arena arena;
    struct program_given_option items[PACKETDRILL_OPTIONS_MOST]; /* for every script, checked */
    size_t count;
    struct definitions definitions;
    bool help;
};

/*
 * Reads WORDS into OPTIONS, leaving the scripts' paths in WORDS. As getopt_long() would: options may stand behind
 * paths, their names may be cut, `--name value` is `--name=value`, and `--` ends them. ERROR_USAGE for what makes no
 * sense. End with packetdrill_options_free() in any case.
 */
MUST_USE bool packetdrill_options_parse(struct packetdrill_options *options, struct option_words *words,
                                        struct error *error);

void packetdrill_options_free(struct packetdrill_options *options);

#endif
