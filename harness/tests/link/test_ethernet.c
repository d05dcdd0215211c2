/* SPDX-License-Identifier: MIT */
/* Ethernet headers. */
#include "live.h"

#include "link/ethernet.h"

static const uint8_t frame[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x86, 0xdd, 0x60};

static void a_header_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct byte_reader reader = byte_reader_on((struct bytes){frame, sizeof(frame)});
    struct ethernet_header header;
    uint8_t written[ETHERNET_HEADER_SIZE];
    struct byte_writer writer = byte_writer_on(written, sizeof(written));
    assert_true(ethernet_read(&reader, &header));
    assert_int_equal(header.type, ETHERNET_TYPE_IPV6);
    assert_int_equal(header.destination.bytes[5], 5);
    assert_int_equal(header.source.bytes[0], 6);
    assert_int_equal(byte_reader_left(&reader), 1);
    ethernet_write(&writer, &header);
    assert_false(writer.failed);
    assert_memory_equal(written, frame, sizeof(written));
}

static void a_cut_header_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < ETHERNET_HEADER_SIZE; length++) {
        struct byte_reader reader = byte_reader_on((struct bytes){frame, length});
        struct ethernet_header header;
        assert_false(ethernet_read(&reader, &header));
    }
}

static void the_type_follows_the_first_four_bits(void **state)
{
    (void)state;
    static const uint8_t ipv6[] = {0x6f}, ipv4[] = {0x45}, garbage[] = {0xff};
    assert_int_equal(ethernet_type_of((struct bytes){ipv6, 1}), ETHERNET_TYPE_IPV6);
    assert_int_equal(ethernet_type_of((struct bytes){ipv4, 1}), ETHERNET_TYPE_IPV4);
    assert_int_equal(ethernet_type_of((struct bytes){garbage, 1}), ETHERNET_TYPE_IPV4);
    assert_int_equal(ethernet_type_of((struct bytes){NULL, 0}), ETHERNET_TYPE_IPV4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_read_as_it_was_written),
        cmocka_unit_test(a_cut_header_is_refused),
        cmocka_unit_test(the_type_follows_the_first_four_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
