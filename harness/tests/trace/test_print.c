/* SPDX-License-Identifier: MIT */
#include "trace/print.h"

#include "packet/tcp_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Builds PACKET, decodes the bytes with FLAGS and gives the text of it. */
static const char *printed(const struct packet *packet, unsigned flags)
{
    static char line[2048];
    static uint8_t wire[2048];
    struct text text = text_in(line, sizeof(line));
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet decoded;
    struct error error;
    assert_true(packet_build(packet, &writer, &error));
    packet_decode(byte_writer_written(&writer), flags, &decoded);
    trace_print_packet(&text, &decoded);
    return text_string(&text);
}

static struct packet segment(uint16_t flags, struct bytes options, struct bytes payload)
{
    return (struct packet){
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.time_to_live = 64, .source = {192, 0, 2, 1}, .destination = {192, 0, 2, 2}},
        .tcp = {.source_port = 56742,
                .destination_port = 12345,
                .sequence = 3112279261,
                .acknowledgment = 7,
                .flags = flags,
                .window = 65535,
                .urgent_pointer = 5,
                .options = options},
        .payload = payload,
    };
}

static const struct bytes none = {NULL, 0};

static void test_segments_read_as_tcpdump_prints_them(void **state)
{
    (void)state;
    static const uint8_t options[] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
    static const uint8_t data[] = "0123456789";
    const struct {
        uint16_t flags;
        struct bytes options, payload;
        const char *text;
    } rows[] = {
        {TCP_SYN,
         {options, sizeof(options)},
         none,
         "Flags [S], seq 3112279261, win 65535, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0"},
        {TCP_ACK, none, none, "Flags [.], ack 7, win 65535, length 0"},
        {TCP_ACK | TCP_PSH, none, {data, 10}, "Flags [P.], seq 3112279261:3112279271, ack 7, win 65535, length 10"},
        {TCP_RST | TCP_ACK, none, none, "Flags [R.], seq 3112279261, ack 7, win 65535, length 0"},
        {TCP_ACK | TCP_URG, none, none, "Flags [.U], ack 7, win 65535, urg 5, length 0"},
        {TCP_SYN | TCP_ECE | TCP_CWR, none, none, "Flags [SEW], seq 3112279261, win 65535, length 0"},
        {0, none, none, "Flags [none], win 65535, length 0"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct packet packet = segment(rows[i].flags, rows[i].options, rows[i].payload);
        const char *text = printed(&packet, DECODE_ALL);
        static const char addresses[] = "IP 192.0.2.1.56742 > 192.0.2.2.12345: ";
        assert_memory_equal(text, addresses, sizeof(addresses) - 1);
        assert_string_equal(text + sizeof(addresses) - 1, rows[i].text);
    }
}

static void test_defects_follow_in_brackets(void **state)
{
    (void)state;
    static const uint8_t options[] = {2, 0, 0, 0};
    struct packet packet = segment(TCP_SYN, (struct bytes){options, sizeof(options)}, none);
    packet.tcp.checksum = 1;
    packet.explicit_fields = EXPLICIT_CHECKSUM;
    const char *text = printed(&packet, DECODE_ALL);
    assert_non_null(strstr(text, " [a TCP option's length is 0 or 1 (byte 4"));
    assert_non_null(strstr(text, " [the TCP checksum is wrong (byte 36)]"));
}

static void test_bytes_that_are_no_packet_are_said_to_be_none(void **state)
{
    (void)state;
    char line[256];
    struct text text = text_in(line, sizeof(line));
    struct packet packet;
    packet_decode((struct bytes){(const uint8_t *)"\x75\x01", 2}, DECODE_ALL, &packet);
    trace_print_packet(&text, &packet);
    assert_memory_equal(line, "no IP packet, length 2 [", 24);
}

static const char *event_line(const struct trace_event *event)
{
    static char line[1024];
    struct text text = text_in(line, sizeof(line));
    trace_print_event(&text, event);
    return text_string(&text);
}

static void test_an_event_is_one_line(void **state)
{
    (void)state;
    const struct {
        struct trace_event event;
        const char *line;
    } rows[] = {
        {{.kind = TRACE_CALL, .time = {123456789, 123456789}, .call = {3, "connect", "4, {192.0.2.1:80}, 16"}},
         "  0.123456 # 3: connect(4, {192.0.2.1:80}, 16)\n"},
        {{.kind = TRACE_RETURN, .time = {1000, 2000}, .returned = {3, -1, 115, "EINPROGRESS", ""}},
         "  0.000001 # 3: = -1 EINPROGRESS\n"},
        {{.kind = TRACE_RETURN, .time = {-1500000000, 0}, .returned = {4, 5, 0, "", "{192.0.2.1:80}"}},
         " -1.500000 # 4: = 5, {192.0.2.1:80}\n"},
        {{.kind = TRACE_NOTE, .time = {0, 0}, .note = "a command said\nmore than \x1b[31mone line"},
         "  0.000000 - a command said\\nmore than \\x1b[31mone line\n"},
        {{.kind = TRACE_END, .time = {61000000000, 61000000000}, .end = {VERDICT_FAIL, "no answer"}},
         " 61.000000 - end: fail: no answer\n"},
        {{.kind = TRACE_START,
          .start = {.stack = "linux",
                    .title = "a.pkt",
                    .local = {ADDRESS_IPV4, {192, 0, 2, 1}},
                    .remote = {ADDRESS_IPV4, {192, 0, 2, 2}}}},
         "  0.000000 - start: a.pkt, stack linux at 192.0.2.1, harness at 192.0.2.2\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(event_line(&rows[i].event), rows[i].line);
}

static void test_packets_have_their_direction(void **state)
{
    (void)state;
    struct trace_event event = {.kind = TRACE_INJECTED, .packet = {(const uint8_t *)"", 0}};
    assert_memory_equal(event_line(&event), "  0.000000 < no IP packet", 25);
    event.kind = TRACE_SEEN;
    assert_memory_equal(event_line(&event), "  0.000000 > no IP packet", 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_read_as_tcpdump_prints_them),
        cmocka_unit_test(test_defects_follow_in_brackets),
        cmocka_unit_test(test_bytes_that_are_no_packet_are_said_to_be_none),
        cmocka_unit_test(test_an_event_is_one_line),
        cmocka_unit_test(test_packets_have_their_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
