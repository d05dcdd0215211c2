/* SPDX-License-Identifier: MIT */
#include "link/frame_queue.h"

#include <stdlib.h>

/* More than any exchange of segments has; a flood that nobody reads must not take the machine's memory. */
enum { FRAMES_MOST = 1 << 16 };

struct queued_frame {
    struct queued_frame *next;
    struct interval time;
    size_t length;
    uint8_t data[];
};

bool frame_queue_put(struct frame_queue *queue, const struct link_frame *frame, struct error *error)
{
    if (queue->count == FRAMES_MOST)
        return error_set(error, ERROR_LINK, "%d packets from the stack are waiting and none was taken", FRAMES_MOST);
    struct queued_frame *queued = malloc(sizeof(*queued) + frame->packet.length);
    if (queued == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a packet");
    *queued = (struct queued_frame){.time = frame->time, .length = frame->packet.length};
    if (frame->packet.length > 0)
        memcpy(queued->data, frame->packet.data, frame->packet.length);
    if (queue->last == NULL)
        queue->first = queued;
    else
        queue->last->next = queued;
    queue->last = queued;
    queue->count++;
    return true;
}

bool frame_queue_take(struct frame_queue *queue, struct link_frame *frame)
{
    struct queued_frame *queued = queue->first;
    if (queued == NULL)
        return false;
    queue->first = queued->next;
    if (queue->first == NULL)
        queue->last = NULL;
    queue->count--;
    free(queue->taken);
    queue->taken = queued;
    *frame = (struct link_frame){.packet = {queued->data, queued->length}, .time = queued->time};
    return true;
}

void frame_queue_free(struct frame_queue *queue)
{
    struct link_frame frame;
    while (frame_queue_take(queue, &frame))
        continue;
    free(queue->taken);
    *queue = (struct frame_queue){0};
}
