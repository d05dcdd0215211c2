/* SPDX-License-Identifier: MIT */
/* The options of `shakedown judge`. */
#ifndef CLI_JUDGE_OPTIONS_H
#define CLI_JUDGE_OPTIONS_H

#include "cli/option.h"
#include "report/format.h"
#include "trace/capture_trace.h"

enum { JUDGE_SIDES_MOST = 64 };

struct judge_options {
    struct address_prefix sides[JUDGE_SIDES_MOST];
    size_t side_count;
    bool on_stack;
    bool complete; /* the capture lacks nothing */
    enum report_format format;
    const char *stack;         /* whose known deviations count as passes; or NULL */
    const char *deviations;    /* the file of them; or NULL */
    const char *specification; /* NULL: the one that the program comes with */
    bool every;
    bool strict; /* a broken SHOULD is a fail */
    bool help;
};

extern const struct option_table judge_option_table;

#endif
