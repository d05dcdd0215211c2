/* SPDX-License-Identifier: MIT */
/* A stack under test: socket calls on it, and the link that packets reach it by. */
#ifndef STACK_STACK_H
#define STACK_STACK_H

#include "base/clock.h"
#include "base/error.h"
#include "link/link.h"

/* The calls that a stack can be asked for, by their POSIX names. */
#define STACK_OPERATIONS(X)         \
    X(SOCKET, socket)               \
    X(BIND, bind)                   \
    X(LISTEN, listen)               \
    X(ACCEPT, accept)               \
    X(ACCEPT4, accept4)             \
    X(CONNECT, connect)             \
    X(CLOSE, close)                 \
    X(SHUTDOWN, shutdown)           \
    X(READ, read)                   \
    X(WRITE, write)                 \
    X(READV, readv)                 \
    X(WRITEV, writev)               \
    X(SEND, send)                   \
    X(SENDTO, sendto)               \
    X(SENDMSG, sendmsg)             \
    X(RECV, recv)                   \
    X(RECVFROM, recvfrom)           \
    X(RECVMSG, recvmsg)             \
    X(FCNTL, fcntl)                 \
    X(IOCTL, ioctl)                 \
    X(GETSOCKOPT, getsockopt)       \
    X(SETSOCKOPT, setsockopt)       \
    X(GETSOCKNAME, getsockname)     \
    X(GETPEERNAME, getpeername)     \
    X(POLL, poll)                   \
    X(EPOLL_CREATE, epoll_create)   \
    X(EPOLL_CREATE1, epoll_create1) \
    X(EPOLL_CTL, epoll_ctl)         \
    X(EPOLL_WAIT, epoll_wait)       \
    X(OPEN, open)                   \
    X(PIPE, pipe)                   \
    X(PIPE2, pipe2)                 \
    X(DUP, dup)                     \
    X(SPLICE, splice)               \
    X(SENDFILE, sendfile)

enum stack_operation {
#define X(name, call) STACK_##name,
    STACK_OPERATIONS(X)
#undef X
        STACK_OPERATION_COUNT
};

/* One argument, already in the form that the system's own headers give it. */
struct stack_argument {
    enum {
        ARGUMENT_INTEGER, /* also a descriptor */
        ARGUMENT_POINTER, /* `data`, NULL allowed; read or written as the call does */
    } kind;
    int64_t integer;
    void *data;
    size_t length; /* bytes at data */
};

enum { STACK_ARGUMENTS_MOST = 6 };

struct stack_call {
    enum stack_operation operation;
    size_t count;
    struct stack_argument arguments[STACK_ARGUMENTS_MOST];
};

struct stack_return {
    int64_t value;
    int error_number;     /* errno if the call failed, else 0 */
    struct interval time; /* from just before the call to just after it */
    bool would_block;     /* virtual clock only: it waits for something, and is to be made again */
    const char *lacking;  /* what the stack has not got that the call needs, or NULL: static storage */
};

/* As `lacking`: the socket option that the call names. */
#define STACK_LACKS_OPTION "this socket option"

enum symbol_place {
    SYMBOL_HERE,      /* the stack knows it: the value is given */
    SYMBOL_ELSEWHERE, /* not here, but on another system: the script is not applicable */
    SYMBOL_UNKNOWN,   /* known nowhere: a mistake */
};

struct stack;

struct stack_operations {
    const char *name;
    void (*call)(struct stack *stack, const struct stack_call *call, struct stack_return *returned);
    enum symbol_place (*symbol)(const struct stack *stack, const char *name, size_t length, int64_t *value);
    const char *(*symbol_at)(const struct stack *stack, size_t index);
    const char *(*error_name)(const struct stack *stack, int error_number);
    void (*close)(struct stack *stack);
    /* Both NULL for a stack that lives in real time. */
    nanoseconds (*now)(const struct stack *stack);
    bool (*advance)(struct stack *stack, nanoseconds until, bool timers, struct error *error);
};

/* The head of every stack; the implementation's own state follows it. */
struct stack {
    const struct stack_operations *operations;
    struct link *link;        /* owned */
    struct address local[2];  /* the stack's address by version (IPv4, IPv6) */
    struct address remote[2]; /* the harness's */
    unsigned mtu;
    bool maps_no_ipv4; /* its IPv6 sockets take no IPv4-mapped addresses */
};

/* True for a stack whose time only moves by stack_advance(). */
bool stack_is_virtual(const struct stack *stack);

/* The time on the stack's clock: CLOCK_MONOTONIC, or virtual. */
nanoseconds stack_now(const struct stack *stack);

/*
 * Moves a virtual clock to when the stack has something to do next, at most to UNTIL, and lets it be done: without
 * TIMERS only what is due before UNTIL. With UNTIL not later than now, what is due now. False if the stack never gets
 * done.
 */
MUST_USE bool stack_advance(struct stack *stack, nanoseconds until, bool timers, struct error *error);

/* Performs CALL; it may block as the call does, but on a virtual clock, where nothing waits: `would_block` says that it
 * is to be made again, the same call, once something has happened. In real time it may be called from several threads
 * at once. */
void stack_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned);

/* Where the symbol NAME (a constant or an errno) is known, and its value if that is here. */
enum symbol_place stack_symbol(const struct stack *stack, const char *name, size_t length, int64_t *value);

/* The known name nearest to NAME, or NULL. */
const char *stack_nearest_symbol(const struct stack *stack, const char *name, size_t length);

/* "ECONNREFUSED" for its number; "E?" for one that the stack does not know. */
const char *stack_error_name(const struct stack *stack, int error_number);

/* Closes the stack and its link and frees both; NULL is allowed. Whatever it made on the machine is gone then. */
void stack_close(struct stack *stack);

/* "connect" for STACK_CONNECT. Static storage. */
const char *stack_operation_name(enum stack_operation operation);

#endif
