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
    unsigned local_prefix;  /* bits of the network that `local` is in; 0: not said */
    unsigned remote_prefix; /* likewise */
    struct address gateway;
    struct address link_local;
    bool any_ip;              /* all of the local network's addresses are the stack's */
    unsigned speed;           /* Mbit/s; 0: not said */
    unsigned segment_size;    /* of which longer injected segments are said to be made; 0: none are */
    bool strict_segments;     /* what comes in several segments is not put together */
    bool scaled_echo;         /* every TSecr is mapped by the stack's first TSval alone */
    bool non_fatal_packet;    /* a wrong packet is told, and the run goes on */
    bool non_fatal_call;      /* likewise a wrong result of a call */
    const char *init_scripts; /* commands to run first, with commas between; NULL: none */
    const char *code_command; /* the Python interpreter and its arguments; NULL: python3 */
    bool dry_run;
    bool verbose;
};

/*
 * Checks one option of a command line as engine_options_read() would those of a program; ERROR_USAGE. NAME may be cut
 * as long as it stands for one option only: COMPLETE is its whole name, in static storage, and IS_FLAG says that it has
 * no value. VALUE is NULL when it is not known yet, and not looked at then.
 */
MUST_USE bool engine_option_check(const char *name, const char *value, const char **complete, bool *is_flag,
                                  struct error *error);

/* "  --mtu=BYTES               of the device", a line for each option. */
void engine_options_print(struct text *text);

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

/* True if OPTION of a program is the one of this NAME, which is written with '_'. */
bool engine_option_is(const struct program_option *option, const char *name);

/* Diagnostics for every command, every block of code and every option that names programs to run of PROGRAM, for runs
 * in which none may be run. False if there is one. */
bool engine_check_no_shell(const struct program *program, struct diagnostics *diagnostics);

/* When the run must end, however far it is: its last scheduled event plus 30 s, or the program's `//: timeout`. */
nanoseconds engine_time_out(const struct program *program);

struct engine_settings {
    struct engine_options options;
    const struct trace_sink *trace;    /* may be NULL */
    const struct machine_watch *watch; /* may be NULL: no control timer */
    const char *title;                 /* the script's path, for messages and the trace */
    uint16_t first_port;               /* the harness's, where the script names none; 0: 49152 */
};

struct engine_result {
    enum verdict verdict;
    nanoseconds late;     /* how late the harness or the machine was at the worst, 0 if always in time */
    struct text headline; /* one line, plain words: "expected RST,ACK; got SYN,ACK"; empty on a pass */
    struct text detail;   /* the place in the script, both segments with marks, the trace up to there */
    unsigned line;        /* of the script that the headline is about; 0: of none */
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
