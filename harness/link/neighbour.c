/* SPDX-License-Identifier: MIT */
#include "link/neighbour.h"

#include "packet/packet.h"

enum {
    ARP_REQUEST = 1,
    ARP_REPLY = 2,
    ND_FIRST = 133, /* router solicitation */
    ND_SOLICITATION = 135,
    ND_ADVERTISEMENT = 136,
    ND_LAST = 137, /* redirect */
    ND_SOURCE_LINK_ADDRESS = 1,
    ND_TARGET_LINK_ADDRESS = 2,
    ND_HOP_LIMIT = 255,
};

/* Ethernet and IPv4 with their sizes: the only ARP there is here. */
static const uint8_t arp_head[] = {0x00, 0x01, 0x08, 0x00, ETHERNET_ADDRESS_SIZE, 4};
static const struct ethernet_address everybody = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/* What an ARP packet or a neighbour message says. */
struct neighbour_message {
    bool asks;
    struct ethernet_header ethernet;
    struct ethernet_address sender; /* link address of whoever asks or tells */
    struct address source;
    struct address target; /* what is asked for, or told */
};

static bool arp_read(struct byte_reader *reader, struct neighbour_message *message)
{
    struct bytes head = byte_reader_bytes(reader, sizeof(arp_head));
    uint16_t operation = byte_reader_u16(reader);
    struct bytes sender = byte_reader_bytes(reader, ETHERNET_ADDRESS_SIZE);
    struct bytes source = byte_reader_bytes(reader, 4);
    (void)byte_reader_take(reader, ETHERNET_ADDRESS_SIZE);
    struct bytes target = byte_reader_bytes(reader, 4);
    if (reader->failed || !bytes_equal(head, (struct bytes){arp_head, sizeof(arp_head)}) ||
        (operation != ARP_REQUEST && operation != ARP_REPLY))
        return false;
    message->asks = operation == ARP_REQUEST;
    memcpy(message->sender.bytes, sender.data, sender.length);
    message->source = address_from_bytes(ADDRESS_IPV4, source.data);
    message->target = address_from_bytes(ADDRESS_IPV4, message->asks ? target.data : source.data);
    return true;
}

/* The link address in a neighbour message's options (RFC 4861 section 4.6.1); false if there is none. */
static bool nd_option_find(struct byte_reader options, uint8_t kind, struct ethernet_address *found)
{
    for (;;) {
        uint8_t is = byte_reader_u8(&options);
        size_t size = (size_t)byte_reader_u8(&options) * 8;
        struct bytes body = byte_reader_bytes(&options, size < 2 ? 0 : size - 2);
        if (options.failed || size == 0)
            return false;
        if (is == kind && body.length >= ETHERNET_ADDRESS_SIZE) {
            memcpy(found->bytes, body.data, ETHERNET_ADDRESS_SIZE);
            return true;
        }
    }
}

static bool nd_read(struct byte_reader *reader, struct neighbour_message *message)
{
    struct packet packet;
    packet_decode(byte_reader_bytes(reader, byte_reader_left(reader)), DECODE_ALL, &packet);
    /* RFC 4861 sections 7.1.1 and 7.1.2: what came through a router, or damaged, is silently discarded. */
    if (packet.transport != TRANSPORT_ICMPV6 || packet.defect_count > 0 || packet.ipv6.hop_limit != ND_HOP_LIMIT ||
        (packet.icmp.type != ND_SOLICITATION && packet.icmp.type != ND_ADVERTISEMENT))
        return false;
    struct byte_reader body = byte_reader_on(packet.payload);
    struct bytes target = byte_reader_bytes(&body, 16);
    if (body.failed)
        return false;
    message->asks = packet.icmp.type == ND_SOLICITATION;
    message->source = packet_source(&packet);
    message->target = address_from_bytes(ADDRESS_IPV6, target.data);
    uint8_t kind = message->asks ? ND_SOURCE_LINK_ADDRESS : ND_TARGET_LINK_ADDRESS;
    if (!nd_option_find(body, kind, &message->sender))
        message->sender = message->ethernet.source;
    return true;
}

static bool message_read(struct bytes frame, struct neighbour_message *message)
{
    struct byte_reader reader = byte_reader_on(frame);
    if (!ethernet_read(&reader, &message->ethernet))
        return false;
    if (message->ethernet.type == ETHERNET_TYPE_ARP)
        return arp_read(&reader, message);
    return message->ethernet.type == ETHERNET_TYPE_IPV6 && nd_read(&reader, message);
}

bool neighbour_concerns(struct bytes frame)
{
    struct byte_reader reader = byte_reader_on(frame);
    struct ethernet_header ethernet;
    if (!ethernet_read(&reader, &ethernet))
        return false;
    if (ethernet.type != ETHERNET_TYPE_IPV6)
        return ethernet.type == ETHERNET_TYPE_ARP;
    struct packet packet;
    packet_decode(byte_reader_bytes(&reader, byte_reader_left(&reader)), DECODE_UNCHECKED, &packet);
    return packet.transport == TRANSPORT_ICMPV6 && packet.icmp.type >= ND_FIRST && packet.icmp.type <= ND_LAST;
}

static void arp_write(struct byte_writer *writer, const struct neighbour_self *self,
                      const struct ethernet_address *other, const struct address *target, uint16_t operation)
{
    ethernet_write(writer, &(struct ethernet_header){*other, self->address, ETHERNET_TYPE_ARP});
    byte_writer_bytes(writer, (struct bytes){arp_head, sizeof(arp_head)});
    byte_writer_u16(writer, operation);
    byte_writer_bytes(writer, (struct bytes){self->address.bytes, ETHERNET_ADDRESS_SIZE});
    byte_writer_bytes(writer, (struct bytes){self->own[0].bytes, 4});
    byte_writer_bytes(writer, (struct bytes){other->bytes, ETHERNET_ADDRESS_SIZE});
    byte_writer_bytes(writer, (struct bytes){target->bytes, 4});
}

/* A neighbour message from our address: TYPE and REST of its ICMP header, TARGET, and our link address as option KIND.
 */
static void nd_write(struct byte_writer *writer, const struct neighbour_self *self, const struct address *destination,
                     const struct address *target, struct icmp_header icmp)
{
    uint8_t body[16 + 2 + ETHERNET_ADDRESS_SIZE];
    memcpy(body, target->bytes, 16);
    body[16] = icmp.type == ND_SOLICITATION ? ND_SOURCE_LINK_ADDRESS : ND_TARGET_LINK_ADDRESS;
    body[17] = 1;
    memcpy(body + 18, self->address.bytes, ETHERNET_ADDRESS_SIZE);
    struct packet packet = {
        .network = NETWORK_IPV6,
        .transport = TRANSPORT_ICMPV6,
        .ipv6 = {.hop_limit = ND_HOP_LIMIT},
        .icmp = icmp,
        .payload = {body, sizeof(body)},
    };
    memcpy(packet.ipv6.source, self->own[1].bytes, 16);
    memcpy(packet.ipv6.destination, destination->bytes, 16);
    struct error error;
    /* Its size is fixed and there is room: a writer that is too small fails, and says so itself. */
    if (!packet_build(&packet, writer, &error))
        writer->failed = true;
}

bool neighbour_answer(const struct neighbour_self *self, struct bytes frame, struct byte_writer *answer)
{
    struct neighbour_message message = {0};
    static const struct address nobody = {.family = ADDRESS_IPV6};
    if (!message_read(frame, &message) || !message.asks)
        return false;
    if (message.target.family == ADDRESS_IPV4) {
        if (!address_equal(&message.target, &self->own[0]))
            return false;
        arp_write(answer, self, &message.sender, &message.source, ARP_REPLY);
        return true;
    }
    /* From nobody: somebody makes sure that the address is free before it takes it. It can't be told by unicast, and
     * the stack under test never does this for our address. */
    if (!address_equal(&message.target, &self->own[1]) || address_equal(&message.source, &nobody))
        return false;
    /* Solicited, and to override what is known (RFC 4861 section 4.4). */
    struct icmp_header icmp = {.type = ND_ADVERTISEMENT, .rest = UINT32_C(0x60000000)};
    ethernet_write(answer, &(struct ethernet_header){message.sender, self->address, ETHERNET_TYPE_IPV6});
    nd_write(answer, self, &message.source, &self->own[1], icmp);
    return true;
}

void neighbour_ask(const struct neighbour_self *self, const struct address *wanted, struct byte_writer *question)
{
    if (wanted->family == ADDRESS_IPV4) {
        arp_write(question, self, &everybody, wanted, ARP_REQUEST);
        return;
    }
    struct address group = {ADDRESS_IPV6, {0xff, 0x02, [11] = 0x01, [12] = 0xff}};
    memcpy(group.bytes + 13, wanted->bytes + 13, 3);
    struct ethernet_header ethernet = {neighbour_solicited_group(wanted), self->address, ETHERNET_TYPE_IPV6};
    ethernet_write(question, &ethernet);
    nd_write(question, self, &group, wanted, (struct icmp_header){.type = ND_SOLICITATION});
}

bool neighbour_learn(struct bytes frame, const struct address *wanted, struct ethernet_address *found)
{
    struct neighbour_message message = {0};
    if (!message_read(frame, &message))
        return false;
    /* Whoever asks tells who it is as well. */
    const struct address *told = message.asks ? &message.source : &message.target;
    if (!address_equal(told, wanted))
        return false;
    *found = message.sender;
    return true;
}

struct ethernet_address neighbour_solicited_group(const struct address *own)
{
    return (struct ethernet_address){{0x33, 0x33, 0xff, own->bytes[13], own->bytes[14], own->bytes[15]}};
}
