/* SPDX-License-Identifier: MIT */
/*
 * Collects initial sequence numbers: opens connections to a stack and has it open connections, and resets each as soon
 * as its number is known.
 */
#ifndef ISN_COLLECT_H
#define ISN_COLLECT_H

#include "isn/samples.h"
#include "stack/stack.h"

enum {
    ISN_COUNT_LEAST = 16,
    ISN_COUNT_MOST = 50000, /* there are not many more ports */
};

struct isn_plan {
    size_t count; /* of each series */
    bool active;  /* the stack can open connections, too */
    bool ipv6;    /* over that, else IPv4 */
};

/*
 * Fills SAMPLES from STACK at an uneven pace: at least a millisecond a number on an average, and no series
 * in less than six tenths of a second, both on the stack's clock. Gaps of two lengths take turns, so that what grows
 * with time can be told from what grows with each connection. False with an error if the stack doesn't answer;
 * end with isn_samples_free() in any case.
 */
MUST_USE bool isn_collect(struct stack *stack, const struct isn_plan *plan, struct isn_samples *samples,
                          struct error *error);

#endif
