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
    PARAMETER_LOCAL_ADDRESS,  /* ...: the stack's address and the bind port */
    PARAMETER_REMOTE_ADDRESS, /* ...: the harness's address and the connect port */
    PARAMETER_ADDRESS_LENGTH, /* ...: that of the address before it */
    PARAMETER_ADDRESS_OUT,    /* ...: room for any address, not looked at */
    PARAMETER_LENGTH_OUT,     /* a socklen_t with the room before it; [N] is what must come back */
    PARAMETER_DATA,           /* ...: zeros */
    PARAMETER_DATA_OUT,       /* ...: not looked at; a string is what must come back */
    PARAMETER_COUNT,          /* of the data before it */
    PARAMETER_OPTION,         /* [N], a string, a structure */
    PARAMETER_OPTION_OUT,     /* [N] is what must come back */
    PARAMETER_OPTION_LENGTH,  /* ...: that of the option before it */
};

/* Makes argument INDEX of PREPARED, which has the kind KIND. False with a diagnostic or `elsewhere`. */
bool call_argument_prepare(struct call_context *context, enum parameter_kind kind, size_t index,
                           struct prepared_call *prepared);

#endif
