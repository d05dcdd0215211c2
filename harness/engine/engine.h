/* SPDX-License-Identifier: MIT */
/* Performs one program on one stack, on the real clock, and says whether the stack did what the program expects. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/text.h"
#include "base/verdict.h"
#include "script/program.h"
#include "stack/stack.h"
#include "trace/trace.h"

struct machine_watch;

/* What a program's own options ask for, with packetdrill's defaults. */
struct engine_options {
    enum {
        IP_VERSION_IPV4,
        IP_VERSION_IPV6,
        IP_VERSION_IPV4_MAPPED, /* IPv6 sockets with IPv4-mapped addresses, IPv4 on the wire */
    } ip_version;
    bool ip_version_given;      /* the program names its version itself */
    nanoseconds tolerance;      /* 4 ms */
    double tolerance_percent;   /* 12.5 */
    uint16_t bind_port;         /* 8080 */
    uint16_t connect_port;      /* 8080 */
    unsigned mtu;               /* 1500 */
    nanoseconds timestamp_tick; /* of the stack's TSval, 0: not checked */
    bool udp_encapsulation;     /* UDP datagrams hold TCP segments */
    uint16_t udp_port;          /* and all have this port; 0: the segments say themselves which */
    struct address local;       /* family ADDRESS_NONE: the stack's own choice */
    struct address remote;
};

/*
 * Reads the options of PROGRAM. An unknown option, or a value that does not fit, is a diagnostic (with the nearest
 * known name) and false.
 */
MUST_USE bool engine_options_read(const struct program *program, struct diagnostics *diagnostics,
                                  struct engine_options *options);

/* Name of the i-th option that a script may have, or NULL past the last. */
const char *engine_option_name(size_t index);

/*
 * Checks what parsing can't: every call's name and arguments, every symbol. Diagnostics and VERDICT_ERROR for a
 * mistake; VERDICT_NOT_APPLICABLE with REASON (at least 256 characters) for a symbol that only another system has; else
 * VERDICT_PASS. Uses the symbols of Linux, needs no stack.
 */
enum verdict engine_check(const struct program *program, struct diagnostics *diagnostics, struct text *reason);

/* Diagnostics for every command and every block of code of PROGRAM, for runs in which none may be run. False if there
 * is one. */
bool engine_check_no_shell(const struct program *program, struct diagnostics *diagnostics);

/* When the run must end, however far it is: its last scheduled event plus 30 s, or the program's `//: timeout`. */
nanoseconds engine_time_out(const struct program *program);

struct engine_settings {
    struct engine_options options;
    const struct trace_sink *trace;    /* may be NULL */
    const struct machine_watch *watch; /* may be NULL: no control timer */
    const char *title;                 /* the script's path, for messages and the trace */
};

struct engine_result {
    enum verdict verdict;
    nanoseconds late;     /* how late the harness or the machine was at the worst, 0 if always in time */
    struct text headline; /* one line, plain words: "expected RST,ACK; got SYN,ACK"; empty on a pass */
    struct text detail;   /* the place in the script, both segments with marks, the trace up to there */
};

struct run;

/*
 * Gets ready to perform PROGRAM, which engine_check() found sound, on STACK: runs its init command and starts a Python
 * interpreter if it has code. That keeps the machine busy; performing it nearly always waits. Commands and code run in
 * the process's working directory. False if that failed: RESULT says why and there is no RUN. What is given must
 * outlive RUN, RESULT too.
 */
MUST_USE bool engine_set_up(const struct program *program, struct stack *stack, const struct engine_settings *settings,
                            struct engine_result *result, struct run **run);

/* Performs what was set up, runs its cleanup command whatever comes of it, and frees RUN. */
void engine_perform(struct run *run);

/* Both. Free the texts of RESULT with engine_result_free(). */
void engine_run(const struct program *program, struct stack *stack, const struct engine_settings *settings,
                struct engine_result *result);

void engine_result_free(struct engine_result *result);

#endif
