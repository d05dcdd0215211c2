/* SPDX-License-Identifier: MIT */
#include "packet/checksum.h"

#include "packet_fixture.h"

enum { LONG_MOST = 65536 };

/* RFC 1071, word by word. */
static uint32_t plain_sum(uint32_t sum, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        sum += i % 2 == 0 ? (uint32_t)bytes.data[i] << 8 : bytes.data[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

static uint16_t plain_checksum(struct bytes bytes)
{
    return (uint16_t)~plain_sum(0, bytes);
}

/* Bytes that look random, or all of one value. */
static void fill(uint8_t *bytes, size_t length, int value)
{
    uint32_t random = 2463534242;
    for (size_t i = 0; i < length; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        bytes[i] = value < 0 ? (uint8_t)random : (uint8_t)value;
    }
}

static void assert_summed(struct bytes bytes)
{
    uint16_t checksum = plain_checksum(bytes);
    assert_int_equal(checksum_finish(checksum_add(0, bytes)), checksum);
    assert_int_equal(checksum_of_words(checksum_words(bytes)), checksum);
}

/* RFC 1071 section 3 */
static void the_example_of_rfc_1071(void **state)
{
    (void)state;
    struct bytes bytes = from_hex("0001 f203 f4f5 f6f7");
    assert_int_equal(checksum_add(0, bytes), 0xddf2);
    assert_int_equal(checksum_finish(checksum_add(0, bytes)), 0x220d);
    assert_int_equal(checksum_of_words(checksum_words(bytes)), 0x220d);
}

static void all_short_lengths_at_all_alignments(void **state)
{
    (void)state;
    static const int fillings[] = {-1, 0, 0xff};
    for (size_t i = 0; i < COUNT_OF(fillings); i++) {
        for (size_t offset = 0; offset < 8; offset++) {
            for (size_t length = 0; length <= 200; length++) {
                uint8_t *block = take_block(offset + length);
                fill(block, offset + length, fillings[i]);
                assert_summed((struct bytes){block + offset, length});
            }
            (void)free_bytes(state);
        }
    }
}

static void long_ones_do_not_overflow(void **state)
{
    (void)state;
    static const int fillings[] = {-1, 0xff};
    for (size_t i = 0; i < COUNT_OF(fillings); i++) {
        for (size_t length = LONG_MOST - 20; length <= LONG_MOST; length++) {
            for (size_t offset = 0; offset < 2; offset++) {
                uint8_t *block = take_block(offset + length);
                fill(block, offset + length, fillings[i]);
                assert_summed((struct bytes){block + offset, length});
            }
            (void)free_bytes(state);
        }
    }
}

static void a_null_view_adds_nothing(void **state)
{
    (void)state;
    assert_int_equal(checksum_add(0x1234, (struct bytes){NULL, 0}), 0x1234);
    assert_int_equal(checksum_words((struct bytes){NULL, 0}), 0);
    assert_int_equal(checksum_finish(0), 0xffff);
}

/* However the bytes are cut at even places, the sum is the same. */
static void parts_add_up_to_the_whole(void **state)
{
    (void)state;
    uint8_t *block = take_block(101);
    fill(block, 101, -1);
    struct bytes whole = {block, 101};
    for (size_t cut = 0; cut <= 100; cut += 2) {
        uint32_t sum = checksum_add(0, bytes_slice(whole, 0, cut));
        sum = checksum_add(sum, bytes_slice(whole, cut, 101));
        assert_int_equal(checksum_finish(sum), plain_checksum(whole));
    }
}

static void sums_of_any_size_are_folded(void **state)
{
    (void)state;
    static const struct {
        uint64_t sum;
        uint16_t folded;
    } rows[] = {
        {0, 0},
        {1, 1},
        {0xffff, 0xffff},
        {0x10000, 1},
        {0xffffffff, 0xffff},
        {UINT64_C(0x100000000), 1},
        {UINT64_C(0xffffffffffff), 0xffff},
        {UINT64_C(0x0001000200030004), 10},
        {UINT64_C(0xfffffffffffffffe), 0xfffe},
        {UINT64_MAX, 0xffff},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(checksum_fold(rows[i].sum), rows[i].folded);
    assert_int_equal(checksum_finish(0xfffffffe), 1);
}

static void pseudo_headers_are_those_of_the_rfcs(void **state)
{
    (void)state;
    const struct packet four = {
        .network = NETWORK_IPV4,
        .ipv4 = {.source = {192, 0, 2, 1}, .destination = {255, 255, 255, 255}},
    };
    const struct packet six = {
        .network = NETWORK_IPV6,
        .ipv6 = {.source = {0x20, 1, 0xd, 0xb8, [15] = 1}, .destination = {0xff, 2, [13] = 0xff, 0xfe, 0xfd}},
    };
    const struct packet none = {.network = NETWORK_NONE};
    const struct {
        const struct packet *packet;
        uint8_t protocol;
        uint32_t length;
        const char *header;
    } rows[] = {
        /* RFC 9293 section 3.1 */
        {&four, PROTOCOL_TCP, 20, "c0000201 ffffffff 00 06 0014"},
        {&four, 255, 65535, "c0000201 ffffffff 00 ff ffff"},
        /* RFC 8200 section 8.1 */
        {&six, PROTOCOL_TCP, 20,
         "20010db8000000000000000000000001 ff0200000000000000000000 00fffefd 00000014 00000006"},
        {&six, PROTOCOL_ICMPV6, 0x12345,
         "20010db8000000000000000000000001 ff0200000000000000000000 00fffefd 00012345 0000003a"},
        {&none, PROTOCOL_UDP, 8, "00 11 0008"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t plain = plain_sum(0, from_hex(rows[i].header));
        uint32_t sum = checksum_pseudo_header(rows[i].packet, rows[i].protocol, rows[i].length);
        uint64_t words = checksum_pseudo_words(rows[i].packet, rows[i].protocol, rows[i].length);
        assert_int_equal(checksum_finish(sum), (uint16_t)~plain);
        assert_int_equal(checksum_of_words(words), (uint16_t)~plain);
    }
}

static void an_ipv4_header_is_five_words(void **state)
{
    (void)state;
    struct bytes header = from_hex("4500003c000000004006f6b8c0000201c0000202");
    assert_int_equal(checksum_of_words(checksum_ipv4_words(header.data)), 0);
    assert_int_equal(checksum_ipv4_words(header.data), checksum_words(header));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(the_example_of_rfc_1071),
        packet_test(all_short_lengths_at_all_alignments),
        packet_test(long_ones_do_not_overflow),
        packet_test(a_null_view_adds_nothing),
        packet_test(parts_add_up_to_the_whole),
        packet_test(sums_of_any_size_are_folded),
        packet_test(pseudo_headers_are_those_of_the_rfcs),
        packet_test(an_ipv4_header_is_five_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
