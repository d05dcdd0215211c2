/* SPDX-License-Identifier: MIT */
#include "link/sender.h"

#include "packet/packet.h"

#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static bool sender_refuse(struct error *error, const char *what)
{
    if (errno == EPERM || errno == EACCES)
        return error_set_system(error, ERROR_CAPABILITY_MISSING, errno,
                                "%s needs CAP_NET_RAW; run as root, or: setcap cap_net_raw+ep on the program", what);
    return error_set_system(error, ERROR_LINK, errno, "%s can't be had", what);
}

/* Index, address and MTU of the device. */
static bool device_read(struct sender *sender, const char *device, struct error *error)
{
    struct ifreq request = {0};
    if (strlen(device) >= sizeof(request.ifr_name))
        return error_set(error, ERROR_LINK, "%s is too long for a device's name", device);
    memcpy(request.ifr_name, device, strlen(device));
    if (ioctl(sender->packet_socket, SIOCGIFINDEX, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "there is no device %s", device);
    sender->device_index = request.ifr_ifindex;
    if (ioctl(sender->packet_socket, SIOCGIFMTU, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "the MTU of %s can't be read", device);
    sender->mtu = (unsigned)request.ifr_mtu;
    if (ioctl(sender->packet_socket, SIOCGIFHWADDR, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "the address of %s can't be read", device);
    memcpy(sender->address.bytes, request.ifr_hwaddr.sa_data, ETHERNET_ADDRESS_SIZE);
    return true;
}

static bool packet_socket_open(struct sender *sender, const char *device, struct error *error)
{
    /* Protocol 0: it only sends. */
    sender->packet_socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sender->packet_socket < 0)
        return sender_refuse(error, "a packet socket");
    if (!device_read(sender, device, error))
        return false;
    struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_ifindex = sender->device_index};
    if (bind(sender->packet_socket, (const struct sockaddr *)&place, sizeof(place)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "a packet socket can't be bound to %s", device);
    return true;
}

/* Questions for our IPv6 address come to a group, which a real interface must be told to listen to. */
static bool group_join(const struct sender *sender, const struct address *own, struct error *error)
{
    struct ethernet_address group = neighbour_solicited_group(own);
    struct packet_mreq request = {
        .mr_ifindex = sender->device_index, .mr_type = PACKET_MR_MULTICAST, .mr_alen = ETHERNET_ADDRESS_SIZE};
    memcpy(request.mr_address, group.bytes, ETHERNET_ADDRESS_SIZE);
    if (setsockopt(sender->packet_socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "a multicast group can't be joined");
    return true;
}

static const struct {
    int domain;
    int level;
    int header_included;
    const char *what;
} raw_sockets[] = {
    {AF_INET, IPPROTO_IP, IP_HDRINCL, "a raw IPv4 socket"},
    {AF_INET6, IPPROTO_IPV6, IPV6_HDRINCL, "a raw IPv6 socket"},
};

static bool raw_socket_open(int *opened, size_t which, const struct sender_settings *settings, struct error *error)
{
    static const int on = 1;
    const char *what = raw_sockets[which].what;
    int raw = socket(raw_sockets[which].domain, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
    if (raw < 0)
        return sender_refuse(error, what);
    *opened = raw;
    if (setsockopt(raw, raw_sockets[which].level, raw_sockets[which].header_included, &on, sizeof(on)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "%s can't be told to take headers", what);
    if (setsockopt(raw, SOL_SOCKET, SO_BINDTODEVICE, settings->device, (socklen_t)strlen(settings->device)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "%s can't be bound to %s", what, settings->device);
    if (settings->mark != 0 && setsockopt(raw, SOL_SOCKET, SO_MARK, &settings->mark, sizeof(settings->mark)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "%s can't be marked", what);
    return true;
}

/* The kernel looks for a source address even where the header has one, and on our device it has none of its own. */
static bool raw_ipv6_bind(int raw, const struct address *own, struct error *error)
{
    static const int on = 1;
    struct sockaddr_in6 place = {.sin6_family = AF_INET6};
    memcpy(&place.sin6_addr, own->bytes, sizeof(place.sin6_addr));
    if (setsockopt(raw, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) != 0 ||
        bind(raw, (const struct sockaddr *)&place, sizeof(place)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "a raw IPv6 socket can't be bound to the harness's address");
    return true;
}

bool sender_open(struct sender *sender, const struct sender_settings *settings, struct error *error)
{
    struct sender opened = {.raw = {-1, -1}, .packet_socket = -1, .peer = {settings->peer[0], settings->peer[1]}};
    if (!packet_socket_open(&opened, settings->device, error))
        goto failed;
    for (size_t which = 0; which < COUNT_OF(opened.raw); which++)
        if (settings->peer[which].family != ADDRESS_NONE &&
            !raw_socket_open(&opened.raw[which], which, settings, error))
            goto failed;
    if (settings->own[1].family != ADDRESS_NONE && !group_join(&opened, &settings->own[1], error))
        goto failed;
    if (opened.raw[1] >= 0 && settings->own[1].family != ADDRESS_NONE &&
        !raw_ipv6_bind(opened.raw[1], &settings->own[1], error))
        goto failed;
    *sender = opened;
    return true;
failed:
    sender_close(&opened);
    return false;
}

void sender_learn(struct sender *sender, size_t peer, const struct ethernet_address *address)
{
    sender->peer_address[peer] = *address;
    sender->peer_known[peer] = true;
}

/* What raw_send_hdrinc() of the kernel fills in where it is zero, or rewrites. */
static bool ipv4_header_kept(const struct packet *packet)
{
    static const uint8_t unset[4] = {0};
    return packet->ipv4.identification != 0 && memcmp(packet->ipv4.source, unset, sizeof(unset)) != 0;
}

static bool header_sound(const struct packet *packet)
{
    for (uint32_t index = 0; index < packet->defect_count; index++)
        if (packet->defects[index].kind < DEFECT_TCP_HEADER_TRUNCATED)
            return false;
    return true;
}

bool sender_kernel_keeps(const struct sender *sender, struct bytes wire)
{
    struct packet packet;
    packet_decode(wire, DECODE_ALL, &packet);
    if (packet.network == NETWORK_NONE || !header_sound(&packet))
        return false;
    size_t which = packet.network == NETWORK_IPV4 ? 0 : 1;
    struct address destination = packet_destination(&packet);
    return sender->raw[which] >= 0 && address_equal(&destination, &sender->peer[which]) &&
           (which == 1 || ipv4_header_kept(&packet));
}

static bool send_refuse(const struct sender *sender, size_t length, struct error *error)
{
    if (errno == EMSGSIZE)
        return error_set_system(error, ERROR_LINK, errno, "a packet of %zu bytes does not fit an MTU of %u", length,
                                sender->mtu);
    return error_set_system(error, ERROR_LINK, errno, "a packet of %zu bytes can't be sent", length);
}

static bool raw_send(const struct sender *sender, size_t which, struct bytes packet, struct error *error)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } to = {0};
    socklen_t size = which == 0 ? sizeof(to.ipv4) : sizeof(to.ipv6);
    to.any.sa_family = (sa_family_t)raw_sockets[which].domain;
    if (which == 0)
        memcpy(&to.ipv4.sin_addr, sender->peer[0].bytes, sizeof(to.ipv4.sin_addr));
    else
        memcpy(&to.ipv6.sin6_addr, sender->peer[1].bytes, sizeof(to.ipv6.sin6_addr));
    if (sendto(sender->raw[which], packet.data, packet.length, 0, &to.any, size) < 0)
        return send_refuse(sender, packet.length, error);
    return true;
}

bool sender_send_frame(const struct sender *sender, struct bytes frame, struct error *error)
{
    if (send(sender->packet_socket, frame.data, frame.length, 0) < 0)
        return send_refuse(sender, frame.length - ETHERNET_HEADER_SIZE, error);
    return true;
}

static bool packet_send(const struct sender *sender, struct bytes packet, struct error *error)
{
    struct ethernet_header ethernet = {.source = sender->address, .type = ethernet_type_of(packet)};
    /* What is no IP packet goes to whichever address is known: it is one and the same machine. */
    size_t which = ethernet.type == ETHERNET_TYPE_IPV6 ? 1 : 0;
    if (!sender->peer_known[which])
        which = 1 - which;
    if (!sender->peer_known[which])
        return error_set(error, ERROR_LINK,
                         "a packet that the kernel would change can't be sent: the stack's link address is not known");
    ethernet.destination = sender->peer_address[which];
    uint8_t head[ETHERNET_HEADER_SIZE];
    struct byte_writer writer = byte_writer_on(head, sizeof(head));
    ethernet_write(&writer, &ethernet);
    struct iovec parts[] = {{head, sizeof(head)}, {(void *)(uintptr_t)packet.data, packet.length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = COUNT_OF(parts)};
    if (sendmsg(sender->packet_socket, &message, 0) < 0)
        return send_refuse(sender, packet.length, error);
    return true;
}

bool sender_send(const struct sender *sender, struct bytes packet, struct error *error)
{
    if (!sender_kernel_keeps(sender, packet))
        return packet_send(sender, packet, error);
    return raw_send(sender, ethernet_type_of(packet) == ETHERNET_TYPE_IPV6 ? 1 : 0, packet, error);
}

void sender_close(struct sender *sender)
{
    for (size_t which = 0; which < COUNT_OF(sender->raw); which++)
        if (sender->raw[which] >= 0)
            (void)close(sender->raw[which]);
    if (sender->packet_socket >= 0)
        (void)close(sender->packet_socket);
}
