/* SPDX-License-Identifier: MIT */
/* One script after another, by the calling process itself and in the network namespace that it is in. */
#ifndef SUITE_IN_PLACE_H
#define SUITE_IN_PLACE_H

#include "script/program.h"
#include "suite/result.h"
#include "trace/trace.h"

struct in_place_settings {
    struct program_settings program; /* definitions, and options that go before the scripts' own */
    const struct trace_sink *trace;  /* where what happens goes if the option `verbose` asks for it */
    const struct trace_sink *notes;  /* else; of use for what was wrong and not fatal */
};

struct in_place_result {
    struct suite_result result;
    unsigned line; /* of the script, that the headline is about; 0: of none */
};

/*
 * Performs the script at PATH: in its own folder, on a tun device "tun0" which is there as long as that takes, with
 * packetdrill's addresses where the options give none. A run that was inconclusive is made again, at most three times.
 * The process's working folder, its standard descriptors and its signals are as before afterwards; whatever the script
 * left open is closed. SETTINGS' definitions and options must live as long as the call. Free the result's texts with
 * suite_result_free().
 */
void in_place_perform(const struct in_place_settings *settings, const char *path, struct in_place_result *result);

#endif
