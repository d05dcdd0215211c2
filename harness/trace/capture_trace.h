/* SPDX-License-Identifier: MIT */
/*
 * A capture as a trace: what a packet is to the stack (sent by it, or sent to it) follows from its addresses.
 *
 * Without any side given, each TCP packet is told twice: as seen from the stack that sent it, and then as injected into
 * the stack that it goes to, so that both ends of every connection are judged. A capture doesn't tell whether a packet
 * arrived: its trace's `injected` is false, unless it was taken on the stack's own machine.
 */
#ifndef TRACE_CAPTURE_TRACE_H
#define TRACE_CAPTURE_TRACE_H

#include "trace/capture_file.h"
#include "trace/trace.h"

/* An address, or all that begin with the same bits. */
struct address_prefix {
    struct address address;
    unsigned bits;
};

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32"; false with ERROR_USAGE if it is none. */
MUST_USE bool address_prefix_parse(const char *string, struct address_prefix *prefix, struct error *error);

bool address_prefix_has(const struct address_prefix *prefix, const struct address *address);

struct capture_trace_settings {
    const struct address_prefix *sides; /* whose stacks are looked at */
    size_t side_count;                  /* 0: all */
    bool on_stack;                      /* the capture was taken where the stack is: what it has arrived */
};

/* What the capture held, and what could not be made use of. */
struct capture_summary {
    uint64_t packets;      /* the number of the last one read */
    uint64_t segments;     /* of TCP that were told */
    uint64_t not_tcp;      /* anything else that is sound */
    uint64_t aside;        /* of TCP between addresses that are on no side asked for */
    uint64_t unreadable;   /* cut before the end of the TCP header, or no headers at all */
    uint64_t fragments;    /* IP fragments: not put together */
    uint64_t unknown_link; /* of a link type that can't be read */
    uint32_t link_type;    /* the first of those */
    uint64_t clipped;      /* their text was cut by the snap length: taken for zeros */
    uint64_t out_of_order; /* earlier than one before it in the file: told in the order of their times */
    uint64_t backward;     /* by more than is put in order */
    uint64_t lost;         /* by whoever captured, as the file says */
    bool broken;           /* it could not be read to its end */
    char reason[512];      /* why */
};

/* Tells all of FILE to SINK. SUMMARY is kept up to date meanwhile, also for SINK to look at: `packets` is the number of
 * the one that an event is of. A file that is broken somewhere is told up to there. False only if SINK fails. */
MUST_USE bool capture_trace(struct capture_file *file, const struct capture_trace_settings *settings,
                            const struct trace_sink *sink, struct capture_summary *summary, struct error *error);

#endif
