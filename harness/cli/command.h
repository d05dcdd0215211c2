/* SPDX-License-Identifier: MIT */
/* The program's commands as a table, and what they share. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/option.h"

#include <sys/types.h>

enum exit_status {
    EXIT_STATUS_PASS = 0,
    EXIT_STATUS_FAIL = 1,
    EXIT_STATUS_ERROR = 2,
    EXIT_STATUS_USAGE = 64,
    EXIT_STATUS_SIGNAL = 128, /* and the signal's number */
};

struct command {
    const char *name;                   /* of a part of another command: with that in front */
    const char *arguments;              /* for the usage line, behind the name */
    const char *help;                   /* one line */
    const struct option_table *options; /* NULL without any */
    const struct command *const *parts; /* commands of its own, up to a NULL; NULL without any */
    /* WORDS are what follows the command's name. Returns the exit status. */
    int (*run)(const struct command *command, struct option_words words);
};

extern const struct command command_run;
extern const struct command command_conform;
extern const struct command command_judging;
extern const struct command command_fmt;
extern const struct command command_spec;
extern const struct command command_spec_check;
extern const struct command command_spec_show;
extern const struct command command_spec_graph;
extern const struct command command_spec_generate;
extern const struct command command_spec_coverage;
extern const struct command command_handshake;
extern const struct command command_isn;
extern const struct command command_stacks;
extern const struct command command_help;

/* What `shakedown WORDS...` does; its exit status. */
int command_main(struct option_words words);

/* What the part of COMMAND does that the first of WORDS names; its exit status. */
int command_run_part(const struct command *command, struct option_words words);

/* Writes the help of COMMAND, or of the whole program if it is NULL, to standard output. */
void command_write_help(const struct command *command);

/* Tells ERROR on standard error and returns the exit status that its category has. */
int command_fail(const struct error *error);

/* Waits for the process PID, in which isolation_start() runs a part of a command, and returns its exit status; tells if
 * it was killed. DID says what it did, for "the process that ... was killed". */
int command_await(pid_t pid, const char *did);

/* As command_fail(), for what is wrong with the words of COMMAND's line: tells how to get help. */
int command_misused(const struct command *command, const struct error *error);

#endif
