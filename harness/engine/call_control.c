/* SPDX-License-Identifier: MIT */
/* Control messages: {cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=2000}. */
#include "engine/call_argument.h"
#include "engine/structure.h"

#include <sys/socket.h>

enum { CONTROL_MOST = 65536 };

struct written_control {
    const struct value *level;
    const struct value *type;
    const struct value *data;
};

static bool control_take_member(struct call_context *context, const struct value *message, size_t index,
                                struct written_control *written)
{
    static const struct {
        const char *name;
        size_t offset;
    } members[] = {
        {"cmsg_level", offsetof(struct written_control, level)},
        {"cmsg_type", offsetof(struct written_control, type)},
        {"cmsg_data", offsetof(struct written_control, data)},
    };
    const struct value *item = &message->items[index];
    const char *name = message->names[index];
    for (size_t i = 0; name != NULL && i < COUNT_OF(members); i++) {
        if (strcmp(members[i].name, name) == 0) {
            memcpy((char *)written + members[i].offset, &item, sizeof(const void *));
            return true;
        }
    }
    /* Follows from the data. */
    if (name != NULL && strcmp(name, "cmsg_len") == 0)
        return true;
    return diagnostics_add(context->evaluation->diagnostics, item->at, "a control message has no member `%s`",
                           name == NULL ? "" : name);
}

static bool control_read(struct call_context *context, const struct value *message, struct written_control *written)
{
    *written = (struct written_control){0};
    if (message->kind != VALUE_STRUCT)
        return diagnostics_add(context->evaluation->diagnostics, message->at,
                               "expected a control message like {cmsg_level=..., cmsg_type=..., cmsg_data=...}");
    for (size_t i = 0; i < message->count; i++)
        if (!control_take_member(context, message, i, written))
            return false;
    if (written->level == NULL || written->type == NULL || written->data == NULL)
        return diagnostics_add(context->evaluation->diagnostics, message->at,
                               "a control message has a cmsg_level, a cmsg_type and a cmsg_data");
    return true;
}

static bool data_from_numbers(struct call_context *context, const struct value *items, size_t count, struct bytes *data)
{
    uint8_t *room = call_room(context, count * sizeof(int32_t), items->at);
    if (room == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t number = 0;
        if (!evaluate_integer(context->evaluation, &items[i], &number))
            return false;
        int32_t narrow = (int32_t)number;
        memcpy(room + i * sizeof(narrow), &narrow, sizeof(narrow));
    }
    *data = (struct bytes){room, count * sizeof(int32_t)};
    return true;
}

static bool data_from_structure(struct call_context *context, const struct value *value, struct bytes *data)
{
    const struct structure_row *row = structure_find(value, NULL);
    if (row == NULL)
        return diagnostics_add(context->evaluation->diagnostics, value->at, "no structure with these members is known");
    uint8_t *room = call_room(context, row->size, value->at);
    if (room == NULL || !structure_store(context, row, value, room))
        return false;
    *data = (struct bytes){room, row->size};
    return true;
}

/* 5, [5, 6], "bytes", {ee_errno=...}; `...` is nothing. */
static bool control_data(struct call_context *context, const struct value *value, struct bytes *data)
{
    *data = (struct bytes){NULL, 0};
    if (value->kind == VALUE_ELLIPSIS)
        return true;
    if (value->kind == VALUE_STRUCT)
        return data_from_structure(context, value, data);
    if (value->kind == VALUE_STRING)
        *data = (struct bytes){(const uint8_t *)value->text, value->text_length};
    else if (value->kind == VALUE_LIST && value->count > 0)
        return data_from_numbers(context, value->items, value->count, data);
    else
        return data_from_numbers(context, value, 1, data);
    return true;
}

static bool control_append(struct call_context *context, const struct value *message, uint8_t *room, size_t *length)
{
    struct written_control written;
    struct bytes data;
    int64_t level = 0;
    int64_t type = 0;
    if (!control_read(context, message, &written) || !evaluate_integer(context->evaluation, written.level, &level) ||
        !evaluate_integer(context->evaluation, written.type, &type) || !control_data(context, written.data, &data))
        return false;
    if (data.length > CONTROL_MOST - *length - CMSG_SPACE(0))
        return diagnostics_add(context->evaluation->diagnostics, message->at, "the control messages are too long");
    struct cmsghdr header = {.cmsg_len = CMSG_LEN(data.length), .cmsg_level = (int)level, .cmsg_type = (int)type};
    memcpy(room + *length, &header, sizeof(header));
    if (data.length > 0)
        memcpy(room + *length + CMSG_LEN(0), data.data, data.length);
    *length += CMSG_SPACE(data.length);
    return true;
}

bool argument_control(const struct argument *argument, const struct value *list, struct bytes *control)
{
    size_t length = 0;
    if (list->kind != VALUE_LIST)
        return argument_fail(argument, list, "expected a list of control messages");
    uint8_t *room = call_room(argument->context, CONTROL_MOST + CMSG_SPACE(0), list->at);
    if (room == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!control_append(argument->context, &list->items[i], room, &length))
            return false;
    *control = (struct bytes){length == 0 ? NULL : room, length};
    return true;
}

/* The control message at POSITION of CAME, and where the next one begins. False behind the last. */
static bool control_next(struct bytes came, size_t *position, struct cmsghdr *header, struct bytes *data)
{
    struct bytes left = bytes_slice(came, *position, came.length);
    if (left.data == NULL || left.length < sizeof(*header))
        return false;
    memcpy(header, left.data, sizeof(*header));
    if (header->cmsg_len < CMSG_LEN(0) || header->cmsg_len > left.length)
        return false;
    *data = bytes_slice(left, CMSG_LEN(0), header->cmsg_len - CMSG_LEN(0));
    *position += CMSG_ALIGN(header->cmsg_len);
    return true;
}

static bool check_number(const struct call_comparison *comparison, const struct value *value, const char *what,
                         int64_t came)
{
    int64_t expected = 0;
    if (value == NULL || value->kind == VALUE_ELLIPSIS)
        return true;
    return evaluate_integer(comparison->context->evaluation, value, &expected) &&
           call_check_number(comparison, value, expected, &(struct call_number){what, came, sizeof(int32_t)});
}

static bool check_control(const struct call_comparison *comparison, const struct value *message,
                          const struct cmsghdr *header, struct bytes data)
{
    struct written_control written;
    return control_read(comparison->context, message, &written) &&
           check_number(comparison, written.level, "cmsg_level", header->cmsg_level) &&
           check_number(comparison, written.type, "cmsg_type", header->cmsg_type) &&
           output_check_value(comparison, written.data, data);
}

static size_t control_count(struct bytes came)
{
    struct cmsghdr header;
    struct bytes data;
    size_t position = 0;
    size_t count = 0;
    while (control_next(came, &position, &header, &data))
        count++;
    return count;
}

bool output_check_control(const struct call_comparison *comparison, const struct value *list, struct bytes came)
{
    size_t position = 0;
    size_t count = control_count(came);
    if (list->kind != VALUE_LIST || count != list->count) {
        text_append_format(comparison->mismatch, "%s() gave %zu control messages instead of %zu",
                           comparison->prepared->event->name, count, list->count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct cmsghdr header;
        struct bytes data;
        INVARIANT(control_next(came, &position, &header, &data));
        if (!check_control(comparison, &list->items[i], &header, data))
            return false;
    }
    return true;
}
