/* SPDX-License-Identifier: MIT */
#include "stack/linux.h"

#include "stack/linux_calls.h"
#include "stack/linux_symbols.h"
#include "stack/topology.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    MTU_USUAL = 1500,
    MTU_LEAST_IPV6 = 1280, /* RFC 8200 section 5: below it the kernel has no IPv6 on a device */
    MTU_LOOPBACK = 65536,
};

struct linux_stack {
    struct stack stack;
    int before; /* the network namespace that the thread came from; -1 if it never left it */
};

struct linux_topology {
    topology_build *build;
    const char *local[2]; /* defaults, NULL: none */
    const char *remote[2];
};

static const struct linux_topology topologies[] = {
    [LINUX_LINK_RAW] = {topology_build_raw, {"198.51.100.1", "2001:db8::1"}, {"198.51.100.2", "2001:db8::2"}},
    [LINUX_LINK_TUN] = {topology_build_tun, {"198.51.100.1", "2001:db8::1"}, {"198.51.100.2", "2001:db8::2"}},
    [LINUX_LINK_LOOPBACK] = {topology_build_loopback, {"127.0.0.2", NULL}, {"127.0.0.1", NULL}},
    [LINUX_LINK_HERE] = {topology_build_here, {NULL, NULL}, {NULL, NULL}},
};

static enum symbol_place linux_stack_symbol(const struct stack *stack, const char *name, size_t length, int64_t *value)
{
    (void)stack;
    return linux_symbol(name, length, value);
}

static const char *linux_stack_symbol_at(const struct stack *stack, size_t index)
{
    (void)stack;
    return linux_symbol_at(index);
}

static const char *linux_stack_error_name(const struct stack *stack, int error_number)
{
    (void)stack;
    return linux_error_name(error_number);
}

static void linux_close(struct stack *stack)
{
    struct linux_stack *opened = (struct linux_stack *)stack;
    struct error error;
    if (opened->before >= 0) {
        /* A thread that can't go back stays where nothing is any more: there is nothing better to do. */
        (void)!topology_return(opened->before, &error);
        (void)close(opened->before);
    }
    free(opened);
}

static const struct stack_operations linux_operations = {
    .name = "linux",
    .call = linux_call,
    .symbol = linux_stack_symbol,
    .symbol_at = linux_stack_symbol_at,
    .error_name = linux_stack_error_name,
    .close = linux_close,
};

/* GIVEN, or without one the address that TEXT is, or none. */
static struct address address_or(const struct address *given, const char *text)
{
    struct address address = *given;
    if (given->family == ADDRESS_NONE && text != NULL)
        INVARIANT(address_parse(text, strlen(text), &address));
    return address;
}

static void settings_complete(const struct linux_settings *settings, struct topology_settings *complete)
{
    const struct linux_topology *topology = &topologies[settings->link];
    unsigned usual = settings->link == LINUX_LINK_LOOPBACK ? MTU_LOOPBACK : MTU_USUAL;
    *complete = (struct topology_settings){
        .fresh = settings->fresh,
        .device = settings->device == NULL ? "tun0" : settings->device,
        .mtu = settings->mtu == 0 ? usual : settings->mtu,
        .segment_size = settings->segment_size,
        .remote_port = settings->remote_port,
        .here = &settings->here,
    };
    size_t versions = complete->mtu < MTU_LEAST_IPV6 ? 1 : 2;
    for (size_t version = 0; version < versions; version++) {
        complete->local[version] = address_or(&settings->local[version], topology->local[version]);
        complete->remote[version] = address_or(&settings->remote[version], topology->remote[version]);
        if (settings->local[version].family != ADDRESS_NONE)
            complete->local_prefix[version] = settings->here.local_prefix;
        if (settings->remote[version].family != ADDRESS_NONE)
            complete->remote_prefix[version] = settings->here.remote_prefix;
    }
}

bool linux_stack_open(const struct linux_settings *settings, struct stack **stack, struct error *error)
{
    INVARIANT(settings->link < COUNT_OF(topologies));
    struct topology_settings complete;
    settings_complete(settings, &complete);
    struct linux_stack *opened = calloc(1, sizeof(*opened));
    if (opened == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a stack");
    *opened = (struct linux_stack){.stack = {.operations = &linux_operations, .mtu = complete.mtu}, .before = -1};
    memcpy(opened->stack.local, complete.local, sizeof(complete.local));
    memcpy(opened->stack.remote, complete.remote, sizeof(complete.remote));
    bool stays = settings->link == LINUX_LINK_HERE;
    if ((!stays && !topology_here(&opened->before, error)) ||
        !topologies[settings->link].build(&complete, &opened->stack.link, error)) {
        linux_close(&opened->stack);
        return false;
    }
    *stack = &opened->stack;
    return true;
}
