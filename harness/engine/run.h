/* SPDX-License-Identifier: MIT */
/* The state of one run, and its parts. Private to the engine. */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/call.h"
#include "engine/caller.h"
#include "engine/child.h"
#include "engine/connection.h"
#include "engine/engine.h"
#include "engine/interpreter.h"
#include "engine/match.h"
#include "engine/resolve.h"
#include "engine/schedule.h"
#include "engine/signing.h"

#include <signal.h>

/* A packet of the stack's that no expectation has taken yet. */
struct run_frame {
    struct run_frame *next;
    struct interval time; /* since the start of the run */
    struct packet packet; /* decoded; its bytes are in the run's arena. If it is in others, the innermost one */
    struct encapsulation encapsulation; /* what it is in; its headers are in the arena, too */
    uint16_t open_flags; /* of several segments put together: bits that may be expected of the whole or not */
};

/* A call that was given to the caller's thread. */
struct run_call {
    struct prepared_call prepared;
    const struct event *event;
    nanoseconds due;
    uint32_t number;
};

/* A block of code that waits for the end of the run. */
struct run_code {
    struct run_code *next;
    const struct event *event;
    const char *facts; /* what it may use, as it was at its time */
    nanoseconds late;  /* how late the harness or the machine had been until then, if it was too late */
};

struct run {
    const struct program *program;
    struct stack *stack;
    const struct engine_settings *settings;
    struct engine_result *result;
    struct arena arena;
    nanoseconds origin; /* the stack's clock at time 0 */
    struct schedule schedule;
    struct connection *connections;
    size_t connection_count;
    size_t connection_capacity;
    size_t current;           /* the connection of the last segment; connection_count if there is none yet */
    bool listening;           /* a listen(), and no connect() since, and nothing injected */
    struct run_frame *frames; /* oldest first */
    struct run_frame **frames_end;
    const struct run_frame *taken;  /* the segment that was taken last, as expected or not; NULL if none was */
    struct tcp_header taken_script; /* its header in the script's numbers */
    struct names names;
    struct signing_keys keys;
    struct multipath multipath;
    struct descriptors descriptors;
    struct diagnostics diagnostics;
    struct evaluation evaluation;
    struct call_context calls;
    struct caller *caller;
    struct run_call pending; /* what the caller has, if it is busy */
    bool returned;           /* and it has returned */
    struct caller *beside;   /* makes what is to return at once while the caller has a call that blocks; or NULL */
    struct run_call besides; /* what it has or had */
    struct stack_return returned_value;
    struct prepared_call answered; /* the call that was held against the script last, */
    struct stack_return answer;    /* and what came back of it */
    uint32_t call_count;
    nanoseconds time_out;            /* of the whole run */
    struct child *command;           /* the one that runs, or NULL */
    char refused[128];               /* a setting that a command went on without; empty if there was none */
    struct interpreter *interpreter; /* NULL without code */
    struct run_code *codes;
    struct run_code **codes_end;
    uint16_t identification; /* of the next IPv4 packet */
    bool trace_failed;       /* its reader took no more; nothing is given to it since */
    struct text history;     /* the trace so far, as lines */
    uint8_t *buffer;         /* PACKET_SIZE_MOST bytes to build in */
    sigset_t signals;        /* the thread's mask before the run */
};

/* --- run.c --- */

/* Starts the clock and the trace. False: the run has ended. Either way run_conclude() is to follow. */
bool run_begin(struct run *run);

/* Performs one event. False: the run has ended, and its result says how. */
bool run_event(struct run *run, const struct event *event);

/* Runs the cleanup command, ends the trace with the verdict and frees RUN. */
void run_conclude(struct run *run);

/* Time since the start of the run. */
nanoseconds run_now(const struct run *run);

/* An interval of the stack's clock as one since the start of the run. */
struct interval run_interval(const struct run *run, struct interval monotonic);

/* Gives EVENT to the trace and to the history; false if the trace can't be written (the run is then an error). */
bool run_record(struct run *run, const struct trace_event *event);

/* Ends the run with the harness's own fault. Returns false. */
bool run_fault(struct run *run, const struct event *event, const struct error *error);

/* --- applicable.c --- */

/* False, with the verdict not applicable, if the stack can't do what the script needs: commands and code are for the
 * system that the harness runs on, and know nothing of a stack on a virtual clock. */
bool run_applicable(struct run *run);

/* --- wait.c --- */

/* Takes in what the link has, without waiting. False: the run has ended. */
bool run_take_in(struct run *run);

/* Waits until DEADLINE (since the start), taking in what comes; to within microseconds if EXACT. */
bool run_wait_until(struct run *run, nanoseconds deadline, bool exact);

/* As run_wait_until() for a packet that is to be sent: on a virtual clock it goes before what else is due then. */
bool run_wait_to_inject(struct run *run, nanoseconds due);

/* Waits for a packet or a call's return, at most until DEADLINE. */
bool run_wait_any(struct run *run, nanoseconds deadline);

/* Waits until DESCRIPTOR can be read, taking in what comes. */
bool run_wait_readable(struct run *run, int descriptor);

/* --- together.c --- */

/*
 * Where EVENT expects more payload than FRAME, the packet of the stack's that came, has, takes the segments that follow
 * it without a gap, at most until DEADLINE, and makes FRAME one of all of them: a stack may cut what a script writes as
 * one. False: the run has ended.
 */
bool run_put_together(struct run *run, const struct event *event, struct run_frame *frame, nanoseconds deadline);

/* --- wait_virtual.c --- */

/* As long as nothing happens at this instant, moves the virtual clock on, at most to LIMIT, and lets the stack do what
 * is due: without TIMERS only what is due before LIMIT. */
bool run_step(struct run *run, nanoseconds limit, bool timers);

/* The same until it is LIMIT. */
bool run_step_until(struct run *run, nanoseconds limit, bool timers);

/* --- perform_command.c --- */

/* Runs the script's init command. False: it failed. */
bool run_init_command(struct run *run);

/* Runs an in-line command and waits for its end, taking in what comes. */
bool run_command_event(struct run *run, const struct event *event);

/* Runs the script's cleanup command; its failure makes a pass an error. */
void run_cleanup_command(struct run *run);

/* --- perform_code.c --- */

/* Starts the interpreter if the script has code. */
bool run_start_interpreter(struct run *run);

/* Keeps what a block of code may use; the block itself runs at the end of the run, where it makes nothing late. */
bool run_code_event(struct run *run, const struct event *event);

/* Runs all blocks that were kept. */
bool run_codes(struct run *run);

/* --- select_connection.c, segment.c --- */

/* The initial sequence numbers by which PACKET (live numbers) is authenticated: RFC 5925 section 5.2. */
struct authentication_numbers run_numbers(const struct connection *connection, const struct packet *packet,
                                          bool injected);

/* The connection that PACKET, a segment or datagram of the stack's, belongs to, made if it is not there yet; NULL if
 * memory ran out. It is the one used last then. */
struct connection *run_connection_of_sent(struct run *run, const struct packet *packet);

/* The connection that PATTERN, a segment or datagram that is to be injected, belongs to, by its addresses and ports or,
 * without, the one used last; as above. Names of addresses get their values. */
struct connection *run_connection_to_inject(struct run *run, const struct pattern *pattern);

/* The connection with these ends, or one with these ports to which addresses don't matter; NULL if there is none. The
 * one used last, of TCP or of UDP, or NULL. */
struct connection *run_find_connection(const struct run *run, bool datagrams, const struct endpoints *ends);
struct connection *run_current(const struct run *run, bool datagrams);

/* The addresses of CONNECTION (may be NULL) if they are of the version asked for, else those of the stack and the
 * harness. */
struct endpoints run_ends(const struct run *run, const struct connection *connection, bool six);

/* Makes PATTERN one for the run's IP version and for the UDP port that the script's options give, if they do. */
void run_adapt_pattern(const struct run *run, struct pattern *pattern);

/* The version that the run's segments have on the wire. */
enum packet_network run_network(const struct run *run);

/* Ends the run because memory ran out. Returns false. */
bool run_fault_memory(struct run *run, const struct event *event);

/* --- frame.c --- */

/* Takes off what FRAME's packet is in, as far as that can be told. False if memory ran out. */
bool frame_unwrap(struct run *run, struct run_frame *frame);

/* False for packets that a script's silence is not about (router solicitations, ICMP). */
bool frame_counts(const struct run_frame *frame);

/* True if FRAME may be the one that PATTERN expects: on its connection, or on one that is new. */
bool frame_is_candidate(const struct run *run, const struct pattern *pattern, const struct run_frame *frame);

/* The packet of FRAME with what it quotes, if it is an ICMP message, in the script's numbers; it may be in the arena.
 * False if memory ran out. */
bool frame_map_message(struct run *run, const struct run_frame *frame, struct packet *packet);

/* --- inject_around.c --- */

/* Makes the packet that PATTERN's ICMP message quotes, if it does, its payload: ICMP_QUOTE_SIZE_MOST bytes at BUFFER at
 * most. False: the run has ended. */
bool inject_quote(struct run *run, const struct event *event, struct pattern *pattern, uint8_t *buffer);

/* What PATTERN is in, with what the script left open filled in; its headers are copied to HEADERS. */
void inject_outer(const struct pattern *pattern, struct outer_header headers[ENCAPSULATION_HEADERS_MOST],
                  struct encapsulation *encapsulation);

/* --- inject.c, expect.c --- */

/* The answers that an expectation allows, besides silence: how many, and each by its place. */
ALWAYS_INLINE size_t event_answer_count(const struct event *event)
{
    return event->other_count + 1;
}

ALWAYS_INLINE const struct pattern *event_answer(const struct event *event, size_t index)
{
    return index == 0 ? &event->pattern : &event->others[index - 1];
}

/* Performs an injection, an expectation, a stretch of silence. False: the run has ended. */
bool run_inject(struct run *run, const struct event *event);
bool run_expect(struct run *run, const struct event *event);
bool run_nothing(struct run *run, const struct event *event);

/* Takes the oldest segment that none took before, of whatever connection; CAME says whether there was one by DEADLINE.
 * False: the run has ended. */
bool run_receive(struct run *run, nanoseconds deadline, bool *came);

/* --- perform_call.c --- */

bool run_call_event(struct run *run, const struct event *event);

/* Waits for a call that still blocks and checks it. */
bool run_finish_call(struct run *run);

/* As run_finish_call() for a call that may return at any time up to DEADLINE. */
bool run_finish_call_by(struct run *run, nanoseconds deadline);

/* --- verdict.c --- */

/* What was expected and did not happen; HEADLINE is the sentence, DETAIL (may be NULL) the lines under the place.
 * Returns false. */
bool run_fail(struct run *run, const struct event *event, const char *headline, const struct text *detail);

/*
 * As run_fail() for something that came, or had not come, MISS outside its window (below zero: too early) in the time
 * up to UNTIL: a machine or harness that was late by as much makes it inconclusive.
 */
bool run_fail_time(struct run *run, const struct event *event, nanoseconds miss, nanoseconds until,
                   const char *headline);

/* As run_fail() for something that was at fault before: LATE is how late the harness or the machine was then. */
bool run_fail_late(struct run *run, const struct event *event, nanoseconds late, const char *headline,
                   const struct text *detail);

/* How late the harness or the machine has been since SINCE; 0 if no more than the run tolerates. */
nanoseconds run_lateness(const struct run *run, nanoseconds since);

/* As run_fault(), with lines under the place. */
bool run_fault_detailed(struct run *run, const struct event *event, const struct error *error,
                        const struct text *detail);

/* --- explain.c --- */

/* "SYN,ACK", "no control bits". */
void explain_flags(struct text *text, uint16_t flags);

/* What kind of packet it is, as one says it: "SYN,ACK", "a UDP datagram", "ICMP unreachable port_unreachable". */
void explain_packet(struct text *text, const struct packet *packet);
void explain_pattern(struct text *text, const struct pattern *pattern);

/* One sentence on how ACTUAL (script's numbers) is not what PATTERN expects. */
void explain_headline(struct text *text, const struct pattern *pattern, const struct packet *actual,
                      const struct match *match);

/* Both segments one under the other, with carets under the fields that differ. */
void explain_segments(struct text *text, const struct pattern *pattern, const struct packet *actual,
                      const struct match *match);

/* --- explain_answers.c --- */

/* What came held against each of the answers that an event allows. Zero but for the event at first. */
struct answers {
    const struct event *event;
    size_t told;         /* how many were looked at */
    size_t same_flags;   /* how many of them have the control bits that came, or are all that is allowed */
    struct text nearest; /* what is wrong by the first of those; freed by whoever has the structure */
};

/* Notes how ACTUAL is not what PATTERN, the next of the answers, expects; both segments go to DETAIL. */
void explain_answer(struct answers *answers, const struct pattern *pattern, const struct packet *actual,
                    const struct match *match, struct text *detail);

/* One sentence on how ACTUAL is none of them. */
void explain_answers(struct text *text, const struct answers *answers, const struct packet *actual);

/* "SYN,ACK or nothing": what EVENT, an expectation, allows. */
void explain_expected(struct text *text, const struct event *event);

/* --- explain.c --- */

/* "12.5 ms", "1.004 s". */
void explain_span(struct text *text, nanoseconds span);

#endif
