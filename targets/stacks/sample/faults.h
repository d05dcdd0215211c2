/* SPDX-License-Identifier: MIT */
/*
 * Bugs on request, for those who test the tester. The stack knows nothing of them but that, at a handful of places, a
 * planted one may come first; without one each function here is as if it were not there. faults.c is the table.
 */
#ifndef SAMPLE_FAULTS_H
#define SAMPLE_FAULTS_H

#include "tcp.h"

/* Where and when a fault strikes: a segment in one of `states` (bits; without a connection it is that of CLOSED) with
 * all bits of `with` and none of `without`. */
struct fault_segment {
    unsigned states;
    uint8_t with;
    uint8_t without;
    /* May change the segment and the connection; false: that was all, the stack does nothing more. */
    bool (*strike)(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment);
};

/* Faults that are no more than a check left out. */
enum fault_quirk {
    QUIRK_NONE,
    QUIRK_ANY_SOURCE,
    QUIRK_ANY_REMOTE,
    QUIRK_EARLY_ACCEPT,
    QUIRK_CLOSE_LOSES,
};

struct fault {
    struct shakedown_fault told;
    struct fault_segment arrives;
    struct fault_segment leaves;
    /* Whether a packet goes to TCP, which is SOUND or not. */
    bool (*reads)(struct segment *segment, const uint8_t *packet, size_t length, bool sound);
    void (*starts)(struct shakedown_stack *stack, struct tcb *tcb);  /* the first SYN is about to go */
    void (*repeats)(struct shakedown_stack *stack, struct tcb *tcb); /* something is about to go again */
    void (*opens)(struct shakedown_stack *stack, struct tcb *tcb);
    void (*waits)(struct shakedown_stack *stack, struct tcb *tcb); /* in TIME-WAIT */
    enum fault_quirk quirk;
};

/* The fault NUMBER, or NULL. */
const struct fault *fault_find(uint32_t number);

/* As the ABI's `fault`. */
const struct shakedown_fault *fault_at(size_t index);

static inline bool fault_is(const struct shakedown_stack *stack, enum fault_quirk quirk)
{
    return stack->fault != NULL && stack->fault->quirk == quirk;
}

static inline bool fault_strikes(const struct fault_segment *fault, const struct tcb *tcb, uint8_t control)
{
    unsigned state = tcb == NULL ? CLOSED : tcb->state;
    return fault->strike != NULL && (fault->states >> state & 1) != 0 && (control & fault->with) == fault->with &&
           (control & fault->without) == 0;
}

static inline bool fault_arrives(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    return stack->fault == NULL || !fault_strikes(&stack->fault->arrives, tcb, segment->control) ||
           stack->fault->arrives.strike(stack, tcb, segment);
}

static inline bool fault_leaves(struct shakedown_stack *stack, struct tcb *tcb, struct segment *segment)
{
    return stack->fault == NULL || !fault_strikes(&stack->fault->leaves, tcb, segment->control) ||
           stack->fault->leaves.strike(stack, tcb, segment);
}

static inline bool fault_reads(const struct shakedown_stack *stack, struct segment *segment, const uint8_t *packet,
                               size_t length, bool sound)
{
    return stack->fault == NULL || stack->fault->reads == NULL ? sound
                                                               : stack->fault->reads(segment, packet, length, sound);
}

static inline void fault_starts(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (stack->fault != NULL && stack->fault->starts != NULL)
        stack->fault->starts(stack, tcb);
}

static inline void fault_repeats(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (stack->fault != NULL && stack->fault->repeats != NULL)
        stack->fault->repeats(stack, tcb);
}

static inline void fault_opens(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (stack->fault != NULL && stack->fault->opens != NULL)
        stack->fault->opens(stack, tcb);
}

static inline void fault_waits(struct shakedown_stack *stack, struct tcb *tcb)
{
    if (stack->fault != NULL && stack->fault->waits != NULL)
        stack->fault->waits(stack, tcb);
}

#endif
