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
