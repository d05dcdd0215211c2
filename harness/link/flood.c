/* SPDX-License-Identifier: MIT */
#include "link/flood.h"

#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BATCH = 64,
    LANES_MOST = 16,
};

/* One processor's share: a thread with a socket of its own. */
struct lane {
    struct flood *flood;
    int packet_socket;
    pthread_t thread;
    bool started;
    uint64_t sent;
    bool failed;
    struct error error;
    struct iovec parts[BATCH][2];
    struct mmsghdr messages[BATCH];
};

struct flood {
    const struct flood_settings *settings;
    uint8_t head[ETHERNET_HEADER_SIZE];
    struct sockaddr_ll place;
    nanoseconds deadline;
    atomic_uint_fast64_t taken; /* segments that some lane has sent or is about to send */
    size_t lane_count;
    struct lane lanes[];
};

/* What every frame begins with, and where it goes out. */
static bool head_prepare(struct flood *flood, int any, struct error *error)
{
    const struct flood_settings *settings = flood->settings;
    struct ifreq request = {0};
    if (strlen(settings->device) >= sizeof(request.ifr_name))
        return error_set(error, ERROR_LINK, "%s is too long for a device's name", settings->device);
    memcpy(request.ifr_name, settings->device, strlen(settings->device));
    struct ethernet_header ethernet = {
        .destination = settings->destination,
        .type = ethernet_type_of(settings->packets[0]),
    };
    if (ioctl(any, SIOCGIFHWADDR, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "the address of %s can't be read", settings->device);
    memcpy(ethernet.source.bytes, request.ifr_hwaddr.sa_data, ETHERNET_ADDRESS_SIZE);
    if (ioctl(any, SIOCGIFINDEX, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "there is no device %s", settings->device);
    flood->place = (struct sockaddr_ll){.sll_family = AF_PACKET, .sll_ifindex = request.ifr_ifindex};
    struct byte_writer writer = byte_writer_on(flood->head, sizeof(flood->head));
    ethernet_write(&writer, &ethernet);
    return true;
}

static bool lane_open(struct lane *lane, struct flood *flood, struct error *error)
{
    static const int on = 1;
    lane->flood = flood;
    lane->packet_socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (lane->packet_socket < 0)
        return error_set_system(error, errno == EPERM ? ERROR_CAPABILITY_MISSING : ERROR_LINK, errno,
                                "a packet socket needs CAP_NET_RAW, and can't be had");
    if (flood->place.sll_ifindex == 0 && !head_prepare(flood, lane->packet_socket, error))
        return false;
    if (bind(lane->packet_socket, (const struct sockaddr *)&flood->place, sizeof(flood->place)) != 0 ||
        setsockopt(lane->packet_socket, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) != 0)
        return error_set_system(error, ERROR_LINK, errno, "a packet socket can't be bound to %s",
                                flood->settings->device);
    for (size_t i = 0; i < BATCH; i++) {
        lane->parts[i][0] = (struct iovec){flood->head, sizeof(flood->head)};
        lane->messages[i].msg_hdr = (struct msghdr){.msg_iov = lane->parts[i], .msg_iovlen = 2};
    }
    return true;
}

/* Takes the next segments that nobody has taken, as many as a batch holds; 0 when there are no more. */
static size_t batch_take(struct lane *lane)
{
    const struct flood_settings *settings = lane->flood->settings;
    uint64_t first = atomic_fetch_add(&lane->flood->taken, BATCH);
    if (first >= settings->most)
        return 0;
    size_t count = settings->most - first < BATCH ? (size_t)(settings->most - first) : BATCH;
    size_t next = (size_t)(first % settings->packet_count);
    for (size_t i = 0; i < count; i++) {
        struct bytes packet = settings->packets[next];
        lane->parts[i][1] = (struct iovec){(void *)(uintptr_t)packet.data, packet.length};
        next = next + 1 == settings->packet_count ? 0 : next + 1;
    }
    return count;
}

/* Sends the batch's first COUNT; what a full queue refuses is sent again until the time is over. Returns how many were
 * sent. */
static size_t batch_send(struct lane *lane, size_t count)
{
    size_t done = 0;
    while (done < count && clock_now() < lane->flood->deadline) {
        int sent = sendmmsg(lane->packet_socket, lane->messages + done, (unsigned)(count - done), 0);
        if (sent >= 0)
            done += (size_t)sent;
        else if (errno != ENOBUFS && errno != EINTR) {
            error_set_system(&lane->error, ERROR_LINK, errno, "segments can't be sent on %s",
                             lane->flood->settings->device);
            lane->failed = true;
            break;
        }
    }
    return done;
}

static void *lane_run(void *context)
{
    struct lane *lane = context;
    size_t count = batch_take(lane);
    while (count > 0) {
        size_t sent = batch_send(lane, count);
        lane->sent += sent;
        count = sent < count ? 0 : batch_take(lane);
    }
    return NULL;
}

/* A machine that gives us fewer threads floods with fewer. */
static void lanes_start(struct flood *flood)
{
    for (size_t i = 1; i < flood->lane_count; i++)
        flood->lanes[i].started = pthread_create(&flood->lanes[i].thread, NULL, lane_run, &flood->lanes[i]) == 0;
}

static bool lanes_join(struct flood *flood, uint64_t *sent, struct error *error)
{
    bool done = true;
    uint64_t total = 0;
    for (size_t i = 0; i < flood->lane_count; i++) {
        struct lane *lane = &flood->lanes[i];
        if (lane->started)
            (void)pthread_join(lane->thread, NULL);
        total += lane->sent;
        if (lane->failed) {
            *error = lane->error;
            done = false;
        }
    }
    *sent = total;
    return done;
}

static size_t lanes_wanted(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        return 1;
    return processors > LANES_MOST ? LANES_MOST : (size_t)processors;
}

static bool lanes_open(struct flood *flood, struct error *error)
{
    for (size_t i = 0; i < flood->lane_count; i++)
        if (!lane_open(&flood->lanes[i], flood, error))
            return false;
    return true;
}

bool flood_run(const struct flood_settings *settings, struct flood_result *result, struct error *error)
{
    INVARIANT(settings->packet_count > 0);
    size_t lanes = lanes_wanted();
    struct flood *flood = calloc(1, sizeof(*flood) + lanes * sizeof(flood->lanes[0]));
    if (flood == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a flood");
    flood->settings = settings;
    flood->lane_count = lanes;
    for (size_t i = 0; i < lanes; i++)
        flood->lanes[i].packet_socket = -1;
    bool done = lanes_open(flood, error);
    if (done) {
        struct flood_result reached;
        nanoseconds start = clock_now();
        flood->deadline = nanoseconds_add(start, settings->longest);
        lanes_start(flood);
        (void)lane_run(&flood->lanes[0]);
        done = lanes_join(flood, &reached.sent, error);
        reached.time = clock_now() - start;
        if (done)
            *result = reached;
    }
    for (size_t i = 0; i < lanes; i++)
        if (flood->lanes[i].packet_socket >= 0)
            (void)close(flood->lanes[i].packet_socket);
    free(flood);
    return done;
}
