/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

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
