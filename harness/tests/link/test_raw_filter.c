/* SPDX-License-Identifier: MIT */
/* What a raw link's filter lets through. */
#include "live.h"

#include "link/neighbour.h"
#include "link/raw_filter.h"

#include <pcap/pcap.h>

static const struct ethernet_address own = {{2, 0, 0, 0, 0, 2}};
static const struct ethernet_address peer = {{2, 0, 0, 0, 0, 1}};
static const struct ethernet_address other = {{2, 0, 0, 0, 0, 9}};

static struct link_raw_settings settings_make(void)
{
    return (struct link_raw_settings){
        .own = {live_address("198.51.100.2"), live_address("2001:db8::2")},
        .peer = {live_address("198.51.100.1"), live_address("2001:db8::1")},
    };
}

static bool passes(const struct link_raw_settings *settings, struct bytes frame)
{
    char expression[RAW_FILTER_SIZE];
    struct text filter = text_in(expression, sizeof(expression));
    struct bpf_program program;
    raw_filter_write(&filter, settings, &own);
    assert_false(filter.truncated);
    pcap_t *handle = pcap_open_dead(DLT_EN10MB, 65535);
    assert_non_null(handle);
    if (pcap_compile(handle, &program, text_string(&filter), 1, PCAP_NETMASK_UNKNOWN) != 0)
        fail_msg("%s: %s", text_string(&filter), pcap_geterr(handle));
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame.length, .len = (bpf_u_int32)frame.length};
    bool passed = pcap_offline_filter(&program, &header, frame.data) != 0;
    pcap_freecode(&program);
    pcap_close(handle);
    return passed;
}

static bool segment_passes(const struct link_raw_settings *settings, const struct ethernet_header *ethernet,
                           const char *source, const char *destination)
{
    uint8_t frame[128];
    struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
    struct tcp_header tcp = {.flags = TCP_SYN};
    ethernet_write(&writer, ethernet);
    struct bytes segment = live_segment(frame + writer.length, sizeof(frame) - writer.length, source, destination, tcp);
    return passes(settings, (struct bytes){frame, writer.length + segment.length});
}

static void what_comes_for_us_passes(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    struct ethernet_header to_us = {own, peer, ETHERNET_TYPE_IPV4};
    struct ethernet_header to_other = {other, peer, ETHERNET_TYPE_IPV4};
    assert_true(segment_passes(&settings, &to_us, "198.51.100.1", "198.51.100.2"));
    assert_true(segment_passes(&settings, &to_us, "203.0.113.1", "198.51.100.2"));
    assert_false(segment_passes(&settings, &to_us, "198.51.100.1", "198.51.100.3"));
    assert_false(segment_passes(&settings, &to_other, "198.51.100.1", "198.51.100.2"));
}

static void what_we_send_passes(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    struct ethernet_header from_us = {peer, own, ETHERNET_TYPE_IPV4};
    assert_true(segment_passes(&settings, &from_us, "198.51.100.2", "198.51.100.1"));
    assert_true(segment_passes(&settings, &from_us, "203.0.113.1", "198.51.100.1"));
    assert_true(segment_passes(&settings, &from_us, "198.51.100.2", "203.0.113.1"));
    assert_false(segment_passes(&settings, &from_us, "203.0.113.1", "203.0.113.2"));
}

static void what_is_too_short_to_tell_passes(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    uint8_t frame[64] = {0};
    for (size_t length = ETHERNET_HEADER_SIZE; length < ETHERNET_HEADER_SIZE + 40; length++) {
        struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
        ethernet_write(&writer, &(struct ethernet_header){own, peer, ETHERNET_TYPE_IPV4});
        assert_true(passes(&settings, (struct bytes){frame, length}));
        writer = byte_writer_on(frame, sizeof(frame));
        ethernet_write(&writer, &(struct ethernet_header){other, peer, ETHERNET_TYPE_IPV4});
        assert_false(passes(&settings, (struct bytes){frame, length}));
    }
}

static void questions_for_us_pass(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    struct neighbour_self stack = {.address = peer, .own = {settings.peer[0], settings.peer[1]}};
    for (size_t version = 0; version < 2; version++) {
        uint8_t frame[NEIGHBOUR_FRAME_SIZE];
        struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
        neighbour_ask(&stack, &settings.own[version], &writer);
        assert_true(passes(&settings, byte_writer_written(&writer)));
    }
}

static void on_loopback_both_directions_pass(void **state)
{
    (void)state;
    struct link_raw_settings settings = {
        .own = {live_address("127.0.0.1")},
        .peer = {live_address("127.0.0.2")},
        .loopback = true,
    };
    struct ethernet_header none = {.type = ETHERNET_TYPE_IPV4};
    assert_true(segment_passes(&settings, &none, "127.0.0.1", "127.0.0.2"));
    assert_true(segment_passes(&settings, &none, "127.0.0.2", "127.0.0.1"));
    assert_false(segment_passes(&settings, &none, "127.0.0.2", "127.0.0.3"));
}

static void one_version_alone_makes_a_filter(void **state)
{
    (void)state;
    struct ethernet_header to_us = {own, peer, ETHERNET_TYPE_IPV4};
    struct link_raw_settings settings = settings_make();
    settings.own[1].family = settings.peer[1].family = ADDRESS_NONE;
    assert_true(segment_passes(&settings, &to_us, "198.51.100.1", "198.51.100.2"));
    settings = settings_make();
    settings.own[0].family = settings.peer[0].family = ADDRESS_NONE;
    assert_false(segment_passes(&settings, &to_us, "198.51.100.1", "198.51.100.2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_for_us_passes),         cmocka_unit_test(what_we_send_passes),
        cmocka_unit_test(what_is_too_short_to_tell_passes), cmocka_unit_test(questions_for_us_pass),
        cmocka_unit_test(on_loopback_both_directions_pass), cmocka_unit_test(one_version_alone_makes_a_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
