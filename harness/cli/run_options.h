/* SPDX-License-Identifier: MIT */
/* What `shakedown run` is asked for. */
#ifndef CLI_RUN_OPTIONS_H
#define CLI_RUN_OPTIONS_H

#include "cli/definitions.h"
#include "cli/option.h"
#include "cli/stack_choice.h"
#include "report/format.h"
#include "suite/suite.h"

struct run_options {
    struct suite_settings suite; /* all but the paths, the deviations, the progress and the interrupt */
    struct definitions definitions;
    struct stack_choice stack;
    const char *deviations; /* a file of them; NULL for the stack's own */
    bool without_deviations;
    const char *specification;     /* a file; NULL: the one that the program comes with */
    const char *judged_deviations; /* a file of those from the specification; NULL for the stack's own */
    bool without_judge;
    enum report_format format;
    const char *report; /* a folder for the report in every form; or NULL */
    bool list;
    bool dry_run;
    bool verbose;
    bool help;
    struct text again; /* the options that matter when one script is run again, each with a blank before it */
};

extern const struct option_table run_option_table;

/* Reads WORDS into OPTIONS, leaving paths in WORDS. End with run_options_free() in any case. */
MUST_USE bool run_options_parse(struct run_options *options, struct option_words *words, struct error *error);

void run_options_free(struct run_options *options);

#endif
