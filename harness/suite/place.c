/* SPDX-License-Identifier: MIT */
#include "suite/place.h"

/* By version: IPv4, IPv6. */
static const struct {
    const char *local;
    unsigned local_prefix;
    const char *remote;
    unsigned remote_prefix;
} places[] = {
    {"192.168.0.1", 16, "192.0.2.1", 24},
    {"fd3d:fa7b:d17d::1", 48, "2001:db8::1", 32},
};

static struct address address_or(const struct address *given, const char *text)
{
    struct address address = *given;
    if (address.family == ADDRESS_NONE)
        INVARIANT(address_parse(text, strlen(text), &address));
    return address;
}

bool place_describe(const struct engine_options *options, struct linux_settings *settings, struct error *error)
{
    bool is6 = options->ip_version == IP_VERSION_IPV6;
    enum address_family family = is6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
    settings->mtu = options->mtu;
    settings->segment_size = options->segment_size;
    settings->local[is6] = address_or(&options->local, places[is6].local);
    settings->remote[is6] = address_or(&options->remote, places[is6].remote);
    settings->here = (struct linux_place){
        .local_prefix = options->local_prefix == 0 ? places[is6].local_prefix : options->local_prefix,
        .remote_prefix = options->remote_prefix == 0 ? places[is6].remote_prefix : options->remote_prefix,
        .gateway = options->gateway,
        .any_ip = options->any_ip,
        .speed = options->speed,
    };
    if (is6)
        settings->here.link_local = options->link_local;
    bool gateway_fits = options->gateway.family == ADDRESS_NONE || options->gateway.family == family;
    if (settings->local[is6].family == family && settings->remote[is6].family == family && gateway_fits)
        return true;
    return error_set(error, ERROR_MALFORMED, "the addresses given are not all of %s", is6 ? "IPv6" : "IPv4");
}
