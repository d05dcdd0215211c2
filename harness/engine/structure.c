/* SPDX-License-Identifier: MIT */
#include "engine/structure.h"

#include "engine/call_address.h"

#include <sys/socket.h>

static bool names_nothing(const struct value *value)
{
    for (size_t i = 0; i < value->count; i++)
        if (value->names[i] != NULL)
            return false;
    return true;
}

static const struct structure_member *member_named(const struct structure_row *row, const char *name)
{
    for (size_t i = 0; i < row->member_count; i++)
        if (strcmp(row->members[i].name, name) == 0)
            return &row->members[i];
    return NULL;
}

/* The member that the item INDEX of VALUE is about; NULL if there is none. */
static const struct structure_member *member_of(const struct structure_row *row, const struct value *value,
                                                size_t index)
{
    if (value->names[index] != NULL)
        return member_named(row, value->names[index]);
    return index < row->member_count ? &row->members[index] : NULL;
}

static bool has_all_names(const struct structure_row *row, const struct value *value)
{
    for (size_t i = 0; i < value->count; i++)
        if (value->names[i] == NULL || member_named(row, value->names[i]) == NULL)
            return false;
    return true;
}

const struct structure_row *structure_find(const struct value *value, const char *option)
{
    const struct structure_row *row;
    if (value->count == 0)
        return NULL;
    bool by_option = names_nothing(value);
    for (size_t i = 0; (row = structure_at(i)) != NULL; i++) {
        bool fits = by_option ? option != NULL && row->option != NULL && strcmp(row->option, option) == 0
                              : has_all_names(row, value);
        if (fits)
            return row;
    }
    return NULL;
}

int64_t structure_member_number(const struct structure_member *member, const uint8_t *data, size_t size)
{
    uint64_t number = 0;
    if (member->size > sizeof(number) || member->offset + member->size > size)
        return 0;
    /* Little-endian: the bytes of the member are the low ones of the number. */
    memcpy(&number, data + member->offset, member->size);
    if (member->kind == MEMBER_BITS)
        return (int64_t)(number >> member->shift & ((UINT64_C(1) << member->bits) - 1));
    bool negative = member->size < sizeof(number) && (number >> (8 * member->size - 1) & 1) != 0;
    if ((member->kind == MEMBER_SIGNED || member->kind == MEMBER_DESCRIPTOR) && negative)
        number |= UINT64_MAX << (8 * member->size);
    return (int64_t)number;
}

static void member_store_number(const struct structure_member *member, int64_t number, uint8_t *data)
{
    uint64_t raw = (uint64_t)number;
    if (member->kind == MEMBER_BITS) {
        uint64_t before = 0;
        uint64_t mask = ((UINT64_C(1) << member->bits) - 1) << member->shift;
        memcpy(&before, data + member->offset, member->size);
        raw = (before & ~mask) | (raw << member->shift & mask);
    }
    memcpy(data + member->offset, &raw, member->size);
}

static bool member_store_text(struct call_context *context, const struct structure_member *member,
                              const struct value *value, uint8_t *data)
{
    if (value->kind != VALUE_STRING)
        return diagnostics_add(context->evaluation->diagnostics, value->at, "expected a string for %s", member->name);
    if (value->text_length > member->size)
        return diagnostics_add(context->evaluation->diagnostics, value->at, "%s has room for %zu bytes, found %zu",
                               member->name, member->size, value->text_length);
    memcpy(data + member->offset, value->text, value->text_length);
    return true;
}

static bool member_store_address(struct call_context *context, const struct structure_member *member,
                                 const struct value *value, uint8_t *data)
{
    struct sockaddr_storage storage = {0};
    size_t length;
    if (!call_address_from_value(context, value, false, &storage, &length))
        return false;
    memcpy(data + member->offset, &storage, length < member->size ? length : member->size);
    return true;
}

static bool member_store(struct call_context *context, const struct structure_member *member, const struct value *value,
                         uint8_t *data)
{
    int64_t number = 0;
    if (member->kind == MEMBER_ADDRESS)
        return member_store_address(context, member, value, data);
    if (value->kind == VALUE_ELLIPSIS)
        return true;
    if (member->kind == MEMBER_TEXT)
        return member_store_text(context, member, value, data);
    bool known = member->kind == MEMBER_DESCRIPTOR ? call_descriptor(context, value, &number)
                                                   : evaluate_integer(context->evaluation, value, &number);
    if (known)
        member_store_number(member, number, data);
    return known;
}

static bool fail_member(struct call_context *context, const struct value *item, const char *name)
{
    if (name == NULL)
        return diagnostics_add(context->evaluation->diagnostics, item->at, "the structure has no more members");
    return diagnostics_add(context->evaluation->diagnostics, item->at, "the structure has no member `%s`", name);
}

bool structure_store(struct call_context *context, const struct structure_row *row, const struct value *value,
                     uint8_t *data)
{
    for (size_t i = 0; i < value->count; i++) {
        const struct structure_member *member = member_of(row, value, i);
        if (member == NULL)
            return fail_member(context, &value->items[i], value->names[i]);
        if (!member_store(context, member, &value->items[i], data))
            return false;
    }
    return true;
}

static bool check_text(const struct call_comparison *comparison, const struct structure_member *member,
                       const struct value *value, struct bytes bytes)
{
    struct bytes came = bytes_slice(bytes, member->offset, member->size);
    if (value->kind != VALUE_STRING)
        return diagnostics_add(comparison->context->evaluation->diagnostics, value->at, "expected a string for %s",
                               member->name);
    bool equal = came.length >= value->text_length &&
                 (value->text_length == 0 || memcmp(came.data, value->text, value->text_length) == 0);
    for (size_t i = value->text_length; equal && i < came.length; i++)
        equal = came.data[i] == 0;
    return equal || call_mismatch(comparison, member->name, "other bytes", value);
}

static bool check_address(const struct call_comparison *comparison, const struct structure_member *member,
                          const struct value *value, struct bytes bytes)
{
    struct sockaddr_storage storage = {0};
    struct bytes came = bytes_slice(bytes, member->offset, sizeof(storage));
    if (came.length > 0)
        memcpy(&storage, came.data, came.length);
    return call_address_check(comparison, value, &storage);
}

static bool check_member(const struct call_comparison *comparison, const struct structure_member *member,
                         const struct value *value, struct bytes bytes)
{
    int64_t expected = 0;
    if (value->kind == VALUE_ELLIPSIS)
        return true;
    if (member->kind == MEMBER_TEXT)
        return check_text(comparison, member, value, bytes);
    if (member->kind == MEMBER_ADDRESS)
        return check_address(comparison, member, value, bytes);
    bool known = member->kind == MEMBER_DESCRIPTOR
                     ? call_descriptor(comparison->context, value, &expected)
                     : evaluate_integer(comparison->context->evaluation, value, &expected);
    if (!known)
        return false;
    if (member->offset + member->size > bytes.length)
        return call_mismatch(comparison, member->name, "nothing", value);
    return call_check_number(comparison, value, expected,
                             &(struct call_number){member->name,
                                                   structure_member_number(member, bytes.data, bytes.length),
                                                   member->kind == MEMBER_BITS ? sizeof(int64_t) : member->size});
}

/* A time that the script gives in its own time, with the run's tolerance. */
static bool check_stamp(const struct call_comparison *comparison, const struct structure_row *row,
                        const struct value *value, struct bytes bytes)
{
    int64_t parts[2] = {0, 0};
    struct call_context *context = comparison->context;
    for (size_t i = 0; i < value->count; i++) {
        const struct structure_member *member = member_of(row, value, i);
        if (value->items[i].kind == VALUE_ELLIPSIS)
            return true;
        if (member == NULL || !evaluate_integer(context->evaluation, &value->items[i], &parts[member - row->members]))
            return false;
    }
    if (bytes.length < row->size)
        return call_mismatch(comparison, "a time", "nothing", value);
    struct clock_bridge bridge = clock_bridge_measure();
    nanoseconds came = structure_member_number(&row->members[0], bytes.data, bytes.length) * NANOSECONDS_PER_SECOND +
                       structure_member_number(&row->members[1], bytes.data, bytes.length);
    nanoseconds at = clock_from_realtime(&bridge, came) - context->origin;
    nanoseconds off = at - (parts[0] * NANOSECONDS_PER_SECOND + parts[1]);
    char actual[64];
    struct text text = text_in(actual, sizeof(actual));
    text_append_format(&text, "{scm_sec=%lld, scm_nsec=%lld}", (long long)(at / NANOSECONDS_PER_SECOND),
                       (long long)(at % NANOSECONDS_PER_SECOND));
    return (off <= context->tolerance && off >= -context->tolerance) ||
           call_mismatch(comparison, "the time", actual, value);
}

bool structure_check(const struct call_comparison *comparison, const struct structure_row *row,
                     const struct value *value, struct bytes bytes)
{
    if (row->stamp)
        return check_stamp(comparison, row, value, bytes);
    for (size_t i = 0; i < value->count; i++) {
        const struct structure_member *member = member_of(row, value, i);
        if (member == NULL)
            return fail_member(comparison->context, &value->items[i], value->names[i]);
        if (!check_member(comparison, member, &value->items[i], bytes))
            return false;
    }
    return true;
}
