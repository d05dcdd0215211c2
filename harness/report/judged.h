/* SPDX-License-Identifier: MIT */
/* What came out of judging recorded traffic: a verdict for each connection and each requirement. */
#ifndef REPORT_JUDGED_H
#define REPORT_JUDGED_H

#include "spec/judge.h"
#include "suite/catalogue.h"
#include "suite/deviations.h"
#include "trace/capture_trace.h"

enum {
    JUDGED_EXCERPTS_MOST = 20,
    JUDGED_LINES_BEFORE = 4,
    JUDGED_LINES_AFTER = 2,
    JUDGED_LINES_MOST = JUDGED_LINES_BEFORE + 1 + JUDGED_LINES_AFTER,
};

/* Lines of one connection around a violation of its. */
struct judged_excerpt {
    struct judge_ends ends;
    uint64_t packet; /* the one at fault */
    size_t count;    /* of lines */
    size_t after;    /* of those that came later than it */
    bool reached;    /* it is among them */
    char *lines[JUDGED_LINES_MOST];
};

struct judged {
    const char *name; /* of the file */
    const struct spec *spec;
    const struct judge *judge;
    const struct catalogue *catalogue;     /* or NULL */
    const struct capture_summary *summary; /* or NULL, for a trace */
    const char *cut;                       /* why the file was not read to its end; NULL: it was */
    const uint64_t *packets;               /* of each violation: the packet's number, from 1 */
    const struct deviations *deviations;   /* that are known of the stack; or NULL */
    struct judged_excerpt excerpts[JUDGED_EXCERPTS_MOST];
    size_t excerpt_count; /* of the first violations; 0: the file can't be read twice */
    bool every;           /* a line for connections that passed, too */
};

/* A sink's function, of a second reading: keeps the lines of the excerpts. NUMBER is of the packet. False if memory ran
 * out. */
MUST_USE bool judged_excerpt_take(struct judged *judged, const struct trace_event *event, uint64_t number);

void judged_excerpts_free(struct judged *judged);

/* For people: what failed first, then what is inconclusive and why, the requirements, the totals. */
void judged_print_text(struct text *text, const struct judged *judged);

/* JSON Lines: an object for the capture, for each connection and each requirement that was met, and one of type
 * "summary" at the end. Calls GIVE with CONTEXT now and then to take what is there and to empty it. */
void judged_print_json(struct text *text, const struct judged *judged, void (*give)(void *context, struct text *text),
                       void *context);

/* "192.0.2.1.80 with 192.0.2.2.40000", the stack first, ports as tcpdump prints them. */
void judged_print_ends(struct text *text, const struct judge_ends *ends);

/* The known deviation that VIOLATION is, or NULL. */
const struct deviation *judged_deviation(const struct judged *judged, const struct judge_violation *violation);

/* How many connections have that verdict, and how many there are. */
uint64_t judged_count(const struct judged *judged, enum verdict verdict);
uint64_t judged_total(const struct judged *judged);

#endif
