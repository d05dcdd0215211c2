/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The capture sees both directions in one order, so that whoever looks for the copy of a packet
 * just sent meets first whatever the stack sent before it: that is queued. What is queued can't be polled for, so that
 * the link's descriptor is an epoll of the capture and of an event that is raised while anything is queued.
 */
#include "link/capture.h"
#include "link/classify.h"
#include "link/frame_queue.h"
#include "link/link.h"
#include "link/partial_checksum.h"
#include "link/raw_filter.h"
#include "link/reset_guard.h"
#include "link/sender.h"

#include "packet/packet.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 1024 * 1024,
    /* On lo a frame's place is as large as its MTU, 64 KiB. */
    LOOPBACK_BUFFER_SIZE = 4 * 1024 * 1024,
};

/* A frame of another processor's that comes just before ours may still be on its way into the capture. */
static const nanoseconds copy_patience = 20 * NANOSECONDS_PER_MICROSECOND;
/* How long the stack's link address is asked for, and how often. */
static const nanoseconds introduction_patience = NANOSECONDS_PER_SECOND;
static const nanoseconds introduction_interval = NANOSECONDS_PER_SECOND / 5;

struct raw_link {
    struct link link;
    struct link_raw_settings settings;
    struct capture *capture;
    struct sender sender;
    struct neighbour_self self;
    struct reset_guard *guard; /* on loopback */
    struct frame_queue queue;
    bool troubled; /* link_next() has to tell of `trouble` when the queue is empty */
    struct error trouble;
    int kept_event;                      /* readable while anything is queued or to be told */
    int poll;                            /* epoll of capture and kept_event */
    uint8_t completed[PACKET_SIZE_MOST]; /* on loopback, the last packet with its checksum */
};

/* An answer that can't be sent is lost like one that the wire loses: who asked asks again. */
static void neighbour_serve(const struct raw_link *raw, struct bytes frame)
{
    uint8_t answer[NEIGHBOUR_FRAME_SIZE];
    struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
    struct error error;
    if (!raw->settings.answer_neighbours || !neighbour_answer(&raw->self, frame, &writer))
        return;
    INVARIANT(!writer.failed);
    (void)!sender_send_frame(&raw->sender, byte_writer_written(&writer), &error);
}

/* On loopback what the kernel sends lacks its checksum. */
static struct bytes packet_as_sent(struct raw_link *raw, struct bytes captured)
{
    if (!raw->settings.loopback || captured.length > sizeof(raw->completed))
        return captured;
    memcpy(raw->completed, captured.data, captured.length);
    partial_checksum_complete(raw->completed, captured.length);
    return (struct bytes){raw->completed, captured.length};
}

/* The next frame of the capture that is ours or the stack's, as a packet; neighbours are served on the way. */
static bool packet_next(struct raw_link *raw, struct link_frame *packet, enum frame_kind *kind, struct error *error)
{
    for (;;) {
        struct link_frame frame;
        bool came;
        *kind = FRAME_OTHER;
        if (!capture_next(raw->capture, &frame, &came, error))
            return false;
        if (!came)
            return true;
        *kind = classify_frame(&raw->settings, &raw->sender.address, frame.packet);
        if (*kind == FRAME_NEIGHBOUR)
            neighbour_serve(raw, frame.packet);
        if (*kind == FRAME_OURS || *kind == FRAME_STACK) {
            *packet = (struct link_frame){packet_as_sent(raw, classify_packet(frame.packet)), frame.time};
            return true;
        }
    }
}

/* Raises or lowers what polls readable while link_next() has something that the capture does not have any more. */
static bool kept_event_set(const struct raw_link *raw, bool raised, struct error *error)
{
    uint64_t count = 1;
    ssize_t done =
        raised ? write(raw->kept_event, &count, sizeof(count)) : read(raw->kept_event, &count, sizeof(count));
    if (done != (ssize_t)sizeof(count))
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "an event can't be set");
    return true;
}

static bool frame_keep(struct raw_link *raw, const struct link_frame *frame, struct error *error)
{
    bool first = raw->queue.count == 0 && !raw->troubled;
    return frame_queue_put(&raw->queue, frame, error) && (!first || kept_event_set(raw, true, error));
}

/* A packet is sent, and then something fails: that is told by the next link_next(), behind what came before. */
static bool trouble_keep(struct raw_link *raw, const struct error *trouble, struct error *error)
{
    bool first = raw->queue.count == 0 && !raw->troubled;
    raw->troubled = true;
    raw->trouble = *trouble;
    return !first || kept_event_set(raw, true, error);
}

/* What was kept, if anything is: the first frame, or in the end the trouble. */
static bool kept_take(struct raw_link *raw, struct link_frame *frame, bool *came, struct error *error)
{
    *came = frame_queue_take(&raw->queue, frame);
    if (*came)
        return raw->queue.count > 0 || raw->troubled || kept_event_set(raw, false, error);
    if (!raw->troubled)
        return true;
    raw->troubled = false;
    if (kept_event_set(raw, false, error))
        *error = raw->trouble;
    return false;
}

static bool raw_next(struct link *link, struct link_frame *frame, bool *came, struct error *error)
{
    struct raw_link *raw = (struct raw_link *)link;
    struct link_frame packet;
    enum frame_kind kind = FRAME_STACK;
    bool kept;
    if (!kept_take(raw, &packet, &kept, error))
        return false;
    if (!kept)
        do {
            if (!packet_next(raw, &packet, &kind, error))
                return false;
        } while (kind == FRAME_OURS);
    *came = kind == FRAME_STACK;
    if (*came)
        *frame = packet;
    return true;
}

/* Looks for the copy of PACKET, which went out between the ends of CALL; without one, the packet as given. */
static bool sent_find(struct raw_link *raw, struct bytes packet, struct interval call, struct link_frame *sent,
                      struct error *error)
{
    for (;;) {
        struct link_frame met;
        enum frame_kind kind;
        if (!packet_next(raw, &met, &kind, error))
            return false;
        if (kind == FRAME_STACK && !frame_keep(raw, &met, error))
            return false;
        if (kind == FRAME_OURS && bytes_equal(met.packet, packet)) {
            *sent = met;
            return true;
        }
        if (kind == FRAME_OTHER && clock_now() > call.latest + copy_patience) {
            *sent = (struct link_frame){packet, call};
            return true;
        }
    }
}

static bool raw_send(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error)
{
    struct raw_link *raw = (struct raw_link *)link;
    struct interval call = {.earliest = clock_now()};
    if (!sender_send(&raw->sender, packet, error))
        return false;
    call.latest = clock_now();
    struct link_frame found = {packet, call};
    struct error trouble;
    if (!sent_find(raw, packet, call, &found, &trouble) && !trouble_keep(raw, &trouble, error))
        return false;
    if (found.time.earliest < call.earliest)
        found.time.earliest = call.earliest;
    if (found.time.latest < found.time.earliest)
        found.time.latest = found.time.earliest;
    *sent = found;
    return true;
}

static int raw_descriptor(const struct link *link)
{
    return ((const struct raw_link *)link)->poll;
}

static void raw_close(struct link *link)
{
    struct raw_link *raw = (struct raw_link *)link;
    sender_close(&raw->sender);
    capture_close(raw->capture);
    reset_guard_close(raw->guard);
    frame_queue_free(&raw->queue);
    if (raw->kept_event >= 0)
        (void)close(raw->kept_event);
    if (raw->poll >= 0)
        (void)close(raw->poll);
    free(raw);
}

static const struct link_operations raw_operations = {
    .name = "raw",
    .send = raw_send,
    .next = raw_next,
    .descriptor = raw_descriptor,
    .close = raw_close,
};

static bool poll_open(struct raw_link *raw, struct error *error)
{
    raw->kept_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    raw->poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (raw->kept_event < 0 || raw->poll < 0 || epoll_ctl(raw->poll, EPOLL_CTL_ADD, raw->kept_event, &event) != 0 ||
        epoll_ctl(raw->poll, EPOLL_CTL_ADD, capture_descriptor(raw->capture), &event) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a link's descriptor can't be made");
    return true;
}

static bool everything_open(struct raw_link *raw, struct error *error)
{
    const struct link_raw_settings *settings = &raw->settings;
    struct sender_settings sending = {.device = settings->device};
    memcpy(sending.own, settings->own, sizeof(sending.own));
    memcpy(sending.peer, settings->peer, sizeof(sending.peer));
    sending.mark = settings->loopback ? RESET_GUARD_MARK : 0;
    if (!sender_open(&raw->sender, &sending, error))
        return false;
    raw->self.address = raw->sender.address;
    memcpy(raw->self.own, settings->own, sizeof(raw->self.own));
    char expression[RAW_FILTER_SIZE];
    struct text filter = text_in(expression, sizeof(expression));
    raw_filter_write(&filter, settings, &raw->sender.address);
    struct capture_settings capturing = {
        .device = settings->device,
        .filter = text_string(&filter),
        .buffer = settings->loopback ? LOOPBACK_BUFFER_SIZE : BUFFER_SIZE,
    };
    if (!capture_open(&capturing, &raw->capture, error) || !poll_open(raw, error))
        return false;
    struct reset_guard_settings guarding = {.own_port = settings->own_port};
    memcpy(guarding.own, settings->own, sizeof(guarding.own));
    return !settings->loopback || reset_guard_open(&guarding, &raw->guard, error);
}

/* Takes in whatever came; what tells the link address of PEER is learnt. */
static bool introduction_listen(struct raw_link *raw, size_t peer, struct error *error)
{
    for (;;) {
        struct link_frame frame;
        bool came;
        if (!capture_next(raw->capture, &frame, &came, error))
            return false;
        if (!came)
            return true;
        struct ethernet_address found;
        enum frame_kind kind = classify_frame(&raw->settings, &raw->sender.address, frame.packet);
        if (kind == FRAME_NEIGHBOUR && neighbour_learn(frame.packet, &raw->settings.peer[peer], &found))
            sender_learn(&raw->sender, peer, &found);
        if (kind == FRAME_NEIGHBOUR)
            neighbour_serve(raw, frame.packet);
        frame.packet = classify_packet(frame.packet);
        if (kind == FRAME_STACK && !frame_keep(raw, &frame, error))
            return false;
    }
}

static bool question_send(struct raw_link *raw, size_t peer, struct error *error)
{
    uint8_t frame[NEIGHBOUR_FRAME_SIZE];
    struct byte_writer question = byte_writer_on(frame, sizeof(frame));
    neighbour_ask(&raw->self, &raw->settings.peer[peer], &question);
    INVARIANT(!question.failed);
    return sender_send_frame(&raw->sender, byte_writer_written(&question), error);
}

/*
 * Asks for the stack's link address. The stack learns ours from the question, so that its first segment to us need not
 * wait for an answer to a question of its own. A stack that does not answer can still be sent well-formed packets.
 */
static bool introduce(struct raw_link *raw, size_t peer, struct error *error)
{
    nanoseconds start = clock_now();
    nanoseconds ask_at = start;
    for (;;) {
        if (!introduction_listen(raw, peer, error))
            return false;
        nanoseconds now = clock_now();
        if (raw->sender.peer_known[peer] || now >= start + introduction_patience)
            return true;
        if (now >= ask_at) {
            if (!question_send(raw, peer, error))
                return false;
            ask_at = now + introduction_interval;
            continue;
        }
        struct pollfd capture = {.fd = capture_descriptor(raw->capture), .events = POLLIN};
        (void)poll(&capture, 1, (int)((ask_at - now) / NANOSECONDS_PER_MILLISECOND) + 1);
    }
}

static bool introduce_all(struct raw_link *raw, struct error *error)
{
    static const struct ethernet_address nowhere;
    for (size_t peer = 0; peer < COUNT_OF(raw->settings.peer); peer++) {
        bool speaks = raw->settings.own[peer].family != ADDRESS_NONE && raw->settings.peer[peer].family != ADDRESS_NONE;
        if (speaks && raw->settings.loopback)
            sender_learn(&raw->sender, peer, &nowhere);
        else if (speaks && !introduce(raw, peer, error))
            return false;
    }
    return true;
}

bool link_raw_open(const struct link_raw_settings *settings, struct link **link, struct error *error)
{
    struct raw_link *raw = calloc(1, sizeof(*raw));
    if (raw == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a link");
    *raw = (struct raw_link){
        .link = {&raw_operations},
        .settings = *settings,
        .sender = {.raw = {-1, -1}, .packet_socket = -1},
        .kept_event = -1,
        .poll = -1,
    };
    if (!everything_open(raw, error) || !introduce_all(raw, error)) {
        raw_close(&raw->link);
        return false;
    }
    *link = &raw->link;
    return true;
}
