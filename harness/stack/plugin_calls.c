/* SPDX-License-Identifier: MIT */
/*
 * POSIX's socket calls on a stack that has the ABI's. Theory of operation: no call of the ABI waits. One that would
 * have to, on a descriptor that is not O_NONBLOCK, returns `would_block`, and the engine makes it again when packets or
 * timers may have changed something; what the first attempts got done is noted at the descriptor.
 */
#include "stack/plugin_calling.h"
#include "stack/plugin_guard.h"
#include "stack/plugin_names.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static bool waits(const struct plugin_calling *calling, int64_t flags)
{
    return !calling->descriptor->nonblocking && (flags & MSG_DONTWAIT) == 0;
}

static struct plugin_descriptor *descriptor_at(struct plugin_stack *opened, int64_t live)
{
    int64_t index = live - PLUGIN_DESCRIPTOR_FIRST;
    if (index < 0 || (uint64_t)index >= opened->descriptor_count || !opened->descriptors[index].open)
        return NULL;
    return &opened->descriptors[index];
}

/* The lowest free one, as the kernel gives them; NULL if there are too many. */
static struct plugin_descriptor *descriptor_free(struct plugin_stack *opened)
{
    size_t index = 0;
    while (index < opened->descriptor_count && opened->descriptors[index].open)
        index++;
    if (index == PLUGIN_DESCRIPTORS_MOST)
        return NULL;
    if (index == opened->descriptor_count)
        opened->descriptor_count++;
    return &opened->descriptors[index];
}

static void descriptor_open(const struct plugin_calling *calling, int32_t made, int family, bool nonblocking)
{
    struct plugin_stack *opened = calling->opened;
    struct plugin_descriptor *descriptor = descriptor_free(opened);
    if (descriptor == NULL) {
        (void)opened->offers->close(opened->made, made);
        calling_fail(calling, EMFILE);
        return;
    }
    *descriptor =
        (struct plugin_descriptor){.open = true, .nonblocking = nonblocking, .socket = made, .family = family};
    calling->returned->value = descriptor - opened->descriptors + PLUGIN_DESCRIPTOR_FIRST;
}

/* Gives ENDPOINT back through the arguments INDEX and the one behind it, as much as there is room for. */
static void endpoint_give(const struct plugin_calling *calling, size_t index, const struct shakedown_endpoint *endpoint)
{
    struct sockaddr_storage storage;
    socklen_t size = (socklen_t)plugin_endpoint_write(endpoint, &storage);
    socklen_t room = 0;
    if (index + 1 >= calling->count || calling->arguments[index].data == NULL ||
        calling->arguments[index + 1].data == NULL)
        return;
    memcpy(&room, calling->arguments[index + 1].data, sizeof(room));
    if (room > calling->arguments[index].length)
        room = (socklen_t)calling->arguments[index].length;
    memcpy(calling->arguments[index].data, &storage, room < size ? room : size);
    memcpy(calling->arguments[index + 1].data, &size, sizeof(size));
}

static void call_socket(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    int64_t family = calling_number(calling, 0);
    int64_t type = calling_number(calling, 1);
    if ((type & ~(int64_t)(SOCK_NONBLOCK | SOCK_CLOEXEC)) != SOCK_STREAM || (family != AF_INET && family != AF_INET6) ||
        (calling_number(calling, 2) != 0 && calling_number(calling, 2) != IPPROTO_TCP)) {
        calling_lack(calling, "sockets other than TCP's");
        return;
    }
    int32_t made = opened->offers->socket(opened->made, family == AF_INET ? 4 : 6);
    if (made < 0)
        calling_conclude(calling, made, false, "sockets of this family");
    else
        descriptor_open(calling, made, (int)family, (type & SOCK_NONBLOCK) != 0);
}

static void call_bind(const struct plugin_calling *calling)
{
    struct shakedown_endpoint local;
    if (calling->opened->offers->bind == NULL)
        calling_lack(calling, FUNCTION("bind"));
    else if (!plugin_endpoint_read(calling->arguments[1].data, calling->arguments[1].length, &local))
        calling_fail(calling, EINVAL);
    else
        calling_conclude(calling,
                         calling->opened->offers->bind(calling->opened->made, calling->descriptor->socket, &local),
                         false, "bind()");
}

static void call_listen(const struct plugin_calling *calling)
{
    if (calling->opened->offers->listen == NULL)
        calling_lack(calling, FUNCTION("listen"));
    else
        calling_conclude(calling,
                         calling->opened->offers->listen(calling->opened->made, calling->descriptor->socket,
                                                         (int32_t)calling_number(calling, 1)),
                         false, "listen()");
}

static void call_accept(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    struct shakedown_endpoint remote = {.family = 0};
    if (opened->offers->accept == NULL) {
        calling_lack(calling, FUNCTION("accept"));
        return;
    }
    int32_t made = opened->offers->accept(opened->made, calling->descriptor->socket, &remote);
    if (made < 0) {
        calling_conclude(calling, made, waits(calling, 0), "accept()");
        return;
    }
    descriptor_open(calling, made, calling->descriptor->family, (calling_number(calling, 3) & SOCK_NONBLOCK) != 0);
    if (calling->returned->value >= 0)
        endpoint_give(calling, 1, &remote);
}

/* What a connect() that has begun came to. */
static void connect_continue(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    struct plugin_descriptor *descriptor = calling->descriptor;
    int32_t failure = 0;
    int32_t ready = opened->offers->poll(opened->made, descriptor->socket);
    if (ready >= 0 && (ready & (SHAKEDOWN_WRITABLE | SHAKEDOWN_FAILED)) == 0) {
        calling_conclude(calling, SHAKEDOWN_WOULD_BLOCK, true, "connect()");
        return;
    }
    descriptor->connecting = false;
    (void)opened->offers->get_option(opened->made, descriptor->socket, SHAKEDOWN_OPTION_ERROR, &failure, 1);
    calling_conclude(calling, ready < 0 ? ready : failure, false, "connect()");
}

static void call_connect(const struct plugin_calling *calling)
{
    const struct shakedown_stack_plugin *offers = calling->opened->offers;
    struct plugin_descriptor *descriptor = calling->descriptor;
    struct shakedown_endpoint remote;
    if (offers->connect == NULL) {
        calling_lack(calling, FUNCTION("connect"));
        return;
    }
    /* How a connect() that waits has ended is asked for with these. */
    if (!descriptor->nonblocking && (offers->poll == NULL || offers->get_option == NULL)) {
        calling_lack(calling, offers->poll == NULL ? FUNCTION("poll") : FUNCTION("get_option"));
        return;
    }
    if (descriptor->connecting) {
        connect_continue(calling);
        return;
    }
    if (!plugin_endpoint_read(calling->arguments[1].data, calling->arguments[1].length, &remote)) {
        calling_fail(calling, EINVAL);
        return;
    }
    int32_t value = offers->connect(calling->opened->made, descriptor->socket, &remote);
    descriptor->connecting = value == SHAKEDOWN_IN_PROGRESS && !descriptor->nonblocking;
    if (descriptor->connecting)
        connect_continue(calling);
    else
        calling_conclude(calling, value, false, "connect()");
}

static void call_close(const struct plugin_calling *calling)
{
    int32_t value = calling->opened->offers->close(calling->opened->made, calling->descriptor->socket);
    calling->descriptor->open = false;
    calling_conclude(calling, value, false, "close()");
}

static void call_shutdown(const struct plugin_calling *calling)
{
    int64_t how = calling_number(calling, 1);
    if (calling->opened->offers->shutdown == NULL)
        calling_lack(calling, FUNCTION("shutdown"));
    else if (how < SHUT_RD || how > SHUT_RDWR)
        calling_fail(calling, EINVAL);
    else
        calling_conclude(calling,
                         calling->opened->offers->shutdown(calling->opened->made, calling->descriptor->socket,
                                                           (uint32_t)how + SHAKEDOWN_SHUTDOWN_READ),
                         false, "shutdown()");
}

/* All of it on a blocking descriptor, as much as goes on another. */
static void send_data(const struct plugin_calling *calling, int64_t flags)
{
    struct plugin_stack *opened = calling->opened;
    struct plugin_descriptor *descriptor = calling->descriptor;
    const uint8_t *data = calling->arguments[1].data;
    size_t size = (size_t)calling_number(calling, 2);
    int64_t value = 0;
    if (opened->offers->send == NULL) {
        calling_lack(calling, FUNCTION("send"));
        return;
    }
    if (data == NULL && size > 0) {
        calling_fail(calling, EFAULT);
        return;
    }
    do {
        value =
            opened->offers->send(opened->made, descriptor->socket, data + descriptor->done, size - descriptor->done);
        if (value > (int64_t)(size - descriptor->done)) {
            plugin_misuse(opened, "`send` took %" PRId64 " bytes of %zu", value, size - descriptor->done);
            value = SHAKEDOWN_INVALID;
        }
        descriptor->done += value > 0 ? (size_t)value : 0;
    } while (value > 0 && descriptor->done < size);
    bool blocks = waits(calling, flags);
    if (descriptor->done == 0 || (value == SHAKEDOWN_WOULD_BLOCK && blocks)) {
        calling_conclude(calling, value, blocks, "send()");
        return;
    }
    calling->returned->value = (int64_t)descriptor->done;
    descriptor->done = 0;
}

static void call_write(const struct plugin_calling *calling)
{
    send_data(calling, 0);
}

static void call_send(const struct plugin_calling *calling)
{
    int64_t flags = calling_number(calling, 3);
    if ((flags & ~(int64_t)(MSG_DONTWAIT | MSG_NOSIGNAL)) != 0)
        calling_lack(calling, "this flag of send()");
    else
        send_data(calling, flags);
}

static void receive_data(const struct plugin_calling *calling, int64_t flags)
{
    struct plugin_stack *opened = calling->opened;
    if (opened->offers->receive == NULL) {
        calling_lack(calling, FUNCTION("receive"));
        return;
    }
    if (calling->arguments[1].data == NULL && calling_number(calling, 2) > 0) {
        calling_fail(calling, EFAULT);
        return;
    }
    int64_t value =
        opened->offers->receive(opened->made, calling->descriptor->socket, calling->arguments[1].data,
                                (size_t)calling_number(calling, 2), (flags & MSG_PEEK) != 0 ? SHAKEDOWN_PEEK : 0);
    if (value > calling_number(calling, 2)) {
        plugin_misuse(opened, "`receive` gave %" PRId64 " bytes where %" PRId64 " were asked for", value,
                      calling_number(calling, 2));
        value = SHAKEDOWN_INVALID;
    }
    calling_conclude(calling, value, waits(calling, flags), "recv()");
}

static void call_read(const struct plugin_calling *calling)
{
    receive_data(calling, 0);
}

static void call_recv(const struct plugin_calling *calling)
{
    int64_t flags = calling_number(calling, 3);
    if ((flags & ~(int64_t)(MSG_DONTWAIT | MSG_PEEK)) != 0)
        calling_lack(calling, "this flag of recv()");
    else
        receive_data(calling, flags);
}

static void call_fcntl(const struct plugin_calling *calling)
{
    struct plugin_descriptor *descriptor = calling->descriptor;
    if (calling_number(calling, 1) == F_GETFL)
        calling->returned->value = O_RDWR | (descriptor->nonblocking ? O_NONBLOCK : 0);
    else if (calling_number(calling, 1) == F_SETFL)
        descriptor->nonblocking = (calling_number(calling, 2) & O_NONBLOCK) != 0;
    else if (calling_number(calling, 1) != F_GETFD && calling_number(calling, 1) != F_SETFD)
        calling_lack(calling, "this command of fcntl()");
}

static void call_ioctl(const struct plugin_calling *calling)
{
    const struct stack_argument *argument = &calling->arguments[2];
    int32_t value = 0;
    if (calling_number(calling, 1) != FIONBIO || argument->kind != ARGUMENT_POINTER ||
        argument->length < sizeof(value)) {
        calling_lack(calling, "this request of ioctl()");
        return;
    }
    memcpy(&value, argument->data, sizeof(value));
    calling->descriptor->nonblocking = value != 0;
}

static void give_name(const struct plugin_calling *calling,
                      int32_t (*name)(struct shakedown_stack *, int32_t, struct shakedown_endpoint *), const char *what)
{
    struct shakedown_endpoint endpoint = {.family = 0};
    if (name == NULL) {
        calling_lack(calling, what);
        return;
    }
    int32_t value = name(calling->opened->made, calling->descriptor->socket, &endpoint);
    calling_conclude(calling, value, false, what);
    if (value >= 0)
        endpoint_give(calling, 1, &endpoint);
}

static void call_getsockname(const struct plugin_calling *calling)
{
    give_name(calling, calling->opened->offers->local, FUNCTION("local"));
}

static void call_getpeername(const struct plugin_calling *calling)
{
    give_name(calling, calling->opened->offers->remote, FUNCTION("remote"));
}

static short poll_events(const struct plugin_calling *calling, const struct pollfd *polled)
{
    static const struct {
        int32_t ready;
        short event;
        bool always; /* whether asked for or not */
    } rows[] = {
        {SHAKEDOWN_READABLE, POLLIN, false},       {SHAKEDOWN_READABLE, POLLRDNORM, false},
        {SHAKEDOWN_WRITABLE, POLLOUT, false},      {SHAKEDOWN_WRITABLE, POLLWRNORM, false},
        {SHAKEDOWN_FAILED, POLLERR, true},         {SHAKEDOWN_HUNG_UP, POLLHUP, true},
        {SHAKEDOWN_READ_CLOSED, POLLRDHUP, false},
    };
    const struct plugin_descriptor *descriptor = descriptor_at(calling->opened, polled->fd);
    short events = 0;
    if (polled->fd < 0)
        return 0;
    int32_t ready = descriptor == NULL ? -1 : calling->opened->offers->poll(calling->opened->made, descriptor->socket);
    if (ready < 0)
        return POLLNVAL;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if ((ready & rows[i].ready) != 0 && (rows[i].always || (polled->events & rows[i].event) != 0))
            events |= rows[i].event;
    return events;
}

static void call_poll(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    const struct stack_argument *list = &calling->arguments[0];
    int64_t time_out = calling_number(calling, 2);
    if (opened->offers->poll == NULL) {
        calling_lack(calling, FUNCTION("poll"));
        return;
    }
    for (size_t i = 0; i < (size_t)calling_number(calling, 1) && (i + 1) * sizeof(struct pollfd) <= list->length; i++) {
        struct pollfd polled;
        uint8_t *at = (uint8_t *)list->data + i * sizeof(polled);
        memcpy(&polled, at, sizeof(polled));
        polled.revents = poll_events(calling, &polled);
        memcpy(at, &polled, sizeof(polled));
        calling->returned->value += polled.revents != 0;
    }
    if (opened->call_ends == NANOSECONDS_NEVER && time_out > 0)
        opened->call_ends = nanoseconds_add(opened->now, time_out * NANOSECONDS_PER_MILLISECOND);
    calling->returned->would_block = calling->returned->value == 0 && time_out != 0 && opened->now < opened->call_ends;
    if (!calling->returned->would_block)
        opened->call_ends = NANOSECONDS_NEVER;
}

/* An operation without a row is one that no plug-in has. */
static const struct {
    void (*make)(const struct plugin_calling *calling);
    size_t least;       /* arguments */
    bool on_descriptor; /* its first argument is one */
} rows[STACK_OPERATION_COUNT] = {
    [STACK_SOCKET] = {call_socket, 3, false},
    [STACK_BIND] = {call_bind, 2, true},
    [STACK_LISTEN] = {call_listen, 2, true},
    [STACK_ACCEPT] = {call_accept, 3, true},
    [STACK_ACCEPT4] = {call_accept, 4, true},
    [STACK_CONNECT] = {call_connect, 2, true},
    [STACK_CLOSE] = {call_close, 1, true},
    [STACK_SHUTDOWN] = {call_shutdown, 2, true},
    [STACK_READ] = {call_read, 3, true},
    [STACK_WRITE] = {call_write, 3, true},
    [STACK_SEND] = {call_send, 4, true},
    [STACK_SENDTO] = {call_send, 4, true},
    [STACK_RECV] = {call_recv, 4, true},
    [STACK_RECVFROM] = {call_recv, 4, true},
    [STACK_FCNTL] = {call_fcntl, 2, true},
    [STACK_IOCTL] = {call_ioctl, 3, true},
    [STACK_GETSOCKOPT] = {plugin_call_getsockopt, 5, true},
    [STACK_SETSOCKOPT] = {plugin_call_setsockopt, 5, true},
    [STACK_GETSOCKNAME] = {call_getsockname, 3, true},
    [STACK_GETPEERNAME] = {call_getpeername, 3, true},
    [STACK_POLL] = {call_poll, 3, false},
};

void plugin_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned)
{
    struct plugin_stack *opened = (struct plugin_stack *)stack;
    INVARIANT(call->operation < STACK_OPERATION_COUNT);
    *returned = (struct stack_return){.time = {opened->now, opened->now}};
    struct plugin_calling calling = {
        .opened = opened, .arguments = call->arguments, .count = call->count, .returned = returned};
    if (rows[call->operation].make == NULL || call->count < rows[call->operation].least) {
        calling_lack(&calling, stack_operation_name(call->operation));
        return;
    }
    if (rows[call->operation].on_descriptor) {
        calling.descriptor = descriptor_at(opened, call->arguments[0].integer);
        if (calling.descriptor == NULL) {
            calling_fail(&calling, EBADF);
            return;
        }
    }
    plugin_enter(PLUGIN_CALL + (unsigned)call->operation);
    rows[call->operation].make(&calling);
    plugin_leave();
}
