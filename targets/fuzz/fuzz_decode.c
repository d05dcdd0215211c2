/* SPDX-License-Identifier: MIT */
/* Decodes any bytes, with every flag, and looks at all that came of it. */
#include "packet/encapsulation.h"
#include "packet/icmp_quote.h"
#include "packet/packet.h"
#include "packet/tcp_option.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A view lies within the packet; its ends are read, so that a sanitizer sees whether they are there. */
static unsigned look_at(struct bytes view, struct bytes packet)
{
    if (view.length == 0)
        return 0;
    INVARIANT(view.data >= packet.data && view.length <= (size_t)(packet.data + packet.length - view.data));
    return (unsigned)view.data[0] + view.data[view.length - 1];
}

static unsigned look_at_tcp_options(struct bytes options, struct bytes packet)
{
    unsigned seen = look_at(options, packet);
    static struct tcp_option option;
    static struct tcp_option_value value;
    size_t before = options.length;
    while (tcp_option_next(&options, &option)) {
        INVARIANT(options.length < before);
        before = options.length;
        seen += look_at(option.whole, packet) + look_at(option.body, packet);
        tcp_option_read(&option, &value);
        seen += value.typed;
    }
    return seen;
}

static unsigned look_at_extensions(const struct packet *packet)
{
    struct bytes rest = packet->ipv6.extensions;
    uint8_t kind = packet->ipv6.next_header;
    struct ipv6_extension extension;
    unsigned seen = look_at(rest, packet->wire);
    while (ipv6_extension_next(&rest, &kind, &extension))
        seen += look_at(extension.whole, packet->wire);
    INVARIANT(rest.length == 0 && kind == packet->ipv6.protocol);
    return seen;
}

static unsigned look_at_packet(const struct packet *packet)
{
    unsigned seen = look_at(packet->payload, packet->wire) + look_at(packet->trailer, packet->wire);
    INVARIANT(packet->defect_count <= PACKET_DEFECTS_MOST);
    for (uint32_t i = 0; i < packet->defect_count; i++)
        INVARIANT(packet->defects[i].kind < DEFECT_COUNT && packet->defects[i].offset <= packet->wire.length);
    if (packet->network == NETWORK_IPV4)
        seen += look_at(packet->ipv4.options, packet->wire);
    else if (packet->network == NETWORK_IPV6)
        seen += look_at_extensions(packet);
    if (packet->transport == TRANSPORT_TCP)
        seen += look_at_tcp_options(packet->tcp.options, packet->wire);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct packet packet, quoted;
    packet_decode((struct bytes){data, size}, DECODE_ALL, &packet);
    unsigned seen = look_at_packet(&packet);
    if (packet_decode_quoted(&packet, &quoted))
        seen += look_at_packet(&quoted);
    static struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    if (encapsulation_decode(&packet, headers, &quoted) > 0)
        seen += look_at(quoted.payload, packet.wire) + look_at(quoted.wire, packet.wire);
    if (encapsulation_decode_over_udp(&packet, &quoted))
        seen += look_at_tcp_options(quoted.tcp.options, packet.wire) + look_at(quoted.payload, packet.wire);
    struct icmp_quote quote;
    if (icmp_quote_read(&packet, true, &quote))
        seen += quote.sequence + quote.length;
    volatile unsigned sink = seen;
    (void)sink;
    return 0;
}
