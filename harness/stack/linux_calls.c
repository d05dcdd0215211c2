/* SPDX-License-Identifier: MIT */
#include "stack/linux_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef long system_call(long number, const long *arguments);

static long call_open(long number, const long *arguments)
{
    return syscall(number, (long)AT_FDCWD, arguments[0], arguments[1], arguments[2]);
}

static long call_epoll_create(long number, const long *arguments)
{
    /* All that the kernel does with the size. */
    if ((int)arguments[0] <= 0) {
        errno = EINVAL;
        return -1;
    }
    return syscall(number, 0L);
}

static long call_poll(long number, const long *arguments)
{
    const int milliseconds = (int)arguments[2];
    struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * NANOSECONDS_PER_MILLISECOND};
    return syscall(number, arguments[0], arguments[1], milliseconds < 0 ? 0L : (long)(intptr_t)&time, 0L, 0L);
}

/*
 * System calls, not the C library's functions: those may be cancelled, refuse what the kernel is to refuse, or try
 * again by themselves. send and recv are sendto and recvfrom without an address there; calls that younger architectures
 * lack (arm64, riscv64) are made as the ones that took their place, which every architecture has.
 */
static const struct {
    long number;
    size_t arity;
    system_call *replacement; /* instead of the number, where the arguments differ */
} system_calls[] = {
    [STACK_SOCKET] = {SYS_socket, 3, NULL},
    [STACK_BIND] = {SYS_bind, 3, NULL},
    [STACK_LISTEN] = {SYS_listen, 2, NULL},
    [STACK_ACCEPT] = {SYS_accept, 3, NULL},
    [STACK_ACCEPT4] = {SYS_accept4, 4, NULL},
    [STACK_CONNECT] = {SYS_connect, 3, NULL},
    [STACK_CLOSE] = {SYS_close, 1, NULL},
    [STACK_SHUTDOWN] = {SYS_shutdown, 2, NULL},
    [STACK_READ] = {SYS_read, 3, NULL},
    [STACK_WRITE] = {SYS_write, 3, NULL},
    [STACK_READV] = {SYS_readv, 3, NULL},
    [STACK_WRITEV] = {SYS_writev, 3, NULL},
    [STACK_SEND] = {SYS_sendto, 4, NULL},
    [STACK_SENDTO] = {SYS_sendto, 6, NULL},
    [STACK_SENDMSG] = {SYS_sendmsg, 3, NULL},
    [STACK_RECV] = {SYS_recvfrom, 4, NULL},
    [STACK_RECVFROM] = {SYS_recvfrom, 6, NULL},
    [STACK_RECVMSG] = {SYS_recvmsg, 3, NULL},
    [STACK_FCNTL] = {SYS_fcntl, 3, NULL},
    [STACK_IOCTL] = {SYS_ioctl, 3, NULL},
    [STACK_GETSOCKOPT] = {SYS_getsockopt, 5, NULL},
    [STACK_SETSOCKOPT] = {SYS_setsockopt, 5, NULL},
    [STACK_GETSOCKNAME] = {SYS_getsockname, 3, NULL},
    [STACK_GETPEERNAME] = {SYS_getpeername, 3, NULL},
    [STACK_POLL] = {SYS_ppoll, 3, call_poll},
    [STACK_EPOLL_CREATE] = {SYS_epoll_create1, 1, call_epoll_create},
    [STACK_EPOLL_CREATE1] = {SYS_epoll_create1, 1, NULL},
    [STACK_EPOLL_CTL] = {SYS_epoll_ctl, 4, NULL},
    [STACK_EPOLL_WAIT] = {SYS_epoll_pwait, 4, NULL},
    [STACK_OPEN] = {SYS_openat, 3, call_open},
    [STACK_PIPE] = {SYS_pipe2, 1, NULL},
    [STACK_PIPE2] = {SYS_pipe2, 2, NULL},
    [STACK_DUP] = {SYS_dup, 1, NULL},
    [STACK_SPLICE] = {SYS_splice, 6, NULL},
    [STACK_SENDFILE] = {SYS_sendfile, 4, NULL},
};
_Static_assert(COUNT_OF(system_calls) == STACK_OPERATION_COUNT, "a system call for every operation");

void linux_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned)
{
    (void)stack;
    INVARIANT(call->operation < STACK_OPERATION_COUNT && call->count <= STACK_ARGUMENTS_MOST);
    long arguments[STACK_ARGUMENTS_MOST] = {0};
    for (size_t index = 0; index < call->count && index < system_calls[call->operation].arity; index++) {
        const struct stack_argument *argument = &call->arguments[index];
        arguments[index] =
            argument->kind == ARGUMENT_POINTER ? (long)(intptr_t)argument->data : (long)argument->integer;
    }
    struct interval time = {.earliest = clock_now()};
    const long number = system_calls[call->operation].number;
    system_call *replacement = system_calls[call->operation].replacement;
    const long value = replacement != NULL ? replacement(number, arguments)
                                           : syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
                                                     arguments[4], arguments[5]);
    int failure = value < 0 ? errno : 0;
    time.latest = clock_now();
    *returned = (struct stack_return){.value = value, .error_number = failure, .time = time};
}
