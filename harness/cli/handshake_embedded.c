/* SPDX-License-Identifier: MIT */
#include "cli/handshake_embedded.h"

#include "cli/handshake_exchange.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { LISTENER = 3 }; /* the stack's first descriptor */

static struct stack_return embedded_call(struct stack *stack, enum stack_operation operation, int64_t descriptor,
                                         void *data, size_t length)
{
    struct stack_return returned;
    const struct stack_call call = {.operation = operation,
                                    .count = 3,
                                    .arguments = {{.kind = ARGUMENT_INTEGER, .integer = descriptor},
                                                  {.kind = ARGUMENT_POINTER, .integer = 1, .data = data, length},
                                                  {.kind = ARGUMENT_POINTER}}};
    stack_call(stack, &call, &returned);
    return returned;
}

static bool embedded_socket(struct stack *stack, struct error *error)
{
    struct stack_return returned;
    const struct stack_call call = {.operation = STACK_SOCKET,
                                    .count = 3,
                                    .arguments = {{.kind = ARGUMENT_INTEGER, .integer = AF_INET},
                                                  {.kind = ARGUMENT_INTEGER, .integer = SOCK_STREAM},
                                                  {.kind = ARGUMENT_INTEGER}}};
    stack_call(stack, &call, &returned);
    return returned.value == LISTENER || error_set(error, ERROR_NOT_APPLICABLE, "the stack makes no IPv4 socket");
}

static bool embedded_listen(struct stack *stack, struct error *error)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(HANDSHAKE_SERVER_PORT)};
    memcpy(&address.sin_addr, stack->local[0].bytes, sizeof(address.sin_addr));
    if (!embedded_socket(stack, error))
        return false;
    if (embedded_call(stack, STACK_BIND, LISTENER, &address, sizeof(address)).value != 0 ||
        embedded_call(stack, STACK_LISTEN, LISTENER, NULL, 0).value != 0)
        return error_set(error, ERROR_NOT_APPLICABLE, "the stack does not listen");
    return true;
}

bool handshake_embedded_listen(struct plugin *plugin, const char *options, const struct address *ends,
                               struct stack **stack, struct error *error)
{
    const struct plugin_settings settings = {
        .options = options, .local = {ends[0]}, .remote = {ends[1]}, .seed = (uint64_t)clock_now()};
    struct stack *opened;
    if (!plugin_stack_open(plugin, &settings, &opened, error))
        return false;
    if (!embedded_listen(opened, error)) {
        stack_close(opened);
        return false;
    }
    *stack = opened;
    return true;
}

bool handshake_embedded_accept(struct stack *stack, int *accepted, uint16_t *port)
{
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof(peer);
    struct stack_return returned;
    const struct stack_call call = {
        .operation = STACK_ACCEPT,
        .count = 3,
        .arguments = {{.kind = ARGUMENT_INTEGER, .integer = LISTENER},
                      {.kind = ARGUMENT_POINTER, .data = &peer, .length = sizeof(peer)},
                      {.kind = ARGUMENT_POINTER, .data = &length, .length = sizeof(length)}}};
    stack_call(stack, &call, &returned);
    if (returned.value < 0)
        return false;
    *accepted = (int)returned.value;
    *port = ntohs(peer.sin_port);
    return true;
}

void handshake_embedded_close(struct stack *stack, int descriptor)
{
    (void)embedded_call(stack, STACK_CLOSE, descriptor, NULL, 0);
}
