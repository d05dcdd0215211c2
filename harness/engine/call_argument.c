/* SPDX-License-Identifier: MIT */
#include "engine/call_argument.h"

#include "engine/call_address.h"
#include "engine/structure.h"

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

void *call_room(struct call_context *context, size_t size, struct span at)
{
    void *room = arena_take(context->arena, size);
    if (room == NULL)
        (void)diagnostics_add(context->evaluation->diagnostics, at, "memory ran out");
    return room;
}

void *argument_room(const struct argument *argument, size_t size)
{
    argument->made->kind = ARGUMENT_POINTER;
    argument->made->data = call_room(argument->context, size, argument->value->at);
    argument->made->length = size;
    return argument->made->data;
}

void argument_expect(const struct argument *argument, enum output_kind kind, const struct value *value)
{
    struct prepared_call *prepared = argument->prepared;
    prepared->outputs[prepared->output_count++] =
        (struct call_output){.kind = kind, .argument = argument->index, .expected = value};
}

bool argument_fail(const struct argument *argument, const struct value *value, const char *message)
{
    return diagnostics_add(argument->context->evaluation->diagnostics, value->at, "%s", message);
}

bool argument_count(const struct argument *argument, const struct value *value, size_t most, size_t *count)
{
    int64_t number = 0;
    if (!evaluate_integer(argument->context->evaluation, value, &number))
        return false;
    if (number < 0 || (uint64_t)number > most)
        return diagnostics_add(argument->context->evaluation->diagnostics, value->at, "a count from 0 to %zu fits here",
                               most);
    *count = (size_t)number;
    return true;
}

/* `[N]`: the number inside, or NULL. */
static const struct value *value_in_list(const struct value *value)
{
    return value->kind == VALUE_LIST && value->count == 1 && value_is_number(&value->items[0]) ? &value->items[0]
                                                                                               : NULL;
}

bool argument_is_null(const struct value *value)
{
    return (value->kind == VALUE_NAME && strcmp(value->text, "NULL") == 0) ||
           (value->kind == VALUE_INTEGER && value->integer == 0);
}

static bool argument_null(const struct argument *argument)
{
    argument->made->kind = ARGUMENT_POINTER;
    argument->made->data = NULL;
    argument->made->length = 0;
    return true;
}

static bool argument_integer(const struct argument *argument)
{
    argument->made->kind = ARGUMENT_INTEGER;
    return evaluate_integer(argument->context->evaluation, argument->value, &argument->made->integer);
}

static bool argument_domain(const struct argument *argument)
{
    if (argument->value->kind != VALUE_ELLIPSIS)
        return argument_integer(argument);
    argument->made->kind = ARGUMENT_INTEGER;
    argument->made->integer = argument->context->options->ip_version == IP_VERSION_IPV4 ? AF_INET : AF_INET6;
    return true;
}

bool call_descriptor(struct call_context *context, const struct value *value, int64_t *live)
{
    int64_t script = 0;
    if (!evaluate_integer(context->evaluation, value, &script))
        return false;
    *live = script;
    if (context->descriptors == NULL || script < 0 || descriptors_live(context->descriptors, script, live))
        return true;
    return diagnostics_add(context->evaluation->diagnostics, value->at, "no call has returned the file descriptor %lld",
                           (long long)script);
}

static bool argument_descriptor(const struct argument *argument)
{
    argument->made->kind = ARGUMENT_INTEGER;
    return call_descriptor(argument->context, argument->value, &argument->made->integer);
}

static bool argument_address(const struct argument *argument, bool local)
{
    struct sockaddr_storage *storage = argument_room(argument, sizeof(*storage));
    return storage != NULL &&
           call_address_from_value(argument->context, argument->value, local, storage, &argument->made->length);
}

static bool argument_local_address(const struct argument *argument)
{
    return argument_address(argument, true);
}

static bool argument_remote_address(const struct argument *argument)
{
    return argument_address(argument, false);
}

static bool argument_address_out(const struct argument *argument)
{
    struct sockaddr_storage ignored;
    size_t length;
    if (argument_is_null(argument->value))
        return argument_null(argument);
    if (argument->value->kind == VALUE_STRUCT) {
        if (!call_address_from_value(argument->context, argument->value, false, &ignored, &length))
            return false;
        argument_expect(argument, OUTPUT_ADDRESS, argument->value);
    }
    return argument_room(argument, sizeof(struct sockaddr_storage)) != NULL;
}

static bool argument_length_out(const struct argument *argument)
{
    size_t room = argument->prepared->call.arguments[argument->index - 1].length;
    const struct value *inside = value_in_list(argument->value);
    if (argument_is_null(argument->value))
        return argument_null(argument);
    if (argument->value->kind != VALUE_ELLIPSIS && inside == NULL)
        return argument_fail(argument, argument->value, "expected `...` or a length like [4]");
    if (inside != NULL) {
        int64_t given = 0;
        if (!evaluate_integer(argument->context->evaluation, inside, &given))
            return false;
        if (given < 0 || (size_t)given > room)
            return diagnostics_add(argument->context->evaluation->diagnostics, argument->value->at,
                                   "a length from 0 to %zu fits here", room);
        room = (size_t)given;
        argument_expect(argument, OUTPUT_LENGTH, inside);
    }
    socklen_t length = (socklen_t)room;
    if (argument_room(argument, sizeof(length)) == NULL)
        return false;
    memcpy(argument->made->data, &length, sizeof(length));
    return true;
}

static bool argument_any_data(const struct argument *argument, bool out)
{
    const struct value *value = argument->value;
    size_t size = 0;
    if (argument_is_null(value))
        return argument_null(argument);
    if (value->kind != VALUE_ELLIPSIS && value->kind != VALUE_STRING)
        return argument_fail(argument, value, "expected `...`, a string or NULL");
    /* The argument behind it says how many bytes it has. */
    if (!argument_count(argument, value + 1, CALL_DATA_MOST, &size))
        return false;
    size_t given = value->kind == VALUE_STRING ? value->text_length : 0;
    if (argument_room(argument, given > size ? given : size) == NULL)
        return false;
    if (value->kind == VALUE_STRING && out)
        argument_expect(argument, OUTPUT_DATA, value);
    else if (given > 0)
        memcpy(argument->made->data, value->text, given);
    return true;
}

static bool argument_data(const struct argument *argument)
{
    return argument_any_data(argument, false);
}

static bool argument_data_out(const struct argument *argument)
{
    return argument_any_data(argument, true);
}

/* The name of the socket option that the call is about, or NULL. */
static const char *option_name(const struct argument *argument)
{
    const struct value *option = argument->value - 1;
    return option->kind == VALUE_NAME ? option->text : NULL;
}

static bool option_fail(const struct argument *argument)
{
    return argument_fail(argument, argument->value,
                         "no structure with these members is known; {onoff=1, linger=0} and {tv_sec=1, tv_usec=0} are");
}

static bool option_structure(const struct argument *argument)
{
    const struct structure_row *row = structure_find(argument->value, option_name(argument));
    if (row == NULL)
        return option_fail(argument);
    return argument_room(argument, row->size) != NULL &&
           structure_store(argument->context, row, argument->value, argument->made->data);
}

static bool option_numbers(const struct argument *argument, bool store)
{
    const struct value *list = argument->value;
    if (store && argument_room(argument, list->count * sizeof(int32_t)) == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        int64_t number = 0;
        if (!evaluate_integer(argument->context->evaluation, &list->items[i], &number))
            return false;
        int32_t narrow = (int32_t)number;
        if (store)
            memcpy((uint8_t *)argument->made->data + i * sizeof(narrow), &narrow, sizeof(narrow));
    }
    return true;
}

static bool argument_option(const struct argument *argument)
{
    const struct value *value = argument->value;
    if (argument_is_null(value))
        return argument_null(argument);
    if (value->kind == VALUE_STRUCT)
        return option_structure(argument);
    if (value->kind == VALUE_LIST && value->count > 0)
        return option_numbers(argument, true);
    if (value->kind != VALUE_STRING)
        return argument_fail(argument, value, "expected an option's value: [N], a string or a structure");
    /* A NUL behind it, for a script that counts it. */
    if (argument_room(argument, value->text_length + 1) == NULL)
        return false;
    memcpy(argument->made->data, value->text, value->text_length);
    argument->made->length = value->text_length;
    return true;
}

static bool argument_option_out(const struct argument *argument)
{
    enum { OPTION_ROOM = 1024 }; /* more than any socket option has */
    const struct value *value = argument->value;
    bool listed = value->kind == VALUE_LIST && value->count > 0;
    if (value->kind == VALUE_STRUCT && structure_find(value, option_name(argument)) == NULL)
        return option_fail(argument);
    if (argument_is_null(value))
        return argument_null(argument);
    if (value->kind != VALUE_ELLIPSIS && value->kind != VALUE_STRUCT && value->kind != VALUE_STRING && !listed)
        return argument_fail(argument, value, "expected `...`, or a value like [0], a string or a structure");
    if (listed && !option_numbers(argument, false))
        return false;
    if (value->kind != VALUE_ELLIPSIS)
        argument_expect(argument, OUTPUT_OPTION, value);
    return argument_room(argument, OPTION_ROOM) != NULL;
}

static bool argument_length_of_previous(const struct argument *argument)
{
    if (argument->value->kind != VALUE_ELLIPSIS)
        return argument_integer(argument);
    argument->made->kind = ARGUMENT_INTEGER;
    argument->made->integer = (int64_t)argument->prepared->call.arguments[argument->index - 1].length;
    return true;
}

static bool argument_number_both(const struct argument *argument)
{
    const struct value *inside = value_in_list(argument->value);
    int64_t request = argument->prepared->call.arguments[argument->index - 1].integer;
    int64_t number = 0;
    if (argument->value->kind == VALUE_ELLIPSIS)
        return argument_room(argument, sizeof(int32_t)) != NULL;
    if (inside == NULL)
        return argument_integer(argument);
    if (!evaluate_integer(argument->context->evaluation, inside, &number) ||
        argument_room(argument, sizeof(int32_t)) == NULL)
        return false;
    argument_expect(argument, OUTPUT_NUMBER, inside);
    /* What the request is to fill holds something else until then. */
    int32_t given = (int32_t)(request == FIONBIO || request == FIOASYNC ? number : ~number);
    memcpy(argument->made->data, &given, sizeof(given));
    return true;
}

static bool argument_path(const struct argument *argument)
{
    const struct value *value = argument->value;
    if (value->kind != VALUE_STRING || memchr(value->text, '\0', value->text_length) != NULL)
        return argument_fail(argument, value, "expected a path in quotes");
    if (argument_room(argument, value->text_length + 1) == NULL)
        return false;
    memcpy(argument->made->data, value->text, value->text_length);
    return true;
}

static bool argument_descriptors_out(const struct argument *argument)
{
    const struct value *value = argument->value;
    if (value->kind != VALUE_LIST || value->count != 2)
        return argument_fail(argument, value, "expected what the script calls two descriptors, like [5, 6]");
    if (!option_numbers(argument, false))
        return false;
    argument_expect(argument, OUTPUT_DESCRIPTORS, value);
    return argument_room(argument, 2 * sizeof(int)) != NULL;
}

static bool argument_offset(const struct argument *argument)
{
    const struct value *inside = value_in_list(argument->value);
    int64_t offset = 0;
    if (argument_is_null(argument->value))
        return argument_null(argument);
    if (inside == NULL)
        return argument_fail(argument, argument->value, "expected NULL or an offset like [0]");
    if (!evaluate_integer(argument->context->evaluation, inside, &offset) ||
        argument_room(argument, sizeof(offset)) == NULL)
        return false;
    memcpy(argument->made->data, &offset, sizeof(offset));
    return true;
}

typedef bool argument_maker(const struct argument *argument);

static argument_maker *const makers[PARAMETER_KIND_COUNT] = {
    [PARAMETER_DOMAIN] = argument_domain,
    [PARAMETER_INTEGER] = argument_integer,
    [PARAMETER_DESCRIPTOR] = argument_descriptor,
    [PARAMETER_LOCAL_ADDRESS] = argument_local_address,
    [PARAMETER_REMOTE_ADDRESS] = argument_remote_address,
    [PARAMETER_ADDRESS_LENGTH] = argument_length_of_previous,
    [PARAMETER_ADDRESS_OUT] = argument_address_out,
    [PARAMETER_LENGTH_OUT] = argument_length_out,
    [PARAMETER_DATA] = argument_data,
    [PARAMETER_DATA_OUT] = argument_data_out,
    [PARAMETER_COUNT] = argument_integer,
    [PARAMETER_OPTION] = argument_option,
    [PARAMETER_OPTION_OUT] = argument_option_out,
    [PARAMETER_OPTION_LENGTH] = argument_length_of_previous,
    [PARAMETER_NUMBER_BOTH] = argument_number_both,
    [PARAMETER_VECTOR] = argument_vector,
    [PARAMETER_VECTOR_OUT] = argument_vector_out,
    [PARAMETER_MESSAGE] = argument_message,
    [PARAMETER_MESSAGE_OUT] = argument_message_out,
    [PARAMETER_POLL] = argument_poll,
    [PARAMETER_EPOLL] = argument_epoll,
    [PARAMETER_EPOLL_OUT] = argument_epoll_out,
    [PARAMETER_PATH] = argument_path,
    [PARAMETER_DESCRIPTORS_OUT] = argument_descriptors_out,
    [PARAMETER_OFFSET] = argument_offset,
};

bool call_argument_prepare(struct call_context *context, enum parameter_kind kind, size_t index,
                           struct prepared_call *prepared)
{
    /* No row has more arguments than parameters. */
    INVARIANT(kind > PARAMETER_NONE && kind < PARAMETER_KIND_COUNT);
    return makers[kind](&(struct argument){.context = context,
                                           .prepared = prepared,
                                           .index = index,
                                           .value = &prepared->event->arguments[index],
                                           .made = &prepared->call.arguments[index]});
}
