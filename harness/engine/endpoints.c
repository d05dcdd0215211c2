/* SPDX-License-Identifier: MIT */
#include "engine/endpoints.h"

#include "base/character.h"

struct endpoints endpoints_of_sent(const struct packet *packet)
{
    /* UDP has its ports where TCP has them. */
    return (struct endpoints){
        .local = packet_source(packet),
        .remote = packet_destination(packet),
        .local_port = packet->tcp.source_port,
        .remote_port = packet->tcp.destination_port,
    };
}

/* The number that NAME ends with, modulo 2^32; 0 without one. */
static uint32_t trailing_number(const char *name)
{
    size_t behind = strlen(name), at = behind;
    uint32_t number = 0;
    while (at > 0 && character_is_digit(name[at - 1]))
        at--;
    for (; at < behind; at++)
        number = number * 10 + (uint32_t)(name[at] - '0');
    return number;
}

struct address address_numbered(const struct address *base, const char *name)
{
    struct address address = *base;
    size_t size = address_size(base->family);
    if (size != 0)
        store_be32(address.bytes + size - 4, load_be32(address.bytes + size - 4) + trailing_number(name));
    return address;
}

const struct pattern_slot *endpoints_slot(const struct pattern *pattern, enum pattern_field field)
{
    for (size_t i = 0; i < pattern->slot_count; i++)
        if (pattern->slots[i].rule == SLOT_ADDRESS && pattern->slots[i].field == field)
            return &pattern->slots[i];
    return NULL;
}
