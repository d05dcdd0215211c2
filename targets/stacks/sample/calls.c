/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include "faults.h"
#include "tcp.h"

#include <string.h>

enum { FIRST_EPHEMERAL_PORT = 49152 }; /* RFC 6335 section 6 */

static struct tcb *find(const struct shakedown_stack *stack, int32_t socket)
{
    struct tcb *tcb = stack->blocks;
    while (tcb != NULL && (socket < 0 || tcb->socket != socket))
        tcb = tcb->next;
    return tcb;
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

int32_t call_socket(struct shakedown_stack *stack, uint32_t family)
{
    struct tcb *tcb;
    int32_t socket = 0;
    while (find(stack, socket) != NULL)
        socket++;
    if (stack->address[family == 6].family != family)
        return SHAKEDOWN_UNSUPPORTED;
    if ((tcb = tcb_make(stack, family)) == NULL)
        return SHAKEDOWN_NO_MEMORY;
    tcb->socket = socket;
    return socket;
}

/* True if PORT can't be TCB's beside what uses it already. */
static bool port_taken(const struct shakedown_stack *stack, const struct tcb *tcb, uint16_t port)
{
    for (const struct tcb *other = stack->blocks; other != NULL; other = other->next)
        if (other != tcb && other->family == tcb->family && other->local.port == port &&
            (!other->reuse || !tcb->reuse || other->state == LISTEN) && (other->socket >= 0 || !tcb->reuse))
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

int32_t call_bind(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *local)
{
    static const uint8_t any[16] = {0};
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    if (tcb->state != CLOSED || tcb->local.family != 0 || local->family != tcb->family)
        return SHAKEDOWN_INVALID;
    if (memcmp(local->address, any, sizeof(any)) != 0 &&
        memcmp(local->address, stack->address[local->family == 6].address, sizeof(any)) != 0)
        return SHAKEDOWN_ADDRESS_NOT_AVAILABLE;
    return bind_to(stack, tcb, local->port);
}

/* Passive OPEN (section 3.10.1). */
int32_t call_listen(struct shakedown_stack *stack, int32_t socket, int32_t backlog)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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

int32_t call_accept(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *remote)
{
    struct tcb *listener = find(stack, socket);
    int32_t accepted = 0;
    if (listener == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    if (listener->state != LISTEN)
        return SHAKEDOWN_INVALID;
    struct tcb *tcb = stack->blocks;
    while (tcb != NULL && (tcb->listener != listener || !is_open(stack, tcb)))
        tcb = tcb->next;
    if (tcb == NULL)
        return SHAKEDOWN_WOULD_BLOCK;
    while (find(stack, accepted) != NULL)
        accepted++;
    tcb->listener = NULL;
    tcb->socket = accepted;
    tcb->reuse = listener->reuse;
    tcb->linger_on = listener->linger_on;
    tcb->linger_seconds = listener->linger_seconds;
    *remote = tcb->remote;
    return accepted;
}

/* Active OPEN (section 3.10.1). Not to where no single host is (MUST-46). */
int32_t call_connect(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *remote)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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
int64_t call_send(struct shakedown_stack *stack, int32_t socket, const void *data, size_t length)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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
int64_t call_receive(struct shakedown_stack *stack, int32_t socket, void *data, size_t length, uint32_t flags)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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
int32_t call_shutdown(struct shakedown_stack *stack, int32_t socket, uint32_t how)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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
int32_t call_close(struct shakedown_stack *stack, int32_t socket)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    bool lives = tcb->state >= SYN_RECEIVED && tcb->state <= LAST_ACK;
    bool abort = lives && !fault_is(stack, QUIRK_CLOSE_LOSES) &&
                 (tcb->in.count > tcb->early || (tcb->linger_on != 0 && tcb->linger_seconds == 0));
    tcb->socket = -1;
    tcb->finish = true;
    if (tcb->state == LISTEN)
        listener_end(stack, tcb);
    if (abort)
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
} options[] = {
    [SHAKEDOWN_OPTION_REUSE_ADDRESS] = {offsetof(struct tcb, reuse), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_LINGER] = {offsetof(struct tcb, linger_on), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_NO_DELAY] = {offsetof(struct tcb, no_delay), INT32_MIN, INT32_MAX},
    [SHAKEDOWN_OPTION_SEGMENT_SIZE] = {offsetof(struct tcb, segment_size), 1, WINDOW_MOST},
    [SHAKEDOWN_OPTION_SYN_COUNT] = {offsetof(struct tcb, syn_retries), 1, 255},
    [SHAKEDOWN_OPTION_TIME_TO_LIVE] = {offsetof(struct tcb, time_to_live), 1, 255},
    [SHAKEDOWN_OPTION_TYPE_OF_SERVICE] = {offsetof(struct tcb, type_of_service), 0, 255},
};

static int32_t *option_at(struct tcb *tcb, uint32_t option)
{
    if (option >= sizeof(options) / sizeof(options[0]) || options[option].offset == 0)
        return NULL;
    return (int32_t *)(void *)((char *)tcb + options[option].offset);
}

int32_t call_get_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, int32_t *value, size_t length)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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

int32_t call_set_option(struct shakedown_stack *stack, int32_t socket, uint32_t option, const int32_t *value,
                        size_t length)
{
    struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    int32_t *at = option_at(tcb, option);
    if (at == NULL)
        return SHAKEDOWN_UNSUPPORTED;
    if (*value < options[option].least || *value > options[option].most)
        return SHAKEDOWN_INVALID;
    memcpy(at, value, length * sizeof(*value));
    if (option == SHAKEDOWN_OPTION_NO_DELAY)
        send_text(stack, tcb);
    return 0;
}

int32_t call_local(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint)
{
    const struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    *endpoint = tcb->local;
    endpoint->family = (uint16_t)tcb->family;
    return 0;
}

int32_t call_remote(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint)
{
    const struct tcb *tcb = find(stack, socket);
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
    if (!tcb->opened || tcb->state == CLOSED)
        return SHAKEDOWN_NOT_CONNECTED;
    *endpoint = tcb->remote;
    return 0;
}

int32_t call_poll(struct shakedown_stack *stack, int32_t socket)
{
    const struct tcb *tcb = find(stack, socket);
    int32_t ready = 0;
    if (tcb == NULL)
        return SHAKEDOWN_BAD_SOCKET;
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
