/* SPDX-License-Identifier: MIT */
#include "engine/call.h"

#include "base/nearest_name.h"
#include "engine/call_argument.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct call_row {
    const char *name;
    enum stack_operation operation;
    size_t least; /* arguments that must be there */
    enum parameter_kind parameters[STACK_ARGUMENTS_MOST];
    bool gives_descriptor;
    bool may_block;
};

#define ROW(call, least, descriptor, block, ...)                      \
    {                                                                 \
#call, STACK_##call, least, {__VA_ARGS__ }, descriptor, block \
    }

/* Names as scripts write them come from stack_operation_name(). */
static const struct call_row call_rows[] = {
    ROW(SOCKET, 3, true, false, PARAMETER_DOMAIN, PARAMETER_INTEGER, PARAMETER_INTEGER),
    ROW(BIND, 3, false, false, PARAMETER_DESCRIPTOR, PARAMETER_LOCAL_ADDRESS, PARAMETER_ADDRESS_LENGTH),
    ROW(LISTEN, 2, false, false, PARAMETER_DESCRIPTOR, PARAMETER_INTEGER),
    ROW(ACCEPT, 3, true, true, PARAMETER_DESCRIPTOR, PARAMETER_ADDRESS_OUT, PARAMETER_LENGTH_OUT),
    ROW(CONNECT, 3, false, true, PARAMETER_DESCRIPTOR, PARAMETER_REMOTE_ADDRESS, PARAMETER_ADDRESS_LENGTH),
    ROW(CLOSE, 1, false, true, PARAMETER_DESCRIPTOR),
    ROW(SHUTDOWN, 2, false, false, PARAMETER_DESCRIPTOR, PARAMETER_INTEGER),
    ROW(READ, 3, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA_OUT, PARAMETER_COUNT),
    ROW(WRITE, 3, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA, PARAMETER_COUNT),
    ROW(SEND, 4, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA, PARAMETER_COUNT, PARAMETER_INTEGER),
    ROW(SENDTO, 6, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA, PARAMETER_COUNT, PARAMETER_INTEGER,
        PARAMETER_REMOTE_ADDRESS, PARAMETER_ADDRESS_LENGTH),
    ROW(RECV, 4, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA_OUT, PARAMETER_COUNT, PARAMETER_INTEGER),
    ROW(RECVFROM, 6, false, true, PARAMETER_DESCRIPTOR, PARAMETER_DATA_OUT, PARAMETER_COUNT, PARAMETER_INTEGER,
        PARAMETER_ADDRESS_OUT, PARAMETER_LENGTH_OUT),
    ROW(FCNTL, 2, false, false, PARAMETER_DESCRIPTOR, PARAMETER_INTEGER, PARAMETER_INTEGER),
    ROW(GETSOCKOPT, 5, false, false, PARAMETER_DESCRIPTOR, PARAMETER_INTEGER, PARAMETER_INTEGER, PARAMETER_OPTION_OUT,
        PARAMETER_LENGTH_OUT),
    ROW(SETSOCKOPT, 5, false, false, PARAMETER_DESCRIPTOR, PARAMETER_INTEGER, PARAMETER_INTEGER, PARAMETER_OPTION,
        PARAMETER_OPTION_LENGTH),
};
_Static_assert(COUNT_OF(call_rows) == STACK_OPERATION_COUNT, "a row for every operation of a stack");

static const char *call_name_at(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(call_rows) ? stack_operation_name(call_rows[index].operation) : NULL;
}

static const struct call_row *call_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(call_rows); i++)
        if (strcmp(stack_operation_name(call_rows[i].operation), name) == 0)
            return &call_rows[i];
    return NULL;
}

static bool call_fail_unknown(struct call_context *context, const struct call_event *event)
{
    const char *nearest = nearest_name(event->name, strlen(event->name), call_name_at, NULL);
    if (nearest == NULL)
        return diagnostics_add(context->evaluation->diagnostics, event->name_at, "unknown system call `%s`",
                               event->name);
    return diagnostics_add(context->evaluation->diagnostics, event->name_at,
                           "unknown system call `%s`; did you mean `%s`?", event->name, nearest);
}

static size_t call_row_most(const struct call_row *row)
{
    size_t most = 0;
    while (most < STACK_ARGUMENTS_MOST && row->parameters[most] != PARAMETER_NONE)
        most++;
    return most;
}

static bool call_check_error_name(struct call_context *context, const struct call_event *event)
{
    int64_t number;
    if (event->error_name == NULL)
        return true;
    switch (evaluation_symbol(context->evaluation, event->error_name, &number)) {
    case SYMBOL_HERE:
        return true;
    case SYMBOL_ELSEWHERE:
        context->evaluation->elsewhere = event->error_name;
        return false;
    case SYMBOL_UNKNOWN:
        break;
    }
    return diagnostics_add(context->evaluation->diagnostics, event->error_at, "no system knows the error `%s`",
                           event->error_name);
}

bool call_prepare(struct call_context *context, const struct call_event *event, struct prepared_call *prepared)
{
    const struct call_row *row = call_find(event->name);
    if (row == NULL)
        return call_fail_unknown(context, event);
    size_t most = call_row_most(row);
    if (event->count < row->least || event->count > most)
        return diagnostics_add(context->evaluation->diagnostics, event->name_at,
                               "%s() takes %zu%s arguments, found %zu", event->name, row->least,
                               most > row->least ? " or more" : "", event->count);
    *prepared = (struct prepared_call){.row = row, .event = event};
    prepared->call.operation = row->operation;
    prepared->call.count = event->count;
    for (size_t i = 0; i < event->count; i++)
        if (!call_argument_prepare(context, row->parameters[i], i, prepared))
            return false;
    int64_t ignored;
    if (event->has_result && event->result.kind != VALUE_ELLIPSIS &&
        !evaluate_integer(context->evaluation, &event->result, &ignored))
        return false;
    return call_check_error_name(context, event);
}

bool call_may_block(const struct prepared_call *prepared)
{
    return prepared->row->may_block;
}

static bool descriptors_note(struct descriptors *descriptors, struct arena *arena, int64_t script, int64_t live)
{
    for (size_t i = 0; i < descriptors->count; i++) {
        if (descriptors->pairs[i].script == script) {
            descriptors->pairs[i].live = live;
            return true;
        }
    }
    void *pairs = descriptors->pairs;
    if (!arena_array_room(arena, &pairs, sizeof(*descriptors->pairs), descriptors->count, &descriptors->capacity))
        return false;
    descriptors->pairs = pairs;
    descriptors->pairs[descriptors->count].script = script;
    descriptors->pairs[descriptors->count].live = live;
    descriptors->count++;
    return true;
}

/* "3", or "-1 (ECONNREFUSED)". */
static void call_print_result(struct text *text, const struct stack *stack, const struct stack_return *returned)
{
    text_append_signed(text, returned->value);
    if (returned->error_number != 0)
        text_append_format(text, " (%s)", stack_error_name(stack, returned->error_number));
}

static bool call_check_value(struct call_context *context, const struct prepared_call *prepared,
                             const struct stack_return *returned, struct text *mismatch)
{
    const struct call_event *event = prepared->event;
    int64_t expected = 0;
    if (!event->has_result || event->result.kind == VALUE_ELLIPSIS)
        return true;
    if (!evaluate_integer(context->evaluation, &event->result, &expected))
        return false;
    int64_t error_expected = returned->error_number;
    if (event->error_name != NULL)
        (void)evaluation_symbol(context->evaluation, event->error_name, &error_expected);
    bool descriptor = prepared->row->gives_descriptor && expected >= 0 && returned->value >= 0;
    if ((descriptor || expected == returned->value) && error_expected == returned->error_number)
        return true;
    text_append_format(mismatch, "%s() returned ", event->name);
    call_print_result(mismatch, context->stack, returned);
    text_append_format(mismatch, " instead of %lld", (long long)expected);
    if (event->error_name != NULL)
        text_append_format(mismatch, " (%s)", event->error_name);
    return false;
}

static bool call_check_number(struct call_context *context, const struct prepared_call *prepared,
                              const struct call_output *output, struct text *mismatch)
{
    int64_t expected = 0;
    if (!evaluate_integer(context->evaluation, output->expected, &expected))
        return false;
    int32_t came;
    memcpy(&came, prepared->call.arguments[output->argument].data, sizeof(came));
    /* An int and a socklen_t differ in sign only. */
    if (came == (int32_t)expected)
        return true;
    text_append_format(mismatch, "%s() gave %d instead of %lld", prepared->event->name, came, (long long)expected);
    return false;
}

static bool call_check_data(const struct prepared_call *prepared, const struct stack_return *returned,
                            const struct call_output *output, struct text *mismatch)
{
    const struct value *expected = output->expected;
    size_t came = returned->value < 0 ? 0 : (size_t)returned->value;
    const void *data = prepared->call.arguments[output->argument].data;
    size_t compared = came < expected->text_length ? came : expected->text_length;
    if (compared == 0 || memcmp(data, expected->text, compared) == 0)
        return true;
    text_append_format(mismatch, "%s() gave other bytes than the script's", prepared->event->name);
    return false;
}

bool call_check(struct call_context *context, const struct prepared_call *prepared, const struct stack_return *returned,
                struct descriptors *descriptors, struct text *mismatch)
{
    if (!call_check_value(context, prepared, returned, mismatch))
        return false;
    const struct call_event *event = prepared->event;
    int64_t script;
    if (prepared->row->gives_descriptor && returned->value >= 0 && event->has_result &&
        event->result.kind != VALUE_ELLIPSIS && evaluate_integer(context->evaluation, &event->result, &script) &&
        !descriptors_note(descriptors, context->arena, script, returned->value)) {
        text_append_string(mismatch, "memory ran out");
        return false;
    }
    for (size_t i = 0; i < prepared->output_count && returned->value >= 0; i++) {
        const struct call_output *output = &prepared->outputs[i];
        bool right = output->number ? call_check_number(context, prepared, output, mismatch)
                                    : call_check_data(prepared, returned, output, mismatch);
        if (!right)
            return false;
    }
    return true;
}

static void call_print_address(struct text *text, const struct stack_argument *argument)
{
    struct address address = {.family = ADDRESS_NONE};
    uint16_t port = 0;
    sa_family_t family = AF_UNSPEC;
    if (argument->length >= sizeof(family))
        memcpy(&family, argument->data, sizeof(family));
    if (family == AF_INET && argument->length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, argument->data, sizeof(in));
        address = address_from_bytes(ADDRESS_IPV4, (const uint8_t *)&in.sin_addr);
        port = ntohs(in.sin_port);
    } else if (family == AF_INET6 && argument->length >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 in6;
        memcpy(&in6, argument->data, sizeof(in6));
        address = address_from_bytes(ADDRESS_IPV6, (const uint8_t *)&in6.sin6_addr);
        port = ntohs(in6.sin6_port);
    }
    text_append_character(text, '{');
    address_print(text, &address);
    text_append_format(text, " port %u}", port);
}

void call_print_arguments(struct text *text, const struct prepared_call *prepared)
{
    for (size_t i = 0; i < prepared->call.count; i++) {
        const struct stack_argument *argument = &prepared->call.arguments[i];
        enum parameter_kind kind = prepared->row->parameters[i];
        int32_t number;
        if (i > 0)
            text_append_string(text, ", ");
        if (argument->kind == ARGUMENT_INTEGER) {
            text_append_signed(text, argument->integer);
        } else if (kind == PARAMETER_LOCAL_ADDRESS || kind == PARAMETER_REMOTE_ADDRESS) {
            call_print_address(text, argument);
        } else if (kind == PARAMETER_OPTION && argument->length == sizeof(number)) {
            memcpy(&number, argument->data, sizeof(number));
            text_append_format(text, "[%d]", number);
        } else {
            text_append_string(text, "...");
        }
    }
}
