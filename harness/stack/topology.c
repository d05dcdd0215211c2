/* SPDX-License-Identifier: MIT */
#include "stack/topology.h"

#include "stack/capability.h"
#include "stack/netlink.h"
#include "stack/offload.h"
#include "stack/system_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char harness_device[] = "harness0";
/* Locally administered (IEEE 802); nobody else is on the pair. */
static const uint8_t stack_address[LINK_ADDRESS_SIZE] = {0x02, 0, 0, 0, 0, 0x01};
static const uint8_t harness_address[LINK_ADDRESS_SIZE] = {0x02, 0, 0, 0, 0, 0x02};

static const unsigned local_prefix[] = {24, 64};
static const nanoseconds patience = 5 * NANOSECONDS_PER_SECOND;

struct setting {
    const char *path;
    const char *value;
};

/* No link-local IPv6 addresses: with them come router solicitations and duplicate detection, for up to two seconds. */
static const struct setting quiet_settings[] = {
    {"/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1"},
};

/* The harness's kernel only passes on what the harness sends: it is no router, whatever the machine's own is. */
static const struct setting harness_settings[] = {
    {"/proc/sys/net/ipv4/ip_forward", "0"},
    {"/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1"},
};

/* Malformed packets come in through a packet socket, and with the machine's own addresses on both ends. */
static const struct setting loopback_settings[] = {
    {"/proc/sys/net/ipv4/conf/lo/route_localnet", "1"},
    {"/proc/sys/net/ipv4/conf/lo/accept_local", "1"},
};

/* A kernel without IPv6 lacks some of these, and needs none of them. */
static bool settings_apply(const struct setting *settings, size_t count, struct error *error)
{
    for (size_t index = 0; index < count; index++)
        if (!system_file_write(settings[index].path, settings[index].value) && errno != ENOENT)
            return error_set_system(error, ERROR_NAMESPACE, errno, "%s can't be set to %s", settings[index].path,
                                    settings[index].value);
    return true;
}

bool topology_here(int *place, struct error *error)
{
    int descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_set_system(error, ERROR_NAMESPACE, errno,
                                "the network namespace can't be told: /proc/self/ns/net");
    *place = descriptor;
    return true;
}

bool topology_return(int place, struct error *error)
{
    if (setns(place, CLONE_NEWNET) != 0)
        return capability_explain(error, errno, "a move between network namespaces");
    return true;
}

static bool namespace_make(struct error *error)
{
    if (unshare(CLONE_NEWNET) != 0)
        return capability_explain_refusal(error, errno, false);
    return true;
}

/* Sees to it that the calling thread is in the namespace that becomes the stack's. */
static bool namespace_enter(const struct topology_settings *settings, struct error *error)
{
    return settings->fresh || namespace_make(error);
}

/* The way to the harness, and to the network that it is said to be in. */
static bool route_add(struct netlink *netlink, const struct topology_settings *settings, size_t version,
                      struct error *error)
{
    const struct address *remote = &settings->remote[version];
    const struct network_route route = {.network = *remote, .prefix = settings->remote_prefix[version]};
    return route.prefix == 0 ? netlink_add_route(netlink, settings->device, remote, error)
                             : netlink_add_network(netlink, settings->device, &route, error);
}

/* Addresses of the stack's end, and the way to the harness where that is not in the same network. */
static bool addresses_add(struct netlink *netlink, const struct topology_settings *settings, struct error *error)
{
    for (size_t version = 0; version < COUNT_OF(settings->local); version++) {
        unsigned said = settings->local_prefix[version];
        unsigned prefix = said == 0 ? local_prefix[version] : said;
        if (settings->local[version].family != ADDRESS_NONE &&
            (!netlink_add_address(netlink, settings->device, &settings->local[version], prefix, error) ||
             !route_add(netlink, settings, version, error)))
            return false;
    }
    return true;
}

bool topology_await_addresses(struct netlink *netlink, const struct topology_settings *settings, struct error *error)
{
    nanoseconds deadline = clock_now() + patience;
    for (size_t version = 0; version < COUNT_OF(settings->local); version++)
        if (settings->local[version].family != ADDRESS_NONE &&
            !netlink_await_address(netlink, &settings->local[version], deadline, error))
            return false;
    return true;
}

/* The way to the stack for the harness's kernel, which has no address and asks for none. */
static bool harness_routes_add(struct netlink *netlink, const struct topology_settings *settings, struct error *error)
{
    for (size_t version = 0; version < COUNT_OF(settings->local); version++)
        if (settings->local[version].family != ADDRESS_NONE &&
            (!netlink_add_route(netlink, harness_device, &settings->local[version], error) ||
             !netlink_add_neighbour(netlink, harness_device, &settings->local[version], stack_address, error)))
            return false;
    return true;
}

static bool stack_end_furnish(struct netlink *netlink, const struct topology_settings *settings, struct error *error)
{
    return offload_disable(settings->device, error) && netlink_up(netlink, "lo", error) &&
           netlink_up(netlink, settings->device, error) && addresses_add(netlink, settings, error);
}

/* The pair between two namespaces, of which the calling thread is in the stack's; HARNESS is the other. */
struct pair {
    int harness;
    int stack;
    struct netlink *harness_netlink;
    struct netlink *stack_netlink;
};

static void pair_release(struct pair *pair)
{
    netlink_close(pair->harness_netlink);
    netlink_close(pair->stack_netlink);
    if (pair->harness >= 0)
        (void)close(pair->harness);
    if (pair->stack >= 0)
        (void)close(pair->stack);
}

static bool namespaces_make(struct pair *pair, const struct topology_settings *settings, struct error *error)
{
    return namespace_enter(settings, error) && topology_here(&pair->stack, error) &&
           settings_apply(quiet_settings, COUNT_OF(quiet_settings), error) &&
           netlink_open(&pair->stack_netlink, error) && namespace_make(error) && topology_here(&pair->harness, error) &&
           settings_apply(harness_settings, COUNT_OF(harness_settings), error) &&
           netlink_open(&pair->harness_netlink, error) && topology_return(pair->stack, error);
}

static bool pair_furnish(struct pair *pair, const struct topology_settings *settings, struct error *error)
{
    const struct veth veth = {.near = {settings->device, stack_address},
                              .far = {harness_device, harness_address},
                              .far_namespace = pair->harness,
                              .mtu = settings->mtu};
    nanoseconds deadline = clock_now() + patience;
    /* Whichever end goes up last can send at once; the other is waited for. */
    return netlink_make_veth(pair->stack_netlink, &veth, error) &&
           stack_end_furnish(pair->stack_netlink, settings, error) && topology_return(pair->harness, error) &&
           offload_disable(harness_device, error) && netlink_up(pair->harness_netlink, harness_device, error) &&
           harness_routes_add(pair->harness_netlink, settings, error) &&
           netlink_await_running(pair->stack_netlink, settings->device, deadline, error) &&
           topology_await_addresses(pair->stack_netlink, settings, error);
}

bool topology_build_raw(const struct topology_settings *settings, struct link **link, struct error *error)
{
    struct pair pair = {.harness = -1, .stack = -1};
    struct link *opened = NULL;
    struct link_raw_settings raw = {.device = harness_device, .answer_neighbours = true};
    memcpy(raw.own, settings->remote, sizeof(raw.own));
    memcpy(raw.peer, settings->local, sizeof(raw.peer));
    bool built = namespaces_make(&pair, settings, error) && pair_furnish(&pair, settings, error) &&
                 link_raw_open(&raw, &opened, error) && topology_return(pair.stack, error);
    pair_release(&pair);
    if (built)
        *link = opened;
    else
        link_close(opened);
    return built;
}

bool topology_open_tun(const char *device, bool whole_segments, int *opened, struct error *error)
{
    static const char path[] = "/dev/net/tun";
    struct ifreq request = {0};
    /* A device that is there already is somebody else's. */
    request.ifr_flags = (short)(IFF_TUN | IFF_TUN_EXCL | (whole_segments ? IFF_VNET_HDR : 0));
    if (strlen(device) >= sizeof(request.ifr_name))
        return error_set(error, ERROR_NAMESPACE, "%s is too long for a device's name", device);
    memcpy(request.ifr_name, device, strlen(device));
    int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && (errno == EACCES || errno == EPERM))
        return error_set_system(error, ERROR_CAPABILITY_MISSING, errno,
                                "%s can't be opened by this user; as root, run: chmod 666 %s", path, path);
    if (descriptor < 0)
        return error_set_system(error, ERROR_NAMESPACE, errno, "%s can't be opened; as root, run: modprobe tun", path);
    if (ioctl(descriptor, TUNSETIFF, &request) != 0) {
        if (errno == EBUSY)
            (void)error_set(error, ERROR_NAMESPACE, "a device %s is there already: does another test run here?",
                            device);
        else
            (void)capability_explain(error, errno, "a tun device");
        (void)close(descriptor);
        return false;
    }
    *opened = descriptor;
    return true;
}

bool topology_finish_tun(bool furnished, const struct link_tun_settings *tun, struct link **link, struct error *error)
{
    if (furnished)
        return link_tun_open(tun, link, error);
    if (tun->descriptor >= 0)
        (void)close(tun->descriptor);
    return false;
}

bool topology_build_tun(const struct topology_settings *settings, struct link **link, struct error *error)
{
    struct netlink *netlink = NULL;
    struct link_tun_settings tun = {
        .device = settings->device, .descriptor = -1, .segment_size = settings->segment_size};
    memcpy(tun.own, settings->remote, sizeof(tun.own));
    bool furnished = namespace_enter(settings, error) &&
                     settings_apply(quiet_settings, COUNT_OF(quiet_settings), error) && netlink_open(&netlink, error) &&
                     topology_open_tun(settings->device, tun.segment_size > 0, &tun.descriptor, error) &&
                     netlink_set_mtu(netlink, settings->device, settings->mtu, error) &&
                     stack_end_furnish(netlink, settings, error) && topology_await_addresses(netlink, settings, error);
    netlink_close(netlink);
    return topology_finish_tun(furnished, &tun, link, error);
}

bool topology_build_loopback(const struct topology_settings *settings, struct link **link, struct error *error)
{
    struct netlink *netlink = NULL;
    struct link_raw_settings raw = {.device = "lo", .loopback = true, .own_port = settings->remote_port};
    memcpy(raw.own, settings->remote, sizeof(raw.own));
    memcpy(raw.peer, settings->local, sizeof(raw.peer));
    bool furnished = namespace_enter(settings, error) && netlink_open(&netlink, error) &&
                     offload_disable("lo", error) && netlink_up(netlink, "lo", error) &&
                     settings_apply(loopback_settings, COUNT_OF(loopback_settings), error);
    netlink_close(netlink);
    return furnished && link_raw_open(&raw, link, error);
}
