/* SPDX-License-Identifier: MIT */
/* Command-line options as a table: parsing and help come from the same rows. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "base/error.h"
#include "base/text.h"

/* What is done with an option's value (NULL for an option without one); false with an error if it does not fit. */
typedef bool option_take(void *context, const char *value, struct error *error);

struct option_row {
    char letter;       /* `-j`; NUL without */
    const char *name;  /* `--jobs`, without the dashes */
    const char *value; /* what the help calls the value; NULL for an option without one */
    const char *help;
    option_take *take;
};

struct option_table {
    const struct option_row *rows;
    size_t count;
};

/* Words of a command line. */
struct option_words {
    char **words;
    size_t count;
};

/*
 * Gives each option of WORDS to its row with CONTEXT, and leaves the other words in WORDS, in order. Options may stand
 * behind other words; `--` ends them; `--name=value`, `--name value`,
 * `-nvalue` and `-n value` are the same. ERROR_USAGE for an option that is not known (with the nearest that is), that
 * lacks its value or has one too many.
 */
MUST_USE bool options_parse(const struct option_table *table, struct option_words *words, void *context,
                            struct error *error);

/* A line for each option: "  -j, --jobs N       what it does". */
void options_print(struct text *text, const struct option_table *table);

struct option_range {
    const char *option; /* for the message: "--repeat" */
    unsigned long least;
    unsigned long most;
};

/* A decimal number in RANGE, all of VALUE; ERROR_USAGE naming the option otherwise. */
MUST_USE bool option_number(const struct option_range *range, const char *value, unsigned long *number,
                            struct error *error);

#endif
