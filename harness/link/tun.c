/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. What the stack sends is read from the tun device, whole and in order; a capture on the device
 * sees the same packets before, and has their stamps. So each packet read is looked for among those captured, and so is
 * each packet written: what is captured of one direction while the other is looked for is kept.
 */
#include "link/capture.h"
#include "link/classify.h"
#include "link/ethernet.h"
#include "link/frame_queue.h"
#include "link/link.h"

#include "packet/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 512 * 1024,
    /* Places in the buffer are as large as this, whatever a packet's size; a few bytes fewer may be captured. */
    SNAPSHOT = 256,
    KNOWN_BY = 128, /* that many bytes are enough to know a packet again */
};

static const nanoseconds copy_patience = 20 * NANOSECONDS_PER_MICROSECOND;

struct tun_link {
    struct link link;
    struct link_tun_settings settings;
    struct capture *capture;
    struct frame_queue stamped; /* captured, and not yet read from the device */
    nanoseconds empty_at;       /* nothing was to be read then */
    uint8_t packet[PACKET_SIZE_MOST];
};

/* What stands before each packet: the protocol that the kernel is to take it for, whatever its first four bits say,
 * and, on a device that has it, how many segments it is made of. */
struct tun_head {
    struct tun_pi information;
    struct virtio_net_hdr segments;
};

static struct iovec head_part(const struct tun_link *tun, struct tun_head *head)
{
    size_t size = tun->settings.segment_size > 0 ? sizeof(*head) : sizeof(head->information);
    return (struct iovec){head, size};
}

_Static_assert(sizeof(struct tun_head) == sizeof(struct tun_pi) + sizeof(struct virtio_net_hdr),
               "the two heads follow one another");

/* A TCP segment that is longer than those of the device is one of many, as if they had been put together on the way.
 * No header length is given: then the kernel lays the whole packet out in one piece, as it does with one that comes by
 * itself, and reckons the same memory for it, on which the windows rest that it offers. */
static struct virtio_net_hdr segments_of(const struct tun_link *tun, struct bytes wire)
{
    struct virtio_net_hdr segments = {0};
    struct packet packet;
    packet_decode(wire, DECODE_UNCHECKED, &packet);
    if (packet.transport != TRANSPORT_TCP || packet.payload.length <= tun->settings.segment_size)
        return segments;
    bool is6 = packet.network == NETWORK_IPV6;
    segments.gso_type = is6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
    segments.gso_size = (uint16_t)tun->settings.segment_size;
    return segments;
}

static bool captured_is(const struct link_frame *captured, struct bytes packet)
{
    size_t length = captured->packet.length;
    size_t wanted = packet.length < KNOWN_BY ? packet.length : KNOWN_BY;
    return length >= wanted && bytes_equal(captured->packet, bytes_slice(packet, 0, length));
}

/*
 * The stamp of a packet that was read or written within CALL. Whatever is captured before it is kept, for it may be the
 * stack's. Where there is no stamp (the capture had no room, or ended) the packet is none the worse: it was within
 * CALL.
 */
static struct interval stamp_find(struct tun_link *tun, struct bytes packet, struct interval call)
{
    struct link_frame frame;
    struct error error;
    bool came;
    while (capture_next(tun->capture, &frame, &came, &error)) {
        if (came && captured_is(&frame, packet))
            return frame.time;
        if (came && !frame_queue_put(&tun->stamped, &frame, &error))
            break;
        if (!came && clock_now() > call.latest + copy_patience)
            break;
    }
    return call;
}

/* The stamp of a packet that was read: among those kept (what is before it there was never read, being our own), else
 * among those still to be captured. */
static struct interval read_stamp_find(struct tun_link *tun, struct bytes packet, struct interval call)
{
    struct link_frame frame;
    while (frame_queue_take(&tun->stamped, &frame))
        if (captured_is(&frame, packet))
            return frame.time;
    return stamp_find(tun, packet, call);
}

static bool tun_send(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error)
{
    struct tun_link *tun = (struct tun_link *)link;
    struct tun_head head = {.information = {.proto = htons(ethernet_type_of(packet))}};
    if (tun->settings.segment_size > 0)
        head.segments = segments_of(tun, packet);
    struct iovec parts[] = {head_part(tun, &head), {(void *)(uintptr_t)packet.data, packet.length}};
    struct interval call = {.earliest = clock_now()};
    if (writev(tun->settings.descriptor, parts, COUNT_OF(parts)) < 0)
        return error_set_system(error, ERROR_LINK, errno, "a packet of %zu bytes can't be written to %s", packet.length,
                                tun->settings.device);
    call.latest = clock_now();
    struct interval time = stamp_find(tun, packet, call);
    if (time.earliest < call.earliest)
        time.earliest = call.earliest;
    if (time.latest < time.earliest)
        time.latest = time.earliest;
    *sent = (struct link_frame){packet, time};
    return true;
}

static bool tun_next(struct link *link, struct link_frame *frame, bool *came, struct error *error)
{
    struct tun_link *tun = (struct tun_link *)link;
    for (;;) {
        struct tun_head head;
        struct iovec parts[] = {head_part(tun, &head), {tun->packet, sizeof(tun->packet)}};
        struct interval call = {.earliest = tun->empty_at};
        nanoseconds asked = clock_now();
        ssize_t length = readv(tun->settings.descriptor, parts, COUNT_OF(parts));
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0 && errno != EAGAIN)
            return error_set_system(error, ERROR_LINK, errno, "packets can't be read from %s", tun->settings.device);
        if (length < 0) {
            tun->empty_at = asked;
            *came = false;
            return true;
        }
        call.latest = clock_now();
        if ((size_t)length < parts[0].iov_len)
            return error_set(error, ERROR_LINK, "%s gives packets without their protocol", tun->settings.device);
        struct link_frame read_frame = {.packet = {tun->packet, (size_t)length - parts[0].iov_len}};
        read_frame.time = read_stamp_find(tun, read_frame.packet, call);
        if (classify_for_our_block(tun->settings.own, read_frame.packet)) {
            *frame = read_frame;
            *came = true;
            return true;
        }
    }
}

static int tun_descriptor(const struct link *link)
{
    return ((const struct tun_link *)link)->settings.descriptor;
}

static void tun_close(struct link *link)
{
    struct tun_link *tun = (struct tun_link *)link;
    capture_close(tun->capture);
    frame_queue_free(&tun->stamped);
    (void)close(tun->settings.descriptor);
    free(tun);
}

static const struct link_operations tun_operations = {
    .name = "tun",
    .send = tun_send,
    .next = tun_next,
    .descriptor = tun_descriptor,
    .close = tun_close,
};

/* Sees to it that reading does not wait. Whether packets come with their protocol, the kernel does not tell. */
static bool device_prepare(const struct link_tun_settings *settings, struct error *error)
{
    struct ifreq request = {0};
    int flags = fcntl(settings->descriptor, F_GETFL);
    if (flags < 0 || fcntl(settings->descriptor, F_SETFL, flags | O_NONBLOCK) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a tun device can't be told not to wait");
    if (ioctl(settings->descriptor, TUNGETIFF, &request) != 0)
        return error_set_system(error, ERROR_LINK, errno, "the descriptor for %s is not of a tun device",
                                settings->device);
    return true;
}

bool link_tun_open(const struct link_tun_settings *settings, struct link **link, struct error *error)
{
    struct tun_link *tun = calloc(1, sizeof(*tun));
    if (tun == NULL) {
        (void)close(settings->descriptor);
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a link");
    }
    tun->link.operations = &tun_operations;
    tun->settings = *settings;
    tun->empty_at = clock_now();
    struct capture_settings capturing = {.device = settings->device, .buffer = BUFFER_SIZE, .snapshot = SNAPSHOT};
    if (!device_prepare(settings, error))
        goto failed;
    if (!capture_open(&capturing, &tun->capture, error))
        goto failed;
    *link = &tun->link;
    return true;
failed:
    tun_close(&tun->link);
    return false;
}
