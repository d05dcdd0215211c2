/* SPDX-License-Identifier: MIT */
/* One argument of a system call: from what a script writes to what the system takes. */
#ifndef ENGINE_CALL_ARGUMENT_H
#define ENGINE_CALL_ARGUMENT_H

#include "engine/call.h"

/* What the parameters of the system calls are; `...` means for each what a test would want. */
enum parameter_kind {
    PARAMETER_NONE,
    PARAMETER_DOMAIN, /* ...: the family of the run's IP version */
    PARAMETER_INTEGER,
    PARAMETER_DESCRIPTOR,
    PARAMETER_LOCAL_ADDRESS,   /* ...: the stack's address and the bind port */
    PARAMETER_REMOTE_ADDRESS,  /* ...: the harness's address and the connect port */
    PARAMETER_ADDRESS_LENGTH,  /* ...: that of the address before it */
    PARAMETER_ADDRESS_OUT,     /* ...: room for any address, not looked at; a structure is what must come back */
    PARAMETER_LENGTH_OUT,      /* a socklen_t with the room before it; [N] is what must come back */
    PARAMETER_DATA,            /* ...: zeros; NULL */
    PARAMETER_DATA_OUT,        /* ...: not looked at; a string is what must come back; NULL */
    PARAMETER_COUNT,           /* of the data before it */
    PARAMETER_OPTION,          /* [N], [N, M], a string, a structure */
    PARAMETER_OPTION_OUT,      /* the same is what must come back */
    PARAMETER_OPTION_LENGTH,   /* ...: that of the option before it */
    PARAMETER_NUMBER_BOTH,     /* [N]: an int that is given or must come back; NULL or a plain number as they are */
    PARAMETER_VECTOR,          /* [{..., 10}, {"text", 4}] */
    PARAMETER_VECTOR_OUT,      /* the same; a string is what must come back */
    PARAMETER_MESSAGE,         /* a msghdr */
    PARAMETER_MESSAGE_OUT,     /* a msghdr; its name, data, flags and control messages are what must come back */
    PARAMETER_POLL,            /* [{fd=3, events=POLLIN, revents=POLLIN}]; revents is what must come back */
    PARAMETER_EPOLL,           /* {events=EPOLLIN, fd=3}, or NULL */
    PARAMETER_EPOLL_OUT,       /* the same, or a list of them, is what must come back */
    PARAMETER_PATH,            /* a string */
    PARAMETER_DESCRIPTORS_OUT, /* [5, 6]: what the script calls two descriptors that come back */
    PARAMETER_OFFSET,          /* [N]: a loff_t; NULL */
    PARAMETER_KIND_COUNT
};

/* What an argument is made from. */
struct argument {
    struct call_context *context;
    struct prepared_call *prepared;
    size_t index;
    const struct value *value;
    struct stack_argument *made; /* prepared->call.arguments[index] */
};

/* The most bytes that a script can send or ask for at once. */
enum { CALL_DATA_MOST = 64 * 1024 * 1024 };

/* Makes argument INDEX of PREPARED, which has the kind KIND. False with a diagnostic or `elsewhere`. */
bool call_argument_prepare(struct call_context *context, enum parameter_kind kind, size_t index,
                           struct prepared_call *prepared);

/* Room of SIZE zeroed bytes for the argument; NULL with a diagnostic. */
void *argument_room(const struct argument *argument, size_t size);

/* VALUE is what the argument must hold when the call has returned. */
void argument_expect(const struct argument *argument, enum output_kind kind, const struct value *value);

/* NULL or 0: no memory is given. */
bool argument_is_null(const struct value *value);

/* A diagnostic at VALUE. Returns false. */
bool argument_fail(const struct argument *argument, const struct value *value, const char *message);

/* A number from 0 to MOST. */
bool argument_count(const struct argument *argument, const struct value *value, size_t most, size_t *count);

/* --- call_message.c --- */

bool argument_vector(const struct argument *argument);
bool argument_vector_out(const struct argument *argument);
bool argument_message(const struct argument *argument);
bool argument_message_out(const struct argument *argument);

bool output_check_vector(const struct call_comparison *comparison, const struct call_output *output);
bool output_check_message(const struct call_comparison *comparison, const struct call_output *output);

/* --- call_control.c --- */

/* Control messages that LIST, [{cmsg_level=..., cmsg_type=..., cmsg_data=...}], says are to be sent. */
bool argument_control(const struct argument *argument, const struct value *list, struct bytes *control);

/* Holds the control messages that came against LIST. */
bool output_check_control(const struct call_comparison *comparison, const struct value *list, struct bytes came);

/* --- call_poll.c --- */

bool argument_poll(const struct argument *argument);
bool argument_epoll(const struct argument *argument);
bool argument_epoll_out(const struct argument *argument);

bool output_check_poll(const struct call_comparison *comparison, const struct call_output *output);
bool output_check_epoll(const struct call_comparison *comparison, const struct call_output *output);

/* --- call_output.c --- */

/* Holds one output of a call that succeeded against the script. */
bool call_output_check(const struct call_comparison *comparison, const struct call_output *output);

/* Holds bytes against [N], [N, M], a string or a structure. */
bool output_check_value(const struct call_comparison *comparison, const struct value *expected, struct bytes came);

#endif
