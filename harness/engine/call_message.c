/* SPDX-License-Identifier: MIT */
/* struct iovec and struct msghdr. */
#include "engine/call_address.h"
#include "engine/call_argument.h"

#include <sys/uio.h>

enum {
    CONTROL_ROOM = 4096, /* for the control messages that come back */
    VECTOR_MOST = 65536,
};

/* The members of a msghdr as a script writes them; what it does not write is NULL. */
struct written_message {
    const struct value *name;
    const struct value *name_length;
    const struct value *vector;
    const struct value *vector_length;
    const struct value *control;
    const struct value *control_length;
    const struct value *flags;
};

static const struct {
    const char *name;
    size_t offset;
} message_members[] = {
    {"msg_name", offsetof(struct written_message, name)},
    {"msg_namelen", offsetof(struct written_message, name_length)},
    {"msg_iov", offsetof(struct written_message, vector)},
    {"msg_iovlen", offsetof(struct written_message, vector_length)},
    {"msg_control", offsetof(struct written_message, control)},
    {"msg_controllen", offsetof(struct written_message, control_length)},
    {"msg_flags", offsetof(struct written_message, flags)},
};

static bool message_take_member(const struct argument *argument, size_t index, struct written_message *written)
{
    const struct value *item = &argument->value->items[index];
    const char *name = argument->value->names[index];
    for (size_t i = 0; name != NULL && i < COUNT_OF(message_members); i++) {
        if (strcmp(message_members[i].name, name) == 0) {
            memcpy((char *)written + message_members[i].offset, &item, sizeof(const void *));
            return true;
        }
    }
    return diagnostics_add(argument->context->evaluation->diagnostics, item->at, "a msghdr has no member `%s`",
                           name == NULL ? "" : name);
}

static bool message_read(const struct argument *argument, struct written_message *written)
{
    const struct value *value = argument->value;
    *written = (struct written_message){0};
    if (value->kind != VALUE_STRUCT)
        return argument_fail(argument, value, "expected a message like {msg_name(...)=..., msg_iov(1)=[{..., 10}]}");
    for (size_t i = 0; i < value->count; i++)
        if (!message_take_member(argument, i, written))
            return false;
    return true;
}

static bool is_open(const struct value *value)
{
    return value == NULL || value->kind == VALUE_ELLIPSIS;
}

/* {..., 10}, {"text", 4}, {iov_base=..., iov_len=10}. */
static bool vector_item(const struct argument *argument, const struct value *item, bool out, struct iovec *made)
{
    const struct value *base = item->count == 2 ? &item->items[0] : NULL;
    size_t length = 0;
    if (item->kind != VALUE_STRUCT || base == NULL ||
        (base->kind != VALUE_ELLIPSIS && base->kind != VALUE_STRING && !argument_is_null(base)))
        return argument_fail(argument, item, "expected data and its length, like {..., 10} or {\"text\", 4}");
    if (!argument_count(argument, &item->items[1], CALL_DATA_MOST, &length))
        return false;
    size_t given = base->kind == VALUE_STRING && !out ? base->text_length : 0;
    *made = (struct iovec){.iov_len = length};
    if (argument_is_null(base))
        return true;
    made->iov_base = call_room(argument->context, given > length ? given : length, item->at);
    if (made->iov_base == NULL)
        return false;
    if (given > 0)
        memcpy(made->iov_base, base->text, given);
    return true;
}

/* The list of iovecs that VALUE is; `msg_iov(2) = ...` says how many there are, too. */
static bool vector_make(const struct argument *argument, const struct value *list, bool out, struct iovec **made)
{
    size_t extent = 0;
    if (list->kind != VALUE_LIST)
        return argument_fail(argument, list, "expected a list like [{..., 10}]");
    if (list->extent != NULL && list->extent->kind != VALUE_ELLIPSIS) {
        if (!argument_count(argument, list->extent, VECTOR_MOST, &extent))
            return false;
        if (extent != list->count)
            return diagnostics_add(argument->context->evaluation->diagnostics, list->extent->at,
                                   "the list has %zu items", list->count);
    }
    struct iovec *items = call_room(argument->context, list->count * sizeof(*items), list->at);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!vector_item(argument, &list->items[i], out, &items[i]))
            return false;
    *made = items;
    return true;
}

static bool argument_any_vector(const struct argument *argument, bool out)
{
    struct iovec *made = NULL;
    if (!vector_make(argument, argument->value, out, &made))
        return false;
    *argument->made = (struct stack_argument){
        .kind = ARGUMENT_POINTER, .data = made, .length = argument->value->count * sizeof(*made)};
    if (out)
        argument_expect(argument, OUTPUT_VECTOR, argument->value);
    return true;
}

bool argument_vector(const struct argument *argument)
{
    return argument_any_vector(argument, false);
}

bool argument_vector_out(const struct argument *argument)
{
    return argument_any_vector(argument, true);
}

/* A length that the script writes instead of the one that is there. */
static bool message_length(const struct argument *argument, const struct value *value, size_t *length)
{
    return is_open(value) || argument_count(argument, value, CALL_DATA_MOST, length);
}

static bool message_name(const struct argument *argument, const struct written_message *written, bool out,
                         struct msghdr *message)
{
    size_t length = sizeof(struct sockaddr_storage);
    if (written->name == NULL || (written->name->kind == VALUE_NAME && strcmp(written->name->text, "NULL") == 0))
        return true;
    struct sockaddr_storage *storage = call_room(argument->context, length, written->name->at);
    struct sockaddr_storage ignored = {0};
    size_t used = 0;
    if (storage == NULL ||
        !call_address_from_value(argument->context, written->name, false, out ? &ignored : storage, &used))
        return false;
    message->msg_name = storage;
    if (!message_length(argument, written->name_length, &used))
        return false;
    message->msg_namelen = (socklen_t)(out ? length : used);
    return true;
}

static bool message_vector(const struct argument *argument, const struct written_message *written, bool out,
                           struct msghdr *message)
{
    if (is_open(written->vector))
        return true;
    message->msg_iovlen = written->vector->count;
    return vector_make(argument, written->vector, out, &message->msg_iov) &&
           message_length(argument, written->vector_length, &message->msg_iovlen);
}

static bool message_control(const struct argument *argument, const struct written_message *written, bool out,
                            struct msghdr *message)
{
    struct bytes control = {NULL, 0};
    if (written->control == NULL)
        return true;
    if (!is_open(written->control) && !argument_control(argument, written->control, &control))
        return false;
    message->msg_control = (void *)(uintptr_t)control.data;
    message->msg_controllen = control.length;
    if (out) {
        message->msg_control = call_room(argument->context, CONTROL_ROOM, written->control->at);
        message->msg_controllen = CONTROL_ROOM;
        if (message->msg_control == NULL)
            return false;
    }
    return message_length(argument, written->control_length, &message->msg_controllen);
}

static bool argument_any_message(const struct argument *argument, bool out)
{
    struct written_message written;
    int64_t flags = 0;
    struct msghdr *message = argument_room(argument, sizeof(*message));
    if (message == NULL || !message_read(argument, &written) || !message_name(argument, &written, out, message) ||
        !message_vector(argument, &written, out, message) || !message_control(argument, &written, out, message))
        return false;
    if (!is_open(written.flags) && !evaluate_integer(argument->context->evaluation, written.flags, &flags))
        return false;
    message->msg_flags = out ? 0 : (int)flags;
    if (out)
        argument_expect(argument, OUTPUT_MESSAGE, argument->value);
    return true;
}

bool argument_message(const struct argument *argument)
{
    return argument_any_message(argument, false);
}

bool argument_message_out(const struct argument *argument)
{
    return argument_any_message(argument, true);
}

/* Holds the LEFT bytes that came into ITEMS against LIST's strings. */
static bool check_vector(const struct call_comparison *comparison, const struct value *list, const struct iovec *items)
{
    size_t left = (size_t)comparison->returned->value;
    for (size_t i = 0; i < list->count && left > 0; i++) {
        const struct value *base = &list->items[i].items[0];
        size_t came = items[i].iov_len < left ? items[i].iov_len : left;
        size_t compared = base->kind == VALUE_STRING && base->text_length < came ? base->text_length : came;
        if (base->kind == VALUE_STRING && memcmp(items[i].iov_base, base->text, compared) != 0)
            return call_mismatch(comparison, NULL, "other bytes", base);
        left -= came;
    }
    return true;
}

bool output_check_vector(const struct call_comparison *comparison, const struct call_output *output)
{
    return check_vector(comparison, output->expected, comparison->prepared->call.arguments[output->argument].data);
}

bool output_check_message(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct stack_argument *made = &comparison->prepared->call.arguments[output->argument];
    struct argument argument = {.context = comparison->context, .value = output->expected};
    struct written_message written;
    struct msghdr message;
    int64_t flags = 0;
    memcpy(&message, made->data, sizeof(message));
    if (!message_read(&argument, &written))
        return false;
    if (!is_open(written.name) && !call_address_check(comparison, written.name, message.msg_name))
        return false;
    if (!is_open(written.vector) && !check_vector(comparison, written.vector, message.msg_iov))
        return false;
    if (!is_open(written.flags)) {
        if (!evaluate_integer(comparison->context->evaluation, written.flags, &flags) ||
            !call_check_number(comparison, written.flags, flags,
                               &(struct call_number){"msg_flags", message.msg_flags, sizeof(message.msg_flags)}))
            return false;
    }
    struct bytes control = {message.msg_control, message.msg_control == NULL ? 0 : message.msg_controllen};
    return is_open(written.control) || output_check_control(comparison, written.control, control);
}
