/* SPDX-License-Identifier: MIT */
/* Checksums that a kernel left to its device. */
#include "live.h"

#include "link/partial_checksum.h"
#include "packet/checksum.h"

enum { CHECKSUM_AT = IPV4_HEADER_SIZE + 16 };

static struct bytes segment_make(uint8_t *buffer, size_t size)
{
    return live_segment(buffer, size, "127.0.0.2", "127.0.0.1",
                        (struct tcp_header){.source_port = 1, .destination_port = 2, .flags = TCP_SYN});
}

static void a_partial_checksum_is_completed(void **state)
{
    (void)state;
    uint8_t buffer[64];
    uint8_t right[64];
    struct bytes wire = segment_make(buffer, sizeof(buffer));
    memcpy(right, buffer, wire.length);
    struct packet packet;
    packet_decode(wire, DECODE_ALL, &packet);
    uint32_t sum = checksum_pseudo_header(&packet, PROTOCOL_TCP, TCP_HEADER_SIZE);
    store_be16(buffer + CHECKSUM_AT, (uint16_t)~checksum_finish(sum));
    partial_checksum_complete(buffer, wire.length);
    assert_memory_equal(buffer, right, wire.length);
}

static void any_other_checksum_is_left_alone(void **state)
{
    (void)state;
    uint8_t buffer[64];
    uint8_t before[64];
    struct bytes wire = segment_make(buffer, sizeof(buffer));
    memcpy(before, buffer, wire.length);
    partial_checksum_complete(buffer, wire.length);
    assert_memory_equal(buffer, before, wire.length);
    store_be16(buffer + CHECKSUM_AT, 0xbad0);
    memcpy(before, buffer, wire.length);
    partial_checksum_complete(buffer, wire.length);
    assert_memory_equal(buffer, before, wire.length);
}

static void what_is_no_segment_is_left_alone(void **state)
{
    (void)state;
    uint8_t buffer[64];
    struct bytes wire = segment_make(buffer, sizeof(buffer));
    for (size_t length = 0; length < wire.length; length++) {
        uint8_t cut[64];
        memcpy(cut, buffer, sizeof(cut));
        partial_checksum_complete(cut, length);
        assert_memory_equal(cut, buffer, sizeof(cut));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partial_checksum_is_completed),
        cmocka_unit_test(any_other_checksum_is_left_alone),
        cmocka_unit_test(what_is_no_segment_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
