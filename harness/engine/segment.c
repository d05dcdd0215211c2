/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

struct connection *run_find_connection(const struct run *run, bool datagrams, uint16_t local_port, uint16_t remote_port)
{
    for (size_t i = 0; i < run->connection_count; i++) {
        struct connection *connection = &run->connections[i];
        if (connection->datagrams == datagrams && connection->local_port == local_port &&
            connection->remote_port == remote_port)
            return connection;
    }
    return NULL;
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

static struct connection *connection_of(struct run *run, bool datagrams, uint16_t local_port, uint16_t remote_port)
{
    struct connection *found = run_find_connection(run, datagrams, local_port, remote_port);
    if (found != NULL) {
        run->current = (size_t)(found - run->connections);
        return found;
    }
    void *connections = run->connections;
    if (!arena_array_room(&run->arena, &connections, sizeof(*run->connections), run->connection_count,
                          &run->connection_capacity))
        return NULL;
    run->connections = connections;
    run->current = run->connection_count;
    struct connection *made = &run->connections[run->connection_count++];
    *made = (struct connection){.datagrams = datagrams, .local_port = local_port, .remote_port = remote_port};
    return made;
}

struct connection *run_connection(struct run *run, uint16_t local_port, uint16_t remote_port)
{
    return connection_of(run, false, local_port, remote_port);
}

struct connection *run_datagrams(struct run *run, uint16_t local_port, uint16_t remote_port)
{
    return connection_of(run, true, local_port, remote_port);
}

void run_adapt_pattern(const struct run *run, struct pattern *pattern)
{
    uint16_t port = run->settings->options.udp_port;
    pattern_set_network(pattern, run_network(run));
    if (port == 0)
        return;
    if (pattern->packet.transport == TRANSPORT_TCP && !pattern->encapsulation.over_udp) {
        pattern->encapsulation.over_udp = true;
        pattern->encapsulation.udp_source = pattern->encapsulation.udp_destination = port;
        pattern->given |= FIELD_BIT(FIELD_ENCAPSULATION);
    }
    if (pattern_gives(pattern, FIELD_QUOTE) && pattern->quote.transport == TRANSPORT_TCP && !pattern->quote.over_udp) {
        pattern->quote.over_udp = true;
        pattern->quote.udp_source = pattern->quote.udp_destination = port;
    }
}

bool run_fault_memory(struct run *run, const struct event *event)
{
    struct error error;
    (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory for a segment");
    return run_fault(run, event, &error);
}

enum packet_network run_network(const struct run *run)
{
    return run->settings->options.ip_version == IP_VERSION_IPV6 ? NETWORK_IPV6 : NETWORK_IPV4;
}

struct authentication_numbers run_numbers(const struct connection *connection, const struct packet *packet,
                                          bool injected)
{
    const struct tcp_header *tcp = &packet->tcp;
    if ((tcp->flags & TCP_SYN) != 0)
        return (struct authentication_numbers){tcp->sequence,
                                               (tcp->flags & TCP_ACK) != 0 ? tcp->acknowledgment - 1 : 0};
    if (injected)
        return (struct authentication_numbers){connection->remote_isn, connection->local_isn};
    return (struct authentication_numbers){connection->local_isn, connection->remote_isn};
}
