/* SPDX-License-Identifier: MIT */
#include "engine/call_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

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
    /* Where every address is the stack's own, it listens on all of them. */
    if (context->stack != NULL && !(local && options->any_ip))
        address = local ? context->stack->local[version] : context->stack->remote[version];
    address_store(&address, options->ip_version == IP_VERSION_IPV4_MAPPED,
                  local ? options->bind_port : options->connect_port, storage, length);
}

/* What a script wrote of an address; what it did not write is NULL. */
struct written_address {
    const struct value *family;
    const struct value *port;
    const struct value *address;
    const struct value *flow;
    const struct value *scope;
};

/* Ends of the members' names, behind sa_, sin_ or sin6_. */
static const struct {
    const char *tail;
    size_t offset;
} address_members[] = {
    {"_family", offsetof(struct written_address, family)},  {"_port", offsetof(struct written_address, port)},
    {"_addr", offsetof(struct written_address, address)},   {"_flowinfo", offsetof(struct written_address, flow)},
    {"_scope_id", offsetof(struct written_address, scope)},
};

static bool address_take_member(struct call_context *context, const struct value *item, const char *name,
                                struct written_address *written)
{
    const char *tail = name == NULL ? NULL : strchr(name, '_');
    /* strace writes an IPv6 address as a call without a name before it. */
    if (name == NULL && item->kind == VALUE_CALL && strcmp(item->text, "inet_pton") == 0)
        tail = "_addr";
    for (size_t i = 0; tail != NULL && i < COUNT_OF(address_members); i++) {
        if (strcmp(address_members[i].tail, tail) == 0) {
            memcpy((char *)written + address_members[i].offset, &item, sizeof(const void *));
            return true;
        }
    }
    return diagnostics_add(context->evaluation->diagnostics, item->at,
                           "an address has a family, a port and an address; `%s` is none of them",
                           name == NULL ? "" : name);
}

static bool address_read(struct call_context *context, const struct value *value, struct written_address *written)
{
    *written = (struct written_address){0};
    for (size_t i = 0; i < value->count; i++)
        if (!address_take_member(context, &value->items[i], value->names[i], written))
            return false;
    return true;
}

/* A number; FALLBACK if it is not written or left open. */
static bool address_number(struct call_context *context, const struct value *value, int64_t fallback, int64_t *number)
{
    *number = fallback;
    return value == NULL || value->kind == VALUE_ELLIPSIS || evaluate_integer(context->evaluation, value, number);
}

/* inet_addr("192.0.2.1"), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), the string alone, or INADDR_ANY. */
static bool address_host(struct call_context *context, const struct value *value, struct address *address)
{
    if (value_is_number(value)) {
        int64_t number = 0;
        if (!evaluate_integer(context->evaluation, value, &number))
            return false;
        uint32_t raw = (uint32_t)number;
        *address = address_from_bytes(ADDRESS_IPV4, (const uint8_t *)&raw);
        return true;
    }
    const struct value *string = value;
    for (size_t i = 0; value->kind == VALUE_CALL && i < value->count; i++)
        if (value->items[i].kind == VALUE_STRING)
            string = &value->items[i];
    if (string->kind == VALUE_STRING && address_parse(string->text, string->text_length, address))
        return true;
    return diagnostics_add(context->evaluation->diagnostics, value->at,
                           "expected an address like inet_addr(\"192.0.2.1\")");
}

static bool address_is_open(const struct value *value)
{
    return value == NULL || value->kind == VALUE_ELLIPSIS;
}

/* Flow label and scope, which only IPv6 has. */
static bool address_store_ipv6(struct call_context *context, const struct written_address *written,
                               struct sockaddr_storage *storage)
{
    struct sockaddr_in6 in6;
    int64_t flow = 0;
    int64_t scope = 0;
    if (!address_number(context, written->flow, 0, &flow) || !address_number(context, written->scope, 0, &scope))
        return false;
    memcpy(&in6, storage, sizeof(in6));
    in6.sin6_flowinfo = (uint32_t)flow;
    in6.sin6_scope_id = (uint32_t)scope;
    memcpy(storage, &in6, sizeof(in6));
    return true;
}

static bool address_from_structure(struct call_context *context, const struct value *value,
                                   struct sockaddr_storage *storage, size_t *length)
{
    struct written_address written;
    int64_t family = AF_UNSPEC;
    int64_t port = 0;
    if (!address_read(context, value, &written) || !address_number(context, written.family, AF_UNSPEC, &family) ||
        !address_number(context, written.port, 0, &port))
        return false;
    struct address address = {.family = family == AF_INET6 ? ADDRESS_IPV6 : ADDRESS_IPV4};
    if (!address_is_open(written.address) && !address_host(context, written.address, &address))
        return false;
    bool mapped = family == AF_INET6;
    address_store(&address, mapped, ntohs((uint16_t)port), storage, length);
    if (address.family == ADDRESS_IPV6 || mapped) {
        if (!address_store_ipv6(context, &written, storage))
            return false;
    }
    if (!address_is_open(written.family))
        storage->ss_family = (sa_family_t)family;
    return true;
}

bool call_address_from_value(struct call_context *context, const struct value *value, bool local,
                             struct sockaddr_storage *storage, size_t *length)
{
    int64_t family = 0;
    if (value->kind == VALUE_STRUCT)
        return address_from_structure(context, value, storage, length);
    if (value->kind != VALUE_ELLIPSIS && value->kind != VALUE_NAME)
        return diagnostics_add(context->evaluation->diagnostics, value->at,
                               "expected `...` or an address {sa_family = ...}");
    call_address_default(context, local, storage, length);
    if (value->kind == VALUE_ELLIPSIS)
        return true;
    if (!evaluate_integer(context->evaluation, value, &family))
        return false;
    storage->ss_family = (sa_family_t)family;
    return true;
}

/* The parts of an address as they are in memory, without anything that a family lacks. */
static void address_split(const struct sockaddr_storage *storage, struct address *address, uint16_t *port)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    *address = (struct address){.family = ADDRESS_NONE};
    *port = 0;
    if (storage->ss_family == AF_INET) {
        memcpy(&in, storage, sizeof(in));
        *address = address_from_bytes(ADDRESS_IPV4, (const uint8_t *)&in.sin_addr);
        *port = in.sin_port;
    } else if (storage->ss_family == AF_INET6) {
        memcpy(&in6, storage, sizeof(in6));
        *address = address_from_bytes(ADDRESS_IPV6, (const uint8_t *)&in6.sin6_addr);
        *port = in6.sin6_port;
    }
}

static bool address_check_host(const struct call_comparison *comparison, const struct value *value,
                               const struct address *came)
{
    struct address expected = {.family = ADDRESS_NONE};
    char actual[64];
    struct text text = text_in(actual, sizeof(actual));
    if (address_is_open(value))
        return true;
    if (!address_host(comparison->context, value, &expected))
        return false;
    if (expected.family == came->family && memcmp(expected.bytes, came->bytes, sizeof(expected.bytes)) == 0)
        return true;
    address_print(&text, came);
    return call_mismatch(comparison, "the address", actual, value);
}

bool call_address_check(const struct call_comparison *comparison, const struct value *value,
                        const struct sockaddr_storage *storage)
{
    struct call_context *context = comparison->context;
    struct written_address written;
    struct address came;
    uint16_t port;
    int64_t family = 0;
    int64_t expected_port = 0;
    if (value->kind != VALUE_STRUCT)
        return true;
    address_split(storage, &came, &port);
    if (!address_read(context, value, &written) ||
        !address_number(context, written.family, storage->ss_family, &family) ||
        !address_number(context, written.port, port, &expected_port))
        return false;
    if (family != storage->ss_family &&
        !call_check_number(comparison, written.family, family,
                           &(struct call_number){"the family", storage->ss_family, sizeof(sa_family_t)}))
        return false;
    if ((uint16_t)expected_port != port) {
        char actual[32];
        struct text text = text_in(actual, sizeof(actual));
        text_append_format(&text, "%u", ntohs(port));
        return call_mismatch(comparison, "the port", actual, written.port);
    }
    return address_check_host(comparison, written.address, &came);
}
