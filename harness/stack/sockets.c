/* SPDX-License-Identifier: MIT */
#include "stack/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const struct stack_argument no_address = {.kind = ARGUMENT_POINTER};

static struct stack_argument integer(int64_t value)
{
    return (struct stack_argument){.kind = ARGUMENT_INTEGER, .integer = value};
}

static struct stack_argument pointer(void *data, size_t length)
{
    return (struct stack_argument){.kind = ARGUMENT_POINTER, .data = data, .length = length};
}

static struct stack_return call(struct stack *stack, enum stack_operation operation, struct stack_argument first,
                                struct stack_argument second, struct stack_argument third)
{
    const struct stack_call made = {.operation = operation, .count = 3, .arguments = {first, second, third}};
    struct stack_return returned;
    stack_call(stack, &made, &returned);
    return returned;
}

static bool refuse(const struct stack *stack, const char *name, const struct stack_return *returned,
                   struct error *error)
{
    if (returned->lacking != NULL)
        return error_set(error, ERROR_NOT_APPLICABLE, "the stack has no %s", returned->lacking);
    return error_set(error, ERROR_NOT_APPLICABLE, "%s on the stack failed: %s", name,
                     stack_error_name(stack, returned->error_number));
}

static bool socket_open(struct stack *stack, bool ipv6, int *opened, struct error *error)
{
    struct stack_return returned =
        call(stack, STACK_SOCKET, integer(ipv6 ? AF_INET6 : AF_INET), integer(SOCK_STREAM | SOCK_NONBLOCK), integer(0));
    if (returned.value < 0)
        return refuse(stack, "socket()", &returned, error);
    *opened = (int)returned.value;
    return true;
}

/* A socket's address of either version, and its length. */
struct place {
    union {
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    };
    size_t length;
};

static struct place place_of(const struct address *address, bool ipv6, uint16_t port)
{
    struct place place = {.length = ipv6 ? sizeof(place.ipv6) : sizeof(place.ipv4)};
    if (ipv6) {
        place.ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
        memcpy(&place.ipv6.sin6_addr, address->bytes, sizeof(place.ipv6.sin6_addr));
    } else {
        place.ipv4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
        memcpy(&place.ipv4.sin_addr, address->bytes, sizeof(place.ipv4.sin_addr));
    }
    return place;
}

bool stack_socket_listen(struct stack *stack, bool ipv6, uint16_t port, int *listener, struct error *error)
{
    struct place place = place_of(&stack->local[ipv6], ipv6, port);
    int opened = -1;
    if (!socket_open(stack, ipv6, &opened, error))
        return false;
    struct stack_return returned =
        call(stack, STACK_BIND, integer(opened), pointer(&place, place.length), integer((int64_t)place.length));
    const char *name = "bind()";
    if (returned.value == 0) {
        name = "listen()";
        returned = call(stack, STACK_LISTEN, integer(opened), integer(SOMAXCONN), integer(0));
    }
    if (returned.value != 0) {
        stack_socket_close(stack, opened);
        return refuse(stack, name, &returned, error);
    }
    *listener = opened;
    return true;
}

bool stack_socket_connect(struct stack *stack, bool ipv6, uint16_t port, int *connecting, struct error *error)
{
    struct place place = place_of(&stack->remote[ipv6], ipv6, port);
    int opened = -1;
    if (!socket_open(stack, ipv6, &opened, error))
        return false;
    struct stack_return returned =
        call(stack, STACK_CONNECT, integer(opened), pointer(&place, place.length), integer((int64_t)place.length));
    if (returned.value != 0 && returned.error_number != EINPROGRESS) {
        stack_socket_close(stack, opened);
        return refuse(stack, "connect()", &returned, error);
    }
    *connecting = opened;
    return true;
}

bool stack_socket_accept(struct stack *stack, int listener, int *accepted, uint16_t *port)
{
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof(peer);
    struct stack_return returned =
        call(stack, STACK_ACCEPT, integer(listener), pointer(&peer, sizeof(peer)), pointer(&length, sizeof(length)));
    if (returned.value < 0)
        return false;
    *accepted = (int)returned.value;
    *port = ntohs(peer.sin_port);
    return true;
}

void stack_socket_close(struct stack *stack, int descriptor)
{
    (void)call(stack, STACK_CLOSE, integer(descriptor), no_address, no_address);
}
