/* SPDX-License-Identifier: MIT */
/*
 * Which connection a segment is of.
 *
 * Ports tell connections apart, and addresses where a script names them or the stack itself chose them; a connection
 * that a script opened without a word on addresses is whatever has its ports.
 */
#include "engine/run.h"

enum { FIRST_REMOTE_PORT = 49152 }; /* of the dynamic range (RFC 6335) */

static bool ports_equal(const struct endpoints *left, const struct endpoints *right)
{
    return left->local_port == right->local_port && left->remote_port == right->remote_port;
}

static bool addresses_equal(const struct endpoints *left, const struct endpoints *right)
{
    return address_equal(&left->local, &right->local) && address_equal(&left->remote, &right->remote);
}

struct connection *run_find_connection(const struct run *run, bool datagrams, const struct endpoints *ends)
{
    struct connection *found = NULL;
    for (size_t i = 0; i < run->connection_count; i++) {
        struct connection *connection = &run->connections[i];
        if (connection->datagrams != datagrams || !ports_equal(&connection->ends, ends))
            continue;
        if (addresses_equal(&connection->ends, ends))
            return connection;
        if (found == NULL && !connection->addressed)
            found = connection;
    }
    return found;
}

struct connection *run_current(const struct run *run, bool datagrams)
{
    if (run->current < run->connection_count && run->connections[run->current].datagrams == datagrams)
        return &run->connections[run->current];
    for (size_t i = run->connection_count; i > 0; i--)
        if (run->connections[i - 1].datagrams == datagrams)
            return &run->connections[i - 1];
    return NULL;
}

struct endpoints run_ends(const struct run *run, const struct connection *connection, bool six)
{
    enum address_family family = six ? ADDRESS_IPV6 : ADDRESS_IPV4;
    if (connection != NULL && connection->ends.local.family == family && connection->ends.remote.family == family)
        return connection->ends;
    return (struct endpoints){.local = run->stack->local[six], .remote = run->stack->remote[six]};
}

static struct connection *connection_use(struct run *run, struct connection *connection)
{
    run->current = (size_t)(connection - run->connections);
    return connection;
}

static struct connection *connection_make(struct run *run, const struct connection *like)
{
    void *connections = run->connections;
    if (!arena_array_room(&run->arena, &connections, sizeof(*run->connections), run->connection_count,
                          &run->connection_capacity))
        return NULL;
    run->connections = connections;
    run->connections[run->connection_count] = *like;
    return connection_use(run, &run->connections[run->connection_count++]);
}

struct connection *run_connection_of_sent(struct run *run, const struct packet *packet)
{
    bool datagrams = packet->transport == TRANSPORT_UDP;
    const struct connection sent = {.datagrams = datagrams, .addressed = !datagrams, .ends = endpoints_of_sent(packet)};
    struct connection *found = run_find_connection(run, datagrams, &sent.ends);
    return found != NULL ? connection_use(run, found) : connection_make(run, &sent);
}

/* What an injected segment gives of its connection's ends, and which of that counts. */
struct wanted {
    struct connection connection;
    bool local;
    bool remote;
    bool local_port;
    bool remote_port;
};

static bool is_wanted(const struct wanted *wanted, const struct connection *connection)
{
    const struct endpoints *ends = &wanted->connection.ends;
    return connection->datagrams == wanted->connection.datagrams &&
           (!wanted->local || address_equal(&ends->local, &connection->ends.local)) &&
           (!wanted->remote || address_equal(&ends->remote, &connection->ends.remote)) &&
           (!wanted->local_port || ends->local_port == connection->ends.local_port) &&
           (!wanted->remote_port || ends->remote_port == connection->ends.remote_port);
}

/* The one used last, if it is one that is wanted, else the latest. */
static struct connection *find_wanted(const struct run *run, const struct wanted *wanted)
{
    struct connection *current = run_current(run, wanted->connection.datagrams);
    if (current != NULL && is_wanted(wanted, current))
        return current;
    for (size_t i = run->connection_count; i > 0; i--)
        if (is_wanted(wanted, &run->connections[i - 1]))
            return &run->connections[i - 1];
    return NULL;
}

static bool name_address(struct run *run, const struct pattern_slot *slot, const struct address *address)
{
    struct named_value value = {
        .name = slot->name, .kind = NAME_ADDRESS, .length = (uint8_t)address_size(address->family)};
    memcpy(value.bytes, address->bytes, value.length);
    return names_find(&run->names, slot->name) != NULL || names_add(&run->names, &run->arena, &value);
}

/* What SLOT (may be NULL) stands for by now; false if it has no value. */
static bool known_address(const struct run *run, const struct pattern_slot *slot, struct address *address)
{
    const struct named_value *known = slot == NULL ? NULL : names_find(&run->names, slot->name);
    bool given = slot != NULL && slot->has_value;
    if (!given && known == NULL)
        return false;
    size_t size = given ? slot->value_size : known->length;
    *address = address_from_bytes(size == 4 ? ADDRESS_IPV4 : ADDRESS_IPV6, given ? slot->value : known->bytes);
    return true;
}

/* A name of the harness's that has no value yet is an address of its own; one of the stack's is whatever the connection
 * has. */
static struct wanted wanted_of(const struct run *run, const struct pattern *pattern)
{
    const struct packet *packet = &pattern->packet;
    const struct pattern_slot *source = endpoints_slot(pattern, FIELD_SOURCE);
    bool datagrams = packet->transport == TRANSPORT_UDP;
    const struct connection *current = run_current(run, datagrams);
    struct wanted wanted = {
        .connection = {.datagrams = datagrams, .ends = run_ends(run, NULL, packet->network == NETWORK_IPV6)},
        .remote = source != NULL,
        .local_port = pattern_gives(pattern, FIELD_DESTINATION_PORT),
        .remote_port = pattern_gives(pattern, FIELD_SOURCE_PORT),
    };
    struct endpoints *ends = &wanted.connection.ends;
    if (source != NULL && !known_address(run, source, &ends->remote))
        ends->remote = address_numbered(&ends->remote, source->name);
    wanted.local = known_address(run, endpoints_slot(pattern, FIELD_DESTINATION), &ends->local);
    wanted.connection.addressed = wanted.local || wanted.remote;
    ends->remote_port = run->settings->first_port == 0 ? FIRST_REMOTE_PORT : run->settings->first_port;
    ends->local_port = run->settings->options.bind_port;
    if (current != NULL) {
        ends->remote_port = current->ends.remote_port;
        ends->local_port = current->ends.local_port;
    }
    if (wanted.remote_port)
        ends->remote_port = packet->tcp.source_port;
    if (wanted.local_port)
        ends->local_port = packet->tcp.destination_port;
    return wanted;
}

/* What comes first after a listen() begins a connection of its own, unless it says by ports or addresses which one it
 * is of: from a port that none has yet, to the one that is listened at. */
static void want_another(const struct run *run, const struct connection *current, struct wanted *wanted)
{
    struct endpoints *ends = &wanted->connection.ends;
    bool stacks_choice = current->addressed && !current->named;
    if (stacks_choice)
        ends->local_port = run->settings->options.bind_port;
    while (run_find_connection(run, false, ends) != NULL)
        ends->remote_port = ends->remote_port == UINT16_MAX ? FIRST_REMOTE_PORT : (uint16_t)(ends->remote_port + 1);
    wanted->local_port = true;
    wanted->remote_port = true;
}

static bool says_which(const struct wanted *wanted)
{
    return wanted->local || wanted->remote || wanted->local_port || wanted->remote_port;
}

struct connection *run_connection_to_inject(struct run *run, const struct pattern *pattern)
{
    const struct pattern_slot *source = endpoints_slot(pattern, FIELD_SOURCE);
    const struct pattern_slot *destination = endpoints_slot(pattern, FIELD_DESTINATION);
    struct wanted wanted = wanted_of(run, pattern);
    const struct connection *current = run_current(run, wanted.connection.datagrams);
    if (run->listening && current != NULL && !wanted.connection.datagrams && !says_which(&wanted))
        want_another(run, current, &wanted);
    run->listening = false;
    struct connection *found = find_wanted(run, &wanted);
    found = found != NULL ? connection_use(run, found) : connection_make(run, &wanted.connection);
    if (found == NULL || (source != NULL && !name_address(run, source, &found->ends.remote)) ||
        (destination != NULL && !name_address(run, destination, &found->ends.local)))
        return NULL;
    found->named |= source != NULL || destination != NULL;
    return found;
}
