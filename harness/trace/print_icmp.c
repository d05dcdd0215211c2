/* SPDX-License-Identifier: MIT */
#include "trace/print_layers.h"

enum { ANY = -1 };

/*
 * What is printed for a type and code; the first row that fits counts. `%` and a letter stands for
 *   d s   destination, source of the quoted packet        n     its protocol number
 *   t p   its protocol's name, its destination port       c T   code, type
 *   g     the second word as an IPv4 address              m     the second word as the MTU, if not 0
 *   u o   the second word as number, its first byte       i q   identifier and sequence number of an echo
 *   a     the address at the start of the body
 */
struct icmp_row {
    int type;
    int code;
    const char *text;
};

static const struct icmp_row icmpv4_rows[] = {
    {0, ANY, "echo reply, id %i, seq %q"},
    {3, 0, "net %d unreachable"},
    {3, 1, "host %d unreachable"},
    {3, 2, "%d protocol %n unreachable"},
    {3, 3, "%d %t port %p unreachable"},
    {3, 4, "%d unreachable - need to frag%m"},
    {3, 5, "%d unreachable - source route failed"},
    {3, 6, "net %d unreachable - unknown"},
    {3, 7, "host %d unreachable - unknown"},
    {3, 8, "%d unreachable - source host isolated"},
    {3, 9, "net %d unreachable - admin prohibited"},
    {3, 10, "host %d unreachable - admin prohibited"},
    {3, 11, "net %d unreachable - tos prohibited"},
    {3, 12, "host %d unreachable - tos prohibited"},
    {3, 13, "host %d unreachable - admin prohibited filter"},
    {3, 14, "host %d unreachable - host precedence violation"},
    {3, 15, "host %d unreachable - precedence cutoff"},
    {3, ANY, "%d unreachable - #%c"},
    {4, ANY, "source quench"},
    {5, 0, "redirect %d to net %g"},
    {5, 1, "redirect %d to host %g"},
    {5, 2, "redirect-tos %d to net %g"},
    {5, 3, "redirect-tos %d to host %g"},
    {5, ANY, "redirect-#%c %d to %g"},
    {8, ANY, "echo request, id %i, seq %q"},
    {11, 0, "time exceeded in-transit"},
    {11, 1, "ip reassembly time exceeded"},
    {11, ANY, "time exceeded-#%c"},
    {12, 0, "parameter problem - octet %o"},
    {12, ANY, "parameter problem - code %c"},
    {ANY, ANY, "type-#%T"},
};

static const struct icmp_row icmpv6_rows[] = {
    {1, 0, "destination unreachable, unreachable route %d"},
    {1, 1, "destination unreachable,  unreachable prohibited %d"}, /* with tcpdump's two blanks */
    {1, 2, "destination unreachable, beyond scope %d, source address %s"},
    {1, 3, "destination unreachable, unreachable address %d"},
    {1, 4, "destination unreachable, unreachable port, %d %t port %p"},
    {1, ANY, "destination unreachable, unknown unreach code (%c)"},
    {2, ANY, "packet too big, mtu %u"},
    {3, 0, "time exceeded in-transit for %d"},
    {3, 1, "time exceeded in-transit (reassembly)"},
    {3, ANY, "time exceeded, unknown code (%c)"},
    {4, 0, "parameter problem, erroneous - octet %u"},
    {4, 1, "parameter problem, next header - octet %u"},
    {4, 2, "parameter problem, option - octet %u"},
    {4, 3, "parameter problem, incomplete header chain - octet %u"},
    {4, ANY, "parameter problem, code-#%c"},
    {128, ANY, "echo request, id %i, seq %q"},
    {129, ANY, "echo reply, id %i, seq %q"},
    {133, ANY, "router solicitation"},
    {134, ANY, "router advertisement"},
    {135, ANY, "neighbor solicitation, who has %a"},
    {136, ANY, "neighbor advertisement, tgt is %a"},
    {ANY, ANY, "type-#%T"},
};

/* An ICMP message and the packet that it quotes, if it does. */
struct icmp_message {
    const struct packet *packet;
    struct packet quoted;
    uint8_t protocol;       /* of the quoted packet */
    struct bytes transport; /* its first bytes behind the IP header */
};

static void icmp_message_read(struct icmp_message *message, const struct packet *packet)
{
    message->packet = packet;
    packet_decode(packet->payload, DECODE_QUOTED, &message->quoted);
    const struct packet *quoted = &message->quoted;
    size_t header = 0;
    message->protocol = 0;
    if (quoted->network == NETWORK_IPV4) {
        message->protocol = quoted->ipv4.protocol;
        header = IPV4_HEADER_SIZE + quoted->ipv4.options.length;
    } else if (quoted->network == NETWORK_IPV6) {
        message->protocol = quoted->ipv6.protocol;
        header = IPV6_HEADER_SIZE + quoted->ipv6.extensions.length;
    }
    message->transport = bytes_slice(packet->payload, header, SIZE_MAX);
}

static void print_quoted_address(struct text *text, struct address address)
{
    if (address.family == ADDRESS_NONE)
        text_append_character(text, '?');
    else
        address_print(text, &address);
}

static void print_quoted_transport(struct text *text, uint8_t protocol)
{
    if (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP)
        text_append_string(text, protocol == PROTOCOL_TCP ? "tcp" : "udp");
    else
        text_append_format(text, "protocol %u", protocol);
}

static void print_quoted_port(struct text *text, struct bytes transport)
{
    if (transport.length < 4)
        text_append_character(text, '?');
    else
        text_append_unsigned(text, load_be16(transport.data + 2));
}

static void print_word_address(struct text *text, uint32_t word)
{
    uint8_t wire[4];
    store_be32(wire, word);
    struct address address = address_from_bytes(ADDRESS_IPV4, wire);
    address_print(text, &address);
}

static void print_body_address(struct text *text, struct bytes body)
{
    struct address address = {.family = ADDRESS_NONE};
    if (body.length >= 16)
        address = address_from_bytes(ADDRESS_IPV6, body.data);
    print_quoted_address(text, address);
}

static void print_icmp_number(struct text *text, const struct icmp_message *message, char letter)
{
    const struct icmp_header *icmp = &message->packet->icmp;
    const struct {
        char letter;
        uint32_t value;
    } numbers[] = {{'n', message->protocol}, {'c', icmp->code},       {'T', icmp->type},         {'u', icmp->rest},
                   {'o', icmp->rest >> 24},  {'i', icmp->rest >> 16}, {'q', icmp->rest & 0xffff}};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (numbers[i].letter == letter)
            text_append_unsigned(text, numbers[i].value);
}

static void print_icmp_part(struct text *text, const struct icmp_message *message, char letter)
{
    uint32_t rest = message->packet->icmp.rest;
    switch (letter) {
    case 'd':
        print_quoted_address(text, packet_destination(&message->quoted));
        break;
    case 's':
        print_quoted_address(text, packet_source(&message->quoted));
        break;
    case 't':
        print_quoted_transport(text, message->protocol);
        break;
    case 'p':
        print_quoted_port(text, message->transport);
        break;
    case 'g':
        print_word_address(text, rest);
        break;
    case 'm':
        if ((rest & 0xffff) != 0)
            text_append_format(text, " (mtu %u)", rest & 0xffff);
        break;
    case 'a':
        print_body_address(text, message->packet->payload);
        break;
    default:
        print_icmp_number(text, message, letter);
    }
}

void print_icmp(struct text *text, const struct packet *packet)
{
    bool old = packet->transport == TRANSPORT_ICMPV4;
    const struct icmp_row *row = old ? icmpv4_rows : icmpv6_rows;
    while ((row->type != ANY && row->type != packet->icmp.type) || (row->code != ANY && row->code != packet->icmp.code))
        row++;
    struct icmp_message message;
    icmp_message_read(&message, packet);
    text_append_string(text, old ? "ICMP " : "ICMP6, ");
    for (const char *at = row->text; *at != '\0'; at++) {
        if (*at == '%')
            print_icmp_part(text, &message, *++at);
        else
            text_append_character(text, *at);
    }
    text_append_format(text, ", length %zu", ICMP_HEADER_SIZE + packet->payload.length);
}
