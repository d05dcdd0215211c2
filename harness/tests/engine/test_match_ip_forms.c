/* SPDX-License-Identifier: MIT */
/* Every form of an IP field, wherever it may stand, in both versions: injected it is what the packet has, expected it
 * takes that packet and no other. */
#include "engine/match.h"

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

static const struct form {
    const char *text;
    const char *companion; /* another field beside it */
    const char *other;     /* another value of the same field */
    enum pattern_field field;
    uint32_t value; /* on the wire */
    bool six_only;
} forms[] = {
    {"noecn", "ttl 7", "ce", FIELD_ECN, 0, false},
    {"ect0", "ttl 7", "ect1", FIELD_ECN, 2, false},
    {"ect1", "ttl 7", "ect0", FIELD_ECN, 1, false},
    {"ect01", "ttl 7", "ce", FIELD_ECN, 2, false},
    {"ect01", "ttl 7", "noecn", FIELD_ECN, 2, false},
    {"ce", "tos 0x10", "ect0", FIELD_ECN, 3, false},
    {"tos 0x10", "ttl 7", "tos 0x20", FIELD_TYPE_OF_SERVICE, 0x10, false},
    {"ttl 9", "tos 0x10", "ttl 10", FIELD_TIME_TO_LIVE, 9, false},
    {"flowlabel 0xabcde", "ttl 7", "flowlabel 0xabcdf", FIELD_FLOW_LABEL, 0xabcde, true},
};

/* Texts around a form, which is $, and its companion, which is &. */
static const char *const places[] = {
    "($) S 0:0(0) win 9",         "[$] S 0:0(0) win 9",
    "($, &) S 0:0(0) win 9",      "(&, $) S 0:0(0) win 9",
    "[$, &] S 0:0(0) win 9",      "($) [&] S 0:0(0) win 9",
    "[&] ($) S 0:0(0) win 9",     "(&) [$] S 0:0(0) win 9",
    "[$] (&) S 0:0(0) win 9",     "($) 1 > 2 . 1:11(10) ack 1 win 9",
    "($) udp 1 > 2 (10)",         "[$] udp 1 > 2 (10)",
    "($) icmp echo_reply rest 9", "[$] icmp echo_reply rest 9",
    "($, &) udp 1 > 2 (10)",      "($) [&] icmp echo_reply rest 9",
};

static struct pattern pattern_in(const char *place, const char *form, const char *companion,
                                 enum packet_network network)
{
    struct text text = text_growing();
    for (const char *at = place; *at != '\0'; at++) {
        if (*at == '$' || *at == '&')
            text_append_string(&text, *at == '$' ? form : companion);
        else
            text_append_character(&text, *at);
    }
    const char *kept = arena_copy(&arena, text_string(&text), text.length);
    assert_non_null(kept);
    struct source source = {.name = "text", .text = kept, .length = text.length};
    struct diagnostics diagnostics = {.arena = &arena};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern;
    text_free(&text);
    if (!pattern_parse(&scanner, &arena, &(struct pattern_names){0}, &pattern))
        fail_msg("`%s`: %s", kept, diagnostics.kept > 0 ? diagnostics.items[0].message : "no message");
    pattern_set_network(&pattern, network);
    return pattern;
}

static struct packet inject(const struct pattern *pattern)
{
    struct error error;
    struct packet packet;
    uint8_t *wire = arena_take(&arena, 256);
    assert_non_null(wire);
    struct byte_writer writer = byte_writer_on(wire, 256);
    assert_true(packet_build(&pattern->packet, &writer, &error));
    packet_decode(byte_writer_written(&writer), DECODE_ALL, &packet);
    return packet;
}

static uint32_t value_of(const struct packet *packet, enum pattern_field field)
{
    bool six = packet->network == NETWORK_IPV6;
    uint8_t service = six ? packet->ipv6.traffic_class : packet->ipv4.type_of_service;
    if (field == FIELD_ECN)
        return service & 3;
    if (field == FIELD_TYPE_OF_SERVICE)
        return service;
    if (field == FIELD_TIME_TO_LIVE)
        return six ? packet->ipv6.hop_limit : packet->ipv4.time_to_live;
    return packet->ipv6.flow_label;
}

static void check_form(const struct form *form, const char *place, enum packet_network network)
{
    struct pattern expected = pattern_in(place, form->text, form->companion, network);
    struct pattern different = pattern_in(place, form->other, form->companion, network);
    struct packet right = inject(&expected);
    struct packet wrong = inject(&different);
    assert_int_equal(right.network, network);
    assert_int_equal(value_of(&right, form->field), form->value);
    struct match match = match_packet(&expected, &right);
    if (!match_agrees(&match))
        fail_msg("`%s` at `%s` does not take its own packet", form->text, place);
    match = match_packet(&expected, &wrong);
    if ((match.differing & FIELD_BIT(form->field)) == 0)
        fail_msg("`%s` at `%s` takes `%s`", form->text, place, form->other);
}

static void every_form_is_taken_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        for (size_t j = 0; j < COUNT_OF(places); j++) {
            if (!forms[i].six_only)
                check_form(&forms[i], places[j], NETWORK_IPV4);
            check_form(&forms[i], places[j], NETWORK_IPV6);
        }
    }
}

static void either_code_point_is_taken_for_both(void **state)
{
    (void)state;
    for (size_t j = 0; j < COUNT_OF(places); j++) {
        struct pattern either = pattern_in(places[j], "ect01", "ttl 7", NETWORK_IPV4);
        struct pattern second = pattern_in(places[j], "ect1", "ttl 7", NETWORK_IPV4);
        struct packet packet = inject(&second);
        struct match match = match_packet(&either, &packet);
        assert_true(match_agrees(&match));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_form_is_taken_wherever_it_stands, end_arena),
        cmocka_unit_test_teardown(either_code_point_is_taken_for_both, end_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
