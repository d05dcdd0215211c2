/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* One value of each width, as both cursors are to have it on the wire. */
static const uint8_t wire[] = {0x01, 0x82, 0x03, 0x84, 0x05, 0x06, 0x07, 0x88,
                               0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 'x'};
static const struct bytes whole = {wire, sizeof(wire)};

/* A copy that ends where its memory ends, so that a sanitizer sees a read past it. The caller frees it. */
static uint8_t *exact_copy(const uint8_t *data, size_t length)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, data, length);
    return copy;
}

static void a_slice_is_the_part_asked_for(void **state)
{
    (void)state;
    struct bytes part = bytes_slice(whole, 3, 4);
    assert_ptr_equal(part.data, wire + 3);
    assert_int_equal(part.length, 4);
    assert_true(bytes_equal(bytes_slice(whole, 0, sizeof(wire)), whole));
}

static void a_slice_is_clipped_at_the_end(void **state)
{
    (void)state;
    const struct {
        size_t offset, length, expected;
    } rows[] = {
        {15, 1, 1}, {15, 2, 1},  {15, SIZE_MAX, 1},       {16, 0, 0},        {16, 1, 0},
        {17, 1, 0}, {0, 17, 16}, {SIZE_MAX, SIZE_MAX, 0}, {0, SIZE_MAX, 16}, {1, SIZE_MAX, 15},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes part = bytes_slice(whole, rows[i].offset, rows[i].length);
        assert_int_equal(part.length, rows[i].expected);
        assert_ptr_equal(part.data + part.length, wire + sizeof(wire));
    }
}

static void a_null_view_can_be_sliced(void **state)
{
    (void)state;
    struct bytes part = bytes_slice((struct bytes){NULL, 0}, 5, 5);
    assert_null(part.data);
    assert_int_equal(part.length, 0);
}

static void views_are_equal_if_their_bytes_are(void **state)
{
    (void)state;
    const uint8_t other[] = {0x01, 0x82, 0x04};
    assert_true(bytes_equal((struct bytes){wire, 2}, (struct bytes){other, 2}));
    assert_false(bytes_equal((struct bytes){wire, 3}, (struct bytes){other, 3}));
    assert_false(bytes_equal((struct bytes){wire, 2}, (struct bytes){other, 1}));
    assert_true(bytes_equal((struct bytes){NULL, 0}, (struct bytes){other, 0}));
    assert_false(bytes_equal((struct bytes){NULL, 0}, (struct bytes){other, 1}));
}

static void loads_are_in_network_order_at_any_address(void **state)
{
    (void)state;
    assert_int_equal(load_be16(wire + 1), 0x8203);
    assert_int_equal(load_be32(wire + 1), 0x82038405);
    assert_int_equal(load_be64(wire + 1), 0x8203840506078809);
}

static void stores_are_what_loads_read(void **state)
{
    (void)state;
    uint8_t stored[9] = {0};
    store_be16(stored + 1, 0x8203);
    assert_memory_equal(stored + 1, wire + 1, 2);
    assert_int_equal(stored[3], 0);
    store_be32(stored + 1, 0x82038405);
    assert_memory_equal(stored + 1, wire + 1, 4);
    assert_int_equal(stored[5], 0);
    store_be64(stored + 1, 0x8203840506078809);
    assert_memory_equal(stored + 1, wire + 1, 8);
    assert_int_equal(stored[0], 0);
}

static void a_reader_reads_each_width_in_turn(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_on(whole);
    assert_int_equal(byte_reader_u8(&reader), 0x01);
    assert_int_equal(byte_reader_u16(&reader), 0x8203);
    assert_int_equal(byte_reader_u32(&reader), 0x84050607);
    assert_int_equal(byte_reader_u64(&reader), 0x88090a0b0c0d0e0f);
    assert_int_equal(byte_reader_left(&reader), 1);
    assert_true(bytes_equal(byte_reader_bytes(&reader, 1), (struct bytes){(const uint8_t *)"x", 1}));
    assert_int_equal(byte_reader_left(&reader), 0);
    assert_false(reader.failed);
}

/* The run of reads above, from the first LENGTH bytes alone: how many of them were read. */
static size_t read_all(const uint8_t *data, size_t length, bool *failed)
{
    struct byte_reader reader = byte_reader_on((struct bytes){data, length});
    (void)byte_reader_u8(&reader);
    (void)byte_reader_u16(&reader);
    (void)byte_reader_u32(&reader);
    (void)byte_reader_u64(&reader);
    (void)byte_reader_bytes(&reader, 1);
    *failed = reader.failed;
    return reader.position;
}

static void a_reader_never_reads_past_a_cut(void **state)
{
    (void)state;
    const size_t ends[] = {0, 1, 3, 7, 15};
    for (size_t length = 0; length < sizeof(wire); length++) {
        uint8_t *cut = exact_copy(wire, length);
        size_t expected = 0;
        for (size_t i = 0; i < COUNT_OF(ends) && ends[i] <= length; i++)
            expected = ends[i];
        bool failed = false;
        assert_int_equal(read_all(cut, length, &failed), expected);
        assert_true(failed);
        free(cut);
    }
}

static void a_read_past_the_end_fails_every_later_one(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_on((struct bytes){wire, 3});
    assert_int_equal(byte_reader_u32(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(reader.position, 0);
    assert_int_equal(byte_reader_u8(&reader), 0);
    assert_int_equal(byte_reader_u16(&reader), 0);
    assert_int_equal(byte_reader_u64(&reader), 0);
    assert_null(byte_reader_bytes(&reader, 1).data);
    assert_null(byte_reader_take(&reader, 0));
    assert_int_equal(reader.position, 0);
}

static void a_length_that_would_wrap_fails(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_on(whole);
    (void)byte_reader_u8(&reader);
    struct bytes none = byte_reader_bytes(&reader, SIZE_MAX);
    assert_null(none.data);
    assert_int_equal(none.length, 0);
    assert_true(reader.failed);
    assert_int_equal(reader.position, 1);
}

static void nothing_can_be_read_from_a_null_view(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_on((struct bytes){NULL, 0});
    assert_int_equal(byte_reader_bytes(&reader, 0).length, 0);
    assert_false(reader.failed);
    assert_int_equal(byte_reader_u8(&reader), 0);
    assert_true(reader.failed);
}

static void write_all(struct byte_writer *writer)
{
    byte_writer_u8(writer, 0x01);
    byte_writer_u16(writer, 0x8203);
    byte_writer_u32(writer, 0x84050607);
    byte_writer_u64(writer, 0x88090a0b0c0d0e0f);
    byte_writer_bytes(writer, (struct bytes){(const uint8_t *)"x", 1});
}

static void a_writer_writes_each_width_in_turn(void **state)
{
    (void)state;
    uint8_t data[sizeof(wire)];
    struct byte_writer writer = byte_writer_on(data, sizeof(data));
    write_all(&writer);
    byte_writer_bytes(&writer, (struct bytes){NULL, 0});
    assert_false(writer.failed);
    assert_true(bytes_equal(byte_writer_written(&writer), whole));
}

static void a_writer_never_writes_past_its_capacity(void **state)
{
    (void)state;
    for (size_t capacity = 1; capacity < sizeof(wire); capacity++) {
        uint8_t *data = malloc(capacity);
        assert_non_null(data);
        struct byte_writer writer = byte_writer_on(data, capacity);
        write_all(&writer);
        assert_true(writer.failed);
        struct bytes written = byte_writer_written(&writer);
        assert_true(written.length <= capacity);
        assert_true(bytes_equal(written, bytes_slice(whole, 0, written.length)));
        free(data);
    }
}

static void a_write_past_the_capacity_fails_every_later_one(void **state)
{
    (void)state;
    uint8_t data[3] = {7, 7, 7};
    struct byte_writer writer = byte_writer_on(data, sizeof(data));
    byte_writer_u32(&writer, 1);
    assert_true(writer.failed);
    byte_writer_u8(&writer, 1);
    byte_writer_u16(&writer, 1);
    byte_writer_bytes(&writer, (struct bytes){wire, 1});
    assert_null(byte_writer_room(&writer, 0));
    assert_int_equal(byte_writer_written(&writer).length, 0);
    assert_memory_equal(data, "\7\7\7", 3);
}

static void room_that_would_wrap_is_refused(void **state)
{
    (void)state;
    uint8_t data[4];
    struct byte_writer writer = byte_writer_on(data, sizeof(data));
    byte_writer_u8(&writer, 1);
    assert_null(byte_writer_room(&writer, SIZE_MAX));
    assert_true(writer.failed);
    assert_int_equal(writer.length, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_is_the_part_asked_for),
        cmocka_unit_test(a_slice_is_clipped_at_the_end),
        cmocka_unit_test(a_null_view_can_be_sliced),
        cmocka_unit_test(views_are_equal_if_their_bytes_are),
        cmocka_unit_test(loads_are_in_network_order_at_any_address),
        cmocka_unit_test(stores_are_what_loads_read),
        cmocka_unit_test(a_reader_reads_each_width_in_turn),
        cmocka_unit_test(a_reader_never_reads_past_a_cut),
        cmocka_unit_test(a_read_past_the_end_fails_every_later_one),
        cmocka_unit_test(a_length_that_would_wrap_fails),
        cmocka_unit_test(nothing_can_be_read_from_a_null_view),
        cmocka_unit_test(a_writer_writes_each_width_in_turn),
        cmocka_unit_test(a_writer_never_writes_past_its_capacity),
        cmocka_unit_test(a_write_past_the_capacity_fails_every_later_one),
        cmocka_unit_test(room_that_would_wrap_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
