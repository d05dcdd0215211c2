/* SPDX-License-Identifier: MIT */
#include "link/raw_filter.h"

#include "link/neighbour.h"

/* A frame below this may lack the destination of its IPv6 header. */
enum { SHORT_FRAME = ETHERNET_HEADER_SIZE + 40 };

static void ethernet_append(struct text *filter, const struct ethernet_address *address)
{
    for (size_t index = 0; index < sizeof(address->bytes); index++)
        text_append_format(filter, "%s%02x", index == 0 ? "" : ":", address->bytes[index]);
}

/* " or <what> ADDRESS" for each address. */
static void addresses_append(struct text *filter, const char *what, const struct address addresses[2])
{
    for (size_t which = 0; which < 2; which++) {
        if (addresses[which].family == ADDRESS_NONE)
            continue;
        text_append_format(filter, " or %s%s ", which == 0 ? "ip " : "ip6 ", what);
        address_print(filter, &addresses[which]);
    }
}

static void loopback_write(struct text *filter, const struct link_raw_settings *settings)
{
    text_append_string(filter, "less 1");
    addresses_append(filter, "dst", settings->own);
    addresses_append(filter, "src", settings->own);
}

void raw_filter_write(struct text *filter, const struct link_raw_settings *settings,
                      const struct ethernet_address *device)
{
    if (settings->loopback) {
        loopback_write(filter, settings);
        return;
    }
    text_append_string(filter, "(ether dst ");
    ethernet_append(filter, device);
    text_append_format(filter, " and (less %d", SHORT_FRAME - 1);
    addresses_append(filter, "dst", settings->own);
    text_append_string(filter, ")) or (ether src ");
    ethernet_append(filter, device);
    text_append_format(filter, " and (less %d", SHORT_FRAME - 1);
    addresses_append(filter, "dst", settings->peer);
    addresses_append(filter, "src", settings->own);
    text_append_string(filter, ")) or arp");
    if (settings->own[1].family == ADDRESS_NONE)
        return;
    struct ethernet_address group = neighbour_solicited_group(&settings->own[1]);
    text_append_string(filter, " or ether dst ");
    ethernet_append(filter, &group);
}
