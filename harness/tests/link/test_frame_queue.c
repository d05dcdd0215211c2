/* SPDX-License-Identifier: MIT */
/* The queue of frames. */
#include "live.h"

#include "link/frame_queue.h"

static void put(struct frame_queue *queue, const void *data, size_t length, nanoseconds time)
{
    struct error error;
    struct link_frame frame = {.packet = {data, length}, .time = {time, time + 1}};
    assert_done(frame_queue_put(queue, &frame, &error), error);
}

static void frames_come_out_as_they_went_in(void **state)
{
    (void)state;
    struct frame_queue queue = {0};
    struct link_frame frame;
    char changing[] = "one";
    put(&queue, changing, 3, 10);
    memcpy(changing, "xxx", 3);
    put(&queue, "three", 5, 20);
    put(&queue, NULL, 0, 30);
    assert_int_equal(queue.count, 3);
    assert_true(frame_queue_take(&queue, &frame));
    assert_true(bytes_equal(frame.packet, (struct bytes){(const uint8_t *)"one", 3}));
    assert_int_equal(frame.time.earliest, 10);
    assert_int_equal(frame.time.latest, 11);
    put(&queue, "late", 4, 40);
    /* What was taken lives until the next is. */
    assert_true(bytes_equal(frame.packet, (struct bytes){(const uint8_t *)"one", 3}));
    assert_true(frame_queue_take(&queue, &frame));
    assert_true(bytes_equal(frame.packet, (struct bytes){(const uint8_t *)"three", 5}));
    assert_true(frame_queue_take(&queue, &frame));
    assert_int_equal(frame.packet.length, 0);
    assert_true(frame_queue_take(&queue, &frame));
    assert_int_equal(frame.time.earliest, 40);
    assert_false(frame_queue_take(&queue, &frame));
    assert_int_equal(queue.count, 0);
    frame_queue_free(&queue);
}

static void freeing_takes_what_is_waiting(void **state)
{
    (void)state;
    struct frame_queue queue = {0};
    struct link_frame frame;
    put(&queue, "a", 1, 1);
    put(&queue, "b", 1, 2);
    assert_true(frame_queue_take(&queue, &frame));
    frame_queue_free(&queue);
    assert_int_equal(queue.count, 0);
    assert_false(frame_queue_take(&queue, &frame));
    put(&queue, "c", 1, 3);
    frame_queue_free(&queue);
}

static void a_queue_that_nobody_reads_is_bounded(void **state)
{
    (void)state;
    struct frame_queue queue = {0};
    struct link_frame frame = {.packet = {(const uint8_t *)"x", 1}};
    struct error error = {0};
    size_t count = 0;
    while (count < 1000000 && frame_queue_put(&queue, &frame, &error))
        count++;
    assert_int_equal(error.code, ERROR_LINK);
    assert_int_equal(count, queue.count);
    assert_true(frame_queue_take(&queue, &frame));
    assert_true(frame_queue_put(&queue, &frame, &error));
    frame_queue_free(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_out_as_they_went_in),
        cmocka_unit_test(freeing_takes_what_is_waiting),
        cmocka_unit_test(a_queue_that_nobody_reads_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
