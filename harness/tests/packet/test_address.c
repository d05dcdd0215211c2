/* SPDX-License-Identifier: MIT */
#include "packet/address.h"

#include "packet_fixture.h"

static bool parse(const char *string, struct address *address)
{
    struct bytes block = exact_copy(text_bytes(string));
    return address_parse((const char *)block.data, block.length, address);
}

static const char *print(const struct address *address)
{
    struct text text = text_growing();
    address_print(&text, address);
    return keep_text(&text);
}

/* What is read, its bytes, and the canonical text of them (RFC 5952 section 4). */
static const struct {
    const char *text, *bytes, *canonical;
} sound[] = {
    {"0.0.0.0", "00000000", "0.0.0.0"},
    {"255.255.255.255", "ffffffff", "255.255.255.255"},
    {"192.0.2.1", "c0000201", "192.0.2.1"},
    {"1.20.200.3", "0114c803", "1.20.200.3"},
    {"::", "00000000000000000000000000000000", "::"},
    {"::1", "00000000000000000000000000000001", "::1"},
    {"1::", "00010000000000000000000000000000", "1::"},
    {"2001:db8::1", "20010db8000000000000000000000001", "2001:db8::1"},
    {"2001:DB8:0:0:0:0:0:1", "20010db8000000000000000000000001", "2001:db8::1"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "20010db8000000000000000000000001", "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"},
    {"2001:db8::1:1:1:1:1", "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"},
    {"2001:0:0:1:0:0:0:1", "20010000000000010000000000000001", "2001:0:0:1::1"},
    {"2001:db8:0:0:1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"},
    {"0:0:1::", "00000000000100000000000000000000", "0:0:1::"},
    {"::1:0:0", "00000000000000000000000100000000", "::1:0:0"},
    {"a:b:c:d:e:f:1:2", "000a000b000c000d000e000f00010002", "a:b:c:d:e:f:1:2"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffffffffffffffffffffffffffffffff",
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fe80::10:200:0fff", "fe800000000000000000001002000fff", "fe80::10:200:fff"},
    {"::ffff:192.0.2.33", "00000000000000000000ffffc0000221", "::ffff:192.0.2.33"},
    {"::ffff:c000:221", "00000000000000000000ffffc0000221", "::ffff:192.0.2.33"},
    {"64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221", "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304", "1:2:3:4:5:6:102:304"},
    {"::1.2.3.4", "00000000000000000000000001020304", "::102:304"},
};

static void addresses_are_read_and_printed_canonically(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        struct address address;
        if (!parse(sound[i].text, &address))
            fail_msg("%s is an address", sound[i].text);
        struct bytes bytes = from_hex(sound[i].bytes);
        assert_int_equal(address_size(address.family), bytes.length);
        assert_bytes((struct bytes){address.bytes, bytes.length}, sound[i].bytes);
        assert_string_equal(print(&address), sound[i].canonical);
        struct address same = address_from_bytes(address.family, bytes.data);
        assert_true(address_equal(&address, &same));
        for (size_t rest = bytes.length; rest < sizeof(address.bytes); rest++)
            assert_int_equal(address.bytes[rest], 0);
    }
}

static void anything_else_is_refused_and_touches_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.",
        "1.2.3.4.",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.999",
        "01.2.3.4",
        "1.2.3.04",
        "1..2.3",
        ".1.2.3.4",
        "1.2.3.4x",
        "-1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1234.1.1.1",
        "x",
        ":",
        ":::",
        "1:",
        ":1",
        "1:2",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::1:",
        "1:::2",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4:5:6:7:8::",
        "::1.2.3",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1%eth0",
        "::1/64",
        "::1 ",
        "[::1]",
        "::ffff:1.2.3.256",
        "::1.2.3.4.5",
        "1.2.3.4:80",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct address address = {.family = ADDRESS_NONE, .bytes = {0xaa}};
        if (parse(texts[i], &address))
            fail_msg("`%s` is no address", texts[i]);
        assert_int_equal(address.family, ADDRESS_NONE);
        assert_int_equal(address.bytes[0], 0xaa);
    }
}

static void every_octet_is_read_and_printed(void **state)
{
    (void)state;
    for (unsigned octet = 0; octet < 256; octet++) {
        char string[32];
        struct text text = text_in(string, sizeof(string));
        text_append_format(&text, "%u.%u.0.%u", octet, 255 - octet, octet);
        struct address address;
        assert_true(parse(string, &address));
        assert_int_equal(address.bytes[0], octet);
        assert_int_equal(address.bytes[1], 255 - octet);
        assert_int_equal(address.bytes[3], octet);
        assert_string_equal(print(&address), string);
    }
}

/* All 256 ways in which groups may be zero, short or long. */
static void every_pattern_of_zero_groups_survives(void **state)
{
    (void)state;
    static const uint16_t values[] = {1, 0xab, 0xabc, 0xabcd};
    for (unsigned zeros = 0; zeros < 256; zeros++) {
        uint8_t bytes[16];
        for (unsigned group = 0; group < 8; group++)
            store_be16(bytes + 2 * (size_t)group, zeros >> group & 1 ? 0 : values[(zeros + group) % 4]);
        struct address address = address_from_bytes(ADDRESS_IPV6, bytes), again;
        const char *text = print(&address);
        assert_true(parse(text, &again));
        assert_true(address_equal(&address, &again));
        const char *gap = strstr(text, "::");
        assert_true(gap == NULL || strstr(gap + 1, "::") == NULL);
    }
}

static void equal_means_family_and_bytes(void **state)
{
    (void)state;
    struct address four, same, other, six, none = {.family = ADDRESS_NONE, .bytes = {1}};
    const struct address nothing = {.family = ADDRESS_NONE};
    assert_true(parse("1.2.3.4", &four) && parse("1.2.3.4", &same) && parse("1.2.3.5", &other));
    assert_true(parse("102:304::", &six));
    assert_true(address_equal(&four, &same));
    assert_false(address_equal(&four, &other));
    assert_false(address_equal(&four, &six));
    assert_true(address_equal(&none, &nothing));
}

static void no_address_has_no_bytes_and_no_text(void **state)
{
    (void)state;
    assert_int_equal(address_size(ADDRESS_NONE), 0);
    assert_int_equal(address_size(ADDRESS_IPV4), 4);
    assert_int_equal(address_size(ADDRESS_IPV6), 16);
    struct address address = address_from_bytes(ADDRESS_NONE, NULL);
    assert_int_equal(address.family, ADDRESS_NONE);
    assert_string_equal(print(&address), "");
}

static void text_that_does_not_fit_is_cut(void **state)
{
    (void)state;
    char string[6];
    struct text text = text_in(string, sizeof(string));
    struct address address;
    assert_true(parse("192.0.2.1", &address));
    address_print(&text, &address);
    assert_true(text.truncated);
    assert_string_equal(string, "192.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(addresses_are_read_and_printed_canonically),
        packet_test(anything_else_is_refused_and_touches_nothing),
        packet_test(every_octet_is_read_and_printed),
        packet_test(every_pattern_of_zero_groups_survives),
        packet_test(equal_means_family_and_bytes),
        packet_test(no_address_has_no_bytes_and_no_text),
        packet_test(text_that_does_not_fit_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
