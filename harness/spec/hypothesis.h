/* SPDX-License-Identifier: MIT */
/*
 * What a stack may be in: a state with its variables, what it owes, and the choices that it made. A plain value,
 * without pointers: a set of them is copied, tried and thrown away. Private to this room.
 */
#ifndef SPEC_HYPOTHESIS_H
#define SPEC_HYPOTHESIS_H

#include "spec/segment.h"
#include "spec/spec.h"

enum { HYPOTHESIS_DUES = 2 };

/* A segment that the stack owes. */
struct due {
    nanoseconds since;
    nanoseconds deadline;
    uint32_t sequence[2]; /* from, to */
    uint32_t acknowledgment[2];
    uint16_t row;
    uint8_t outcome;
    uint8_t open;  /* enum due_open */
    uint8_t times; /* that it is owed */
};
enum due_open { DUE_ANY_SEQUENCE = 1, DUE_ANY_ACKNOWLEDGMENT = 2, DUE_EXCUSED = 4 };

struct hypothesis {
    uint32_t variables[SPEC_OWN_VARIABLES];
    uint32_t known; /* bits of variables */
    uint16_t chosen;
    uint8_t state;    /* enum spec_state */
    uint8_t facts;    /* bits of enum spec_fact: PASSIVE, FIN_HELD */
    uint8_t sent;     /* enum segment_option: in the stack's own SYN */
    uint8_t received; /* in its peer's */
    uint8_t sent_scale;
    uint8_t received_scale;
    uint8_t sent_ecn;     /* AE, CWR and ECE of the stack's own SYN */
    uint8_t received_ecn; /* of its peer's */
    uint8_t arrived_ecn;  /* the IP header's ECN field that this came with */
    uint8_t repeats;      /* of its SYN */
    bool first_ack;       /* the segment sent last is the first with an ACK */
    uint8_t due_count;
    uint32_t interval;      /* milliseconds to the first repetition of its SYN, where that came late; else 0 */
    nanoseconds first_sent; /* its SYN; NANOSECONDS_NEVER */
    nanoseconds last_sent;
    nanoseconds throttled; /* when an answer was due last whose rate may be limited; NANOSECONDS_NEVER */
    struct due dues[HYPOTHESIS_DUES];
    /* From here on two that differ are one for all that: see hypothesis_same(). */
    nanoseconds entered; /* the state */
    nanoseconds heard;   /* when a segment arrived last */
    uint16_t last_row;   /* of the last segment that arrived; SPEC_NO_NODE */
    uint16_t lax_row;    /* that was left out last, of those that should be kept; SPEC_NO_NODE */
    uint8_t cost;        /* how many of those were */
};

/* `interval` of a SYN that was not repeated when it should have been, and has not been since. */
enum { INTERVAL_OVERDUE = UINT32_MAX };

/* True if LEFT and RIGHT differ in nothing but since when. */
ALWAYS_INLINE bool hypothesis_same(const struct hypothesis *left, const struct hypothesis *right)
{
    return left->state == right->state && memcmp(left, right, offsetof(struct hypothesis, entered)) == 0;
}

/* As hypothesis_same(), with whatever they owe. */
ALWAYS_INLINE bool hypothesis_same_but_dues(const struct hypothesis *left, const struct hypothesis *right)
{
    const size_t behind = offsetof(struct hypothesis, due_count) + sizeof(left->due_count);
    return left->state == right->state && memcmp(left, right, offsetof(struct hypothesis, due_count)) == 0 &&
           memcmp((const char *)left + behind, (const char *)right + behind,
                  offsetof(struct hypothesis, dues) - behind) == 0;
}

/* True if FLAGS has all bits that BITS asks for, and none that it forbids. */
ALWAYS_INLINE bool spec_bits_fit(const struct spec_bits *bits, uint16_t flags)
{
    return (flags & bits->all) == bits->all && (flags & bits->none) == 0;
}

/* What conditions ask for: facts, and variables once one was asked for. */
struct view_numbers {
    uint32_t of[SPEC_VARIABLE_COUNT + 1]; /* and a 0 for none of them */
    uint32_t known;                       /* bits of variables */
    uint16_t facts;                       /* bits of enum spec_fact */
    bool there;                           /* the variables are */
};

/* What rules are looked at with. */
struct view {
    const struct spec *spec;
    const struct hypothesis *hypothesis;
    const struct segment *segment; /* may be NULL */
    uint32_t mask;                 /* of the sequence space: 2^k - 1 */
    uint32_t crowd;
    uint32_t next;   /* RCV.NXT, which may be one of several */
    uint32_t recent; /* and TS.RECENT */
    bool lossless;   /* what was injected was taken */
    bool to_stack;   /* the direction of `segment` */
    nanoseconds now;
    struct view_numbers *numbers; /* what was found out of all of the above, for a view that is asked often; or NULL */
};

enum truth { TRUTH_NO, TRUTH_YES, TRUTH_OPEN };

ALWAYS_INLINE bool hypothesis_knows(const struct hypothesis *hypothesis, enum spec_variable variable)
{
    return (hypothesis->known >> variable & 1) != 0;
}

ALWAYS_INLINE void hypothesis_set(struct hypothesis *hypothesis, enum spec_variable variable, uint32_t value)
{
    hypothesis->variables[variable] = value;
    hypothesis->known |= UINT32_C(1) << variable;
}

/* True if A comes before B in the half of the sequence space before B. */
ALWAYS_INLINE bool sequence_before(uint32_t a, uint32_t b, uint32_t mask)
{
    return ((a - b) & mask) > mask >> 1;
}

/* SEG.WND of VIEW's segment, scaled as agreed. */
uint32_t view_window(const struct view *view);

/* Makes NUMBERS those of VIEW, which is to be asked often. */
void view_begin(struct view *view, struct view_numbers *numbers);

/* The condition that node INDEX is; SPEC_NO_NODE is true. TRUTH_OPEN if it depends on what isn't known. */
enum truth view_condition_asked(const struct view *view, uint16_t index);
ALWAYS_INLINE enum truth view_condition(const struct view *view, uint16_t index)
{
    if (index == SPEC_NO_NODE)
        return TRUTH_YES;
    const struct spec_facts *facts = &view->spec->nodes[index].facts;
    if (view->numbers != NULL &&
        ((view->numbers->facts & facts->all) != facts->all || (view->numbers->facts & facts->none) != 0))
        return TRUTH_NO;
    return view_condition_asked(view, index);
}

/* The number, or the ends of the interval, that node INDEX is; false if it isn't known. */
bool view_number(const struct view *view, uint16_t index, uint32_t ends[2]);

/* As view_number(), from the least that RCV.NXT may be up to the most. */
bool view_number_up_to(const struct view *view, uint16_t index, uint32_t ends[2]);

/* A connection in STATE of which nothing is known. */
struct hypothesis hypothesis_in(enum spec_state state);

/* Applies the effects of OUTCOME and its next state to INTO, a copy of VIEW's hypothesis. */
void hypothesis_apply(const struct view *view, const struct spec_outcome *outcome, struct hypothesis *into);

/* What HYPOTHESIS owes at INDEX it owes no longer. */
ALWAYS_INLINE void hypothesis_pay(struct hypothesis *hypothesis, unsigned index)
{
    hypothesis->dues[index] = hypothesis->dues[hypothesis->due_count - 1];
    hypothesis->dues[--hypothesis->due_count] = (struct due){0};
}

/* Notes that the stack sent VIEW's segment; all but the timestamp that it echoes, which hypothesis_echoed() notes once
 * it was found right. */
void hypothesis_sent(const struct view *view, struct hypothesis *into);
void hypothesis_echoed(const struct view *view, struct hypothesis *into);

#endif
