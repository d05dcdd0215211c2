/* SPDX-License-Identifier: MIT */
#include "spec/calls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
    const char *name;
    int level; /* of setsockopt(); 0: in any case */
    int option;
    uint8_t calls;
} socket_calls[] = {
    {"close", 0, 0, 1U << SPEC_CALL_CLOSE},
    {"shutdown", 0, 0, 1U << SPEC_CALL_CLOSE},
    {"setsockopt", SOL_SOCKET, SO_LINGER, 1U << SPEC_CALL_ABORT},
    /* To be given up after so long is an ABORT that was called in advance. */
    {"setsockopt", SOL_SOCKET, SO_KEEPALIVE, 1U << SPEC_CALL_ABORT},
    {"setsockopt", IPPROTO_TCP, TCP_USER_TIMEOUT, 1U << SPEC_CALL_ABORT},
    {"setsockopt", IPPROTO_TCP, TCP_SYNCNT, 1U << SPEC_CALL_ABORT},
};
/* connect() to an address of no family dissolves a connection. */
static const char nowhere[] = "{ port";
/* The number that is argument INDEX of ARGUMENTS; 0 if it is none. */
static int argument_at(const char *arguments, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        arguments += strcspn(arguments, ",");
        arguments += strspn(arguments, ", ");
    }
    return (int)strtol(arguments, NULL, 10);
}

uint8_t calls_of(const char *name, const char *arguments)
{
    uint8_t calls = 0;
    for (size_t i = 0; i < COUNT_OF(socket_calls); i++) {
        if (strcmp(name, socket_calls[i].name) != 0)
            continue;
        if (socket_calls[i].level == 0 ||
            (argument_at(arguments, 1) == socket_calls[i].level && argument_at(arguments, 2) == socket_calls[i].option))
            calls |= socket_calls[i].calls;
    }
    if (strcmp(name, "connect") == 0 && strstr(arguments, nowhere) != NULL)
        calls |= 1U << SPEC_CALL_ABORT;
    return calls;
}
