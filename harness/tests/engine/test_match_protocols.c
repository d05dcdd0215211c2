/* SPDX-License-Identifier: MIT */
/* Packets besides plain TCP segments held against patterns, and what is said where they differ. */
#include "engine/match.h"

#include "engine/run.h"
#include "packet/icmp_quote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct arena arena;

static int end_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct pattern pattern_of(const char *text, enum packet_network network)
{
    struct source source = {.name = "text", .text = text, .length = strlen(text)};
    struct diagnostics diagnostics = {.arena = &arena};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern;
    if (!pattern_parse(&scanner, &arena, &(struct pattern_names){0}, &pattern))
        fail_msg("`%s`: %s", text, diagnostics.kept > 0 ? diagnostics.items[0].message : "no message");
    pattern_set_network(&pattern, network);
    return pattern;
}

/* A packet and what it is in, as the engine has them. */
struct came {
    struct packet packet;
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    struct encapsulation around;
};

/* The packet that TEXT stands for, built and decoded; an ICMP message's quote is one of IPv4 with ports 80 and 9. */
static void come(struct came *came, const char *text, enum packet_network network)
{
    struct pattern pattern = pattern_of(text, network);
    struct error error;
    uint8_t *wire = arena_take(&arena, 4096), *quoted = arena_take(&arena, ICMP_QUOTE_SIZE_MOST);
    assert_non_null(wire);
    assert_non_null(quoted);
    struct byte_writer writer = byte_writer_on(wire, 4096);
    struct byte_writer quote = byte_writer_on(quoted, ICMP_QUOTE_SIZE_MOST);
    if (pattern_gives(&pattern, FIELD_QUOTE)) {
        const struct icmp_quote values = {.transport = pattern.quote.transport,
                                          .source = {.family = ADDRESS_IPV4},
                                          .destination = {.family = ADDRESS_IPV4},
                                          .source_port = 80,
                                          .destination_port = 9,
                                          .sequence = pattern.quote.sequence,
                                          .length = pattern.quote.length,
                                          .over_udp = pattern.quote.over_udp,
                                          .udp_source = pattern.quote.udp_source,
                                          .udp_destination = pattern.quote.udp_destination};
        assert_true(icmp_quote_build(&values, &quote, &error));
        pattern.packet.payload = byte_writer_written(&quote);
    }
    assert_true(encapsulation_build(&pattern.encapsulation, &pattern.packet, &writer, &error));
    struct packet outermost, segment;
    packet_decode(byte_writer_written(&writer), DECODE_ALL, &outermost);
    came->packet = outermost;
    came->around = (struct encapsulation){.headers = came->headers};
    came->around.count = encapsulation_decode(&outermost, came->headers, &came->packet);
    if (pattern.encapsulation.over_udp && encapsulation_decode_over_udp(&came->packet, &segment)) {
        came->around.over_udp = true;
        came->around.udp_source = came->packet.udp.source_port;
        came->around.udp_destination = came->packet.udp.destination_port;
        came->packet = segment;
    }
}

static const char *const texts[] = {
    "udp 1 > 2 (10)",
    "udp 1 > 2 (4) {payload \"ping\"}",
    "icmp unreachable port_unreachable [5:15(10)]",
    "icmp unreachable port_unreachable [udp (10)]",
    "icmp unreachable port_unreachable [5:15(10)/udp(9899 > 9900)]",
    "icmp unreachable code_6 mtu 1300 [4294967295:4294967295(0)]",
    "icmp echo_reply rest 0x10002 (4) {payload \"ping\"}",
    "protocol 50 0102",
    "ipv4 1.1.1.1 > 2.2.2.2: S 0:0(0) win 9",
    "ipv4 1.1.1.1 > 2.2.2.2 (tos 0x10, ttl 7): gre flags 0x3000, key 0x5, seq 6: . 1:3(2) ack 1 win 9",
    "ipv6 ::1 > ::2: gre: mpls (label 5, tc 1, [S], ttl 9): udp 1 > 2 (10)",
    "S 0:0(0) win 9 <mss 1452>/udp(9899 > 9900)",
    "ipv4 1.1.1.1 > 2.2.2.2: S 0:0(0) win 9/udp(9899 > 9900)",
};

static void a_packet_agrees_with_its_own_text_and_no_other(void **state)
{
    (void)state;
    static const enum packet_network networks[] = {NETWORK_IPV4, NETWORK_IPV6};
    for (size_t n = 0; n < COUNT_OF(networks); n++) {
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            struct came came;
            come(&came, texts[i], networks[n]);
            for (size_t j = 0; j < COUNT_OF(texts); j++) {
                struct pattern pattern = pattern_of(texts[j], networks[n]);
                struct match match = match_encapsulated(&pattern, &came.packet, &came.around);
                if (match_agrees(&match) != (i == j))
                    fail_msg("`%s` against `%s`", texts[i], texts[j]);
            }
        }
    }
}

/* What differs, and the headline that says so. */
static void differences_are_told_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *expected, *came;
        uint64_t differing;
        const char *headline;
    } rows[] = {
        {"udp (10)", "udp 1 > 2 (11)", FIELD_BIT(FIELD_PAYLOAD_LENGTH),
         "a UDP datagram came with udp (11) instead of udp (10)"},
        {"udp 1 > 3 (10)", "udp 1 > 2 (10)", FIELD_BIT(FIELD_DESTINATION_PORT),
         "a UDP datagram came with ports 1 > 2 instead of 1 > 3"},
        {"udp (1) {payload 01}", "udp 1 > 2 (1) {payload 02}", FIELD_BIT(FIELD_PAYLOAD),
         "a UDP datagram came with payload 02 instead of payload 01"},
        {"icmp unreachable host_unreachable", "icmp time_exceeded [1:1(0)]",
         FIELD_BIT(FIELD_ICMP_TYPE) | FIELD_BIT(FIELD_ICMP_CODE),
         "expected ICMP unreachable host_unreachable; got ICMP time_exceeded ttl_exceeded_in_transit"},
        {"icmp unreachable port_unreachable [1:11(10)]", "icmp unreachable port_unreachable [2:12(10)]",
         FIELD_BIT(FIELD_QUOTE),
         "ICMP unreachable port_unreachable came with the packet [2:12(10)] instead of [1:11(10)]"},
        {"icmp unreachable frag_needed mtu 1300", "icmp unreachable frag_needed mtu 1200 [1:1(0)]",
         FIELD_BIT(FIELD_ICMP_REST), "ICMP unreachable frag_needed came with mtu 1200 instead of mtu 1300"},
        {"S 0:0(0)", "udp 1 > 2 (0)", 0, "expected SYN; got a UDP datagram"},
        {"ipv4 1.1.1.1 > 2.2.2.2: S 0:0(0)", "S 0:0(0) win 5", FIELD_BIT(FIELD_ENCAPSULATION),
         "SYN came with no outer header instead of ipv4 1.1.1.1 > 2.2.2.2:"},
        {"S 0:0(0)", "S 0:0(0) win 5/udp(1 > 2)", FIELD_BIT(FIELD_ENCAPSULATION),
         "SYN came with /udp(1 > 2) instead of no outer header"},
        {"ipv4 1.1.1.1 > 2.2.2.2: gre key 6: S 0:0(0)", "ipv4 1.1.1.1 > 2.2.2.2: gre key 5: S 0:0(0) win 5",
         FIELD_BIT(FIELD_ENCAPSULATION),
         "SYN came with ipv4 1.1.1.1 > 2.2.2.2: gre flags 0x2000, key 0x5: instead of ipv4 1.1.1.1 > "
         "2.2.2.2: gre flags 0x2000, key 0x6:"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char headline[512];
        struct text text = text_in(headline, sizeof(headline));
        struct came came;
        come(&came, rows[i].came, NETWORK_IPV4);
        struct pattern pattern = pattern_of(rows[i].expected, NETWORK_IPV4);
        struct match match = match_encapsulated(&pattern, &came.packet, &came.around);
        assert_int_equal(match.differing, rows[i].differing);
        explain_headline(&text, &pattern, &came.packet, &match);
        assert_string_equal(headline, rows[i].headline);
    }
}

static void segments_stand_one_under_the_other(void **state)
{
    (void)state;
    struct came came;
    come(&came, "icmp unreachable port_unreachable [2:12(10)]", NETWORK_IPV4);
    struct pattern pattern = pattern_of("icmp unreachable port_unreachable [1:11(10)]", NETWORK_IPV4);
    struct match match = match_encapsulated(&pattern, &came.packet, &came.around);
    struct text text = text_growing();
    explain_segments(&text, &pattern, &came.packet, &match);
    assert_string_equal(text_string(&text), "  expected  icmp unreachable port_unreachable [1:11(10)]\n"
                                            "  got       icmp unreachable port_unreachable [2:12(10)]\n"
                                            "                                              ^^^^^^^^^^\n");
    text_free(&text);
}

static void of_an_outer_header_only_what_is_written_is_looked_at(void **state)
{
    (void)state;
    struct came came;
    come(&came, "ipv4 1.1.1.1 > 2.2.2.2 (id 7, df, ttl 3): gre key 5: S 0:0(0) win 5", NETWORK_IPV4);
    static const struct {
        const char *expected;
        bool agrees;
    } rows[] = {
        {"ipv4 1.1.1.1 > 2.2.2.2: gre flags 0x2000: S 0:0(0)", true},
        {"ipv4 1.1.1.1 > 2.2.2.2 (ttl 3): gre key 5: S 0:0(0)", true},
        {"ipv4 1.1.1.1 > 2.2.2.2 (ttl 4): gre key 5: S 0:0(0)", false},
        {"ipv4 1.1.1.1 > 2.2.2.3: gre key 5: S 0:0(0)", false},
        {"ipv4 1.1.1.1 > 2.2.2.2: gre: S 0:0(0)", false},
        {"ipv4 1.1.1.1 > 2.2.2.2: S 0:0(0)", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pattern pattern = pattern_of(rows[i].expected, NETWORK_IPV4);
        struct match match = match_encapsulated(&pattern, &came.packet, &came.around);
        assert_int_equal(match_agrees(&match), rows[i].agrees);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_packet_agrees_with_its_own_text_and_no_other, end_arena),
        cmocka_unit_test_teardown(differences_are_told_in_words, end_arena),
        cmocka_unit_test_teardown(segments_stand_one_under_the_other, end_arena),
        cmocka_unit_test_teardown(of_an_outer_header_only_what_is_written_is_looked_at, end_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
