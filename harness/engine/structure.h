/* SPDX-License-Identifier: MIT */
/*
 * Structures that system calls take and give back, as data: a row a structure, a row a member. One table serves both
 * directions, a script's value into memory and memory held against a script's value.
 */
#ifndef ENGINE_STRUCTURE_H
#define ENGINE_STRUCTURE_H

#include "engine/call.h"

enum member_kind {
    MEMBER_UNSIGNED, /* 1 to 8 bytes */
    MEMBER_SIGNED,
    MEMBER_BITS,       /* `bits` of them from `shift` on, in one byte or four */
    MEMBER_DESCRIPTOR, /* an int: the script's number of a descriptor, the live one in memory */
    MEMBER_ADDRESS,    /* a struct sockaddr_storage */
    MEMBER_TEXT,       /* characters, or bytes; what is not written is zero */
};

struct structure_member {
    const char *name; /* as scripts write it */
    enum member_kind kind;
    size_t offset;
    size_t size;
    unsigned shift; /* MEMBER_BITS */
    unsigned bits;
};

struct structure_row {
    const char *option; /* the socket option whose value it is; NULL if it is none's */
    size_t size;
    const struct structure_member *members;
    size_t member_count;
    bool stamp; /* a time: seconds and nanoseconds, the script's own in a script, CLOCK_REALTIME in memory */
};

extern const struct structure_row structure_pollfd;
extern const struct structure_row structure_epoll_event;
extern const struct structure_row structure_tcp_info;

/* The i-th structure that can be an option's value or a control message's data; NULL past the last. */
const struct structure_row *structure_at(size_t index);

/*
 * The structure that VALUE, `{name = value, ...}`, is: the first that has members of all its names. Where it names none
 * it is that of the socket option OPTION (NULL: unknown). NULL without a diagnostic if there is none.
 */
const struct structure_row *structure_find(const struct value *value, const char *option);

/* Number of a member that is one, from SIZE bytes at DATA; 0 for what lies behind them. */
int64_t structure_member_number(const struct structure_member *member, const uint8_t *data, size_t size);

/*
 * Puts VALUE into the ROW->size zeroed bytes at DATA. Members without names are taken in order; `...` leaves a member
 * as it is. False with a diagnostic or `elsewhere`.
 */
bool structure_store(struct call_context *context, const struct structure_row *row, const struct value *value,
                     uint8_t *data);

/*
 * Holds BYTES against VALUE, member by member; `...` fits anything. False with a sentence in the comparison's mismatch,
 * or without one and with a diagnostic.
 */
bool structure_check(const struct call_comparison *comparison, const struct structure_row *row,
                     const struct value *value, struct bytes bytes);

#endif
