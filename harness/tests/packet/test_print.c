/* SPDX-License-Identifier: MIT */
#include "packet_fixture.h"
#include "sound_packets.h"

/* What a text gives is printed as a script would have it. */
static void patterns_are_printed_as_they_were_given(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "S 0:0(0)",
        "S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>",
        "S. 0:0(0) ack 1 <...>",
        "1234 > 80 P. 1:6(5) ack 1 win 257 {payload 68656c6c6f}",
        "(ttl 64) . 1:1(0) ack 0 urg 9",
        "(ect01) . 1:1(0)",
        "(noecn) . 1:1(0)",
        "(ect1) . 1:1(0)",
        "(tos 0x11, ect1) . 1:1(0)",
        "(ect0) . 1:1(0)",
        "(ce) . 1:1(0)",
        "(tos 0x10) . 1:1(0)",
        "(df, mf, reserved_flag, fragment 1) . 1:1(0)",
        "(src 1.2.3.4, dst 5.6.7.8, checksum bad) . 1:1(0)",
        "(src ::1, dst ::2, flowlabel 0x1) . 1:1(0)",
        "S 0:0(0) <...> {checksum bad, reserved 1}",
        "udp (5)",
        "udp 1 > 2 (0) {checksum bad, length 9}",
        "icmp type 8",
        "icmp type 3 code 4 rest 0x5dc (28)",
        "icmpv6 type 2",
        "protocol 47",
        "raw 0102",
        "raw",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct reading reading;
        struct text text = text_growing();
        read_sound(&reading, texts[i]);
        pattern_print(&text, &reading.pattern);
        assert_string_equal(keep_text(&text), texts[i]);
        reading_free(&reading);
    }
}

/* Without addresses, ports, IP fields and payload, but with what is wrong. */
static void a_script_leaves_out_what_it_would_not_say(void **state)
{
    (void)state;
    static const struct {
        const char *whole, *script;
    } rows[] = {
        {V4 "1 > 2 P. 1:6(5) ack 7 win 9 <nop,nop,TS val 1 ecr 2> {payload 68656c6c6f}",
         "P. 1:6(5) ack 7 win 9 <nop,nop,TS val 1 ecr 2>"},
        {V6 "1 > 2 S 1:1(0) win 9 {checksum 0x1, data_offset 4, reserved 5}",
         "S 1:1(0) win 9 {checksum 0x1, data_offset 4, reserved 5}"},
        {"(src 1.2.3.4, tos 0x1, df, options 01010100, ttl 1, trailer 01) udp 1 > 2 (1) {length 3, payload 61}",
         "udp (1) {length 3}"},
        {V6 "icmp type 128 code 0 rest 0x1 (1) {payload 61}", "icmp type 128 code 0 rest 0x1 (1)"},
        {V4 "protocol 50 0102", "protocol 50 0102"},
        {"raw 01", "raw 01"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_sound(&reading, rows[i].whole);
        assert_string_equal(printed(&reading.pattern.packet, PATTERN_SCRIPT), rows[i].script);
        reading_free(&reading);
    }
}

static void control_bits_are_in_the_order_of_tcpdump(void **state)
{
    (void)state;
    static const struct {
        uint16_t flags;
        const char *text;
    } rows[] = {{0, "-"},
                {TCP_RESERVED, "-"},
                {TCP_SYN | TCP_ACK, "S."},
                {TCP_FIN | TCP_ACK | TCP_PSH, "FP."},
                {TCP_RST | TCP_URG, "RU"},
                {TCP_SYN | TCP_ECE | TCP_CWR | TCP_AE, "SEWA"},
                {0xfff, "FSRP.UEWA"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text text = text_growing();
        tcp_flags_print(&text, rows[i].flags);
        assert_string_equal(keep_text(&text), rows[i].text);
    }
}

/* Numbers of every count of digits. */
static void numbers_have_as_many_digits_as_they_need(void **state)
{
    (void)state;
    for (uint64_t power = 1; power <= UINT32_MAX; power *= 10) {
        for (uint64_t value = power - 1; value <= power + 1; value++) {
            const struct packet packet = {
                .transport = TRANSPORT_TCP,
                .tcp = {.sequence = (uint32_t)value, .acknowledgment = UINT32_MAX, .checksum = (uint16_t)value},
                .explicit_fields = EXPLICIT_CHECKSUM,
            };
            struct text text = text_growing();
            text_append_format(&text, "- %u:%u(0) ack 4294967295 win 0 {checksum 0x%x}", (uint32_t)value,
                               (uint32_t)value, (uint16_t)value);
            assert_string_equal(printed(&packet, PATTERN_SCRIPT), keep_text(&text));
        }
    }
}

static void text_is_appended_to_what_is_there(void **state)
{
    (void)state;
    struct text text = text_growing();
    struct reading reading;
    read_sound(&reading, "S 0:0(0) win 1");
    for (size_t i = 0; i < 3; i++) {
        text_append_string(&text, "[");
        packet_print(&text, &reading.pattern.packet, PATTERN_SCRIPT);
        text_append_string(&text, "]");
    }
    assert_string_equal(keep_text(&text), "[S 0:0(0) win 1][S 0:0(0) win 1][S 0:0(0) win 1]");
    reading_free(&reading);
}

/* A buffer that is too small, at every size, has the beginning. */
static void text_that_does_not_fit_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound_packets); i++) {
        struct reading reading;
        read_sound(&reading, sound_packets[i].text);
        size_t whole = strlen(sound_packets[i].text);
        for (size_t size = 1; size <= whole + 2; size++) {
            char *buffer = malloc(size);
            assert_non_null(buffer);
            struct text text = text_in(buffer, size);
            packet_print(&text, &reading.pattern.packet, PATTERN_WHOLE);
            size_t length = size <= whole ? size - 1 : whole;
            assert_int_equal(text.truncated, size <= whole);
            assert_int_equal(strlen(buffer), length);
            assert_memory_equal(buffer, sound_packets[i].text, length);
            free(buffer);
        }
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(patterns_are_printed_as_they_were_given),  packet_test(a_script_leaves_out_what_it_would_not_say),
        packet_test(control_bits_are_in_the_order_of_tcpdump), packet_test(numbers_have_as_many_digits_as_they_need),
        packet_test(text_is_appended_to_what_is_there),        packet_test(text_that_does_not_fit_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
