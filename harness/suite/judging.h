/* SPDX-License-Identifier: MIT */
/* A performance held to the specification while it goes on: a sink of its trace, and what it came to. */
#ifndef SUITE_JUDGING_H
#define SUITE_JUDGING_H

#include "spec/judge.h"
#include "suite/suite.h"

struct judging {
    const struct suite_settings *settings;
    const struct suite_script *script;
    struct judge *judge; /* NULL: nothing is judged */
    bool commands_ran;   /* before the trace began */
    struct trace_sink sink;
};

/* Judges by the settings' specification, if there is one, what SCRIPT does, whose whole text is PROGRAM. End with
 * judging_end() in any case. */
MUST_USE bool judging_begin(struct judging *judging, const struct suite_settings *settings,
                            const struct suite_script *script, const struct program *program, struct error *error);

/* The sink that the trace is given to; JUDGING has to outlive it. */
struct trace_sink judging_sink(struct judging *judging);

/*
 * What it came to, into RESULT, whose lateness is known: where that is more than a rule about time allows for, what
 * rests on a moment is inconclusive. What the stack is known to do is no fail. False if memory ran out.
 */
MUST_USE bool judging_tell(struct judging *judging, struct suite_result *result, struct error *error);

void judging_end(struct judging *judging);

#endif
