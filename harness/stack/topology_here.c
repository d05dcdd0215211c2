/* SPDX-License-Identifier: MIT */
/*
 * A tun device in a network namespace that is not ours. Whatever is made there hangs on the device, and the device on
 * one descriptor: when the process is gone, in whatever way, so is all of it.
 */
#include "stack/initial_namespace.h"
#include "stack/netlink.h"
#include "stack/offload.h"
#include "stack/system_file.h"
#include "stack/topology.h"

#include <stdio.h>

/* No link-local address, and with it no router solicitations. Where that can't be set they are passed over later. */
static void be_quiet(const char *device)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/addr_gen_mode", device);
    (void)!system_file_write(path, "1");
}

/* The stack's address; with any_ip all those of its network, of which none is the device's. */
static bool add_local(struct netlink *netlink, const struct topology_settings *settings, size_t version,
                      struct error *error)
{
    const struct address *local = &settings->local[version];
    unsigned prefix = settings->here->local_prefix;
    if (!settings->here->any_ip)
        return netlink_add_address(netlink, settings->device, local, prefix, error);
    const struct network_route own = {.network = *local, .prefix = prefix, .local = true};
    return netlink_add_network(netlink, settings->device, &own, error);
}

static bool add_remote(struct netlink *netlink, const struct topology_settings *settings, size_t version,
                       struct error *error)
{
    const struct linux_place *here = settings->here;
    struct network_route route = {.network = settings->remote[version], .prefix = here->remote_prefix};
    /* A gateway that is the stack itself leads nowhere else than the device does. */
    if (!here->any_ip && !address_equal(&here->gateway, &settings->local[version]))
        route.gateway = here->gateway;
    /* Of IPv6 only a device's own addresses can be preferred. */
    if (here->any_ip && version == 0)
        route.source = settings->local[version];
    return netlink_add_network(netlink, settings->device, &route, error);
}

static bool furnish(struct netlink *netlink, const struct topology_settings *settings, struct error *error)
{
    const char *device = settings->device;
    be_quiet(device);
    /* What the kernel offers to do for the device stays as it is: those who come with runners of their own expect it.
     */
    if (!netlink_set_mtu(netlink, device, settings->mtu, error) ||
        (settings->here->speed != 0 && !offload_set_speed(device, settings->here->speed, error)) ||
        !netlink_up(netlink, device, error))
        return false;
    for (size_t version = 0; version < COUNT_OF(settings->local); version++)
        if (settings->local[version].family != ADDRESS_NONE &&
            (!add_local(netlink, settings, version, error) || !add_remote(netlink, settings, version, error)))
            return false;
    if (settings->here->link_local.family == ADDRESS_NONE)
        return true;
    return netlink_add_address(netlink, device, &settings->here->link_local, 64, error);
}

bool topology_build_here(const struct topology_settings *settings, struct link **link, struct error *error)
{
    struct netlink *netlink = NULL;
    struct link_tun_settings tun = {
        .device = settings->device, .descriptor = -1, .segment_size = settings->segment_size};
    memcpy(tun.own, settings->remote, sizeof(tun.own));
    bool furnished = initial_namespace_refuse(error) && netlink_open(&netlink, error) &&
                     topology_open_tun(settings->device, tun.segment_size > 0, &tun.descriptor, error) &&
                     furnish(netlink, settings, error) && topology_await_addresses(netlink, settings, error);
    netlink_close(netlink);
    return topology_finish_tun(furnished, &tun, link, error);
}
