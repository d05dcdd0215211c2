/* SPDX-License-Identifier: MIT */
/* Names and rules in a segment's text: read, printed, compared, and told when they are wrong. */
#include "packet_fixture.h"

/* The text printed of what was read. */
static const char *printed_pattern(const struct reading *reading)
{
    struct text text = text_growing();
    pattern_print(&text, &reading->pattern);
    return keep_text(&text);
}

/* TEXT is printed as AGAIN, and that is read as the same. */
static void assert_printed(const char *string, const char *again)
{
    struct reading first, second;
    read_sound(&first, string);
    assert_true(first.pattern.slot_count > 0);
    assert_string_equal(printed_pattern(&first), again);
    read_sound(&second, again);
    assert_true(pattern_equal(&first.pattern, &second.pattern));
    assert_string_equal(printed_pattern(&second), again);
    reading_free(&first);
    reading_free(&second);
}

static void names_are_read_and_printed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "S $isn:$isn(0)",
        "$port > 8080 S. 0:0(0) ack $isn+1",
        "8080 > $port . $a-5:$a+5(10) ack $b win $w-1 urg $u",
        "S 0:0(0) win 5 <mss $m,nop,wscale $s>",
        "S 0:0(0) win 5 <mss 1460,TS val $t+1 ecr 0,nop,nop,nop,wscale $s>",
        ". 1:1(0) <nop,nop,TS val 1 ecr $t>",
        "S 0:0(0) <FO $cookie>",
        "S 0:0(0) <nop,nop,FOEXP $cookie,kind 77 $x>",
        ". 1:1(0) <md5 $digest>",
        ". 1:1(0) <nop,nop,md5 valid>",
        ". 1:1(0) <ao keyid 1 rnext 2 valid>",
        "S 0:0(0) <kind 2 $x,kind 4 $x,kind 172 $x>",
        "S 0:0(0) <mss $m,wscale $s?,...>",
        ". 1:1(0) <any order: TS val $t ecr 1,md5 valid>",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_printed(texts[i], texts[i]);
    assert_printed("S 0:0(0) <nop,nop,mss $m,...>", "S 0:0(0) <mss $m,...>");
    assert_printed("S $i+0:$i(0)", "S $i:$i(0)");
}

static void places_are_known(void **state)
{
    (void)state;
    struct reading reading;
    read_sound(&reading, "S. $isn:$isn(0) ack 1 <nop,nop,TS val 7 ecr $t,FO $cookie,nop,nop>");
    const struct pattern_slot *slots = reading.pattern.slots;
    assert_int_equal(reading.pattern.slot_count, 3);
    assert_int_equal(slots[0].field, FIELD_SEQUENCE);
    assert_int_equal(slots[0].kind, NAME_INITIAL_SEQUENCE);
    assert_int_equal(slots[1].option, 2);
    assert_int_equal(slots[1].offset, 8);
    assert_int_equal(slots[1].size, 4);
    assert_int_equal(slots[2].option, 12);
    assert_int_equal(slots[2].offset, 14);
    assert_int_equal(slots[2].size, 0);
    assert_int_equal(slots[2].kind, NAME_BYTES);
    reading_free(&reading);
    read_sound(&reading, ". $s:$s(0)");
    assert_int_equal(reading.pattern.slots[0].kind, NAME_SEQUENCE);
    reading_free(&reading);
}

static void padding_of_a_set_moves_places(void **state)
{
    (void)state;
    struct reading reading;
    read_sound(&reading, "S 0:0(0) <nop,nop,mss $m,wscale $s?>");
    assert_int_equal(reading.pattern.slots[0].option, 0);
    assert_int_equal(reading.pattern.slots[0].offset, 2);
    assert_int_equal(reading.pattern.slots[1].option, 4);
    assert_int_equal(reading.pattern.slots[1].offset, 6);
    reading_free(&reading);
}

static void differences_are_seen(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "S 0:0(0) win $a",
        "S 0:0(0) win $b",
        "S 0:0(0) win $a+1",
        "S 0:0(0) win 0",
        "S 0:0(0) win 0 urg $a",
        "S 0:0(0) win $a <md5 valid,nop,nop>",
        "S 0:0(0) win $a <md5 00000000000000000000000000000000,nop,nop>",
    };
    assert_all_differ(texts, COUNT_OF(texts));
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"S 0:0(0) win $", 13, "expected a name behind `$`: a letter or `_`, then letters, digits and `_`"},
        {"S 0:0(0) win $5", 13, "expected a name behind `$`: a letter or `_`, then letters, digits and `_`"},
        {"S 0:0(0) win $abcdefghijabcdefghijabcdefghijabcd", 13, "this name is too long: at most 31 characters"},
        {"S $a:$b(0)", 5, "these numbers don't agree: expected `$a` with 0 more than in front"},
        {"S $a:$a+5(10)", 5, "these numbers don't agree: expected `$a` with 10 more than in front"},
        {"S $a:5(5)", 5, "expected the same name, and the payload's length added to it, found `5`"},
        {"S 5:$a(5)", 4, "expected the sequence number behind the payload, found `$`"},
        {"S 0:0($a)", 6, "expected the payload's length, found `$`"},
        {"S 0:0(0) <sack $a:5>", 15, "expected the left edge of a block, found `$`"},
        {"S 0:0(0) <FO $a+1>", 15, "expected `,` or `>`, found `+`"},
        {"S 0:0(0) <FO NAME>", 13, "expected bytes in hexadecimal, found `NAME`"},
        {"E3. 0:0(0)", 1, "E, W and A are bits of this number: give one or the other"},
    };
    assert_mistakes(rows, COUNT_OF(rows));
}

static bool find_text(void *context, const char *name, size_t length, const char **text)
{
    (void)context;
    *text = length == 5 && memcmp(name, "WRONG", length) == 0 ? "xyz" : "0x3021B9d889017eeb";
    return true;
}

static void defined_bytes_are_taken(void **state)
{
    (void)state;
    const struct pattern_names names = {.find_text = find_text};
    struct reading reading;
    read_pattern(&reading, "S 0:0(0) <FO TFO_COOKIE,nop,nop>", &names);
    assert_true(reading.done);
    assert_bytes(reading.pattern.packet.tcp.options, "220a3021b9d889017eeb0101");
    reading_free(&reading);
    read_pattern(&reading, "S 0:0(0) <FO WRONG>", &names);
    assert_false(reading.done);
    assert_string_equal(reading.diagnostics.items[0].message,
                        "the definition WRONG=xyz is no bytes in hexadecimal, or too many of them");
    reading_free(&reading);
    read_pattern(&reading, "S 0:0(0) <FO COOKIE_WRONG,nop,nop>", &names);
    assert_true(reading.done);
    reading_free(&reading);
}

static void the_ace_field_stands_anywhere(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned flags;
    } rows[] = {
        {".5 0:0(0)", TCP_ACK | TCP_AE | TCP_ECE},
        {"5. 0:0(0)", TCP_ACK | TCP_AE | TCP_ECE},
        {"P2. 0:0(0)", TCP_PSH | TCP_ACK | TCP_CWR},
        {"1 > 2 3P. 0:0(0)", TCP_PSH | TCP_ACK | TCP_CWR | TCP_ECE},
        {"SEWA 0:0(0)", TCP_SYN | TCP_ECE | TCP_CWR | TCP_AE},
        {"EAP. 0:0(0)", TCP_PSH | TCP_ACK | TCP_AE | TCP_ECE},
        {"S0 0:0(0)", TCP_SYN},
        {"S7. 0:0(0)", TCP_SYN | TCP_ACK | TCP_ECE | TCP_CWR | TCP_AE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading;
        read_sound(&reading, rows[i].text);
        assert_int_equal(reading.pattern.packet.tcp.flags, rows[i].flags);
        reading_free(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(names_are_read_and_printed),
        packet_test(places_are_known),
        packet_test(padding_of_a_set_moves_places),
        packet_test(differences_are_seen),
        packet_test(mistakes_are_told),
        packet_test(defined_bytes_are_taken),
        packet_test(the_ace_field_stands_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
