/* SPDX-License-Identifier: MIT */
/* What came from the stack lies in one piece of memory, each packet behind its head, until all of it was taken: a run
 * after the first asks for no memory. */
#include "link/embedded.h"

#include <stdlib.h>

enum {
    ROOM_FIRST = 16384,
    ROOM_MOST = 64 * 1024 * 1024, /* a stack that floods must not take the machine's memory */
};

struct packet_head {
    nanoseconds time;
    size_t length;
};

struct embedded_link {
    struct link link;
    struct link_embedded_peer peer;
    uint8_t *room;
    size_t capacity;
    size_t written;
    size_t taken;
    bool overflowed;
};

static bool embedded_send(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error)
{
    struct embedded_link *embedded = (struct embedded_link *)link;
    nanoseconds now = *embedded->peer.now;
    (void)error;
    embedded->peer.packet(embedded->peer.context, packet);
    *sent = (struct link_frame){.packet = packet, .time = {now, now}};
    return true;
}

static bool embedded_next(struct link *link, struct link_frame *frame, bool *came, struct error *error)
{
    struct embedded_link *embedded = (struct embedded_link *)link;
    struct packet_head head;
    if (embedded->overflowed)
        return error_set(error, ERROR_LINK, "there is no memory left for the packets that the stack sends");
    *came = embedded->taken < embedded->written;
    if (!*came)
        return true;
    memcpy(&head, embedded->room + embedded->taken, sizeof(head));
    embedded->taken += sizeof(head);
    *frame =
        (struct link_frame){.packet = {embedded->room + embedded->taken, head.length}, .time = {head.time, head.time}};
    embedded->taken += head.length;
    return true;
}

static int embedded_descriptor(const struct link *link)
{
    (void)link;
    return -1;
}

static void embedded_close(struct link *link)
{
    struct embedded_link *embedded = (struct embedded_link *)link;
    free(embedded->room);
    free(embedded);
}

static const struct link_operations embedded_operations = {
    .name = "embedded",
    .send = embedded_send,
    .next = embedded_next,
    .descriptor = embedded_descriptor,
    .close = embedded_close,
};

bool link_embedded_open(const struct link_embedded_peer *peer, struct link **link, struct error *error)
{
    struct embedded_link *embedded = calloc(1, sizeof(*embedded));
    if (embedded == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a link");
    *embedded = (struct embedded_link){.link = {.operations = &embedded_operations}, .peer = *peer};
    *link = &embedded->link;
    return true;
}

static bool embedded_make_room(struct embedded_link *embedded, size_t size)
{
    size_t capacity = embedded->capacity == 0 ? ROOM_FIRST : embedded->capacity;
    while (capacity - embedded->written < size && capacity < ROOM_MOST)
        capacity *= 2;
    if (capacity - embedded->written < size)
        return false;
    if (capacity == embedded->capacity)
        return true;
    uint8_t *room = realloc(embedded->room, capacity);
    if (room == NULL)
        return false;
    embedded->room = room;
    embedded->capacity = capacity;
    return true;
}

void link_embedded_put(struct link *link, struct bytes packet)
{
    struct embedded_link *embedded = (struct embedded_link *)link;
    const struct packet_head head = {*embedded->peer.now, packet.length};
    if (embedded->taken == embedded->written)
        embedded->taken = embedded->written = 0;
    if (packet.length > ROOM_MOST || !embedded_make_room(embedded, sizeof(head) + packet.length)) {
        embedded->overflowed = true;
        return;
    }
    memcpy(embedded->room + embedded->written, &head, sizeof(head));
    embedded->written += sizeof(head);
    if (packet.length > 0)
        memcpy(embedded->room + embedded->written, packet.data, packet.length);
    embedded->written += packet.length;
}

bool link_embedded_waiting(const struct link *link)
{
    const struct embedded_link *embedded = (const struct embedded_link *)link;
    return embedded->overflowed || embedded->taken < embedded->written;
}

void link_embedded_clear(struct link *link)
{
    struct embedded_link *embedded = (struct embedded_link *)link;
    embedded->taken = embedded->written = 0;
    embedded->overflowed = false;
}
