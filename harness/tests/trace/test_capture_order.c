/* SPDX-License-Identifier: MIT */
/* Packets of a capture in the order of their times, as far as that is near. */
#include "capture_fixture.h"
#include "trace/capture_order.h"

static const uint32_t magic = 0xa1b2c3d4;
enum { RAW = 101, READ_MOST = 400 };

/* The numbers of packets that stand at TIMES (in microseconds), as they are read. */
static size_t read_numbers(const uint32_t *times, size_t count, uint64_t *numbers, uint64_t *moved)
{
    struct made made = {.length = 0};
    struct capture_file *file;
    struct error error;
    struct capture_record record;
    enum capture_file_next next = CAPTURE_FILE_PACKET;
    struct capture_order *order = malloc(sizeof(*order));
    size_t read = 0;
    assert_non_null(order);
    put_pcap_header(&made, magic, RAW);
    for (size_t i = 0; i < count; i++)
        put_record(&made, times[i], (struct bytes){(const uint8_t *)"", 0}, 0);
    assert_true(capture_file_open_bytes((struct bytes){made.bytes, made.length}, &file, &error));
    capture_order_open(order, file);
    while (capture_order_next(order, &record, &next, &error) && next == CAPTURE_FILE_PACKET) {
        assert_true(read < READ_MOST);
        numbers[read++] = record.number;
    }
    assert_int_equal(next, CAPTURE_FILE_END);
    *moved = order->moved;
    capture_order_close(order);
    capture_file_close(file);
    free(order);
    return read;
}

static void neighbours_are_put_in_order(void **state)
{
    static const uint32_t times[] = {10, 30, 20, 50, 40, 35};
    static const uint64_t wanted[] = {1, 3, 2, 6, 5, 4};
    uint64_t numbers[READ_MOST];
    uint64_t moved;
    (void)state;
    assert_int_equal(read_numbers(times, COUNT_OF(times), numbers, &moved), COUNT_OF(times));
    assert_memory_equal(numbers, wanted, sizeof(wanted));
    assert_int_equal(moved, 3);
}

static void packets_of_one_time_stay_as_they_are(void **state)
{
    static const uint32_t times[] = {10, 20, 10, 20, 10};
    static const uint64_t wanted[] = {1, 3, 5, 2, 4};
    uint64_t numbers[READ_MOST];
    uint64_t moved;
    (void)state;
    assert_int_equal(read_numbers(times, COUNT_OF(times), numbers, &moved), COUNT_OF(times));
    assert_memory_equal(numbers, wanted, sizeof(wanted));
}

static void a_clock_that_was_set_back_moves_nothing(void **state)
{
    static const uint32_t times[] = {900000, 900010, 100000, 100020, 100010};
    static const uint64_t wanted[] = {1, 2, 3, 5, 4};
    uint64_t numbers[READ_MOST];
    uint64_t moved;
    (void)state;
    assert_int_equal(read_numbers(times, COUNT_OF(times), numbers, &moved), COUNT_OF(times));
    assert_memory_equal(numbers, wanted, sizeof(wanted));
}

/* The first of all stands behind so many others that it is too late for its place. */
static void only_so_many_are_held_back(void **state)
{
    uint32_t times[CAPTURE_ORDER_MOST + 10];
    uint64_t numbers[READ_MOST];
    uint64_t moved;
    (void)state;
    for (size_t behind = 1; behind < COUNT_OF(times); behind++) {
        for (uint32_t i = 0; i < COUNT_OF(times); i++)
            times[i] = 100 + i;
        times[behind] = 1;
        assert_int_equal(read_numbers(times, COUNT_OF(times), numbers, &moved), COUNT_OF(times));
        assert_int_equal(numbers[0] == behind + 1, behind < CAPTURE_ORDER_MOST - 1);
        assert_int_equal(moved, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_are_put_in_order),
        cmocka_unit_test(packets_of_one_time_stay_as_they_are),
        cmocka_unit_test(a_clock_that_was_set_back_moves_nothing),
        cmocka_unit_test(only_so_many_are_held_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
