/* SPDX-License-Identifier: MIT */
/* Calls on the stack: each becomes a line of the language. */
#include "library/open_stack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

enum { DATA_MOST = 64 * 1024 };

/* What a call returns to the program. */
static long call_result(const struct shakedown_stack *stack, enum shakedown_verdict verdict)
{
    if (verdict != SHAKEDOWN_PASS)
        return -ENOTRECOVERABLE;
    return stack->answer.call_failed != 0 ? -(long)stack->answer.call_failed : (long)stack->answer.value;
}

long shakedown_call(struct shakedown_stack *stack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict = stack_step_format(stack, (struct order){.kind = ORDER_CALL}, format, arguments);
    va_end(arguments);
    return call_result(stack, verdict);
}

enum shakedown_verdict shakedown_call_begin(struct shakedown_stack *stack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum shakedown_verdict verdict =
        stack_step_format(stack, (struct order){.kind = ORDER_CALL_BEGIN}, format, arguments);
    va_end(arguments);
    return verdict;
}

long shakedown_call_end(struct shakedown_stack *stack, double seconds)
{
    const struct order order = {.kind = ORDER_CALL_END, .span = span_of_seconds(seconds)};
    return call_result(stack, stack_step(stack, &order));
}

int shakedown_socket(struct shakedown_stack *stack, int domain, int type, int protocol)
{
    return (int)shakedown_call(stack, "socket(%d, %d, %d)", domain, type, protocol);
}

/* The text of ADDRESS; false if it is none that a text can say. */
static bool address_text(struct text *text, const struct sockaddr *address, socklen_t length)
{
    char host[INET6_ADDRSTRLEN];
    if (address == NULL) {
        text_append_string(text, "...");
    } else if (length >= sizeof(struct sockaddr_in) && address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof(in));
        text_append_format(text, "{sa_family=AF_INET, sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}",
                           ntohs(in.sin_port), inet_ntop(AF_INET, &in.sin_addr, host, sizeof(host)));
    } else if (length >= sizeof(struct sockaddr_in6) && address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof(in6));
        text_append_format(text,
                           "{sa_family=AF_INET6, sin6_port=htons(%u), inet_pton(AF_INET6, \"%s\", &sin6_addr), "
                           "sin6_scope_id=%u}",
                           ntohs(in6.sin6_port), inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof(host)),
                           in6.sin6_scope_id);
    } else {
        return false;
    }
    return true;
}

/* bind() and connect(). */
static int call_with_address(struct shakedown_stack *stack, const char *name, int descriptor,
                             const struct sockaddr *address, socklen_t length)
{
    char written[192];
    struct text text = text_in(written, sizeof(written));
    if (!address_text(&text, address, length))
        return -EAFNOSUPPORT;
    return (int)shakedown_call(stack, "%s(%d, %s, ...)", name, descriptor, written);
}

int shakedown_bind(struct shakedown_stack *stack, int descriptor, const struct sockaddr *address, socklen_t length)
{
    return call_with_address(stack, "bind", descriptor, address, length);
}

int shakedown_connect(struct shakedown_stack *stack, int descriptor, const struct sockaddr *address, socklen_t length)
{
    return call_with_address(stack, "connect", descriptor, address, length);
}

int shakedown_listen(struct shakedown_stack *stack, int descriptor, int backlog)
{
    return (int)shakedown_call(stack, "listen(%d, %d)", descriptor, backlog);
}

/* Copies what a call gave back to the ROOM bytes at TO, and says how much there was. */
static void give_output(const struct shakedown_stack *stack, void *to, socklen_t *room)
{
    struct bytes output = stack->answer.output;
    size_t copied = output.length < *room ? output.length : *room;
    if (copied > 0)
        memcpy(to, output.data, copied);
    *room = (socklen_t)output.length;
}

/* accept(), getsockname() and getpeername(). */
static int call_for_address(struct shakedown_stack *stack, const char *name, int descriptor, struct sockaddr *address,
                            socklen_t *length)
{
    long result = shakedown_call(stack, "%s(%d, ..., ...)", name, descriptor);
    if (result >= 0 && address != NULL && length != NULL)
        give_output(stack, address, length);
    return (int)result;
}

int shakedown_accept(struct shakedown_stack *stack, int descriptor, struct sockaddr *address, socklen_t *length)
{
    return call_for_address(stack, "accept", descriptor, address, length);
}

int shakedown_getsockname(struct shakedown_stack *stack, int descriptor, struct sockaddr *address, socklen_t *length)
{
    return call_for_address(stack, "getsockname", descriptor, address, length);
}

int shakedown_getpeername(struct shakedown_stack *stack, int descriptor, struct sockaddr *address, socklen_t *length)
{
    return call_for_address(stack, "getpeername", descriptor, address, length);
}

/* Bytes as a string of the language. */
static void string_text(struct text *text, const uint8_t *data, size_t length)
{
    text_append_character(text, '"');
    for (size_t i = 0; i < length; i++) {
        if (data[i] >= ' ' && data[i] <= '~' && data[i] != '"' && data[i] != '\\')
            text_append_character(text, (char)data[i]);
        else
            text_append_format(text, "\\x%02x", data[i]);
    }
    text_append_character(text, '"');
}

long shakedown_write(struct shakedown_stack *stack, int descriptor, const void *data, size_t length)
{
    struct text text = text_growing();
    size_t asked = length < DATA_MOST ? length : DATA_MOST;
    long result = -ENOTRECOVERABLE;
    string_text(&text, data, asked);
    if (!text.truncated)
        result = shakedown_call(stack, "write(%d, %s, %zu)", descriptor, text_string(&text), asked);
    else if (stack != NULL)
        (void)stack_fail(stack, "no memory for what is to be written");
    text_free(&text);
    return result;
}

long shakedown_read(struct shakedown_stack *stack, int descriptor, void *data, size_t length)
{
    socklen_t room = (socklen_t)(length < DATA_MOST ? length : DATA_MOST);
    long result = shakedown_call(stack, "read(%d, ..., %u)", descriptor, room);
    if (result > 0)
        give_output(stack, data, &room);
    return result;
}

int shakedown_shutdown(struct shakedown_stack *stack, int descriptor, int how)
{
    return (int)shakedown_call(stack, "shutdown(%d, %d)", descriptor, how);
}

int shakedown_fcntl(struct shakedown_stack *stack, int descriptor, int command, int argument)
{
    return (int)shakedown_call(stack, "fcntl(%d, %d, %d)", descriptor, command, argument);
}

int shakedown_setsockopt(struct shakedown_stack *stack, int descriptor, int level, int option, int value)
{
    return (int)shakedown_call(stack, "setsockopt(%d, %d, %d, [%d], 4)", descriptor, level, option, value);
}

int shakedown_getsockopt(struct shakedown_stack *stack, int descriptor, int level, int option, int *value)
{
    socklen_t room = sizeof(*value);
    long result = shakedown_call(stack, "getsockopt(%d, %d, %d, ..., [4])", descriptor, level, option);
    if (result >= 0)
        give_output(stack, value, &room);
    return (int)result;
}

int shakedown_close_descriptor(struct shakedown_stack *stack, int descriptor)
{
    return (int)shakedown_call(stack, "close(%d)", descriptor);
}
