/* SPDX-License-Identifier: MIT */
/* Sets of TCP options: what agrees with one, and what is said of what does not. */
#include "packet_fixture.h"

static const struct set_row {
    const char *set;
    const char *came;
    const char *why; /* NULL: they agree */
} set_rows[] = {
    /* Any order, padding or none. */
    {"any order: mss 1460,sackOK", "sackOK,nop,nop,mss 1460", NULL},
    {"any order: mss 1460,sackOK", "mss 1460,sackOK,eol,eol", NULL},
    {"any order: mss 1460,nop,nop,sackOK", "mss 1460,sackOK,nop,nop", NULL},
    {"any order: mss 1460,sackOK", "mss 1460", "no sackOK"},
    {"any order: mss 1460", "mss 1460,nop,wscale 7", "wscale 7 besides"},
    {"any order: mss 1460", "mss 1400", "no mss 1460, mss 1400 besides"},
    {"any order: mss 1460", "", "no mss 1460"},
    /* The rest is open, but not for a kind that is listed. */
    {"mss 1460,...", "mss 1460,nop,wscale 7,sackOK,nop,nop", NULL},
    {"mss 1460,...", "sackOK,nop,nop,mss 1460", NULL},
    {"mss 1460,...", "mss 1460,mss 1400", "mss 1400 besides"},
    {"mss 1460,...", "sackOK,nop,nop", "no mss 1460"},
    {"wscale 7?,...", "mss 1460", NULL},
    {"wscale 7?,...", "mss 1460,nop,wscale 7", NULL},
    {"wscale 7?,...", "mss 1460,nop,wscale 8", "wscale 8 besides"},
    /* Each listed one takes one that came. */
    {"mss 1460,mss 1460", "mss 1460,mss 1460", "?"},
    {"any order: mss 1460,mss 1460", "mss 1460,mss 1460", NULL},
    {"any order: mss 1460,mss 1460", "mss 1460", "no mss 1460"},
    {"mss ...,mss 1460", "mss 1460,mss 1400", NULL},
    {"mss ...,mss 1460", "mss 1400,mss 1460", NULL},
    /* Open values. */
    {"mss ...", "mss 1", NULL},
    {"mss ...", "", "no mss"},
    {"mss ...?", "", NULL},
    {"mss ...?", "sackOK,nop,nop", "sackOK besides"},
    {"TS ...,...", "nop,nop,TS val 5 ecr 6", NULL},
    {"FOEXP ...", "FOEXP 00112233", NULL},
    {"FOEXP ...", "experiment2 0011", "no FOEXP, experiment2 0011 besides"},
    {"kind 77 ...", "kind 77 0102", NULL},
    {"kind 77 ...", "kind 78 0102", "no kind 77, kind 78 0102 besides"},
    {"ECN ...", "ECN e0b 1,nop,nop,nop", NULL},
};

static void read_options(struct reading *reading, const char *options)
{
    struct text text = text_growing();
    text_append_format(&text, ". 1:1(0) <%s> {data_offset 5}", options);
    read_sound(reading, keep_text(&text));
}

static void a_set_agrees_with_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(set_rows); i++) {
        const struct set_row *row = &set_rows[i];
        struct reading set, came;
        char why[256] = "";
        struct text text = text_in(why, sizeof(why));
        read_options(&set, row->set);
        read_options(&came, row->came);
        bool is_set = row->why == NULL || row->why[0] != '?';
        assert_int_equal(set.pattern.option_set.is_set, is_set);
        struct bytes options = came.pattern.packet.tcp.options;
        if (is_set && pattern_options_agree(&set.pattern, options, &text) != (row->why == NULL))
            fail_msg("<%s> and <%s>: %s", row->set, row->came, why);
        if (is_set && row->why != NULL)
            assert_string_equal(why, row->why);
        if (is_set)
            assert_int_equal(pattern_options_agree(&set.pattern, options, NULL), row->why == NULL);
        reading_free(&set);
        reading_free(&came);
    }
}

static void what_came_may_be_malformed(void **state)
{
    (void)state;
    struct reading set, came;
    char why[256];
    struct text text = text_in(why, sizeof(why));
    read_options(&set, "mss 1460,...");
    read_options(&came, "mss 1460,raw 0200");
    assert_true(pattern_options_agree(&set.pattern, from_hex("01 02 04 05 b4 08"), NULL));
    assert_false(pattern_options_agree(&set.pattern, from_hex("02 00"), &text));
    assert_string_equal(why, "no mss 1460, raw 0200 besides");
    reading_free(&set);
    reading_free(&came);
}

static void as_many_as_fit_can_be_marked(void **state)
{
    (void)state;
    struct reading set;
    struct text text = text_growing();
    for (size_t i = 0; i < TCP_OPTIONS_SIZE_MOST / 2; i++)
        text_append_string(&text, i == 0 ? "sackOK?" : ",sackOK?");
    read_options(&set, keep_text(&text));
    assert_int_equal(set.pattern.option_set.optional, 0xfffff);
    assert_true(pattern_options_agree(&set.pattern, from_hex("0402 0402"), NULL));
    reading_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(a_set_agrees_with_what_it_says),
        packet_test(what_came_may_be_malformed),
        packet_test(as_many_as_fit_can_be_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
