/* SPDX-License-Identifier: MIT */
/* Conditions: comparisons around the wrap, intervals, and what is open because it isn't known. */
#include "spec/hypothesis.h"
#include "spec_fixture.h"

/* A specification of nothing but one predicate. */
struct condition {
    struct arena arena;
    struct spec spec;
    struct hypothesis hypothesis;
    struct segment segment;
    struct view view;
};

static const char rest[] = "\nrows all\narrives any\n  silent\n  RFC9293 §3\n"
                           "state CLOSED\nuse all\nstate LISTEN\nuse all\nstate SYN-SENT\nuse all\n"
                           "state SYN-RECEIVED\nuse all\nstate ESTABLISHED\nuse all\nstate FIN-WAIT-1\nuse all\n"
                           "state FIN-WAIT-2\nuse all\nstate CLOSE-WAIT\nuse all\nstate CLOSING\nuse all\n"
                           "state LAST-ACK\nuse all\nstate TIME-WAIT\nuse all\n";

static void condition_read(struct condition *condition, const char *predicate)
{
    struct text text = text_growing();
    struct diagnostics diagnostics = {.arena = &condition->arena};
    text_append_format(&text, "choice taken\npredicate p\n  %s%s", predicate, rest);
    const struct source source = {"spec", text_string(&text), text.length};
    *condition = (struct condition){.hypothesis = hypothesis_in(SPEC_ESTABLISHED)};
    diagnostics.arena = &condition->arena;
    if (!spec_parse(&condition->spec, &source, &diagnostics))
        fail_msg("%s can't be parsed", predicate);
    condition->view = (struct view){.spec = &condition->spec,
                                    .hypothesis = &condition->hypothesis,
                                    .segment = &condition->segment,
                                    .mask = UINT32_MAX,
                                    .to_stack = true};
    text_free(&text);
}

static enum truth condition_truth(struct condition *condition)
{
    return view_condition(&condition->view, condition->spec.predicates[0].node);
}

static void condition_end(struct condition *condition)
{
    spec_free(&condition->spec);
    arena_free(&condition->arena);
}

/* SEG.SEQ and ISS as given; what a predicate over them is. */
static void assert_truth(const char *predicate, uint32_t mask, uint32_t sequence, uint32_t iss, enum truth expected)
{
    struct condition condition;
    condition_read(&condition, predicate);
    condition.view.mask = mask;
    condition.segment.sequence = sequence;
    hypothesis_set(&condition.hypothesis, SPEC_ISS, iss);
    enum truth truth = condition_truth(&condition);
    condition_end(&condition);
    if (truth != expected)
        fail_msg("%s with SEG.SEQ %u, ISS %u, mask %u: %d", predicate, sequence, iss, mask, (int)truth);
}

static void comparisons_go_half_way_round(void **state)
{
    (void)state;
    static const struct {
        uint32_t mask, sequence, iss;
        bool before, equal;
    } rows[] = {
        {UINT32_MAX, 4, 5, true, false},
        {UINT32_MAX, 5, 5, false, true},
        {UINT32_MAX, 6, 5, false, false},
        {UINT32_MAX, UINT32_MAX, 0, true, false},
        {UINT32_MAX, 0, UINT32_MAX, false, false},
        {UINT32_MAX, 0x80000001, 0, true, false},
        {UINT32_MAX, 0x7fffffff, 0, false, false},
        {15, 15, 0, true, false},
        {15, 0, 15, false, false},
        {15, 9, 0, true, false},
        {15, 7, 0, false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool before = rows[i].before, equal = rows[i].equal;
        assert_truth("SEG.SEQ < ISS", rows[i].mask, rows[i].sequence, rows[i].iss, before);
        assert_truth("SEG.SEQ <= ISS", rows[i].mask, rows[i].sequence, rows[i].iss, before || equal);
        assert_truth("SEG.SEQ > ISS", rows[i].mask, rows[i].sequence, rows[i].iss, !before && !equal);
        assert_truth("SEG.SEQ >= ISS", rows[i].mask, rows[i].sequence, rows[i].iss, !before);
        assert_truth("SEG.SEQ = ISS", rows[i].mask, rows[i].sequence, rows[i].iss, equal);
        assert_truth("not SEG.SEQ != ISS", rows[i].mask, rows[i].sequence, rows[i].iss, equal);
    }
}

static void sums_go_past_zero_in_any_order(void **state)
{
    (void)state;
    static const struct {
        const char *predicate;
        enum truth truth;
    } rows[] = {
        {"SEG.SEQ + 3 = 2", TRUTH_YES},
        {"SEG.SEQ + ISS - 1 = 1", TRUTH_YES},
        {"5 - SEG.SEQ = 6", TRUTH_YES},
        {"5 - SEG.SEQ - ISS = 3", TRUTH_YES},
        {"5 - SEG.SEQ + ISS + ISS = 12", TRUTH_YES},
        {"ISS - (SEG.SEQ - ISS + 2) = 5", TRUTH_YES},
        {"SEG.SEQ + SEG.SEQ + SEG.SEQ + ISS = 0", TRUTH_YES},
        {"SEG.SEQ + SEG.SEQ + SEG.SEQ + ISS = 1", TRUTH_NO},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_truth(rows[i].predicate, 15, 15, 3, rows[i].truth);
}

static void intervals_have_the_ends_that_they_say(void **state)
{
    (void)state;
    /* From ISS, which is so far from the wrap, two numbers on. */
    for (uint32_t offset = 0; offset < 5; offset++) {
        uint32_t iss = UINT32_MAX - offset + 1;
        static const bool inside[4][4] = {{true, true, true, false},
                                          {false, true, true, false},
                                          {true, true, false, false},
                                          {false, true, false, false}};
        for (uint32_t at = 0; at < 4; at++) {
            assert_truth("SEG.SEQ in [ISS, ISS + 2]", UINT32_MAX, iss + at, iss, inside[0][at]);
            assert_truth("SEG.SEQ in (ISS, ISS + 2]", UINT32_MAX, iss + at, iss, inside[1][at]);
            assert_truth("SEG.SEQ in [ISS, ISS + 2)", UINT32_MAX, iss + at, iss, inside[2][at]);
            assert_truth("SEG.SEQ in (ISS, ISS + 2)", UINT32_MAX, iss + at, iss, inside[3][at]);
            assert_truth("SEG.SEQ not in [ISS, ISS + 2]", UINT32_MAX, iss + at, iss, !inside[0][at]);
        }
        assert_truth("SEG.SEQ in [ISS, ISS + 2]", UINT32_MAX, iss - 1, iss, false);
    }
}

static void what_is_not_known_is_open(void **state)
{
    (void)state;
    static const struct {
        const char *predicate;
        enum truth truth;
    } rows[] = {
        {"SND.UNA = 1", TRUTH_OPEN},
        {"not SND.UNA = 1", TRUTH_OPEN},
        {"SND.UNA + 1 in [0, 5]", TRUTH_OPEN},
        {"SEG.SEQ in [SND.UNA, 5]", TRUTH_OPEN},
        {"SND.UNA = 1 and SEG.SEQ = 7", TRUTH_OPEN},
        {"SND.UNA = 1 and SEG.SEQ != 7", TRUTH_NO},
        {"SEG.SEQ != 7 and SND.UNA = 1", TRUTH_NO},
        {"SND.UNA = 1 or SEG.SEQ = 7", TRUTH_YES},
        {"SEG.SEQ = 7 or SND.UNA = 1", TRUTH_YES},
        {"SND.UNA = 1 or SEG.SEQ != 7", TRUTH_OPEN},
        {"not (SND.UNA = 1 and SEG.SEQ = 7)", TRUTH_OPEN},
        {"not (SND.UNA != 1 or SEG.SEQ = 7)", TRUTH_NO},
        {"not (SND.UNA > 1 and SEG.SEQ != 7)", TRUTH_YES},
        {"SND.UNA = 1 and (SND.UNA = 2 or SEG.SEQ != 7)", TRUTH_OPEN},
        {"SND.UNA = 1 and (SND.UNA = 2 and SEG.SEQ != 7)", TRUTH_NO},
        {"SND.UNA = 1 and not taken", TRUTH_OPEN},
        {"SND.UNA = 1 and taken", TRUTH_NO},
        {"PASSIVE", TRUTH_NO},
        {"taken", TRUTH_NO},
        {"RCV.WND = 0", TRUTH_OPEN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_truth(rows[i].predicate, UINT32_MAX, 7, 1, rows[i].truth);
}

/* RCV.NXT is 10 at least, and 20 at most. */
static void what_both_ends_answer_alike_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *predicate;
        uint32_t sequence;
        enum truth truth;
    } rows[] = {
        {"SEG.SEQ = RCV.NXT", 9, TRUTH_NO},    {"SEG.SEQ = RCV.NXT", 10, TRUTH_OPEN},
        {"SEG.SEQ = RCV.NXT", 15, TRUTH_OPEN}, {"SEG.SEQ = RCV.NXT", 20, TRUTH_OPEN},
        {"SEG.SEQ = RCV.NXT", 21, TRUTH_NO},   {"SEG.SEQ < RCV.NXT", 9, TRUTH_YES},
        {"SEG.SEQ < RCV.NXT", 10, TRUTH_OPEN}, {"SEG.SEQ < RCV.NXT", 20, TRUTH_NO},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct condition condition;
        condition_read(&condition, rows[i].predicate);
        condition.segment.sequence = rows[i].sequence;
        hypothesis_set(&condition.hypothesis, SPEC_RCV_NXT, 10);
        hypothesis_set(&condition.hypothesis, SPEC_RCV_HIGH, 20);
        assert_int_equal(condition_truth(&condition), rows[i].truth);
        condition_end(&condition);
    }
}

static void a_timestamp_is_outdated_only_below_what_was_echoed(void **state)
{
    (void)state;
    static const struct {
        uint32_t timestamp;
        enum truth truth;
    } rows[] = {{99, TRUTH_YES}, {100, TRUTH_OPEN}, {199, TRUTH_OPEN}, {200, TRUTH_NO}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct condition condition;
        condition_read(&condition, "SEG.TSVAL < TS.RECENT");
        condition.segment.timestamp = rows[i].timestamp;
        hypothesis_set(&condition.hypothesis, SPEC_TS_ECHOED, 100);
        hypothesis_set(&condition.hypothesis, SPEC_TS_RECENT, 200);
        assert_int_equal(condition_truth(&condition), rows[i].truth);
        condition_end(&condition);
    }
}

static void only_windows_behind_the_syn_are_scaled(void **state)
{
    (void)state;
    static const struct {
        uint16_t flags;
        uint8_t options;
        uint8_t shift;
        uint32_t window;
    } rows[] = {
        {TCP_ACK, SEGMENT_WINDOW_SCALE, 7, 128000},
        {TCP_ACK, SEGMENT_WINDOW_SCALE, 99, 16384000},
        {TCP_SYN, SEGMENT_WINDOW_SCALE, 7, 1000},
        {TCP_ACK, 0, 7, 1000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct condition condition;
        condition_read(&condition, "PASSIVE");
        condition.hypothesis.sent = rows[i].options;
        condition.hypothesis.received = SEGMENT_WINDOW_SCALE;
        condition.hypothesis.received_scale = rows[i].shift;
        condition.segment.flags = rows[i].flags;
        condition.segment.window = 1000;
        assert_int_equal(view_window(&condition.view), rows[i].window);
        condition_end(&condition);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_go_half_way_round),
        cmocka_unit_test(sums_go_past_zero_in_any_order),
        cmocka_unit_test(intervals_have_the_ends_that_they_say),
        cmocka_unit_test(what_is_not_known_is_open),
        cmocka_unit_test(what_both_ends_answer_alike_is_known),
        cmocka_unit_test(a_timestamp_is_outdated_only_below_what_was_echoed),
        cmocka_unit_test(only_windows_behind_the_syn_are_scaled),
    };
    return cmocka_run_group_tests_name("evaluate", tests, NULL, NULL);
}
