/* SPDX-License-Identifier: MIT */
#include "engine/call_argument.h"

#include "engine/call_structure.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum { CALL_DATA_MOST = 64 * 1024 * 1024 };

static struct diagnostics *diagnostics_of(struct call_context *context)
{
    return context->evaluation->diagnostics;
}

/* Room of SIZE bytes for the argument, zeroed, in the call's memory. */
static void *argument_room(struct call_context *context, struct stack_argument *argument, size_t size, struct span at)
{
    argument->kind = ARGUMENT_POINTER;
    argument->data = arena_take(context->arena, size);
    argument->length = size;
    if (argument->data == NULL)
        (void)diagnostics_add(diagnostics_of(context), at, "memory ran out");
    return argument->data;
}

static bool argument_integer(struct call_context *context, const struct value *value, struct stack_argument *argument)
{
    argument->kind = ARGUMENT_INTEGER;
    return evaluate_integer(context->evaluation, value, &argument->integer);
}

static bool argument_domain(struct call_context *context, const struct value *value, struct stack_argument *argument)
{
    if (value->kind != VALUE_ELLIPSIS)
        return argument_integer(context, value, argument);
    argument->kind = ARGUMENT_INTEGER;
    argument->integer = context->options->ip_version == IP_VERSION_IPV4 ? AF_INET : AF_INET6;
    return true;
}

static bool argument_descriptor(struct call_context *context, const struct value *value,
                                struct stack_argument *argument)
{
    if (!argument_integer(context, value, argument))
        return false;
    const struct descriptors *descriptors = context->descriptors;
    if (descriptors == NULL || argument->integer < 0)
        return true;
    for (size_t i = 0; i < descriptors->count; i++) {
        if (descriptors->pairs[i].script == argument->integer) {
            argument->integer = descriptors->pairs[i].live;
            return true;
        }
    }
    return diagnostics_add(diagnostics_of(context), value->at, "no call has returned the file descriptor %lld",
                           (long long)argument->integer);
}

static bool argument_address(struct call_context *context, const struct value *value, bool local,
                             struct stack_argument *argument)
{
    struct sockaddr_storage *storage = argument_room(context, argument, sizeof(*storage), value->at);
    if (storage == NULL)
        return false;
    if (value->kind == VALUE_STRUCT)
        return call_address_from_value(context, value, storage, &argument->length);
    if (value->kind != VALUE_ELLIPSIS)
        return diagnostics_add(diagnostics_of(context), value->at, "expected `...` or an address {sa_family = ...}");
    call_address_default(context, local, storage, &argument->length);
    return true;
}

/* `[N]`: the number inside, or NULL. */
static const struct value *value_in_list(const struct value *value)
{
    return value->kind == VALUE_LIST && value->count == 1 && value_is_number(&value->items[0]) ? &value->items[0]
                                                                                               : NULL;
}

static void output_note(struct prepared_call *prepared, size_t argument, const struct value *expected, bool number)
{
    prepared->outputs[prepared->output_count++] =
        (struct call_output){.expected = expected, .argument = argument, .number = number};
}

static bool argument_length_out(struct call_context *context, const struct value *value, size_t index,
                                struct prepared_call *prepared)
{
    struct stack_argument *argument = &prepared->call.arguments[index];
    size_t room = prepared->call.arguments[index - 1].length;
    const struct value *inside = value_in_list(value);
    if (value->kind != VALUE_ELLIPSIS && inside == NULL)
        return diagnostics_add(diagnostics_of(context), value->at, "expected `...` or a length like [4]");
    if (inside != NULL) {
        int64_t given = 0;
        if (!evaluate_integer(context->evaluation, inside, &given))
            return false;
        if (given < 0 || (size_t)given > room)
            return diagnostics_add(diagnostics_of(context), value->at, "a length from 0 to %zu fits here", room);
        room = (size_t)given;
        output_note(prepared, index, inside, true);
    }
    socklen_t length = (socklen_t)room;
    if (argument_room(context, argument, sizeof(length), value->at) == NULL)
        return false;
    memcpy(argument->data, &length, sizeof(length));
    return true;
}

/* How many bytes a data argument has: the argument behind it says so. */
static bool argument_data_size(struct call_context *context, const struct prepared_call *prepared, size_t index,
                               size_t *size)
{
    int64_t count = 0;
    const struct value *value = &prepared->event->arguments[index + 1];
    if (!evaluate_integer(context->evaluation, value, &count))
        return false;
    if (count < 0 || count > CALL_DATA_MOST)
        return diagnostics_add(diagnostics_of(context), value->at, "a count from 0 to %d fits here", CALL_DATA_MOST);
    *size = (size_t)count;
    return true;
}

static bool argument_data(struct call_context *context, size_t index, bool out, struct prepared_call *prepared)
{
    const struct value *value = &prepared->event->arguments[index];
    struct stack_argument *argument = &prepared->call.arguments[index];
    size_t size = 0;
    if (value->kind != VALUE_ELLIPSIS && value->kind != VALUE_STRING)
        return diagnostics_add(diagnostics_of(context), value->at, "expected `...` or a string");
    if (!argument_data_size(context, prepared, index, &size))
        return false;
    size_t given = value->kind == VALUE_STRING ? value->text_length : 0;
    if (argument_room(context, argument, given > size ? given : size, value->at) == NULL)
        return false;
    if (value->kind == VALUE_STRING && out)
        output_note(prepared, index, value, false);
    else if (given > 0)
        memcpy(argument->data, value->text, given);
    return true;
}

static bool argument_option(struct call_context *context, const struct value *value, struct stack_argument *argument)
{
    const struct value *inside = value_in_list(value);
    if (value->kind == VALUE_STRUCT)
        return call_structure_from_value(context, value, argument);
    if (value->kind == VALUE_STRING) {
        if (argument_room(context, argument, value->text_length + 1, value->at) == NULL)
            return false;
        memcpy(argument->data, value->text, value->text_length);
        argument->length = value->text_length;
        return true;
    }
    if (inside == NULL)
        return diagnostics_add(diagnostics_of(context), value->at,
                               "expected an option's value: [N], a string or a structure");
    int64_t number = 0;
    if (!evaluate_integer(context->evaluation, inside, &number) ||
        argument_room(context, argument, sizeof(int32_t), value->at) == NULL)
        return false;
    int32_t narrow = (int32_t)number;
    memcpy(argument->data, &narrow, sizeof(narrow));
    return true;
}

static bool argument_option_out(struct call_context *context, const struct value *value, size_t index,
                                struct prepared_call *prepared)
{
    enum { OPTION_ROOM = 1024 }; /* more than any socket option has */
    const struct value *inside = value_in_list(value);
    if (value->kind != VALUE_ELLIPSIS && inside == NULL)
        return diagnostics_add(diagnostics_of(context), value->at, "expected `...` or a value like [0]");
    int64_t ignored;
    if (inside != NULL && !evaluate_integer(context->evaluation, inside, &ignored))
        return false;
    if (inside != NULL)
        output_note(prepared, index, inside, true);
    return argument_room(context, &prepared->call.arguments[index], OPTION_ROOM, value->at) != NULL;
}

static bool argument_length_of_previous(struct call_context *context, const struct value *value, size_t index,
                                        struct prepared_call *prepared)
{
    struct stack_argument *argument = &prepared->call.arguments[index];
    if (value->kind != VALUE_ELLIPSIS)
        return argument_integer(context, value, argument);
    argument->kind = ARGUMENT_INTEGER;
    argument->integer = (int64_t)prepared->call.arguments[index - 1].length;
    return true;
}

bool call_argument_prepare(struct call_context *context, enum parameter_kind kind, size_t index,
                           struct prepared_call *prepared)
{
    const struct value *value = &prepared->event->arguments[index];
    struct stack_argument *argument = &prepared->call.arguments[index];
    switch (kind) {
    case PARAMETER_DOMAIN:
        return argument_domain(context, value, argument);
    case PARAMETER_INTEGER:
    case PARAMETER_COUNT:
        return argument_integer(context, value, argument);
    case PARAMETER_DESCRIPTOR:
        return argument_descriptor(context, value, argument);
    case PARAMETER_LOCAL_ADDRESS:
    case PARAMETER_REMOTE_ADDRESS:
        return argument_address(context, value, kind == PARAMETER_LOCAL_ADDRESS, argument);
    case PARAMETER_ADDRESS_LENGTH:
    case PARAMETER_OPTION_LENGTH:
        return argument_length_of_previous(context, value, index, prepared);
    case PARAMETER_ADDRESS_OUT:
        return argument_room(context, argument, sizeof(struct sockaddr_storage), value->at) != NULL;
    case PARAMETER_LENGTH_OUT:
        return argument_length_out(context, value, index, prepared);
    case PARAMETER_DATA:
    case PARAMETER_DATA_OUT:
        return argument_data(context, index, kind == PARAMETER_DATA_OUT, prepared);
    case PARAMETER_OPTION:
        return argument_option(context, value, argument);
    case PARAMETER_OPTION_OUT:
        return argument_option_out(context, value, index, prepared);
    case PARAMETER_NONE:
        break;
    }
    /* No row has more arguments than parameters. */
    INVARIANT(kind != PARAMETER_NONE);
    return false;
}
