/* SPDX-License-Identifier: MIT */
#include "link/classify.h"

#include "link/neighbour.h"
#include "packet/packet.h"

struct bytes classify_packet(struct bytes frame)
{
    static const uint8_t nothing;
    struct bytes packet = bytes_slice(frame, ETHERNET_HEADER_SIZE, SIZE_MAX);
    return packet.data == NULL ? (struct bytes){&nothing, 0} : packet;
}

bool classify_for_us(const struct address own[2], struct bytes wire)
{
    struct packet packet;
    packet_decode(wire, DECODE_UNCHECKED, &packet);
    if (packet.network == NETWORK_NONE)
        return true;
    struct address destination = packet_destination(&packet);
    return address_equal(&destination, &own[packet.network == NETWORK_IPV4 ? 0 : 1]);
}

bool classify_for_our_block(const struct address own[2], struct bytes wire)
{
    struct packet packet;
    packet_decode(wire, DECODE_UNCHECKED, &packet);
    if (packet.network == NETWORK_NONE)
        return true;
    struct address destination = packet_destination(&packet);
    size_t size = address_size(destination.family);
    return memcmp(destination.bytes, own[packet.network == NETWORK_IPV4 ? 0 : 1].bytes, size - 1) == 0;
}

/* On loopback there is only one link address: the IP addresses and ports must tell. */
static enum frame_kind classify_loopback(const struct link_raw_settings *settings, struct bytes frame)
{
    struct packet packet;
    packet_decode(classify_packet(frame), DECODE_UNCHECKED, &packet);
    if (packet.network == NETWORK_NONE)
        return FRAME_OTHER;
    const struct address *own = &settings->own[packet.network == NETWORK_IPV4 ? 0 : 1];
    struct address source = packet_source(&packet);
    struct address destination = packet_destination(&packet);
    bool ported = packet.transport == TRANSPORT_TCP;
    uint16_t port = settings->own_port;
    if (address_equal(&destination, own) && (!ported || packet.tcp.destination_port == port))
        return FRAME_STACK;
    if (address_equal(&source, own) && (!ported || packet.tcp.source_port == port))
        return FRAME_OURS;
    return FRAME_OTHER;
}

enum frame_kind classify_frame(const struct link_raw_settings *settings, const struct ethernet_address *device,
                               struct bytes frame)
{
    struct byte_reader reader = byte_reader_on(frame);
    struct ethernet_header ethernet;
    if (settings->loopback)
        return classify_loopback(settings, frame);
    if (!ethernet_read(&reader, &ethernet))
        return FRAME_OTHER;
    bool neighbour = neighbour_concerns(frame);
    if (ethernet_address_equal(&ethernet.source, device))
        return neighbour ? FRAME_OTHER : FRAME_OURS;
    if (neighbour)
        return FRAME_NEIGHBOUR;
    bool carries_ip = ethernet.type == ETHERNET_TYPE_IPV4 || ethernet.type == ETHERNET_TYPE_IPV6;
    bool ours = ethernet_address_equal(&ethernet.destination, device);
    return carries_ip && ours && classify_for_us(settings->own, classify_packet(frame)) ? FRAME_STACK : FRAME_OTHER;
}
