/* SPDX-License-Identifier: MIT */
/* What an injected packet has besides a TCP segment: the packet that an ICMP message quotes, UDP's ports, headers
 * around it. */
#include "engine/run.h"

#include "packet/icmp_quote.h"

enum { OUTER_TIME_TO_LIVE = 64 };

/* The ports of the quoted packet, which the stack is to have sent, and its live number. */
static void quote_connection(const struct connection *connection, const struct pattern_quote *written,
                             struct icmp_quote *quote)
{
    quote->source_port = connection->ends.local_port;
    quote->destination_port = connection->ends.remote_port;
    quote->sequence = written->sequence + (connection->local_known ? connection->local_isn : 0);
}

bool inject_quote(struct run *run, const struct event *event, struct pattern *pattern, uint8_t *buffer)
{
    const struct pattern_quote *written = &pattern->quote;
    const struct connection *connection = run_current(run, written->transport == TRANSPORT_UDP);
    bool six = pattern->packet.network == NETWORK_IPV6;
    struct error error;
    if (!pattern_gives(pattern, FIELD_QUOTE))
        return true;
    if (connection == NULL) {
        (void)error_set(&error, ERROR_MALFORMED, "there is no %s yet whose packet this message could quote",
                        written->transport == TRANSPORT_UDP ? "exchange of UDP datagrams" : "connection");
        return run_fault(run, event, &error);
    }
    const struct endpoints ends = run_ends(run, connection, six);
    struct icmp_quote quote = {
        .transport = written->transport,
        .source = ends.local,
        .destination = ends.remote,
        .length = written->length,
        .over_udp = written->over_udp,
        .udp_source = written->udp_source,
        .udp_destination = written->udp_destination,
    };
    quote_connection(connection, written, &quote);
    struct byte_writer writer = byte_writer_on(buffer, ICMP_QUOTE_SIZE_MOST);
    if (!icmp_quote_build(&quote, &writer, &error))
        return run_fault(run, event, &error);
    pattern->packet.payload = byte_writer_written(&writer);
    return true;
}

void inject_outer(const struct pattern *pattern, struct outer_header headers[ENCAPSULATION_HEADERS_MOST],
                  struct encapsulation *encapsulation)
{
    *encapsulation = pattern->encapsulation;
    for (size_t i = 0; i < encapsulation->count; i++) {
        headers[i] = pattern->encapsulation.headers[i];
        if (headers[i].kind != OUTER_IP || (headers[i].given & FIELD_BIT(FIELD_TIME_TO_LIVE)) != 0)
            continue;
        if (headers[i].ip.network == NETWORK_IPV6)
            headers[i].ip.ipv6.hop_limit = OUTER_TIME_TO_LIVE;
        else
            headers[i].ip.ipv4.time_to_live = OUTER_TIME_TO_LIVE;
    }
    encapsulation->headers = headers;
}
