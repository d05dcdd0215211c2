/* SPDX-License-Identifier: MIT */
/* TCP-AO held against all vectors of RFC 9235, and the MD5 option against a segment that Linux signed. */
#include "rfc9235.h"

#include "base/character.h"
#include "packet/tcp_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct bytes from_hex(const char *digits, uint8_t *bytes)
{
    size_t length = strlen(digits) / 2;
    for (size_t i = 0; i < length; i++) {
        int high = character_hex_value(digits[2 * i]);
        int low = character_hex_value(digits[2 * i + 1]);
        assert_true(high >= 0 && low >= 0);
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return (struct bytes){bytes, length};
}

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static struct packet decoded(const char *digits, uint8_t *bytes)
{
    struct packet packet;
    packet_decode(from_hex(digits, bytes), DECODE_ALL, &packet);
    assert_int_equal(packet.transport, TRANSPORT_TCP);
    return packet;
}

/* The code that stands in the segment is the one that is reckoned, with the traffic key that the document gives. */
static void check_vector(const struct vector_connection *connection, size_t row)
{
    const struct authentication_key key = {connection->algorithm, text_bytes("testvector"), connection->omits_options};
    const bool from_client = row % 2 == 0;
    const struct authentication_numbers numbers = {from_client ? connection->client : connection->server,
                                                   row == 0      ? 0
                                                   : from_client ? connection->server
                                                                 : connection->client};
    uint8_t wire[256], expected_key[DIGEST_SIZE_MOST], traffic_key[DIGEST_SIZE_MOST], code[DIGEST_SIZE_MOST];
    size_t size = 0;
    struct tcp_option option;
    struct packet packet = decoded(connection->rows[row].segment, wire);
    struct bytes expected = from_hex(connection->rows[row].traffic_key, expected_key);
    assert_true(signature_traffic_key(&packet, &key, &numbers, traffic_key, &size));
    assert_int_equal(size, expected.length);
    assert_memory_equal(traffic_key, expected.data, size);
    assert_true(signature_authenticate(&packet, &key, (struct bytes){traffic_key, size}, 0, code));
    assert_true(tcp_option_find(packet.tcp.options, TCP_OPTION_AUTHENTICATION, &option));
    assert_int_equal(option.whole.length, 16);
    assert_memory_equal(code, option.whole.data + 4, 12);
}

static void every_vector_is_met(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(rfc9235_connections), 8);
    for (size_t i = 0; i < COUNT_OF(rfc9235_connections); i++)
        for (size_t row = 0; row < 4; row++) {
            print_message("RFC 9235 section %s.%zu\n", rfc9235_connections[i].section, row + 1);
            check_vector(&rfc9235_connections[i], row);
        }
}

/* Another bit anywhere that is covered, or another extension, makes another code. */
static void what_is_covered_counts(void **state)
{
    (void)state;
    static const size_t covered[] = {12, 20, 24, 33, 34, 48, 130};
    const struct vector_connection *connection = &rfc9235_connections[0];
    const struct authentication_key key = {AUTHENTICATION_HMAC_SHA1, text_bytes("testvector"), false};
    uint8_t wire[256], traffic_key[DIGEST_SIZE_MOST], code[DIGEST_SIZE_MOST], other[DIGEST_SIZE_MOST];
    const struct bytes with = from_hex(connection->rows[2].traffic_key, traffic_key);
    struct packet packet = decoded(connection->rows[2].segment, wire);
    assert_true(signature_authenticate(&packet, &key, with, 0, code));
    assert_true(signature_authenticate(&packet, &key, with, 1, other));
    assert_memory_not_equal(code, other, 12);
    for (size_t i = 0; i < COUNT_OF(covered); i++) {
        wire[covered[i]] ^= 1;
        packet_decode(packet.wire, DECODE_ALL, &packet);
        assert_true(signature_authenticate(&packet, &key, with, 0, other));
        assert_memory_not_equal(code, other, 12);
        wire[covered[i]] ^= 1;
    }
}

static void options_that_are_omitted_do_not_count(void **state)
{
    (void)state;
    const struct vector_connection *connection = &rfc9235_connections[1];
    const struct authentication_key key = {AUTHENTICATION_HMAC_SHA1, text_bytes("testvector"), true};
    uint8_t wire[256], traffic_key[DIGEST_SIZE_MOST], code[DIGEST_SIZE_MOST], other[DIGEST_SIZE_MOST];
    const struct bytes with = from_hex(connection->rows[0].traffic_key, traffic_key);
    struct packet packet = decoded(connection->rows[0].segment, wire);
    assert_true(signature_authenticate(&packet, &key, with, 0, code));
    wire[43] ^= 1; /* the maximum segment size */
    packet_decode(packet.wire, DECODE_ALL, &packet);
    assert_true(signature_authenticate(&packet, &key, with, 0, other));
    assert_memory_equal(code, other, 12);
}

static void a_segment_without_the_option_has_no_code(void **state)
{
    (void)state;
    const struct authentication_key key = {AUTHENTICATION_HMAC_SHA1, text_bytes("k"), false};
    uint8_t wire[64], code[DIGEST_SIZE_MOST];
    struct packet packet = decoded("450000280000400040060000c0000201c0000202040000500000000100000000500200000000"
                                   "0000",
                                   wire);
    assert_false(signature_authenticate(&packet, &key, text_bytes("key"), 0, code));
    packet.transport = TRANSPORT_NONE;
    assert_false(signature_md5(&packet, text_bytes("key"), code));
}

/* MD5("abc"), SHA-256("abc"), RFC 2202 case 2, RFC 4231 case 2, RFC 4493 example 2. */
static void hashes_meet_their_vectors(void **state)
{
    (void)state;
    uint8_t digest[DIGEST_SIZE_MOST], expected[DIGEST_SIZE_MOST], key[16], message[16];
    const struct bytes abc[] = {text_bytes("a"), text_bytes("bc")};
    const struct bytes question = text_bytes("what do ya want for nothing?");
    assert_true(hash_md5(abc, 2, digest));
    assert_memory_equal(digest, from_hex("900150983cd24fb0d6963f7d28e17f72", expected).data, 16);
    assert_true(hash_sha256(abc, 2, digest));
    (void)from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", expected);
    assert_memory_equal(digest, expected, 32);
    assert_true(hmac_sha1(text_bytes("Jefe"), &question, 1, digest));
    assert_memory_equal(digest, from_hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", expected).data, 20);
    assert_true(hmac_sha256(text_bytes("Jefe"), &question, 1, digest));
    (void)from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", expected);
    assert_memory_equal(digest, expected, 32);
    const struct bytes block = from_hex("6bc1bee22e409f96e93d7e117393172a", message);
    assert_true(cmac_aes_128(from_hex("2b7e151628aed2a6abf7158809cf4f3c", key), &block, 1, digest));
    assert_memory_equal(digest, from_hex("070a16b46b4d4144f79bdd9dd04a287c", expected).data, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_is_met),
        cmocka_unit_test(what_is_covered_counts),
        cmocka_unit_test(options_that_are_omitted_do_not_count),
        cmocka_unit_test(a_segment_without_the_option_has_no_code),
        cmocka_unit_test(hashes_meet_their_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
