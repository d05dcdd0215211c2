/* SPDX-License-Identifier: MIT */
#include "engine/call.h"

#include "engine/call_row.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static bool call_fail_unknown(struct call_context *context, const struct call_event *event)
{
    const char *nearest = call_row_nearest(event->name);
    if (call_row_elsewhere(event->name)) {
        if (context->evaluation->elsewhere == NULL)
            context->evaluation->elsewhere = event->name;
        return false;
    }
    if (nearest == NULL)
        return diagnostics_add(context->evaluation->diagnostics, event->name_at, "unknown system call `%s`",
                               event->name);
    return diagnostics_add(context->evaluation->diagnostics, event->name_at,
                           "unknown system call `%s`; did you mean `%s`?", event->name, nearest);
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

static bool call_check_result(struct call_context *context, const struct call_event *event)
{
    int64_t ignored;
    bool sound = !event->has_result || event->result.kind == VALUE_ELLIPSIS ||
                 evaluate_integer(context->evaluation, &event->result, &ignored);
    return call_check_error_name(context, event) && sound;
}

static bool parameter_stands_alone(enum parameter_kind kind)
{
    return kind == PARAMETER_DOMAIN || kind == PARAMETER_INTEGER || kind == PARAMETER_DESCRIPTOR;
}

bool call_prepare(struct call_context *context, const struct call_event *event, struct prepared_call *prepared)
{
    const struct call_row *row = call_row_find(event->name);
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
    /* All that is wrong is told at once. What is made with the help of an argument before it is passed over behind a
     * wrong one. */
    bool sound = true;
    for (size_t i = 0; i < event->count; i++)
        if (sound || parameter_stands_alone(row->parameters[i]))
            sound = call_argument_prepare(context, row->parameters[i], i, prepared) && sound;
    return call_check_result(context, event) && sound;
}

int64_t call_subject(const struct prepared_call *prepared)
{
    return prepared->row->parameters[0] == PARAMETER_DESCRIPTOR ? prepared->call.arguments[0].integer : -1;
}

bool call_may_block(const struct prepared_call *prepared)
{
    return prepared->row->may_block;
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

/* Notes what the script calls the two descriptors that came back. */
static bool call_note_descriptors(struct call_context *context, const struct call_comparison *comparison,
                                  const struct call_output *output, struct descriptors *descriptors)
{
    const int *live = comparison->prepared->call.arguments[output->argument].data;
    for (size_t i = 0; i < 2; i++) {
        int64_t script = 0;
        if (!evaluate_integer(context->evaluation, &output->expected->items[i], &script))
            return false;
        if (!descriptors_note(descriptors, context->arena, script, live[i])) {
            text_append_string(comparison->mismatch, "memory ran out");
            return false;
        }
    }
    return true;
}

/* Notes the descriptor that came back, or that one was closed. */
static bool call_note_descriptor(struct call_context *context, const struct call_comparison *comparison,
                                 struct descriptors *descriptors)
{
    const struct prepared_call *prepared = comparison->prepared;
    const struct call_event *event = prepared->event;
    int64_t script;
    if (prepared->row->operation == STACK_CLOSE)
        descriptors_close(descriptors, prepared->call.arguments[0].integer);
    if (!prepared->row->gives_descriptor || !event->has_result || event->result.kind == VALUE_ELLIPSIS ||
        !evaluate_integer(context->evaluation, &event->result, &script))
        return true;
    if (descriptors_note(descriptors, context->arena, script, comparison->returned->value))
        return true;
    text_append_string(comparison->mismatch, "memory ran out");
    return false;
}

bool call_check(struct call_context *context, const struct prepared_call *prepared, const struct stack_return *returned,
                struct descriptors *descriptors, struct text *mismatch)
{
    const struct call_comparison comparison = {context, prepared, returned, mismatch};
    if (!call_check_value(context, prepared, returned, mismatch))
        return false;
    if (returned->value < 0)
        return true;
    if (!call_note_descriptor(context, &comparison, descriptors))
        return false;
    for (size_t i = 0; i < prepared->output_count; i++) {
        const struct call_output *output = &prepared->outputs[i];
        if (!call_output_check(&comparison, output))
            return false;
        if (output->kind == OUTPUT_DESCRIPTORS && !call_note_descriptors(context, &comparison, output, descriptors))
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
