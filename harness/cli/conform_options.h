/* SPDX-License-Identifier: MIT */
/* What `shakedown conform` is asked for. */
#ifndef CLI_CONFORM_OPTIONS_H
#define CLI_CONFORM_OPTIONS_H

#include "cli/option.h"
#include "cli/stack_choice.h"
#include "report/conformity.h"

struct conform_options {
    struct stack_choice stacks[CONFORMITY_STACKS_MOST];
    size_t stack_count;
    unsigned jobs;           /* 0: enough */
    ip_versions versions;    /* 0: by script */
    const char *filter;      /* or NULL */
    const char *requirement; /* or NULL */
    const char *specification;
    bool without_deviations;
    bool without_generated;
    bool slow;
    bool strict;
    bool json;
    bool verbose;
    bool help;
    struct text again; /* the options that matter when one script is run again, each with a blank before it */
};

extern const struct option_table conform_option_table;

/* Reads WORDS into OPTIONS, leaving paths in WORDS. End with conform_options_free() in any case. */
MUST_USE bool conform_options_parse(struct conform_options *options, struct option_words *words, struct error *error);

void conform_options_free(struct conform_options *options);

#endif
