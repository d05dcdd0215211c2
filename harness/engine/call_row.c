/* SPDX-License-Identifier: MIT */
#include "engine/call_row.h"

#include "base/nearest_name.h"

#define P(kind) PARAMETER_##kind
/* Call, least number of arguments, gives a descriptor, may block; then the parameters. */
#define ROW(call, least, descriptor, block, ...)                    \
    {                                                               \
        STACK_##call, (least), {__VA_ARGS__}, (descriptor), (block) \
    }

/* Names as scripts write them come from stack_operation_name(). */
static const struct call_row rows[] = {
    ROW(SOCKET, 3, true, false, P(DOMAIN), P(INTEGER), P(INTEGER)),
    ROW(BIND, 3, false, false, P(DESCRIPTOR), P(LOCAL_ADDRESS), P(ADDRESS_LENGTH)),
    ROW(LISTEN, 2, false, false, P(DESCRIPTOR), P(INTEGER)),
    ROW(ACCEPT, 3, true, true, P(DESCRIPTOR), P(ADDRESS_OUT), P(LENGTH_OUT)),
    ROW(ACCEPT4, 4, true, true, P(DESCRIPTOR), P(ADDRESS_OUT), P(LENGTH_OUT), P(INTEGER)),
    ROW(CONNECT, 3, false, true, P(DESCRIPTOR), P(REMOTE_ADDRESS), P(ADDRESS_LENGTH)),
    ROW(CLOSE, 1, false, true, P(DESCRIPTOR)),
    ROW(SHUTDOWN, 2, false, false, P(DESCRIPTOR), P(INTEGER)),
    ROW(READ, 3, false, true, P(DESCRIPTOR), P(DATA_OUT), P(COUNT)),
    ROW(WRITE, 3, false, true, P(DESCRIPTOR), P(DATA), P(COUNT)),
    ROW(READV, 3, false, true, P(DESCRIPTOR), P(VECTOR_OUT), P(INTEGER)),
    ROW(WRITEV, 3, false, true, P(DESCRIPTOR), P(VECTOR), P(INTEGER)),
    ROW(SEND, 4, false, true, P(DESCRIPTOR), P(DATA), P(COUNT), P(INTEGER)),
    ROW(SENDTO, 6, false, true, P(DESCRIPTOR), P(DATA), P(COUNT), P(INTEGER), P(REMOTE_ADDRESS), P(ADDRESS_LENGTH)),
    ROW(SENDMSG, 3, false, true, P(DESCRIPTOR), P(MESSAGE), P(INTEGER)),
    ROW(RECV, 4, false, true, P(DESCRIPTOR), P(DATA_OUT), P(COUNT), P(INTEGER)),
    ROW(RECVFROM, 6, false, true, P(DESCRIPTOR), P(DATA_OUT), P(COUNT), P(INTEGER), P(ADDRESS_OUT), P(LENGTH_OUT)),
    ROW(RECVMSG, 3, false, true, P(DESCRIPTOR), P(MESSAGE_OUT), P(INTEGER)),
    ROW(FCNTL, 2, false, false, P(DESCRIPTOR), P(INTEGER), P(INTEGER)),
    ROW(IOCTL, 2, false, false, P(DESCRIPTOR), P(INTEGER), P(NUMBER_BOTH)),
    ROW(GETSOCKOPT, 5, false, false, P(DESCRIPTOR), P(INTEGER), P(INTEGER), P(OPTION_OUT), P(LENGTH_OUT)),
    ROW(SETSOCKOPT, 5, false, false, P(DESCRIPTOR), P(INTEGER), P(INTEGER), P(OPTION), P(OPTION_LENGTH)),
    ROW(GETSOCKNAME, 3, false, false, P(DESCRIPTOR), P(ADDRESS_OUT), P(LENGTH_OUT)),
    ROW(GETPEERNAME, 3, false, false, P(DESCRIPTOR), P(ADDRESS_OUT), P(LENGTH_OUT)),
    ROW(POLL, 3, false, true, P(POLL), P(INTEGER), P(INTEGER)),
    ROW(EPOLL_CREATE, 1, true, false, P(INTEGER)),
    ROW(EPOLL_CREATE1, 1, true, false, P(INTEGER)),
    ROW(EPOLL_CTL, 4, false, false, P(DESCRIPTOR), P(INTEGER), P(DESCRIPTOR), P(EPOLL)),
    ROW(EPOLL_WAIT, 4, false, true, P(DESCRIPTOR), P(EPOLL_OUT), P(INTEGER), P(INTEGER)),
    ROW(OPEN, 2, true, true, P(PATH), P(INTEGER), P(INTEGER)),
    ROW(PIPE, 1, false, false, P(DESCRIPTORS_OUT)),
    ROW(PIPE2, 2, false, false, P(DESCRIPTORS_OUT), P(INTEGER)),
    ROW(DUP, 1, true, false, P(DESCRIPTOR)),
    ROW(SPLICE, 6, false, true, P(DESCRIPTOR), P(OFFSET), P(DESCRIPTOR), P(OFFSET), P(INTEGER), P(INTEGER)),
    ROW(SENDFILE, 4, false, true, P(DESCRIPTOR), P(DESCRIPTOR), P(OFFSET), P(INTEGER)),
};
_Static_assert(COUNT_OF(rows) == STACK_OPERATION_COUNT, "a row for every operation of a stack");

/* Calls of FreeBSD, macOS and the SCTP libraries, in the order of strcmp(). */
static const char *const elsewhere[] = {
    "kevent",     "kqueue",    "sctp_bindx",   "sctp_connectx", "sctp_peeloff", "sctp_recvmsg",
    "sctp_recvv", "sctp_send", "sctp_sendmsg", "sctp_sendv",    "sctp_sendx",
};

static const char *name_at(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(rows) ? stack_operation_name(rows[index].operation) : NULL;
}

const struct call_row *call_row_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(stack_operation_name(rows[i].operation), name) == 0)
            return &rows[i];
    return NULL;
}

const char *call_row_nearest(const char *name)
{
    return nearest_name(name, strlen(name), name_at, NULL);
}

bool call_row_elsewhere(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
        if (strcmp(elsewhere[i], name) == 0)
            return true;
    return false;
}

size_t call_row_most(const struct call_row *row)
{
    size_t most = 0;
    while (most < STACK_ARGUMENTS_MOST && row->parameters[most] != PARAMETER_NONE)
        most++;
    return most;
}
