/* SPDX-License-Identifier: MIT */
/* Each defect, built on purpose and found again where it is. */
#include "packet_fixture.h"

#define V4             "(src 192.0.2.1, dst 192.0.2.2, ttl 64) "
#define V6             "(src 2001:db8::1, dst 2001:db8::2, ttl 64) "
#define V4_HEADER_TCP  "45000028000000004006f6ccc0000201c0000202"
#define V4_HEADER_ICMP "4500001c000000004001f6ddc0000201c0000202"
#define SYN            "1 > 2 S 0:0(0) win 9"

/* A text that builds the defects listed, and no others. */
static const struct defect_row {
    const char *text, *defects;
} rows[] = {
    {"raw", "EMPTY@0"},
    {"raw 5500", "IP_VERSION@0"},
    {"raw 00", "IP_VERSION@0"},
    {"(version 5, src 1.2.3.4, ttl 1) " SYN, "IP_VERSION@0"},
    {"raw 45", "IP_HEADER_TRUNCATED@0"},
    {"raw 45000014000000004006f6e0c0000201c00002", "IP_HEADER_TRUNCATED@0"},
    {"raw 60", "IP_HEADER_TRUNCATED@0"},
    {"raw 6000000000000640"
     "20010db8000000000000000000000001"
     "20010db80000000000000000000000",
     "IP_HEADER_TRUNCATED@0"},
    {"(src 192.0.2.1, header_length 4, ttl 64) protocol 253 01020304", "IP_HEADER_LENGTH@0"},
    {"(src 192.0.2.1, header_length 0, ttl 64) protocol 253", "IP_HEADER_LENGTH@0"},
    {"(src 192.0.2.1, header_length 7, ttl 64) protocol 253 01020304", "IP_HEADER_LENGTH@0"},
    {"(src 192.0.2.1, total_length 19, ttl 64) " SYN, "IP_LENGTH_SHORT@2"},
    {"(src 192.0.2.1, total_length 0, ttl 64) " SYN, "IP_LENGTH_SHORT@2"},
    {"(src 192.0.2.1, options 01010101, total_length 20, ttl 64) " SYN, "IP_LENGTH_SHORT@2"},
    {"(src 192.0.2.1, total_length 41, ttl 64) " SYN, "IP_LENGTH_LONG@2"},
    {"(src ::1, payload_length 21, ttl 64) " SYN, "IP_LENGTH_LONG@4"},
    {"(src 192.0.2.1, ttl 64, trailer 00) " SYN, "IP_TRAILER@40"},
    {"(src ::1, ttl 64, trailer 0102) " SYN, "IP_TRAILER@60"},
    {"(src 192.0.2.1, checksum 1, ttl 64) " SYN, "IP_CHECKSUM@10"},
    {"(src 192.0.2.1, reserved_flag, ttl 64) " SYN, "IP_RESERVED_FLAG@6"},
    {"(src 192.0.2.1, options 01010183, ttl 64) " SYN, "IP_OPTION_LENGTH@23"},
    {"(src 192.0.2.1, options 83000000, ttl 64) " SYN, "IP_OPTION_LENGTH@21"},
    {"(src 192.0.2.1, options 01830100, ttl 64) " SYN, "IP_OPTION_LENGTH@22"},
    {"(src 192.0.2.1, options 83050000, ttl 64) " SYN, "IP_OPTION_LENGTH@21"},
    {"(src ::1, ttl 64) protocol 0 06", "IP_EXTENSION_TRUNCATED@40"},
    {"(src ::1, ttl 64) protocol 60 0601000000000000", "IP_EXTENSION_TRUNCATED@40"},
    {"(src ::1, extensions 0 3300000000000000, ttl 64) protocol 51 06020000", "IP_EXTENSION_TRUNCATED@48"},
    {"(src ::1, ttl 64) protocol 44", "IP_EXTENSION_TRUNCATED@40"},
    {"(src 192.0.2.1, ttl 64) protocol 6 00010002", "TCP_HEADER_TRUNCATED@20"},
    {"(src 192.0.2.1, options 01010101, ttl 64) protocol 6", "TCP_HEADER_TRUNCATED@24"},
    {"(src ::1, extensions 0 0600010400000000, ttl 64) protocol 6 00", "TCP_HEADER_TRUNCATED@48"},
    {V4 SYN " {data_offset 4}", "TCP_DATA_OFFSET_SHORT@32"},
    {V4 SYN " {data_offset 0}", "TCP_DATA_OFFSET_SHORT@32"},
    {V6 SYN " {data_offset 6}", "TCP_DATA_OFFSET_LONG@52"},
    {V4 SYN " {data_offset 15}", "TCP_DATA_OFFSET_LONG@32"},
    {V4 SYN " <nop,raw 020000>", "TCP_OPTION_LENGTH@42"},
    {V4 SYN " <kind 77 0a,raw 4d01,nop,nop,nop>", "TCP_OPTION_LENGTH@44"},
    {V4 SYN " <raw 0501ffff>", "TCP_OPTION_LENGTH@41"},
    {V4 SYN " <nop,nop,nop,raw 02>", "TCP_OPTION_TRUNCATED@43"},
    {V4 SYN " <raw 02050000>", "TCP_OPTION_TRUNCATED@41"},
    {V4 SYN " <nop,nop,raw ff03>", "TCP_OPTION_TRUNCATED@43"},
    {V4 SYN " <kind 2 01,nop>", "TCP_OPTION_SIZE@41"},
    {V4 SYN " <kind 3 0102,kind 8 0102,kind 4 01,nop>", "TCP_OPTION_SIZE@41 TCP_OPTION_SIZE@45 TCP_OPTION_SIZE@49"},
    {V4 SYN " <kind 5 0000000100000002000000,nop,nop,nop>", "TCP_OPTION_SIZE@41"},
    {V4 SYN " <FO 0102,nop,nop,nop,nop>", "TCP_OPTION_SIZE@41"},
    {V4 SYN " <eol,raw 000001>", "TCP_OPTION_AFTER_END@43"},
    {V4 SYN " <nop,eol,raw 0203>", "TCP_OPTION_AFTER_END@42"},
    {V4 SYN " {reserved 1}", "TCP_RESERVED_BITS@32"},
    {V6 SYN " {reserved 7}", "TCP_RESERVED_BITS@52"},
    {V4 SYN " {checksum 0x1234}", "TCP_CHECKSUM@36"},
    {"(src ::1, extensions 60 0600010400000000, ttl 64) " SYN " {checksum 0}", "TCP_CHECKSUM@64"},
    {"(src 192.0.2.1, ttl 64) protocol 17 01020304050607", "UDP_HEADER_TRUNCATED@20"},
    {"(src ::1, ttl 64) protocol 17", "UDP_HEADER_TRUNCATED@40"},
    {V4 "udp 1 > 2 (4) {length 7}", "UDP_LENGTH@24"},
    {V4 "udp 1 > 2 (4) {length 11}", "UDP_LENGTH@24"},
    {V4 "udp 1 > 2 (4) {length 13}", "UDP_LENGTH@24"},
    {V4 "udp 1 > 2 (4) {checksum 1}", "UDP_CHECKSUM@26"},
    {V6 "udp 1 > 2 (4) {checksum 1}", "UDP_CHECKSUM@46"},
    {V6 "udp 1 > 2 (4) {checksum 0}", "UDP_CHECKSUM@46"},
    {V4 "udp 1 > 2 (4) {checksum 0}", ""},
    {"(src 192.0.2.1, ttl 64) protocol 1 08000000", "ICMP_HEADER_TRUNCATED@20"},
    {"(src ::1, ttl 64) protocol 58 80000000000000", "ICMP_HEADER_TRUNCATED@40"},
    {V4 "icmp type 8 {checksum 1}", "ICMP_CHECKSUM@22"},
    {V6 "icmp type 128 {checksum 1}", "ICMP_CHECKSUM@42"},
    /* Several, in the order of the layers. */
    {"(src 192.0.2.1, reserved_flag, options 83000000, checksum 0, ttl 64, trailer 00) " SYN
     " <eol,raw 010000> {reserved 2, checksum 0}",
     "IP_OPTION_LENGTH@21 IP_RESERVED_FLAG@6 IP_CHECKSUM@10 IP_TRAILER@48 TCP_RESERVED_BITS@36 "
     "TCP_OPTION_AFTER_END@45 TCP_CHECKSUM@40"},
    /* A first fragment's lengths and checksum speak of more than is there; a later one has none. */
    {"(src 192.0.2.1, mf, ttl 64) " SYN " {checksum 1}", ""},
    {"(src 192.0.2.1, mf, ttl 64) udp 1 > 2 (4) {length 99, checksum 1}", ""},
    {"(src 192.0.2.1, mf, ttl 64) udp 1 > 2 (4) {length 9, checksum 1}", "UDP_LENGTH@24"},
    {"(src 192.0.2.1, fragment 1, ttl 64) protocol 6 01", ""},
};

static void each_defect_is_built_and_found_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct packet packet, again;
        struct bytes wire = built_from(rows[i].text);
        packet_decode(wire, DECODE_ALL, &packet);
        if (strcmp(defects_of(&packet), rows[i].defects) != 0)
            fail_msg("%s: %s, not %s", rows[i].text, defects_of(&packet), rows[i].defects);
        assert_same_bytes(built(&packet), wire);
        packet_decode(built_from(printed(&packet, PATTERN_WHOLE)), DECODE_ALL, &again);
        assert_string_equal(defects_of(&again), rows[i].defects);
    }
}

static void no_defect_is_left_out_above(void **state)
{
    (void)state;
    for (int kind = 0; kind < DEFECT_COUNT; kind++) {
        struct text name = text_growing();
        text_append_format(&name, "%s@", packet_defect_name((enum packet_defect_kind)kind));
        size_t found = 0;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            const char *at = strstr(rows[i].defects, text_string(&name));
            found += at != NULL && (at == rows[i].defects || at[-1] == ' ');
        }
        if (found == 0)
            fail_msg("no row for %s", text_string(&name));
        text_free(&name);
    }
}

static void every_defect_has_a_name_and_a_text(void **state)
{
    (void)state;
    for (int kind = 0; kind < DEFECT_COUNT; kind++) {
        assert_true(strlen(packet_defect_name((enum packet_defect_kind)kind)) > 4);
        assert_true(strlen(packet_defect_text((enum packet_defect_kind)kind)) > 10);
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(packet_defect_text((enum packet_defect_kind)kind),
                                    packet_defect_text((enum packet_defect_kind)other));
    }
    assert_string_equal(packet_defect_name(DEFECT_TCP_DATA_OFFSET_SHORT), "TCP_DATA_OFFSET_SHORT");
    assert_string_equal(packet_defect_text(DEFECT_TCP_DATA_OFFSET_SHORT), "the data offset is below 5");
}

/* A packet whose sound checksum is zero, and the same with the other zero of one's complement: equal numbers, so no
 * defect, but the value is kept. */
static void the_other_zero_is_no_defect(void **state)
{
    (void)state;
    static const struct {
        const char *before, *behind; /* the field */
        uint32_t explicit_field;
    } zeros[] = {
        {"45000014f6ab0000403b", "c0000201c0000202", EXPLICIT_IP_CHECKSUM},
        {V4_HEADER_TCP "000100020000000000000000 5000 2bde", "0000", EXPLICIT_CHECKSUM},
        {V4_HEADER_ICMP "0800", "f7ff0000", EXPLICIT_CHECKSUM},
    };
    for (size_t i = 0; i < COUNT_OF(zeros); i++) {
        for (unsigned other = 0; other < 2; other++) {
            struct text digits = text_growing();
            struct packet packet;
            text_append_format(&digits, "%s%s%s", zeros[i].before, other ? "ffff" : "0000", zeros[i].behind);
            struct bytes wire = from_hex(keep_text(&digits));
            packet_decode(wire, DECODE_ALL, &packet);
            assert_string_equal(defects_of(&packet), "");
            assert_int_equal(packet.explicit_fields, other ? zeros[i].explicit_field : 0);
            assert_same_bytes(built(&packet), wire);
            assert_same_bytes(built_from(printed(&packet, PATTERN_WHOLE)), wire);
        }
    }
}

/* Only the first are listed; the packet is the same. */
static void more_defects_than_can_be_listed(void **state)
{
    (void)state;
    struct packet packet;
    struct bytes wire = built_from("(src 192.0.2.1, checksum 0, reserved_flag, ttl 64) " SYN
                                   " <kind 4 01,kind 4 01,kind 4 01,kind 4 01,kind 4 01,kind 4 01,kind 4 01,kind 4 01,"
                                   "kind 4 01,kind 4 01,kind 4 01,kind 4 01,kind 4 01,nop> {reserved 1, checksum 0}");
    packet_decode(wire, DECODE_ALL, &packet);
    assert_int_equal(packet.defect_count, PACKET_DEFECTS_MOST);
    assert_int_equal(packet.defects[0].kind, DEFECT_IP_RESERVED_FLAG);
    assert_int_equal(packet.defects[PACKET_DEFECTS_MOST - 1].kind, DEFECT_TCP_OPTION_SIZE);
    assert_same_bytes(built(&packet), wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(each_defect_is_built_and_found_where_it_is),
        packet_test(no_defect_is_left_out_above),
        packet_test(every_defect_has_a_name_and_a_text),
        packet_test(the_other_zero_is_no_defect),
        packet_test(more_defects_than_can_be_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
