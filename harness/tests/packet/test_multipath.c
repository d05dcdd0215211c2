/* SPDX-License-Identifier: MIT */
/* MPTCP's options in words of their own: their bytes, their slots, their text again, and what is told of mistakes. */
#include "packet_fixture.h"

static const char *printed_pattern(const struct reading *reading)
{
    struct text text = text_growing();
    pattern_print(&text, &reading->pattern);
    return keep_text(&text);
}

/* An option as it is written, its bytes with zeros in slots, how many slots it has, and how it is printed. */
static const struct {
    const char *text;
    const char *bytes;
    size_t slots;
    const char *printed; /* NULL: as it is written */
} rows[] = {
    {"mpcapable v1 flags[flag_h] nokey", "1e040101", 0, "mptcp mp_capable 1 01"},
    {"mpcapable v0 flags 0x41 nokey", "1e040041", 0, "mptcp mp_capable 0 41"},
    {"mpcapable v1 flags[flag_a, flag_h] key[skey]", "1e0c0181 0000000000000000", 1,
     "mpcapable v1 flags 0x81 key[skey]"},
    {"mpcapable v1 flags 0x1 key[ckey=2, skey]", "1e140101 0000000000000000 0000000000000000", 2, NULL},
    {"mpcapable v1 flags 0x1 key[skey, ckey] mpcdatalen 100", "1e160101 0000000000000000 0000000000000000 0064", 2,
     NULL},
    {"mp_capable_no_cs key1", "1e0c0001 0000000000000000", 1, "mpcapable v0 flags 0x1 key[key1]"},
    {"mp_capable key1 key2=5", "1e140081 0000000000000000 0000000000000000", 2,
     "mpcapable v0 flags 0x81 key[key1, key2=5]"},
    {"mp_capable key1 flag_b flag_h", "1e0c0041 0000000000000000", 1, "mpcapable v0 flags 0x41 key[key1]"},
    {"mp_capable key1 no_flags", "1e0c0000 0000000000000000", 1, "mpcapable v0 flags 0x0 key[key1]"},
    {"dss dack4=1 nocs", "1e082001 00000001", 1, NULL},
    {"dss dack8=1001 nocs", "1e0c2003 00000000000003e9", 1, NULL},
    {"dss dack8=3 dll=0 nocs", "1e0c2003 0000000000000003", 1, "dss dack8=3 nocs"},
    {"dss dack4=1 dsn8=1 ssn=0 dll=1 nocs fin", "1e16201d 00000001 0000000000000001 00000000 0001", 1, NULL},
    {"dss dack8=1 dsn4=3 ssn=3 dll=2 nocs", "1e162007 0000000000000001 00000003 00000003 0002", 1, NULL},
    {"dss dack4=1", "1e082001 00000001", 1, "dss dack4=1 nocs"},
    {"dss dack8=3 dsn8=1 nocs", "1e1a200f 0000000000000003 0000000000000001 00000000 0000", 3, NULL},
    {"dss dack4=1 dsn4=1 ssn=1 dll=1000 cksum=4660", "1e142005 00000001 00000001 00000001 03e8 1234", 1, NULL},
    {"dss dsn4=1 ssn=1 dll=1000 cksum=0x1234 fin", "1e102014 00000001 00000001 03e8 1234", 1,
     "dss dsn4=1 ssn=1 dll=1000 cksum=4660 fin"},
    {"dss dsn8=1 dll=5", "1e14200c 0000000000000001 00000000 0005 0000", 3, NULL},
    {"dss dack8=1 dsn8=1 fin", "1e1c201f 0000000000000001 0000000000000001 00000000 0000 0000", 4, NULL},
    {"dss nocs fin", "1e042010", 0, "mptcp dss 0 10"},
    {"mp_join_syn backup=1 address_id=2 token=sha256_32(skey)", "1e0c1102 00000000 00000000", 2, NULL},
    {"mp_join_syn token=sha256_32(skey)", "1e0c1000 00000000 00000000", 3,
     "mp_join_syn backup=0 token=sha256_32(skey)"},
    {"mp_join_syn_ack backup=0 address_id=1 sender_hmac=auto", "1e101001 0000000000000000 00000000", 3, NULL},
    {"mp_join_ack sender_hmac=auto", "1e181000 0000000000000000000000000000000000000000", 1, NULL},
    {"mp_join_syn backup=0 address_id=2 token=sha256_32(skey) rand=5", "1e0c1002 00000000 00000000", 2, NULL},
    {"mp_join_syn backup=0 address_id=2 token=7 rand=4294967295", "1e0c1002 00000007 00000000", 1, NULL},
    {"mp_join_syn_ack backup=1 address_id=auto sender_hmac=auto rand=0", "1e101100 0000000000000000 00000000", 3,
     "mp_join_syn_ack backup=1 sender_hmac=auto rand=0"},
    {"add_address address_id=12 addr_echo", "1e04310c", 1, NULL},
    {"add_address address_id=12 port=80 hmac=auto", "1e0e300c 0050 0000000000000000", 2, NULL},
    {"add_address address_id=12 addr[ep] hmac=5", "1e0c300c 0000000000000005", 1, NULL},
    {"add_address addr[ep] port=80 hmac=0x0102030405060708", "1e0e3000 0050 0102030405060708", 2, NULL},
    {"add_address address_id=12 addr[ep] addr_echo", "1e04310c", 1, NULL},
    {"add_address address_id=12 addr[ep=inet_addr(\"192.0.2.1\")] hmac=auto", "1e0c300c 0000000000000000", 2, NULL},
    {"add_address addr[ep=inet6_addr(\"2001:db8::1\")] port=4321 hmac=auto", "1e0e3000 10e1 0000000000000000", 3, NULL},
    {"remove_address address_id=[10]", "1e04400a", 0, "mptcp remove_addr 0 0a"},
    {"remove_address address_id=[1, 2, 3]", "1e0640010203", 0, "mptcp remove_addr 0 010203"},
    {"mp_prio backup=1", "1e0351", 0, "mptcp mp_prio 1"},
    {"mp_prio backup=0 address_id=1", "1e045001", 0, "mptcp mp_prio 0 01"},
    {"mp_join_syn backup=0 address_id=2 token=3435973836", "1e0c1002 cccccccc 00000000", 1, NULL},
    {"mpcapable v1 flags 0x1 key[ckey=0x0102030405060708]", "1e0c0101 0000000000000000", 1, NULL},
    {"mpcapable v1 flags 0x1 key[ckey=18446744073709551615]", "1e0c0101 0000000000000000", 1,
     "mpcapable v1 flags 0x1 key[ckey=0xffffffffffffffff]"},
    {"mp_fail dsn8=1001", "1e0c6000 00000000000003e9", 1, NULL},
    {"mp_fastclose ckey=0x8000000000000001", "1e0c7000 8000000000000001", 0, "mptcp mp_fastclose 0 008000000000000001"},
    {"mp_fastclose", "1e0c7000 0000000000000000", 1, NULL},
    {"mp_fastclose skey", "1e0c7000 0000000000000000", 1, NULL},
    {"mp_fastclose ckey=42", "1e0c7000 000000000000002a", 0, "mptcp mp_fastclose 0 00000000000000002a"},
    {"mp_reset 1", "1e048001", 0, "mptcp mp_tcprst 0 01"},
    {"mp_reset 1 flags[flag_t]", "1e048101", 0, "mptcp mp_tcprst 1 01"},
    {"mp_reset 2 flags[no_flags]", "1e048002", 0, "mptcp mp_tcprst 0 02"},
    {"mpcapable v1 flags[no_flags] nokey", "1e040100", 0, "mptcp mp_capable 1 00"},
    {"mpcapable v1 flags[flag_b, flag_c, flag_d, flag_e, flag_f, flag_g] nokey", "1e04017e", 0,
     "mptcp mp_capable 1 7e"},
};

static void addresses_stand_in_front_of_ports_and_flags(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "addr[caddr0] > addr[saddr0] S 0:0(0)",
        "> addr[saddr1] 40000 > 8080 . 1:1(0) ack 1",
        "(ttl 3) addr[c=inet_addr(\"192.0.2.1\")] > addr[s=inet6_addr(\"2001:db8::1\")] R 1:1(0)",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct reading reading;
        read_sound(&reading, texts[i]);
        assert_string_equal(printed_pattern(&reading), texts[i]);
        /* They are no values that the header has to agree with. */
        assert_false(pattern_gives(&reading.pattern, FIELD_SOURCE) ||
                     pattern_gives(&reading.pattern, FIELD_DESTINATION));
        reading_free(&reading);
    }
}

static void options_have_their_bytes_and_their_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading first, second;
        char segment[256], expected[256];
        struct text text = text_in(segment, sizeof(segment));
        text_append_format(&text, ". 1:1(0) <%s> {data_offset 15}", rows[i].text);
        read_sound(&first, segment);
        assert_bytes(first.pattern.packet.tcp.options, rows[i].bytes);
        assert_int_equal(first.pattern.slot_count, rows[i].slots);
        text = text_in(expected, sizeof(expected));
        text_append_format(&text, ". 1:1(0) <%s> {data_offset 15}",
                           rows[i].printed == NULL ? rows[i].text : rows[i].printed);
        assert_string_equal(printed_pattern(&first), expected);
        read_sound(&second, expected);
        assert_true(pattern_equal(&first.pattern, &second.pattern));
        reading_free(&first);
        reading_free(&second);
    }
}

static void other_values_are_other_patterns(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "mpcapable v1 flags 0x1 key[a]",   "mpcapable v1 flags 0x1 key[b]", "mpcapable v1 flags 0x1 key[a=1]",
        "mpcapable v1 flags 0x1 key[a=2]", "mpcapable v1 flags 0x1 nokey",  "mptcp mp_capable 1 010000000000000000",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t j = 0; j < COUNT_OF(texts); j++) {
            struct reading left, right;
            char segments[2][128];
            for (size_t k = 0; k < 2; k++) {
                struct text text = text_in(segments[k], sizeof(segments[k]));
                text_append_format(&text, "S 0:0(0) <%s>", texts[k == 0 ? i : j]);
            }
            read_sound(&left, segments[0]);
            read_sound(&right, segments[1]);
            assert_int_equal(pattern_equal(&left.pattern, &right.pattern), i == j);
            reading_free(&left);
            reading_free(&right);
        }
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct mistake faults[] = {
        {"S 0:0(0) <mpcapable v1 nokey>", 23, "expected `flags`, found `nokey`"},
        {"S 0:0(0) <mpcapable v1 flags[flag_i] nokey>", 29,
         "expected flag_a, flag_b, ..., flag_h or no_flags, found `flag_i`"},
        {"S 0:0(0) <mpcapable v1 flags[flag_h]>", 36, "expected `key` or `nokey`, found `>`"},
        {"S 0:0(0) <mpcapable v1 flags[flag_h] key[2]>", 41, "expected a name, found `2`"},
        {"S 0:0(0) <mpcapable v1 flags[flag_h] key[a, b, c]>", 45, "expected `,` or `]`, found `,`"},
        {". 1:1(0) <dss>", 13, "expected dack4=, dack8=, dsn4=, dsn8=, ssn=, dll=, cksum=, nocs or fin, found `>`"},
        {". 1:1(0) <dss dack4=1 cksum=5>", 14, "`cksum` is of a mapping: `dsn4` or `dsn8` is missing"},
        {". 1:1(0) <dss dsn4=1 cksum=5 nocs>", 14, "with `nocs` there is no checksum: `cksum` contradicts it"},
        {". 1:1(0) <mp_reset 1 flags[flag_a]>", 27, "expected flag_t or no_flags, found `flag_a`"},
        {". 1:1(0) <mp_reset 1 flags 1>", 27, "expected `[flag_t]` or `[no_flags]`, found `1`"},
        {"S 0:0(0) <mp_capable>", 20, "expected a name, found `>`"},
        {"S 0:0(0) <mp_capable a b c>", 26, "there are two keys at most"},
        {"S 0:0(0) <mp_capable a flag_b b>", 30, "expected flag_a, flag_b, ..., flag_h or no_flags, found `b`"},
        {"S 0:0(0) <mp_fastclose key=>", 27, "expected a key, found `>`"},
        {". 1:1(0) <dss dack4 1 nocs>", 20, "expected `=` and a number, found `1`"},
        {"S 0:0(0) <mp_join_syn address_id=1>", 34,
         "expected `token=sha256_32(` and the name of a key, or `token=` and a number, found `>`"},
        {". 1:1(0) <mp_join_ack hmac=auto>", 22, "expected sender_hmac=auto, found `hmac`"},
        {". 1:1(0) <mp_join_ack sender_hmac=5>", 34, "expected `auto`, found `5`"},
        {". 1:1(0) <add_address address_id=1 addr[a=inet_addr(\"1.2.3\")] addr_echo>", 42, "this is no address"},
        {". 1:1(0) <add_address address_id=1 addr hmac=auto>", 40, "expected `[` and a name, found `hmac`"},
        {". 1:1(0) <add_address address_id=1 addr[a]>", 42,
         "expected hmac=auto, hmac= and a number or addr_echo, found `>`"},
        {". 1:1(0) <remove_address address_id=1>", 25, "expected `address_id=[` and numbers, found `address_id`"},
        {". 1:1(0) <mp_reset>", 18, "expected a reason, found `>`"},
    };
    assert_mistakes(faults, COUNT_OF(faults));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(addresses_stand_in_front_of_ports_and_flags),
        packet_test(options_have_their_bytes_and_their_text),
        packet_test(other_values_are_other_patterns),
        packet_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
