/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

struct connection *run_connection(struct run *run, uint16_t local_port, uint16_t remote_port)
{
    for (size_t i = 0; i < run->connection_count; i++) {
        struct connection *connection = &run->connections[i];
        if (connection->local_port == local_port && connection->remote_port == remote_port) {
            run->current = i;
            return connection;
        }
    }
    void *connections = run->connections;
    if (!arena_array_room(&run->arena, &connections, sizeof(*run->connections), run->connection_count,
                          &run->connection_capacity))
        return NULL;
    run->connections = connections;
    run->current = run->connection_count;
    struct connection *made = &run->connections[run->connection_count++];
    *made = (struct connection){.local_port = local_port, .remote_port = remote_port};
    return made;
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
