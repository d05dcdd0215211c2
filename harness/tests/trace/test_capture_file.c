/* SPDX-License-Identifier: MIT */
/* Files of both capture formats: byte orders, times, interfaces, and what breaks them. */
#include "capture_fixture.h"

static const uint32_t magic_microseconds = 0xa1b2c3d4;
static const uint32_t magic_nanoseconds = 0xa1b23c4d;

enum { RAW = 101, ETHERNET = 1 };

static struct capture_record first_of(const struct made *made)
{
    struct capture_file *file;
    struct capture_record record;
    struct error error;
    assert_true(capture_file_open_bytes((struct bytes){made->bytes, made->length}, &file, &error));
    assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_PACKET);
    capture_file_close(file);
    return record;
}

/* The file breaks behind COUNT packets for a reason with WHY in it. */
static void assert_breaks(const struct made *made, unsigned count, const char *why)
{
    struct capture_file *file;
    struct capture_record record;
    struct error error;
    assert_true(capture_file_open_bytes((struct bytes){made->bytes, made->length}, &file, &error));
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_PACKET);
    assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_BROKEN);
    assert_non_null(strstr(error.text, why));
    capture_file_close(file);
}

static void assert_refused(const void *bytes, size_t length, const char *why)
{
    struct capture_file *file;
    struct error error;
    assert_false(capture_file_open_bytes((struct bytes){bytes, length}, &file, &error));
    assert_int_equal(error.code, ERROR_MALFORMED);
    assert_non_null(strstr(error.text, why));
}

static void pcap_of_both_orders_and_resolutions_is_read(void **state)
{
    (void)state;
    for (unsigned form = 0; form < 4; form++) {
        struct made made = {.big = (form & 1) != 0};
        put_pcap_header(&made, (form & 2) != 0 ? magic_nanoseconds : magic_microseconds, RAW);
        put_record(&made, 5, syn(NETWORK_IPV4, 0), 40);
        struct capture_record record = first_of(&made);
        assert_int_equal(record.number, 1);
        assert_int_equal(record.time, 1000 * NANOSECONDS_PER_SECOND + ((form & 2) != 0 ? 5 : 5000));
        assert_int_equal(record.link_type, RAW);
        assert_int_equal(record.data.length, 40);
        assert_int_equal(record.length, 40);
    }
}

static void begin_section(struct made *made)
{
    put_u32(made, 0x0a0d0d0a);
    put_u32(made, 28);
    put_u32(made, 0x1a2b3c4d);
    put_u16(made, 1);
    put_u16(made, 0);
    put_u64(made, UINT64_MAX);
    put_u32(made, 28);
}

/* An interface whose times are by RESOLUTION, from SECONDS on. */
static void put_interface(struct made *made, uint16_t link_type, uint8_t resolution, int64_t seconds)
{
    const uint8_t value[4] = {resolution, 0, 0, 0};
    put_u32(made, 1);
    put_u32(made, 44);
    put_u16(made, link_type);
    put_u16(made, 0);
    put_u32(made, 0);
    put_u16(made, 9);
    put_u16(made, 1);
    put_bytes(made, value, sizeof(value));
    put_u16(made, 14);
    put_u16(made, 8);
    put_u64(made, (uint64_t)seconds);
    put_u32(made, 0);
    put_u32(made, 44);
}

static void put_packet(struct made *made, uint32_t interface, uint64_t ticks, struct bytes data)
{
    uint32_t length = 32 + ((uint32_t)data.length + 3) / 4 * 4;
    const uint8_t padding[4] = {0};
    put_u32(made, 6);
    put_u32(made, length);
    put_u32(made, interface);
    put_u32(made, (uint32_t)(ticks >> 32));
    put_u32(made, (uint32_t)ticks);
    put_u32(made, (uint32_t)data.length);
    put_u32(made, (uint32_t)data.length);
    put_bytes(made, data.data, data.length);
    put_bytes(made, padding, (4 - data.length % 4) % 4);
    put_u32(made, length);
}

static void interfaces_have_their_own_clocks_and_link_types(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 2; order++) {
        struct made made = {.big = order != 0};
        struct capture_file *file;
        struct capture_record record;
        struct error error;
        begin_section(&made);
        put_interface(&made, RAW, 9, 0);
        put_interface(&made, ETHERNET, 0x80 | 1, 100);
        put_packet(&made, 0, 7, syn(NETWORK_IPV4, 1));
        put_packet(&made, 1, 3, syn(NETWORK_IPV4, 0));
        assert_true(capture_file_open_bytes((struct bytes){made.bytes, made.length}, &file, &error));
        assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_PACKET);
        assert_int_equal(record.time, 7);
        assert_int_equal(record.link_type, RAW);
        assert_int_equal(record.data.length, 41);
        assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_PACKET);
        assert_int_equal(record.time, 101 * NANOSECONDS_PER_SECOND + NANOSECONDS_PER_SECOND / 2);
        assert_int_equal(record.link_type, ETHERNET);
        assert_int_equal(capture_file_next(file, &record, &error), CAPTURE_FILE_END);
        capture_file_close(file);
    }
}

static void simple_packets_are_of_the_first_interface(void **state)
{
    struct made made = {.length = 0};
    struct bytes data = syn(NETWORK_IPV4, 0);
    (void)state;
    begin_section(&made);
    put_interface(&made, RAW, 6, 0);
    put_u32(&made, 3);
    put_u32(&made, 56);
    put_u32(&made, 40);
    put_bytes(&made, data.data, data.length);
    put_u32(&made, 56);
    assert_int_equal(first_of(&made).link_type, RAW);
    assert_int_equal(first_of(&made).data.length, 40);
}

static void blocks_of_other_kinds_are_passed_over(void **state)
{
    struct made made = {.length = 0};
    (void)state;
    begin_section(&made);
    put_u32(&made, 0x40000bad);
    put_u32(&made, 16);
    put_u32(&made, 1);
    put_u32(&made, 16);
    put_interface(&made, RAW, 6, 0);
    put_packet(&made, 0, 1, syn(NETWORK_IPV4, 0));
    assert_int_equal(first_of(&made).time, 1000);
}

static void packets_lost_by_whoever_captured_are_counted(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    begin_section(&made);
    put_interface(&made, RAW, 6, 0);
    put_u32(&made, 5);
    put_u32(&made, 40);
    put_u32(&made, 0);
    put_u64(&made, 0);
    put_u16(&made, 5);
    put_u16(&made, 8);
    put_u64(&made, 12);
    put_u32(&made, 0);
    put_u32(&made, 40);
    tell(&told, &made);
    assert_int_equal(told.summary.lost, 12);
}

static void a_file_cut_short_gives_what_is_whole(void **state)
{
    struct made made = {.length = 0};
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, syn(NETWORK_IPV4, 0), 40);
    put_record(&made, 1, syn(NETWORK_IPV4, 0), 40);
    size_t whole = made.length;
    for (size_t cut = 1; cut < 56; cut++) {
        made.length = whole - cut;
        assert_breaks(&made, 1, "cut short");
    }
}

static void lengths_that_can_not_be_break_a_file(void **state)
{
    struct made pcap = {.length = 0};
    struct made blocks = {.length = 0};
    (void)state;
    put_pcap_header(&pcap, magic_microseconds, RAW);
    put_u64(&pcap, 0);
    put_u32(&pcap, UINT32_MAX);
    put_u32(&pcap, 40);
    assert_breaks(&pcap, 0, "larger than any");
    begin_section(&blocks);
    size_t begun = blocks.length;
    put_packet(&blocks, 0, 1, syn(NETWORK_IPV4, 0));
    assert_breaks(&blocks, 0, "no interface");
    blocks.length = begun;
    put_interface(&blocks, RAW, 6, 0);
    put_packet(&blocks, 0, 1, syn(NETWORK_IPV4, 0));
    blocks.bytes[blocks.length - 4]++;
    assert_breaks(&blocks, 0, "two lengths differ");
    blocks.length = begun;
    put_u64(&blocks, 6);
    put_u32(&blocks, 0);
    assert_breaks(&blocks, 0, "a length that none can have");
}

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    assert_refused("", 0, "is empty");
    assert_refused("\xa1\xb2", 2, "too short");
    assert_refused("\x7f"
                   "ELF and more",
                   13, "neither pcap nor pcapng");
    assert_refused("\xd4\xc3\xb2\xa1\x02\x00", 6, "within its header");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_of_both_orders_and_resolutions_is_read),
        cmocka_unit_test(interfaces_have_their_own_clocks_and_link_types),
        cmocka_unit_test(simple_packets_are_of_the_first_interface),
        cmocka_unit_test(blocks_of_other_kinds_are_passed_over),
        cmocka_unit_test(packets_lost_by_whoever_captured_are_counted),
        cmocka_unit_test(a_file_cut_short_gives_what_is_whole),
        cmocka_unit_test(lengths_that_can_not_be_break_a_file),
        cmocka_unit_test(what_is_no_capture_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
