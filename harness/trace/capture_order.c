/* SPDX-License-Identifier: MIT */
#include "trace/capture_order.h"

#include <stdlib.h>

/* What is earlier by more comes from a clock that was set back: it stays where it is. */
static const nanoseconds near = 100 * NANOSECONDS_PER_MILLISECOND;

static uint16_t *place_of(struct capture_order *order, uint32_t rank)
{
    return &order->queue[(order->first + rank) % CAPTURE_ORDER_MOST];
}

/* Nearly all come last: the way to the right place is short. A packet without a time stays behind the one before. */
static void sort_in(struct capture_order *order, uint16_t index)
{
    const nanoseconds time = order->held[index].record.time;
    uint32_t rank = order->count++;
    for (; rank > 0 && time != 0; rank--) {
        uint16_t before = *place_of(order, rank - 1);
        const nanoseconds earlier = order->held[before].record.time - time;
        if (earlier <= 0 || earlier > near)
            break;
        *place_of(order, rank) = before;
    }
    order->moved += rank + 1 < order->count;
    *place_of(order, rank) = index;
}

static bool hold(struct capture_order *order, const struct capture_record *record)
{
    uint16_t index = *place_of(order, order->count);
    struct capture_held *held = &order->held[index];
    if (record->data.length > held->room) {
        uint8_t *grown = realloc(held->bytes, record->data.length);
        if (grown == NULL)
            return false;
        held->bytes = grown;
        held->room = record->data.length;
    }
    if (record->data.length > 0)
        memcpy(held->bytes, record->data.data, record->data.length);
    held->record = *record;
    held->record.data.data = held->bytes;
    sort_in(order, index);
    return true;
}

void capture_order_open(struct capture_order *order, struct capture_file *file)
{
    *order = (struct capture_order){.file = file, .ended = CAPTURE_FILE_PACKET};
    for (size_t i = 0; i < CAPTURE_ORDER_MOST; i++)
        order->queue[i] = (uint16_t)i;
}

void capture_order_close(struct capture_order *order)
{
    for (size_t i = 0; i < CAPTURE_ORDER_MOST; i++)
        free(order->held[i].bytes);
}

bool capture_order_next(struct capture_order *order, struct capture_record *record, enum capture_file_next *next,
                        struct error *error)
{
    struct capture_record read;
    /* What was told last lives until now: its place is not among those that are filled. */
    while (order->ended == CAPTURE_FILE_PACKET && order->count < CAPTURE_ORDER_MOST - 1) {
        order->ended = capture_file_next(order->file, &read, &order->why);
        if (order->ended == CAPTURE_FILE_PACKET && !hold(order, &read))
            return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read a capture");
    }
    *next = order->count > 0 ? CAPTURE_FILE_PACKET : order->ended;
    if (*next != CAPTURE_FILE_PACKET)
        return true;
    *record = order->held[*place_of(order, 0)].record;
    order->first = (order->first + 1) % CAPTURE_ORDER_MOST;
    order->count--;
    return true;
}
