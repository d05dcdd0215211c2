/* SPDX-License-Identifier: MIT */
/* Captures as traces: link types, whose stack is looked at, and what can't be made use of. */
#include "capture_fixture.h"

static const uint32_t magic_microseconds = 0xa1b2c3d4;

enum { RAW = 101, UNKNOWN = 147, LINK_HEADER_MOST = 24 };

struct link {
    uint32_t type;
    enum packet_network network;
    size_t size;
    const char *header;
};

static const struct link links[] = {
    {1, NETWORK_IPV4, 14, "aaaaaabbbbbb\x08\x00"},
    {1, NETWORK_IPV6, 14, "aaaaaabbbbbb\x86\xdd"},
    {1, NETWORK_IPV4, 18, "aaaaaabbbbbb\x81\x00\x00\x01\x08\x00"},
    {1, NETWORK_IPV6, 22, "aaaaaabbbbbb\x88\xa8\x00\x01\x81\x00\x00\x02\x86\xdd"},
    {113, NETWORK_IPV4, 16, "\0\0\0\1\0\6aaaaaa\0\0\x08\x00"},
    {276, NETWORK_IPV6, 20, "\x86\xdd\0\0\0\0\0\1\0\1\0\6aaaaaa\0\0"},
    {101, NETWORK_IPV4, 0, ""},
    {101, NETWORK_IPV6, 0, ""},
    {12, NETWORK_IPV4, 0, ""},
    {228, NETWORK_IPV4, 0, ""},
    {229, NETWORK_IPV6, 0, ""},
    {0, NETWORK_IPV4, 4, "\2\0\0\0"},
    {0, NETWORK_IPV4, 4, "\0\0\0\2"},
    {0, NETWORK_IPV6, 4, "\x1e\0\0\0"},
    {108, NETWORK_IPV6, 4, "\0\0\0\x1c"},
};

static struct bytes in_link(const struct link *link)
{
    static uint8_t frame[LINK_HEADER_MOST + 64];
    struct bytes packet = syn(link->network, 0);
    assert_true(packet.length <= 64);
    memcpy(frame, link->header, link->size);
    memcpy(frame + link->size, packet.data, packet.length);
    return (struct bytes){frame, link->size + packet.length};
}

static void a_segment_is_found_behind_each_link_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct made made = {.length = 0};
        struct told told;
        struct bytes frame = in_link(&links[i]);
        put_pcap_header(&made, magic_microseconds, links[i].type);
        put_record(&made, 0, frame, (uint32_t)frame.length);
        tell(&told, &made);
        assert_int_equal(told.summary.segments, 1);
        assert_int_equal(packets_told(&told), 2);
        assert_int_equal(told.events[1].packet.length, frame.length - links[i].size);
    }
}

static void a_frame_cut_within_its_link_header_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct made made = {.length = 0};
        struct told told;
        struct bytes frame = in_link(&links[i]);
        put_pcap_header(&made, magic_microseconds, links[i].type);
        for (size_t length = 0; length < links[i].size; length++)
            put_record(&made, 0, bytes_slice(frame, 0, length), (uint32_t)frame.length);
        tell(&told, &made);
        assert_int_equal(told.summary.unreadable, links[i].size);
        assert_int_equal(packets_told(&told), 0);
    }
}

static void an_unknown_link_type_is_told(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, UNKNOWN);
    put_record(&made, 0, syn(NETWORK_IPV4, 0), 40);
    tell(&told, &made);
    assert_int_equal(told.summary.unknown_link, 1);
    assert_int_equal(told.summary.link_type, UNKNOWN);
}

static void each_end_is_told_of_for_itself(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, syn(NETWORK_IPV4, 0), 40);
    tell(&told, &made);
    assert_int_equal(told.count, 4);
    assert_int_equal(told.events[0].kind, TRACE_START);
    assert_false(told.events[0].start.visibility.injected);
    assert_false(told.events[0].start.visibility.from_start);
    assert_int_equal(told.events[1].kind, TRACE_SEEN);
    assert_int_equal(told.events[2].kind, TRACE_INJECTED);
    assert_int_equal(told.events[3].kind, TRACE_END);
}

static void only_the_side_asked_for_is_told_of(void **state)
{
    static const struct {
        const char *side;
        enum trace_event_kind kind;
        size_t count;
    } rows[] = {{"192.0.2.1", TRACE_SEEN, 1},    {"192.0.2.2", TRACE_INJECTED, 1}, {"192.0.2.2/31", TRACE_INJECTED, 1},
                {"192.0.2.0/24", TRACE_SEEN, 2}, {"192.0.2.3", TRACE_SEEN, 0},     {"2001:db8::/32", TRACE_SEEN, 0}};
    struct made made = {.length = 0};
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, syn(NETWORK_IPV4, 0), 40);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct address_prefix side;
        struct told told;
        struct error error;
        assert_true(address_prefix_parse(rows[i].side, &side, &error));
        const struct capture_trace_settings settings = {&side, 1, true};
        tell_from(&told, &made, &settings);
        assert_true(told.events[0].start.visibility.injected);
        assert_int_equal(packets_told(&told), rows[i].count);
        if (rows[i].count > 0)
            assert_int_equal(told.events[1].kind, rows[i].kind);
        assert_int_equal(told.summary.aside, rows[i].count == 0);
    }
}

static void a_side_that_is_no_address_is_refused(void **state)
{
    static const char *const wrong[] = {"", "box", "192.0.2.1/33", "192.0.2.1/", "192.0.2.1/-1", "2001:db8::/129"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct address_prefix side;
        struct error error;
        assert_false(address_prefix_parse(wrong[i], &side, &error));
        assert_int_equal(error.code, ERROR_USAGE);
    }
}

static void text_that_a_snap_length_cut_off_is_no_loss(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, bytes_slice(syn(NETWORK_IPV4, 1000), 0, 96), 1040);
    tell(&told, &made);
    assert_int_equal(told.summary.clipped, 1);
    assert_int_equal(told.events[1].packet.length, 1040);
    assert_null(told.events[1].doubt);
}

static void a_header_that_was_cut_off_is_told(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    for (size_t length = 0; length < 40; length++)
        put_record(&made, 0, bytes_slice(syn(NETWORK_IPV4, 100), 0, length), 140);
    tell(&told, &made);
    assert_int_equal(told.summary.unreadable, 40);
    assert_int_equal(told.summary.segments, 0);
}

static void options_that_were_cut_off_leave_a_doubt(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    uint8_t packet[60] = {0};
    (void)state;
    memcpy(packet, syn(NETWORK_IPV4, 20).data, sizeof(packet));
    packet[32] = 0xa0;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, (struct bytes){packet, 50}, 60);
    tell(&told, &made);
    assert_int_equal(told.summary.unreadable, 1);
    assert_non_null(told.events[1].doubt);
}

static void a_length_left_to_the_card_is_that_of_the_packet(void **state)
{
    static const enum packet_network networks[] = {NETWORK_IPV4, NETWORK_IPV6};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(networks); i++) {
        struct made made = {.length = 0};
        struct told told;
        uint8_t packet[200];
        struct bytes whole = syn(networks[i], 100);
        memcpy(packet, whole.data, whole.length);
        store_be16(packet + (networks[i] == NETWORK_IPV4 ? 2 : 4), 0);
        put_pcap_header(&made, magic_microseconds, RAW);
        put_record(&made, 0, (struct bytes){packet, whole.length}, (uint32_t)whole.length);
        tell(&told, &made);
        assert_int_equal(told.summary.segments, 1);
        assert_int_equal(told.events[1].packet.length, whole.length);
    }
}

static void fragments_leave_a_doubt(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    uint8_t packet[40];
    (void)state;
    memcpy(packet, syn(NETWORK_IPV4, 0).data, sizeof(packet));
    put_pcap_header(&made, magic_microseconds, RAW);
    packet[6] = 0x20;
    put_record(&made, 0, (struct bytes){packet, sizeof(packet)}, sizeof(packet));
    packet[6] = 0;
    packet[7] = 5;
    put_record(&made, 0, (struct bytes){packet, sizeof(packet)}, sizeof(packet));
    tell(&told, &made);
    assert_int_equal(told.summary.fragments, 2);
    assert_int_equal(packets_told(&told), 2);
    assert_non_null(told.events[1].doubt);
}

static void time_never_runs_backward(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 500000, syn(NETWORK_IPV4, 0), 40);
    put_record(&made, 499999, syn(NETWORK_IPV4, 0), 40);
    put_record(&made, 100000, syn(NETWORK_IPV4, 0), 40);
    tell(&told, &made);
    assert_int_equal(told.summary.out_of_order, 1);
    assert_int_equal(told.summary.backward, 1);
    assert_int_equal(told.events[1].time.latest, 0);
    assert_int_equal(told.events[3].time.latest, NANOSECONDS_PER_MICROSECOND);
    assert_int_equal(told.events[5].time.latest, NANOSECONDS_PER_MICROSECOND);
    assert_null(told.events[3].doubt);
    assert_non_null(told.events[5].doubt);
}

static void a_broken_file_is_told_up_to_there(void **state)
{
    struct made made = {.length = 0};
    struct told told;
    (void)state;
    put_pcap_header(&made, magic_microseconds, RAW);
    put_record(&made, 0, syn(NETWORK_IPV4, 0), 40);
    put_u32(&made, 1);
    tell(&told, &made);
    assert_int_equal(told.summary.packets, 1);
    assert_true(told.summary.broken);
    assert_non_null(strstr(told.summary.reason, "cut short"));
    assert_int_equal(told.events[told.count - 1].kind, TRACE_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_is_found_behind_each_link_type),
        cmocka_unit_test(a_frame_cut_within_its_link_header_is_told),
        cmocka_unit_test(an_unknown_link_type_is_told),
        cmocka_unit_test(each_end_is_told_of_for_itself),
        cmocka_unit_test(only_the_side_asked_for_is_told_of),
        cmocka_unit_test(a_side_that_is_no_address_is_refused),
        cmocka_unit_test(text_that_a_snap_length_cut_off_is_no_loss),
        cmocka_unit_test(a_header_that_was_cut_off_is_told),
        cmocka_unit_test(options_that_were_cut_off_leave_a_doubt),
        cmocka_unit_test(a_length_left_to_the_card_is_that_of_the_packet),
        cmocka_unit_test(fragments_leave_a_doubt),
        cmocka_unit_test(time_never_runs_backward),
        cmocka_unit_test(a_broken_file_is_told_up_to_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
