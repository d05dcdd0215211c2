/* SPDX-License-Identifier: MIT */
#include "stack/netlink.h"

#include "stack/capability.h"

#include <errno.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

struct netlink {
    struct nl_sock *requests;
    struct nl_sock *events; /* joined to what is said of devices and of IPv6's routes */
    char device[IFNAMSIZ];  /* the one last asked for, "" for none, and its index */
    int index;
};

/* libnl's codes are its own; the few that matter here go back to errno. */
static bool netlink_refuse(struct error *error, int status, const char *what)
{
    switch (-status) {
    case NLE_PERM:
    case NLE_NOACCESS:
        return capability_explain(error, EPERM, what);
    case NLE_OPNOTSUPP:
        return error_set(error, ERROR_NAMESPACE,
                         "%s can't be made: the kernel lacks it; as root, run: modprobe -a veth tun", what);
    default:
        return error_set(error, ERROR_NAMESPACE, "%s can't be made: %s", what, nl_geterror(status));
    }
}

static bool socket_open(struct nl_sock **opened, struct error *error)
{
    struct nl_sock *sock = nl_socket_alloc();
    if (sock == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a netlink socket");
    int status = nl_connect(sock, NETLINK_ROUTE);
    if (status < 0) {
        nl_socket_free(sock);
        return netlink_refuse(error, status, "a netlink socket");
    }
    *opened = sock;
    return true;
}

bool netlink_open(struct netlink **netlink, struct error *error)
{
    struct netlink *opened = calloc(1, sizeof(*opened));
    if (opened == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a netlink socket");
    if (!socket_open(&opened->requests, error) || !socket_open(&opened->events, error))
        goto failed;
    nl_socket_disable_seq_check(opened->events);
    int status = nl_socket_add_memberships(opened->events, RTNLGRP_LINK, RTNLGRP_IPV6_ROUTE, 0);
    if (status == 0)
        status = nl_socket_set_nonblocking(opened->events);
    if (status < 0) {
        netlink_refuse(error, status, "a netlink socket");
        goto failed;
    }
    *netlink = opened;
    return true;
failed:
    netlink_close(opened);
    return false;
}

void netlink_close(struct netlink *netlink)
{
    if (netlink == NULL)
        return;
    nl_socket_free(netlink->requests);
    nl_socket_free(netlink->events);
    free(netlink);
}

/* Asks for DEVICE, and its FLAGS, in the namespace of the socket, whatever namespace the calling thread is in. */
static bool device_ask(struct netlink *netlink, const char *device, unsigned *flags, struct error *error)
{
    struct rtnl_link *link;
    if (strlen(device) >= sizeof(netlink->device))
        return error_set(error, ERROR_NAMESPACE, "%s is too long for a device's name", device);
    int status = rtnl_link_get_kernel(netlink->requests, 0, device, &link);
    if (status < 0)
        return error_set(error, ERROR_NAMESPACE, "the device %s is not there: %s", device, nl_geterror(status));
    memcpy(netlink->device, device, strlen(device) + 1);
    netlink->index = rtnl_link_get_ifindex(link);
    *flags = rtnl_link_get_flags(link);
    rtnl_link_put(link);
    return true;
}

static bool device_index(struct netlink *netlink, const char *device, int *index, struct error *error)
{
    unsigned flags;
    if (strcmp(netlink->device, device) != 0 && !device_ask(netlink, device, &flags, error))
        return false;
    *index = netlink->index;
    return true;
}

static struct nl_addr *address_build(const struct address *address, unsigned prefix)
{
    int family = address->family == ADDRESS_IPV4 ? AF_INET : AF_INET6;
    struct nl_addr *built = nl_addr_build(family, address->bytes, address_size(address->family));
    if (built != NULL)
        nl_addr_set_prefixlen(built, (int)prefix);
    return built;
}

static unsigned address_bits(const struct address *address)
{
    return (unsigned)address_size(address->family) * 8;
}

/* Name, link address and MTU of one end; false if memory ran out. */
static bool end_describe(struct rtnl_link *link, const struct veth_end *end, unsigned mtu)
{
    struct nl_addr *address = nl_addr_build(AF_LLC, end->address, LINK_ADDRESS_SIZE);
    if (address == NULL)
        return false;
    rtnl_link_set_name(link, end->name);
    rtnl_link_set_addr(link, address);
    rtnl_link_set_mtu(link, mtu);
    nl_addr_put(address);
    return true;
}

bool netlink_make_veth(struct netlink *netlink, const struct veth *veth, struct error *error)
{
    bool made = false;
    struct rtnl_link *link = rtnl_link_veth_alloc();
    struct rtnl_link *peer = link == NULL ? NULL : rtnl_link_veth_get_peer(link);
    if (peer == NULL || !end_describe(link, &veth->near, veth->mtu) || !end_describe(peer, &veth->far, veth->mtu)) {
        error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a device");
        goto done;
    }
    rtnl_link_set_ns_fd(peer, veth->far_namespace);
    int status = rtnl_link_add(netlink->requests, link, NLM_F_CREATE | NLM_F_EXCL);
    made = status == 0 || netlink_refuse(error, status, "a veth pair");
done:
    if (peer != NULL)
        rtnl_link_put(peer);
    if (link != NULL)
        rtnl_link_veth_release(link);
    return made;
}

/* Applies what CHANGE says to a device. */
static bool device_change(struct netlink *netlink, const char *device, struct rtnl_link *change, struct error *error)
{
    int index;
    if (!device_index(netlink, device, &index, error))
        return false;
    struct rtnl_link *which = rtnl_link_alloc();
    int status = which == NULL ? -NLE_NOMEM : 0;
    if (status == 0) {
        rtnl_link_set_ifindex(which, index);
        status = rtnl_link_change(netlink->requests, which, change, 0);
        rtnl_link_put(which);
    }
    if (status < 0)
        return error_set(error, ERROR_NAMESPACE, "the device %s can't be changed: %s", device, nl_geterror(status));
    return true;
}

bool netlink_up(struct netlink *netlink, const char *device, struct error *error)
{
    struct rtnl_link *change = rtnl_link_alloc();
    if (change == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a device");
    rtnl_link_set_flags(change, IFF_UP);
    bool changed = device_change(netlink, device, change, error);
    rtnl_link_put(change);
    return changed;
}

bool netlink_set_mtu(struct netlink *netlink, const char *device, unsigned mtu, struct error *error)
{
    struct rtnl_link *change = rtnl_link_alloc();
    if (change == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a device");
    rtnl_link_set_mtu(change, mtu);
    bool changed = device_change(netlink, device, change, error);
    rtnl_link_put(change);
    return changed;
}

/* What a wait is for: whether it HOLDS yet of the subject. */
struct netlink_question {
    bool (*ask)(struct netlink *netlink, const void *subject, bool *holds, struct error *error);
    const void *subject;
};

/* Waits for the kernel's next news, of whatever, but no longer than DEADLINE; false then. */
static bool news_await(struct netlink *netlink, nanoseconds deadline)
{
    nanoseconds left = deadline - clock_now();
    if (left <= 0)
        return false;
    struct pollfd events = {.fd = nl_socket_get_fd(netlink->events), .events = POLLIN};
    (void)poll(&events, 1, (int)(left / NANOSECONDS_PER_MILLISECOND) + 1);
    /* What it says doesn't matter, nor that some of it got lost: the question is asked again. */
    while (nl_recvmsgs_default(netlink->events) >= 0)
        continue;
    return true;
}

static bool netlink_await(struct netlink *netlink, const struct netlink_question *question, bool *holds,
                          nanoseconds deadline, struct error *error)
{
    *holds = false;
    do {
        if (!question->ask(netlink, question->subject, holds, error))
            return false;
    } while (!*holds && news_await(netlink, deadline));
    return true;
}

/* Since Linux 6.8 asking for the device makes the link watch run at once. */
static bool device_is_running(struct netlink *netlink, const void *subject, bool *holds, struct error *error)
{
    unsigned flags = 0;
    if (!device_ask(netlink, subject, &flags, error))
        return false;
    *holds = (flags & IFF_RUNNING) != 0;
    return true;
}

bool netlink_await_running(struct netlink *netlink, const char *device, nanoseconds deadline, struct error *error)
{
    const struct netlink_question question = {device_is_running, device};
    bool running;
    if (!netlink_await(netlink, &question, &running, deadline, error))
        return false;
    return running || error_set(error, ERROR_TIMED_OUT, "the device %s did not come up", device);
}

/* Whether packets for an address are taken in: those of IPv6 get their route a while after they are there. */
static bool address_is_routed(struct netlink *netlink, const void *subject, bool *holds, struct error *error)
{
    const struct address *address = subject;
    struct rtnl_route *route = NULL;
    struct nl_addr *destination = address_build(address, address_bits(address));
    if (destination == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for an address");
    int status = rtnl_route_lookup(netlink->requests, destination, &route);
    nl_addr_put(destination);
    /* Nothing leads there yet. */
    *holds = status >= 0 && rtnl_route_get_type(route) == RTN_LOCAL;
    if (route != NULL)
        rtnl_route_put(route);
    return true;
}

bool netlink_await_address(struct netlink *netlink, const struct address *address, nanoseconds deadline,
                           struct error *error)
{
    const struct netlink_question question = {address_is_routed, address};
    bool routed;
    if (!netlink_await(netlink, &question, &routed, deadline, error))
        return false;
    return routed || error_set(error, ERROR_TIMED_OUT, "the stack's address did not come into use");
}

bool netlink_add_address(struct netlink *netlink, const char *device, const struct address *address, unsigned prefix,
                         struct error *error)
{
    int index;
    if (!device_index(netlink, device, &index, error))
        return false;
    struct rtnl_addr *added = rtnl_addr_alloc();
    struct nl_addr *local = address_build(address, prefix);
    int status = added == NULL || local == NULL ? -NLE_NOMEM : rtnl_addr_set_local(added, local);
    if (status == 0) {
        rtnl_addr_set_ifindex(added, index);
        rtnl_addr_set_prefixlen(added, (int)prefix);
        if (address->family == ADDRESS_IPV6)
            rtnl_addr_set_flags(added, IFA_F_NODAD);
        status = rtnl_addr_add(netlink->requests, added, 0);
    }
    if (local != NULL)
        nl_addr_put(local);
    if (added != NULL)
        rtnl_addr_put(added);
    return status == 0 || netlink_refuse(error, status, "an address");
}

static int route_describe_hop(struct rtnl_route *route, int index, const struct address *gateway)
{
    struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
    if (hop == NULL)
        return -NLE_NOMEM;
    rtnl_route_nh_set_ifindex(hop, index);
    /* The hop is the route's from here on. */
    rtnl_route_add_nexthop(route, hop);
    if (gateway->family == ADDRESS_NONE)
        return 0;
    struct nl_addr *address = address_build(gateway, address_bits(gateway));
    if (address == NULL)
        return -NLE_NOMEM;
    rtnl_route_nh_set_gateway(hop, address);
    nl_addr_put(address);
    return 0;
}

static int route_describe_source(struct rtnl_route *route, const struct address *source)
{
    if (source->family == ADDRESS_NONE)
        return 0;
    struct nl_addr *address = address_build(source, address_bits(source));
    int status = address == NULL ? -NLE_NOMEM : rtnl_route_set_pref_src(route, address);
    if (address != NULL)
        nl_addr_put(address);
    return status;
}

/* The network that ADDRESS is in: the kernel takes no bits behind the prefix. */
static struct address network_of(const struct address *address, unsigned prefix)
{
    struct address network = *address;
    for (unsigned bit = prefix; bit < address_bits(address); bit++)
        network.bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
    return network;
}

static int route_describe(struct rtnl_route *route, int index, const struct network_route *described)
{
    const struct address masked = network_of(&described->network, described->prefix);
    struct nl_addr *network = address_build(&masked, described->prefix);
    bool direct = described->gateway.family == ADDRESS_NONE;
    if (network == NULL)
        return -NLE_NOMEM;
    int status = rtnl_route_set_dst(route, network);
    nl_addr_put(network);
    rtnl_route_set_scope(route, direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
    if (described->local) {
        rtnl_route_set_scope(route, RT_SCOPE_HOST);
        rtnl_route_set_table(route, RT_TABLE_LOCAL);
        if (status == 0)
            status = rtnl_route_set_type(route, RTN_LOCAL);
    }
    if (status == 0)
        status = route_describe_hop(route, index, &described->gateway);
    return status == 0 ? route_describe_source(route, &described->source) : status;
}

bool netlink_add_network(struct netlink *netlink, const char *device, const struct network_route *route,
                         struct error *error)
{
    int index;
    if (!device_index(netlink, device, &index, error))
        return false;
    struct rtnl_route *added = rtnl_route_alloc();
    int status = added == NULL ? -NLE_NOMEM : route_describe(added, index, route);
    if (status == 0)
        status = rtnl_route_add(netlink->requests, added, NLM_F_CREATE);
    if (added != NULL)
        rtnl_route_put(added);
    return status == 0 || netlink_refuse(error, status, "a route");
}

bool netlink_add_route(struct netlink *netlink, const char *device, const struct address *address, struct error *error)
{
    const struct network_route route = {.network = *address, .prefix = address_bits(address)};
    return netlink_add_network(netlink, device, &route, error);
}

bool netlink_add_neighbour(struct netlink *netlink, const char *device, const struct address *address,
                           const uint8_t *link_address, struct error *error)
{
    int index;
    if (!device_index(netlink, device, &index, error))
        return false;
    struct rtnl_neigh *neighbour = rtnl_neigh_alloc();
    struct nl_addr *destination = address_build(address, address_bits(address));
    struct nl_addr *place = nl_addr_build(AF_LLC, link_address, LINK_ADDRESS_SIZE);
    int status = -NLE_NOMEM;
    if (neighbour != NULL && destination != NULL && place != NULL) {
        rtnl_neigh_set_ifindex(neighbour, index);
        rtnl_neigh_set_lladdr(neighbour, place);
        rtnl_neigh_set_state(neighbour, NUD_PERMANENT);
        status = rtnl_neigh_set_dst(neighbour, destination);
    }
    if (status == 0)
        status = rtnl_neigh_add(netlink->requests, neighbour, NLM_F_CREATE);
    if (place != NULL)
        nl_addr_put(place);
    if (destination != NULL)
        nl_addr_put(destination);
    if (neighbour != NULL)
        rtnl_neigh_put(neighbour);
    return status == 0 || netlink_refuse(error, status, "a neighbour");
}
