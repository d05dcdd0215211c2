/* SPDX-License-Identifier: MIT */
/* The arrays of poll() and epoll_wait(). */
#include "engine/call_argument.h"
#include "engine/structure.h"

enum { POLLED_MOST = 65536 };

static bool is_list_of_structures(const struct value *value)
{
    if (value->kind != VALUE_LIST)
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (value->items[i].kind != VALUE_STRUCT)
            return false;
    return true;
}

/* Room for as many structures of ROW as the next argument says, at least for LISTED. */
static bool polled_room(const struct argument *argument, const struct structure_row *row, size_t listed)
{
    size_t count = 0;
    int64_t given = 0;
    if (!evaluate_integer(argument->context->evaluation, argument->value + 1, &given))
        return false;
    /* What the system is to refuse needs no room. */
    if (given > 0 && given <= POLLED_MOST)
        count = (size_t)given;
    return argument_room(argument, (count > listed ? count : listed) * row->size) != NULL;
}

bool argument_poll(const struct argument *argument)
{
    const struct value *list = argument->value;
    if (!is_list_of_structures(list))
        return argument_fail(argument, list, "expected a list like [{fd=3, events=POLLIN, revents=POLLIN}]");
    if (!polled_room(argument, &structure_pollfd, list->count))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!structure_store(argument->context, &structure_pollfd, &list->items[i],
                             (uint8_t *)argument->made->data + i * structure_pollfd.size))
            return false;
    argument_expect(argument, OUTPUT_POLL, list);
    return true;
}

bool argument_epoll(const struct argument *argument)
{
    const struct value *value = argument->value;
    if (value_is_number(value) || value->kind == VALUE_ELLIPSIS) {
        /* EPOLL_CTL_DEL takes none. */
        argument->made->kind = ARGUMENT_POINTER;
        return true;
    }
    if (value->kind != VALUE_STRUCT)
        return argument_fail(argument, value, "expected a structure like {events=EPOLLIN, fd=3}");
    return argument_room(argument, structure_epoll_event.size) != NULL &&
           structure_store(argument->context, &structure_epoll_event, value, argument->made->data);
}

/* Looks at what is expected as if it were given, so that a mistake in it is found before the run. */
static bool epoll_try(const struct argument *argument, const struct value *value)
{
    uint8_t ignored[64] = {0};
    INVARIANT(structure_epoll_event.size <= sizeof(ignored));
    return structure_store(argument->context, &structure_epoll_event, value, ignored);
}

bool argument_epoll_out(const struct argument *argument)
{
    const struct value *value = argument->value;
    bool single = value->kind == VALUE_STRUCT;
    if (value->kind == VALUE_ELLIPSIS)
        return polled_room(argument, &structure_epoll_event, 1);
    if (!single && !is_list_of_structures(value))
        return argument_fail(argument, value, "expected `...`, or events like {events=EPOLLIN, fd=3}");
    const struct value *items = single ? value : value->items;
    size_t count = single ? 1 : value->count;
    for (size_t i = 0; i < count; i++)
        if (!epoll_try(argument, &items[i]))
            return false;
    argument_expect(argument, OUTPUT_EPOLL, value);
    return polled_room(argument, &structure_epoll_event, count > 0 ? count : 1);
}

bool output_check_poll(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct stack_argument *argument = &comparison->prepared->call.arguments[output->argument];
    struct bytes came = {argument->data, argument->length};
    for (size_t i = 0; i < output->expected->count; i++)
        if (!structure_check(comparison, &structure_pollfd, &output->expected->items[i],
                             bytes_slice(came, i * structure_pollfd.size, structure_pollfd.size)))
            return false;
    return true;
}

bool output_check_epoll(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct stack_argument *argument = &comparison->prepared->call.arguments[output->argument];
    const struct value *expected = output->expected;
    bool single = expected->kind == VALUE_STRUCT;
    struct bytes came = {argument->data, argument->length};
    size_t count = single ? 1 : expected->count;
    for (size_t i = 0; i < count && (int64_t)i < comparison->returned->value; i++)
        if (!structure_check(comparison, &structure_epoll_event, single ? expected : &expected->items[i],
                             bytes_slice(came, i * structure_epoll_event.size, structure_epoll_event.size)))
            return false;
    return true;
}
