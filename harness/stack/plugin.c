/* SPDX-License-Identifier: MIT */
#include "link/embedded.h"
#include "stack/linux_symbols.h"
#include "stack/plugin_guard.h"
#include "stack/plugin_stack.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    MTU_USUAL = 1500,
    MTU_LEAST_IPV6 = 1280, /* RFC 8200 section 5 */
    STALLS_MOST = 1000,    /* how often a stack may have something to do at one instant */
};

static enum symbol_place plugin_symbol(const struct stack *stack, const char *name, size_t length, int64_t *value)
{
    (void)stack;
    return linux_symbol(name, length, value);
}

static const char *plugin_symbol_at(const struct stack *stack, size_t index)
{
    (void)stack;
    return linux_symbol_at(index);
}

static const char *plugin_error_name(const struct stack *stack, int error_number)
{
    (void)stack;
    return linux_error_name(error_number);
}

static nanoseconds plugin_now(const struct stack *stack)
{
    return ((const struct plugin_stack *)stack)->now;
}

void plugin_misuse(struct plugin_stack *opened, const char *format, ...)
{
    char sentence[sizeof(opened->misuse.text)];
    struct text text = text_in(sentence, sizeof(sentence));
    va_list arguments;
    if (opened->misuse.code != ERROR_NONE)
        return;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    (void)error_set(&opened->misuse, ERROR_STACK_FAULT, "the stack breaks a rule of the plug-in ABI: %s",
                    text_string(&text));
}

static double seconds_of(nanoseconds time)
{
    return (double)time / (double)NANOSECONDS_PER_SECOND;
}

static bool plugin_is_obedient(const struct plugin_stack *opened, struct error *error)
{
    if (opened->misuse.code == ERROR_NONE)
        return true;
    *error = opened->misuse;
    return false;
}

/* Lets the stack do what is due now, until it says that nothing is. */
static bool plugin_settle(struct plugin_stack *opened, struct error *error)
{
    for (int stalls = 0; stalls < STALLS_MOST; stalls++) {
        plugin_enter(PLUGIN_ADVANCE);
        uint64_t due = opened->offers->advance(opened->made, (uint64_t)opened->now);
        plugin_leave();
        opened->due = due > INT64_MAX ? NANOSECONDS_NEVER : (nanoseconds)due;
        if (opened->due > opened->now)
            return plugin_is_obedient(opened, error);
    }
    if (opened->due < opened->now)
        return error_set(error, ERROR_STACK_FAULT,
                         "at %.6f s the stack's `advance` says that something is due at %.6f s, which is past, and "
                         "still does after it was let do it %d times",
                         seconds_of(opened->now), seconds_of(opened->due), STALLS_MOST);
    return error_set(error, ERROR_STACK_FAULT,
                     "the stack has something to do at %.6f s, and still has after it was let do it %d times",
                     seconds_of(opened->now), STALLS_MOST);
}

static bool plugin_advance(struct stack *stack, nanoseconds until, bool timers, struct error *error)
{
    struct plugin_stack *opened = (struct plugin_stack *)stack;
    if (!plugin_settle(opened, error))
        return false;
    if (until <= opened->now || link_embedded_waiting(stack->link))
        return true;
    nanoseconds next = opened->due < opened->call_ends ? opened->due : opened->call_ends;
    opened->now = next < until ? next : until;
    return (!timers && opened->now == until) || plugin_settle(opened, error);
}

static void host_packet(void *context, struct bytes packet)
{
    struct plugin_stack *opened = context;
    plugin_enter(PLUGIN_PACKET);
    opened->offers->packet(opened->made, (uint64_t)opened->now, packet.data, packet.length);
    plugin_leave();
}

static void host_send(void *context, const void *packet, size_t length)
{
    struct plugin_stack *opened = context;
    /* Without a link, the stack is being destroyed. */
    if (!plugin_guard_calls_host("send") || opened->stack.link == NULL)
        return;
    if (length == 0 || length > opened->stack.mtu)
        plugin_misuse(opened, "it sends a packet of %zu bytes, and the MTU is %u", length, opened->stack.mtu);
    else
        link_embedded_put(opened->stack.link, (struct bytes){packet, length});
}

/* SplitMix64: each seed gives a sequence of its own. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t word = *state += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
}

static void host_random(void *context, void *bytes, size_t length)
{
    struct plugin_stack *opened = context;
    uint8_t *at = bytes;
    if (!plugin_guard_calls_host("random"))
        return;
    while (length > 0) {
        uint64_t word = random_next(&opened->random);
        size_t size = length < sizeof(word) ? length : sizeof(word);
        memcpy(at, &word, size);
        at += size;
        length -= size;
    }
}

static void *host_allocate(void *context, size_t size)
{
    if (!plugin_guard_calls_host("allocate"))
        return NULL;
    return plugin_memory_take(&((struct plugin_stack *)context)->plugin->memory, size);
}

static void host_release(void *context, void *memory)
{
    struct plugin_stack *opened = context;
    if (plugin_guard_calls_host("release") && !plugin_memory_release(&opened->plugin->memory, memory))
        plugin_misuse(opened, "it releases memory that it has not got from `allocate`, or has released before");
}

static struct address address_or(const struct address *given, const char *text)
{
    struct address address = *given;
    if (given->family == ADDRESS_NONE)
        INVARIANT(address_parse(text, strlen(text), &address));
    return address;
}

static void plugin_settle_addresses(struct plugin_stack *opened, const struct plugin_settings *settings)
{
    static const char *const local[2] = {"198.51.100.1", "2001:db8::1"};
    static const char *const remote[2] = {"198.51.100.2", "2001:db8::2"};
    static const uint32_t needed[2] = {SHAKEDOWN_CAN_IPV4, SHAKEDOWN_CAN_IPV6};
    struct stack *stack = &opened->stack;
    for (size_t version = 0; version < 2; version++) {
        if ((opened->offers->capabilities & needed[version]) == 0 || (version == 1 && stack->mtu < MTU_LEAST_IPV6))
            continue;
        stack->local[version] = address_or(&settings->local[version], local[version]);
        stack->remote[version] = address_or(&settings->remote[version], remote[version]);
        opened->endpoints[version].family = version == 0 ? 4 : 6;
        memcpy(opened->endpoints[version].address, stack->local[version].bytes, sizeof(stack->local[version].bytes));
    }
}

/* Creates the plug-in's stack, on a clock that starts at 0. */
static bool plugin_create(struct plugin_stack *opened, struct error *error)
{
    char reason[256] = "it gives no reason";
    opened->now = 0;
    opened->due = opened->call_ends = NANOSECONDS_NEVER;
    opened->random = opened->seed;
    opened->misuse.code = ERROR_NONE;
    const struct shakedown_stack_settings settings = {
        .size = sizeof(settings),
        .mtu = opened->stack.mtu,
        .host = &opened->host,
        .ipv4 = opened->endpoints[0],
        .ipv6 = opened->endpoints[1],
        .options = opened->options,
    };
    plugin_enter(PLUGIN_CREATE);
    opened->made = opened->offers->create(&settings, reason, sizeof(reason));
    plugin_leave();
    reason[sizeof(reason) - 1] = '\0';
    return opened->made != NULL || error_set(error, ERROR_MALFORMED, "the plug-in makes no stack: %s", reason);
}

/* What is put back as it was needs no end of its own. */
static void plugin_destroy(struct plugin_stack *opened)
{
    if (opened->made == NULL || opened->offers->restart == SHAKEDOWN_RESTART_COPY)
        return;
    plugin_enter(PLUGIN_DESTROY);
    opened->offers->destroy(opened->made);
    plugin_leave();
}

static void plugin_close(struct stack *stack)
{
    struct plugin_stack *opened = (struct plugin_stack *)stack;
    plugin_destroy(opened);
    plugin_memory_clear(&opened->plugin->memory);
    free(opened->options);
    free(opened);
}

static const struct stack_operations plugin_operations = {
    .name = "plugin",
    .call = plugin_call,
    .symbol = plugin_symbol,
    .symbol_at = plugin_symbol_at,
    .error_name = plugin_error_name,
    .close = plugin_close,
    .now = plugin_now,
    .advance = plugin_advance,
};

bool plugin_stack_open(struct plugin *plugin, const struct plugin_settings *settings, struct stack **stack,
                       struct error *error)
{
    struct plugin_stack *opened = calloc(1, sizeof(*opened));
    if (opened == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a stack");
    *opened = (struct plugin_stack){
        .stack = {.operations = &plugin_operations, .mtu = settings->mtu == 0 ? MTU_USUAL : settings->mtu},
        .plugin = plugin,
        .offers = plugin_offers(plugin),
        .host = {.size = sizeof(struct shakedown_host),
                 .context = opened,
                 .send = host_send,
                 .random = host_random,
                 .allocate = host_allocate,
                 .release = host_release},
        .seed = settings->seed,
        .options = strdup(settings->options == NULL ? "" : settings->options),
    };
    opened->stack.maps_no_ipv4 = (opened->offers->capabilities & SHAKEDOWN_CAN_MAP_IPV4) == 0;
    plugin_settle_addresses(opened, settings);
    const struct link_embedded_peer peer = {opened, host_packet, &opened->now};
    if (opened->options == NULL) {
        (void)error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a stack");
    } else if (link_embedded_open(&peer, &opened->stack.link, error) && plugin_create(opened, error)) {
        *stack = &opened->stack;
        return true;
    }
    link_close(opened->stack.link);
    opened->stack.link = NULL;
    plugin_close(&opened->stack);
    return false;
}

/* The harness has none of its own beside a virtual clock. */
static bool has_threads(void)
{
    struct stat tasks;
    return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink > 3; /* ".", ".." and a folder for each thread */
}

bool plugin_stack_restart(struct stack *stack, struct error *error)
{
    struct plugin_stack *opened = (struct plugin_stack *)stack;
    uint32_t way = opened->offers->restart;
    if (way == SHAKEDOWN_RESTART_FORK)
        return error_set(error, ERROR_NOT_APPLICABLE, "each run of this stack needs a process of its own");
    if (way == SHAKEDOWN_RESTART_COPY && has_threads())
        return error_set(error, ERROR_NOT_APPLICABLE, "the stack has threads: its memory can't be put back");
    plugin_destroy(opened);
    if (way == SHAKEDOWN_RESTART_COPY)
        plugin_memory_restore(&opened->plugin->memory);
    opened->made = NULL;
    plugin_memory_clear(&opened->plugin->memory);
    link_embedded_clear(stack->link);
    memset(opened->descriptors, 0, opened->descriptor_count * sizeof(opened->descriptors[0]));
    opened->descriptor_count = 0;
    return plugin_create(opened, error);
}
