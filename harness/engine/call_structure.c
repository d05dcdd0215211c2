/* SPDX-License-Identifier: MIT */
#include "engine/call_structure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/time.h>

static void address_store(const struct address *address, bool mapped, uint16_t port, struct sockaddr_storage *storage,
                          size_t *length)
{
    if (address->family == ADDRESS_IPV4 && !mapped) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
        memcpy(&in.sin_addr, address->bytes, sizeof(in.sin_addr));
        memcpy(storage, &in, sizeof(in));
        *length = sizeof(in);
        return;
    }
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (address->family == ADDRESS_IPV4) {
        /* ::ffff:192.0.2.1 */
        memset(&in6.sin6_addr.s6_addr[10], 0xff, 2);
        memcpy(&in6.sin6_addr.s6_addr[12], address->bytes, 4);
    } else {
        memcpy(&in6.sin6_addr, address->bytes, sizeof(in6.sin6_addr));
    }
    memcpy(storage, &in6, sizeof(in6));
    *length = sizeof(in6);
}

void call_address_default(const struct call_context *context, bool local, struct sockaddr_storage *storage,
                          size_t *length)
{
    const struct engine_options *options = context->options;
    size_t version = options->ip_version == IP_VERSION_IPV6 ? 1 : 0;
    struct address address = {.family = version == 1 ? ADDRESS_IPV6 : ADDRESS_IPV4};
    if (context->stack != NULL)
        address = local ? context->stack->local[version] : context->stack->remote[version];
    address_store(&address, options->ip_version == IP_VERSION_IPV4_MAPPED,
                  local ? options->bind_port : options->connect_port, storage, length);
}

/* inet_addr("192.0.2.1"), inet_pton(AF_INET6, "2001:db8::1"), or just the string: the last argument is the address. */
static bool address_from_text(struct call_context *context, const struct value *value, struct address *address)
{
    const struct value *string = value;
    if (value->kind == VALUE_CALL && value->count > 0)
        string = &value->items[value->count - 1];
    if (string->kind == VALUE_STRING && address_parse(string->text, string->text_length, address))
        return true;
    return diagnostics_add(context->evaluation->diagnostics, value->at,
                           "expected an address like inet_addr(\"192.0.2.1\")");
}

bool call_address_from_value(struct call_context *context, const struct value *value, struct sockaddr_storage *storage,
                             size_t *length)
{
    int64_t port = 0;
    int64_t family = AF_UNSPEC;
    struct address address = {.family = ADDRESS_NONE};
    for (size_t i = 0; i < value->count; i++) {
        const char *name = value->names[i] == NULL ? "" : value->names[i];
        const char *tail = strchr(name, '_');
        bool known = true;
        if (tail != NULL && strcmp(tail, "_family") == 0)
            known = evaluate_integer(context->evaluation, &value->items[i], &family);
        else if (tail != NULL && strcmp(tail, "_port") == 0)
            known = evaluate_integer(context->evaluation, &value->items[i], &port);
        else if (tail != NULL && strcmp(tail, "_addr") == 0)
            known = address_from_text(context, &value->items[i], &address);
        else
            known = diagnostics_add(context->evaluation->diagnostics, value->items[i].at,
                                    "an address has a family, a port and an address; `%s` is none of them", name);
        if (!known)
            return false;
    }
    if (address.family == ADDRESS_NONE)
        address.family = family == AF_INET6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
    address_store(&address, family == AF_INET6, ntohs((uint16_t)port), storage, length);
    return true;
}

enum { STRUCTURE_MEMBERS_MOST = 4 };

struct structure_row {
    size_t size;
    struct {
        const char *name; /* as scripts write it; NULL behind the last */
        size_t offset;
        size_t size;
    } members[STRUCTURE_MEMBERS_MOST];
};

#define MEMBER(type, written, member)                                              \
    {                                                                              \
        written, offsetof(struct type, member), sizeof(((struct type *)0)->member) \
    }

static const struct structure_row structure_rows[] = {
    {sizeof(struct linger), {MEMBER(linger, "onoff", l_onoff), MEMBER(linger, "linger", l_linger)}},
    {sizeof(struct linger), {MEMBER(linger, "l_onoff", l_onoff), MEMBER(linger, "l_linger", l_linger)}},
    {sizeof(struct timeval), {MEMBER(timeval, "tv_sec", tv_sec), MEMBER(timeval, "tv_usec", tv_usec)}},
};

/* Index of the member NAME in ROW, or STRUCTURE_MEMBERS_MOST. */
static size_t structure_member(const struct structure_row *row, const char *name)
{
    size_t i = 0;
    while (i < STRUCTURE_MEMBERS_MOST &&
           (row->members[i].name == NULL || name == NULL || strcmp(row->members[i].name, name) != 0))
        i++;
    return i;
}

static const struct structure_row *structure_find(const struct value *value)
{
    for (size_t row = 0; row < COUNT_OF(structure_rows); row++) {
        size_t known = 0;
        for (size_t i = 0; i < value->count; i++)
            known += structure_member(&structure_rows[row], value->names[i]) < STRUCTURE_MEMBERS_MOST;
        if (value->count > 0 && known == value->count)
            return &structure_rows[row];
    }
    return NULL;
}

bool call_structure_from_value(struct call_context *context, const struct value *value, struct stack_argument *argument)
{
    const struct structure_row *row = structure_find(value);
    if (row == NULL)
        return diagnostics_add(context->evaluation->diagnostics, value->at,
                               "no structure with these members is known; {onoff=1, linger=0} and {tv_sec=1, "
                               "tv_usec=0} are");
    uint8_t *data = arena_take(context->arena, row->size);
    if (data == NULL)
        return diagnostics_add(context->evaluation->diagnostics, value->at, "memory ran out");
    for (size_t i = 0; i < value->count; i++) {
        int64_t number = 0;
        if (!evaluate_integer(context->evaluation, &value->items[i], &number))
            return false;
        size_t member = structure_member(row, value->names[i]);
        /* Little-endian: the low bytes of the number are the member. */
        memcpy(data + row->members[member].offset, &number, row->members[member].size);
    }
    *argument = (struct stack_argument){.kind = ARGUMENT_POINTER, .data = data, .length = row->size};
    return true;
}
