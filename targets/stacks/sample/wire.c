/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <string.h>

enum {
    PROTOCOL_TCP = 6,
    FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset */
    DO_NOT_FRAGMENT = 0x4000,
};

enum { OPTION_END, OPTION_NOP, OPTION_MSS, OPTION_SCALE, OPTION_SACK_PERMITTED, OPTION_TIMESTAMPS = 8 };

static uint16_t load_16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t load_32(const uint8_t *at)
{
    return (uint32_t)load_16(at) << 16 | load_16(at + 2);
}

static void store_16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void store_32(uint8_t *at, uint32_t value)
{
    store_16(at, value >> 16);
    store_16(at + 2, value);
}

/* One's complement sum (RFC 1071), added to SUM. */
static uint32_t checksum_add(uint32_t sum, const uint8_t *bytes, size_t length)
{
    for (; length > 1; bytes += 2, length -= 2)
        sum += load_16(bytes);
    if (length == 1)
        sum += (uint32_t)bytes[0] << 8;
    return sum;
}

static uint16_t checksum_finish(uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* Of a TCP segment between the two ends of SEGMENT; 0 over one whose own checksum is right (RFC 9293 MUST-3). */
static uint16_t segment_checksum(const struct segment *segment, const uint8_t *tcp, size_t length)
{
    size_t size = segment->local.family == 4 ? 4 : 16;
    uint32_t sum = PROTOCOL_TCP + (uint32_t)length;
    sum = checksum_add(sum, segment->local.address, size);
    sum = checksum_add(sum, segment->remote.address, size);
    return checksum_finish(checksum_add(sum, tcp, length));
}

uint32_t segment_length(const struct segment *segment)
{
    return segment->length + ((segment->control & SYN) != 0) + ((segment->control & FIN) != 0);
}

bool is_unicast(const struct shakedown_endpoint *endpoint)
{
    static const uint8_t none[16] = {0};
    const uint8_t *address = endpoint->address;
    if (endpoint->family == 4)
        return address[0] != 0 && address[0] < 224; /* multicast, reserved, and broadcast */
    return address[0] != 0xff && memcmp(address, none, sizeof(none)) != 0;
}

/* One option of SIZE bytes at AT. A size that does not fit the kind makes it an unknown one. */
static void option_read(struct options *options, const uint8_t *at, size_t size)
{
    if (at[0] == OPTION_MSS && size == 4) {
        options->has_mss = true;
        options->mss = load_16(at + 2);
    } else if (at[0] == OPTION_SCALE && size == 3) {
        options->has_scale = true;
        options->scale = at[2] > 14 ? 14 : at[2]; /* RFC 7323 section 2.3 */
    } else if (at[0] == OPTION_SACK_PERMITTED && size == 2) {
        options->sack_permitted = true;
    } else if (at[0] == OPTION_TIMESTAMPS && size == 10) {
        options->has_timestamps = true;
        options->value = load_32(at + 2);
        options->echo = load_32(at + 6);
    }
}

/* Unknown options are passed over (MUST-6); one of an impossible length ends the reading (MUST-7). */
static void options_read(struct options *options, const uint8_t *at, size_t length)
{
    while (length > 0 && at[0] != OPTION_END) {
        size_t size = at[0] == OPTION_NOP ? 1 : length > 1 ? at[1] : 0;
        if (size > length || (size < 2 && at[0] != OPTION_NOP))
            return;
        option_read(options, at, size);
        at += size;
        length -= size;
    }
}

static bool tcp_read(struct segment *segment, const uint8_t *tcp, size_t length)
{
    if (length < TCP_HEADER_SIZE)
        return false;
    size_t header = (size_t)(tcp[12] >> 4) * 4;
    if (header < TCP_HEADER_SIZE || header > length || segment_checksum(segment, tcp, length) != 0)
        return false;
    segment->remote.port = load_16(tcp);
    segment->local.port = load_16(tcp + 2);
    segment->sequence = load_32(tcp + 4);
    segment->acknowledgment = load_32(tcp + 8);
    segment->control = tcp[13];
    segment->window = load_16(tcp + 14);
    segment->text = tcp + header;
    segment->length = (uint32_t)(length - header);
    options_read(&segment->options, tcp + TCP_HEADER_SIZE, header - TCP_HEADER_SIZE);
    return true;
}

static bool ipv4_read(struct segment *segment, const uint8_t *packet, size_t length)
{
    size_t header = (size_t)(packet[0] & 15) * 4;
    if (length < IPV4_HEADER_SIZE || header < IPV4_HEADER_SIZE || header > length)
        return false;
    size_t total = load_16(packet + 2);
    if (total < header || total > length || checksum_finish(checksum_add(0, packet, header)) != 0)
        return false;
    if ((load_16(packet + 6) & FRAGMENT_MASK) != 0 || packet[9] != PROTOCOL_TCP)
        return false;
    segment->local.family = segment->remote.family = 4;
    memcpy(segment->remote.address, packet + 12, 4);
    memcpy(segment->local.address, packet + 16, 4);
    return tcp_read(segment, packet + header, total - header);
}

static bool ipv6_read(struct segment *segment, const uint8_t *packet, size_t length)
{
    if (length < IPV6_HEADER_SIZE || length < IPV6_HEADER_SIZE + (size_t)load_16(packet + 4))
        return false;
    segment->local.family = segment->remote.family = 6;
    memcpy(segment->remote.address, packet + 8, 16);
    memcpy(segment->local.address, packet + 24, 16);
    return packet[6] == PROTOCOL_TCP && tcp_read(segment, packet + IPV6_HEADER_SIZE, load_16(packet + 4));
}

bool segment_read(struct segment *segment, const uint8_t *packet, size_t length)
{
    *segment = (struct segment){0};
    if (length == 0)
        return false;
    if (packet[0] >> 4 == 4)
        return ipv4_read(segment, packet, length);
    return packet[0] >> 4 == 6 && ipv6_read(segment, packet, length);
}

/* Each option with the NOPs that keep what follows aligned; the number of bytes. */
static size_t options_write(const struct options *options, uint8_t *at)
{
    static const uint8_t nops[] = {OPTION_NOP, OPTION_NOP};
    static const uint8_t sack_permitted[] = {OPTION_SACK_PERMITTED, 2};
    uint8_t *start = at;
    if (options->has_mss) {
        at[0] = OPTION_MSS;
        at[1] = 4;
        store_16(at + 2, options->mss);
        at += 4;
    }
    if (options->sack_permitted || options->has_timestamps) {
        memcpy(at, options->sack_permitted ? sack_permitted : nops, 2);
        at += 2;
    }
    if (options->has_timestamps) {
        memcpy(at, (const uint8_t[]){OPTION_TIMESTAMPS, 10}, 2);
        store_32(at + 2, options->value);
        store_32(at + 6, options->echo);
        at += 10;
    } else if (options->sack_permitted) {
        memcpy(at, nops, 2);
        at += 2;
    }
    if (options->has_scale) {
        memcpy(at, (const uint8_t[]){OPTION_NOP, OPTION_SCALE, 3, options->scale}, 4);
        at += 4;
    }
    return (size_t)(at - start);
}

static size_t tcp_write(const struct segment *segment, uint8_t *tcp)
{
    size_t header = TCP_HEADER_SIZE + options_write(&segment->options, tcp + TCP_HEADER_SIZE);
    size_t length = header + segment->length;
    store_16(tcp, segment->local.port);
    store_16(tcp + 2, segment->remote.port);
    store_32(tcp + 4, segment->sequence);
    store_32(tcp + 8, segment->acknowledgment);
    tcp[12] = (uint8_t)(header / 4 << 4);
    tcp[13] = segment->control;
    store_16(tcp + 14, segment->window);
    store_32(tcp + 16, 0);
    if (segment->length > 0)
        memcpy(tcp + header, segment->text, segment->length);
    store_16(tcp + 16, segment_checksum(segment, tcp, length));
    return length;
}

static size_t ipv4_write(const struct segment *segment, uint8_t *packet)
{
    size_t length = IPV4_HEADER_SIZE + tcp_write(segment, packet + IPV4_HEADER_SIZE);
    memset(packet, 0, IPV4_HEADER_SIZE);
    packet[0] = 0x45;
    store_16(packet + 2, (uint32_t)length);
    store_16(packet + 6, DO_NOT_FRAGMENT);
    packet[8] = segment->time_to_live;
    packet[9] = PROTOCOL_TCP;
    memcpy(packet + 12, segment->local.address, 4);
    memcpy(packet + 16, segment->remote.address, 4);
    store_16(packet + 10, checksum_finish(checksum_add(0, packet, IPV4_HEADER_SIZE)));
    return length;
}

static size_t ipv6_write(const struct segment *segment, uint8_t *packet)
{
    size_t length = tcp_write(segment, packet + IPV6_HEADER_SIZE);
    store_32(packet, 6U << 28);
    store_16(packet + 4, (uint32_t)length);
    packet[6] = PROTOCOL_TCP;
    packet[7] = segment->time_to_live;
    memcpy(packet + 8, segment->local.address, 16);
    memcpy(packet + 24, segment->remote.address, 16);
    return IPV6_HEADER_SIZE + length;
}

size_t segment_write(const struct segment *segment, uint8_t *packet)
{
    return segment->local.family == 4 ? ipv4_write(segment, packet) : ipv6_write(segment, packet);
}
