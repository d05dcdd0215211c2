/* SPDX-License-Identifier: MIT */
/* Whose a captured frame is: by its link addresses, or on loopback by what is in it. */
#include "live.h"

#include "link/classify.h"
#include "link/neighbour.h"

enum { OWN_PORT = 4444 };

static const struct ethernet_address device = {{2, 0, 0, 0, 0, 2}};
static const struct ethernet_address peer = {{2, 0, 0, 0, 0, 1}};
static const struct ethernet_address other = {{2, 0, 0, 0, 0, 9}};

static struct link_raw_settings settings_make(void)
{
    return (struct link_raw_settings){
        .own = {live_address("198.51.100.2"), live_address("2001:db8::2")},
        .peer = {live_address("198.51.100.1"), live_address("2001:db8::1")},
    };
}

static enum frame_kind kind_of(const struct link_raw_settings *settings, const struct ethernet_header *ethernet,
                               const char *source, const char *destination)
{
    uint8_t frame[128];
    struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
    struct tcp_header tcp = {.source_port = 80, .destination_port = OWN_PORT, .flags = TCP_SYN};
    ethernet_write(&writer, ethernet);
    struct bytes segment = live_segment(frame + writer.length, sizeof(frame) - writer.length, source, destination, tcp);
    return classify_frame(settings, &device, (struct bytes){frame, writer.length + segment.length});
}

static void link_addresses_tell_ours_from_the_stack_s(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    struct ethernet_header from_stack = {device, peer, ETHERNET_TYPE_IPV4};
    struct ethernet_header from_us = {peer, device, ETHERNET_TYPE_IPV4};
    struct ethernet_header to_other = {other, peer, ETHERNET_TYPE_IPV4};
    struct ethernet_header of_another_kind = {device, peer, 0x88cc};
    assert_int_equal(kind_of(&settings, &from_stack, "198.51.100.1", "198.51.100.2"), FRAME_STACK);
    assert_int_equal(kind_of(&settings, &from_stack, "198.51.100.1", "198.51.100.3"), FRAME_OTHER);
    assert_int_equal(kind_of(&settings, &from_us, "198.51.100.2", "198.51.100.1"), FRAME_OURS);
    /* With the stack's own address as its source it is still ours. */
    assert_int_equal(kind_of(&settings, &from_us, "198.51.100.1", "198.51.100.1"), FRAME_OURS);
    assert_int_equal(kind_of(&settings, &to_other, "198.51.100.1", "198.51.100.2"), FRAME_OTHER);
    assert_int_equal(kind_of(&settings, &of_another_kind, "198.51.100.1", "198.51.100.2"), FRAME_OTHER);
}

static void what_is_too_short_to_say_is_for_us(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    uint8_t frame[ETHERNET_HEADER_SIZE + 19] = {0};
    struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
    ethernet_write(&writer, &(struct ethernet_header){device, peer, ETHERNET_TYPE_IPV4});
    frame[ETHERNET_HEADER_SIZE] = 0x45;
    for (size_t length = 0; length < ETHERNET_HEADER_SIZE; length++)
        assert_int_equal(classify_frame(&settings, &device, (struct bytes){frame, length}), FRAME_OTHER);
    for (size_t length = ETHERNET_HEADER_SIZE; length < sizeof(frame); length++) {
        struct bytes whole = {frame, length};
        assert_int_equal(classify_frame(&settings, &device, whole), FRAME_STACK);
        assert_int_equal(classify_packet(whole).length, length - ETHERNET_HEADER_SIZE);
        assert_non_null(classify_packet(whole).data);
    }
}

static void questions_are_told_from_packets(void **state)
{
    (void)state;
    struct link_raw_settings settings = settings_make();
    struct neighbour_self stack = {.address = peer, .own = {settings.peer[0], settings.peer[1]}};
    struct neighbour_self harness = {.address = device, .own = {settings.own[0], settings.own[1]}};
    for (size_t version = 0; version < 2; version++) {
        uint8_t frame[NEIGHBOUR_FRAME_SIZE];
        struct byte_writer writer = byte_writer_on(frame, sizeof(frame));
        neighbour_ask(&stack, &settings.own[version], &writer);
        assert_int_equal(classify_frame(&settings, &device, byte_writer_written(&writer)), FRAME_NEIGHBOUR);
        writer = byte_writer_on(frame, sizeof(frame));
        neighbour_ask(&harness, &settings.peer[version], &writer);
        assert_int_equal(classify_frame(&settings, &device, byte_writer_written(&writer)), FRAME_OTHER);
    }
}

static void on_loopback_addresses_and_port_tell(void **state)
{
    (void)state;
    struct link_raw_settings settings = {
        .own = {live_address("127.0.0.1")},
        .peer = {live_address("127.0.0.2")},
        .loopback = true,
        .own_port = OWN_PORT,
    };
    struct ethernet_header none = {.type = ETHERNET_TYPE_IPV4};
    assert_int_equal(kind_of(&settings, &none, "127.0.0.2", "127.0.0.1"), FRAME_STACK);
    assert_int_equal(kind_of(&settings, &none, "127.0.0.2", "127.0.0.3"), FRAME_OTHER);
    /* From our address, but not from our port. */
    assert_int_equal(kind_of(&settings, &none, "127.0.0.1", "127.0.0.2"), FRAME_OTHER);
    settings.own_port = 80;
    assert_int_equal(kind_of(&settings, &none, "127.0.0.1", "127.0.0.2"), FRAME_OURS);
    assert_int_equal(kind_of(&settings, &none, "127.0.0.2", "127.0.0.1"), FRAME_OTHER);
    assert_int_equal(classify_frame(&settings, &device, (struct bytes){NULL, 0}), FRAME_OTHER);
}

static void addresses_behind_our_own_are_ours_where_all_comes_to_us(void **state)
{
    (void)state;
    const struct link_raw_settings settings = settings_make();
    static const struct {
        const char *source, *destination;
        bool ours;
    } rows[] = {
        {"198.51.100.1", "198.51.100.3", true},
        {"198.51.100.1", "198.51.101.2", false},
        {"2001:db8::1", "2001:db8::105", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t wire[128];
        struct tcp_header tcp = {.flags = TCP_SYN};
        struct bytes segment = live_segment(wire, sizeof(wire), rows[i].source, rows[i].destination, tcp);
        assert_int_equal(classify_for_our_block(settings.own, segment), rows[i].ours);
        assert_false(classify_for_us(settings.own, segment));
    }
    assert_true(classify_for_our_block(settings.own, (struct bytes){(const uint8_t *)"", 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_behind_our_own_are_ours_where_all_comes_to_us),
        cmocka_unit_test(link_addresses_tell_ours_from_the_stack_s),
        cmocka_unit_test(what_is_too_short_to_say_is_for_us),
        cmocka_unit_test(questions_are_told_from_packets),
        cmocka_unit_test(on_loopback_addresses_and_port_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
