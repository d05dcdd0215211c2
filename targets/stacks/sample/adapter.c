/* SPDX-License-Identifier: MIT */
/* The adapter, which makes the stack a plug-in of shakedown, and with it the user's calls: RFC 9293 sections 3.10.1 to
 * 3.10.6, as the plug-in ABI words them. */
#include "faults.h"
#include "tcp.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_EPHEMERAL_PORT = 49152 }; /* RFC 6335 section 6 */

/* The block of SOCKET: the harness asks for none that it was not given. */
static struct tcb *find(const struct shakedown_stack *stack, int32_t socket)
{
    struct tcb *tcb = stack->blocks;
    while (tcb != NULL && tcb->socket != socket)
        tcb = tcb->next;
    return tcb;
}

/* The lowest number that no socket has. */
static int32_t free_number(const struct shakedown_stack *stack)
{
    int32_t number = 0;
    while (find(stack, number) != NULL)
        number++;
    return number;
}

/* What the user is to be told of the connection, once. */
static int32_t take_error(struct tcb *tcb)
{
    int32_t error = tcb->error;
    tcb->error = 0;
    return error;
}

/* True if TCB can be accepted. */
static bool is_open(const struct shakedown_stack *stack, const struct tcb *tcb)
{
    return tcb->opened || fault_is(stack, QUIRK_EARLY_ACCEPT);
}

static int32_t call_socket(struct shakedown_stack *stack, uint32_t family)
{
    int32_t socket = free_number(stack);
    if (stack->address[family == 6].family != family)
        return SHAKEDOWN_UNSUPPORTED;
    struct tcb *tcb = tcb_make(stack, family);
    if (tcb == NULL)
        return SHAKEDOWN_NO_MEMORY;
    return tcb->socket = socket;
}

/* True if PORT can't be TCB's beside what uses it already. */
static bool port_taken(const struct shakedown_stack *stack, const struct tcb *tcb, uint16_t port)
{
    for (const struct tcb *other = stack->blocks; other != NULL; other = other->next)
        if (other != tcb && other->family == tcb->family && other->local.port == port &&
            (!other->user.reuse || !tcb->user.reuse || other->state == LISTEN) &&
            (other->socket >= 0 || !tcb->user.reuse))
            return true;
    return false;
}

static int32_t bind_to(struct shakedown_stack *stack, struct tcb *tcb, uint16_t port)
{
    if (port == 0)
        do
            stack->next_port = stack->next_port < FIRST_EPHEMERAL_PORT ? FIRST_EPHEMERAL_PORT : stack->next_port + 1U;
        while (port_taken(stack, tcb, port = stack->next_port));
    else if (port_taken(stack, tcb, port))
        return SHAKEDOWN_ADDRESS_IN_USE;
    tcb->local = stack->address[tcb->family == 6];
    tcb->local.port = port;
    return 0;
}

static int32_t call_bind(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *local)
{
    static const uint8_t any[16] = {0};
    struct tcb *tcb = find(stack, socket);
    if (tcb->state != CLOSED || tcb->local.family != 0 || local->family != tcb->family)
        return SHAKEDOWN_INVALID;
    if (memcmp(local->address, any, sizeof(any)) != 0 &&
        memcmp(local->address, stack->address[local->family == 6].address, sizeof(any)) != 0)
        return SHAKEDOWN_ADDRESS_NOT_AVAILABLE;
    return bind_to(stack, tcb, local->port);
}

/* Passive OPEN (section 3.10.1). */
static int32_t call_listen(struct shakedown_stack *stack, int32_t socket, int32_t backlog)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb->state != CLOSED && tcb->state != LISTEN)
        return SHAKEDOWN_INVALID;
    for (const struct tcb *other = stack->blocks; other != NULL; other = other->next)
        if (other != tcb && other->state == LISTEN && other->family == tcb->family &&
            other->local.port == tcb->local.port)
            return SHAKEDOWN_ADDRESS_IN_USE;
    if (tcb->local.family == 0)
        (void)bind_to(stack, tcb, 0);
    tcb->state = LISTEN;
    tcb->backlog = backlog < 0 ? 0 : backlog;
    return 0;
}

static int32_t call_accept(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *remote)
{
    struct tcb *listener = find(stack, socket);
    if (listener->state != LISTEN)
        return SHAKEDOWN_INVALID;
    struct tcb *tcb = stack->blocks;
    while (tcb != NULL && (tcb->listener != listener || !is_open(stack, tcb)))
        tcb = tcb->next;
    if (tcb == NULL)
        return SHAKEDOWN_WOULD_BLOCK;
    tcb->socket = free_number(stack);
    tcb->listener = NULL;
    *remote = tcb->remote;
    return tcb->socket;
}

/* Active OPEN (section 3.10.1). Not to where no single host is (MUST-46). */
static int32_t call_connect(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *remote)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb->state == SYN_SENT || tcb->state == SYN_RECEIVED)
        return SHAKEDOWN_ALREADY;
    if (tcb->state != CLOSED)
        return tcb->state == LISTEN ? SHAKEDOWN_INVALID : SHAKEDOWN_IS_CONNECTED;
    if (remote->family != tcb->family || remote->port == 0)
        return SHAKEDOWN_INVALID;
    if (!is_unicast(remote) && !fault_is(stack, QUIRK_ANY_REMOTE))
        return SHAKEDOWN_NETWORK_UNREACHABLE;
    int32_t bound = tcb->local.family == 0 ? bind_to(stack, tcb, 0) : 0;
    if (bound != 0)
        return bound;
    if (tcb_find(stack, &(struct segment){.local = tcb->local, .remote = *remote}, false) != NULL)
        return SHAKEDOWN_ADDRESS_NOT_AVAILABLE;
    tcb->remote = *remote;
    tcb->error = 0;
    tcb->state = SYN_SENT;
    tcb_start(stack, tcb);
    send_syn(stack, tcb);
    return SHAKEDOWN_IN_PROGRESS;
}

/* SEND (section 3.10.2). */
static int64_t call_send(struct shakedown_stack *stack, int32_t socket, const void *data, size_t length)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb->error != 0)
        return take_error(tcb);
    if (tcb->state == LISTEN || (tcb->state == CLOSED && !tcb->opened))
        return SHAKEDOWN_NOT_CONNECTED;
    if (tcb->finish || tcb->state == CLOSED)
        return SHAKEDOWN_BROKEN_PIPE;
    uint32_t room = ring_room(&tcb->out);
    uint32_t taken = length < room ? (uint32_t)length : room;
    if (!tcb->opened || (taken == 0 && length > 0))
        return SHAKEDOWN_WOULD_BLOCK;
    if (!ring_put(stack, &tcb->out, data, taken))
        return SHAKEDOWN_NO_MEMORY;
    send_text(stack, tcb);
    return taken;
}

/* RECEIVE (section 3.10.3). */
static int64_t call_receive(struct shakedown_stack *stack, int32_t socket, void *data, size_t length, uint32_t flags)
{
    struct tcb *tcb = find(stack, socket);
    uint32_t there = tcb->in.count - tcb->early;
    uint32_t taken = length < there ? (uint32_t)length : there;
    if (taken > 0) {
        ring_copy(&tcb->in, 0, data, taken);
        if ((flags & SHAKEDOWN_PEEK) == 0) {
            ring_drop(&tcb->in, taken);
            send_window_update(stack, tcb);
        }
        return taken;
    }
    if (tcb->error != 0)
        return take_error(tcb);
    if (tcb->fin_received || tcb->read_closed || (length == 0 && tcb->opened))
        return 0;
    if (tcb->state == LISTEN || tcb->state == CLOSED)
        return tcb->opened ? 0 : SHAKEDOWN_NOT_CONNECTED;
    return SHAKEDOWN_WOULD_BLOCK;
}

/* CLOSE (section 3.10.4), which leaves the other direction open (MUST-13). */
static int32_t call_shutdown(struct shakedown_stack *stack, int32_t socket, uint32_t how)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb->state == CLOSED || tcb->state == LISTEN)
        return SHAKEDOWN_NOT_CONNECTED;
    if ((how & SHAKEDOWN_SHUTDOWN_READ) != 0)
        tcb->read_closed = true;
    if ((how & SHAKEDOWN_SHUTDOWN_WRITE) == 0)
        return 0;
    tcb->finish = true;
    if (tcb->state == SYN_SENT)
        tcb_end(stack, tcb, 0);
    else
        send_text(stack, tcb);
    return 0;
}

/* Nobody will accept what waits at LISTENER. */
static void listener_end(struct shakedown_stack *stack, const struct tcb *listener)
{
    struct tcb *next;
    for (struct tcb *tcb = stack->blocks; tcb != NULL; tcb = next) {
        next = tcb->next;
        if (tcb->listener != listener)
            continue;
        send_abort(stack, tcb);
        tcb_delete(stack, tcb);
    }
}

/* CLOSE and ABORT (sections 3.10.4 and 3.10.5). What has come and was not read is lost, and the peer is told so with a
 * RST (section 3.6.1). */
static int32_t call_close(struct shakedown_stack *stack, int32_t socket)
{
    struct tcb *tcb = find(stack, socket);
    bool talks = tcb->state >= SYN_RECEIVED && tcb->state < CLOSING;
    bool aborts = tcb->state >= SYN_RECEIVED && tcb->user.linger_on != 0 && tcb->user.linger_seconds == 0;
    bool abort = !fault_is(stack, QUIRK_CLOSE_LOSES) && (aborts || (talks && tcb->in.count > tcb->early));
    tcb->socket = -1;
    tcb->finish = true;
    if (tcb->state == LISTEN)
        listener_end(stack, tcb);
    /* From CLOSING on an ABORT ends the connection without a word (section 3.10.5). */
    if (abort && talks)
        send_abort(stack, tcb);
    if (abort || tcb->state == LISTEN || tcb->state == SYN_SENT || tcb->state == CLOSED)
        tcb_delete(stack, tcb);
    else
        send_text(stack, tcb);
    return 0;
}

static const struct option {
    size_t offset; /* in struct tcb; 0: there is none */
    int32_t least, most;
} option_rows[] = {
    [SHAKEDOWN_OPTION_REUSE_ADDRESS] = {offsetof(struct tcb, user.reuse), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_LINGER] = {offsetof(struct tcb, user.linger_on), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_NO_DELAY] = {offsetof(struct tcb, user.no_delay), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_SEGMENT_SIZE] = {offsetof(struct tcb, user.segment_size), 1, WINDOW_MOST},
    [SHAKEDOWN_OPTION_SYN_COUNT] = {offsetof(struct tcb, user.syn_retries), 1, 255},
    [SHAKEDOWN_OPTION_TIME_TO_LIVE] = {offsetof(struct tcb, user.time_to_live), 1, 255},
};

static int32_t *option_at(struct tcb *tcb, uint32_t option)
{
    if (option >= sizeof(option_rows) / sizeof(option_rows[0]) || option_rows[option].offset == 0)
        return NULL;
    return (int32_t *)(void *)((char *)tcb + option_rows[option].offset);
}

static int32_t call_get_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, int32_t *value,
                               size_t length)
{
    struct tcb *tcb = find(stack, socket);
    const int32_t *at = option_at(tcb, option);
    if (option == SHAKEDOWN_OPTION_ERROR)
        *value = take_error(tcb);
    else if (option == SHAKEDOWN_OPTION_LISTENING)
        *value = tcb->state == LISTEN;
    else if (option == SHAKEDOWN_OPTION_SEGMENT_SIZE && tcb->opened)
        *value = (int32_t)send_size(stack, tcb);
    else if (at != NULL)
        memcpy(value, at, length * sizeof(*value));
    else
        return SHAKEDOWN_UNSUPPORTED;
    return 0;
}

static int32_t call_set_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, const int32_t *value,
                               size_t length)
{
    struct tcb *tcb = find(stack, socket);
    int32_t *at = option_at(tcb, option);
    if (at == NULL)
        return SHAKEDOWN_UNSUPPORTED;
    if (*value < option_rows[option].least || *value > option_rows[option].most)
        return SHAKEDOWN_INVALID;
    memcpy(at, value, length * sizeof(*value));
    if (option == SHAKEDOWN_OPTION_NO_DELAY)
        send_text(stack, tcb);
    return 0;
}

static int32_t call_local(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint)
{
    const struct tcb *tcb = find(stack, socket);
    *endpoint = tcb->local;
    endpoint->family = (uint16_t)tcb->family;
    return 0;
}

static int32_t call_remote(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint)
{
    const struct tcb *tcb = find(stack, socket);
    if (!tcb->opened || tcb->state == CLOSED)
        return SHAKEDOWN_NOT_CONNECTED;
    *endpoint = tcb->remote;
    return 0;
}

static int32_t call_poll(struct shakedown_stack *stack, int32_t socket)
{
    const struct tcb *tcb = find(stack, socket);
    int32_t ready = 0;
    for (const struct tcb *other = stack->blocks; other != NULL; other = other->next)
        if (tcb->state == LISTEN && other->listener == tcb && is_open(stack, other))
            return SHAKEDOWN_READABLE;
    bool ended = tcb->state == CLOSED;
    if (tcb->in.count > tcb->early || tcb->fin_received || tcb->read_closed || ended)
        ready |= SHAKEDOWN_READABLE;
    if (ended || (tcb->opened && ring_room(&tcb->out) > 0))
        ready |= SHAKEDOWN_WRITABLE;
    if (tcb->fin_received || ended)
        ready |= SHAKEDOWN_READ_CLOSED;
    if (ended || (tcb->fin_received && tcb->finish))
        ready |= SHAKEDOWN_HUNG_UP;
    return ready | (tcb->error != 0 ? SHAKEDOWN_FAILED : 0);
}

enum { MTU_LEAST = 576 };

/* "isn=N", "fault=N", several with commas between them. */
static bool read_options(struct shakedown_stack *stack, const char *options, char *reason, size_t capacity)
{
    for (int length = 0; *options != '\0'; options += length + (options[length] == ',')) {
        unsigned number = 0;
        if (sscanf(options, "isn=%u%n", &stack->isn, &length) == 1) { // NOLINT(cert-err34-c): a number wraps
            stack->isn_given = true;
        } else if (sscanf(options, "fault=%u%n", &number, &length) != 1) { // NOLINT(cert-err34-c)
            (void)snprintf(reason, capacity, "the sample stack takes isn=N and fault=N, not `%s`", options);
            return false;
        } else if ((stack->fault = fault_find(number)) == NULL) {
            (void)snprintf(reason, capacity, "the sample stack has no fault %u", number);
            return false;
        }
    }
    return true;
}

static void destroy(struct shakedown_stack *stack)
{
    const struct shakedown_host *host = stack->host;
    while (stack->blocks != NULL)
        tcb_delete(stack, stack->blocks);
    host->release(host->context, stack->packet);
    host->release(host->context, stack->text);
    host->release(host->context, stack);
}

static struct shakedown_stack *create(const struct shakedown_stack_settings *settings, char *reason, size_t capacity)
{
    const struct shakedown_host *host = settings->host;
    if (settings->mtu < MTU_LEAST) {
        (void)snprintf(reason, capacity, "an MTU below %d is none for TCP", MTU_LEAST);
        return NULL;
    }
    struct shakedown_stack *stack = host->allocate(host->context, sizeof(*stack));
    if (stack == NULL) {
        (void)snprintf(reason, capacity, "no memory for a stack");
        return NULL;
    }
    *stack = (struct shakedown_stack){
        .host = host, .address = {settings->ipv4, settings->ipv6}, .mtu = settings->mtu, .now = settings->now};
    stack->packet = host->allocate(host->context, settings->mtu);
    stack->text = host->allocate(host->context, settings->mtu);
    if (stack->packet == NULL || stack->text == NULL || !read_options(stack, settings->options, reason, capacity)) {
        destroy(stack);
        return NULL;
    }
    host->random(host->context, stack->secret, sizeof(stack->secret));
    host->random(host->context, &stack->timestamp_offset, sizeof(stack->timestamp_offset));
    host->random(host->context, &stack->next_port, sizeof(stack->next_port));
    return stack;
}

static void packet(struct shakedown_stack *stack, uint64_t now, const void *data, size_t length)
{
    struct segment segment;
    stack->now = now;
    bool sound = segment_read(&segment, data, length);
    if (fault_reads(stack, &segment, data, length, sound))
        segment_arrives(stack, &segment);
}

static uint64_t advance(struct shakedown_stack *stack, uint64_t now)
{
    stack->now = now;
    return time_passes(stack);
}

SHAKEDOWN_STACK_EXPORT const struct shakedown_stack_plugin shakedown_stack = {
    .abi = SHAKEDOWN_STACK_ABI,
    .size = sizeof(shakedown_stack),
    .name = "sample",
    .capabilities =
        SHAKEDOWN_CAN_IPV4 | SHAKEDOWN_CAN_IPV6 | SHAKEDOWN_CAN_OPEN_ACTIVELY | SHAKEDOWN_CAN_OPEN_PASSIVELY,
    .restart = SHAKEDOWN_RESTART_OWN,
    .create = create,
    .destroy = destroy,
    .packet = packet,
    .advance = advance,
    .socket = call_socket,
    .bind = call_bind,
    .listen = call_listen,
    .accept = call_accept,
    .connect = call_connect,
    .send = call_send,
    .receive = call_receive,
    .shutdown = call_shutdown,
    .close = call_close,
    .get_option = call_get_option,
    .set_option = call_set_option,
    .local = call_local,
    .remote = call_remote,
    .poll = call_poll,
    .fault = fault_at,
};
