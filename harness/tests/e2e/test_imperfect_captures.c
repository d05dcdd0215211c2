/* SPDX-License-Identifier: MIT */
/*
 * What an honest stack did is recorded once, and told again as captures that lack something of it: each packet in turn,
 * and each run of some, the beginning, the end, a direction; or that have it in another order. None may ever make a
 * fail.
 */
#include "recorded.h"

enum { RUN_MOST = 4, EXAMPLES_MOST = 8, PATH_MOST = 1000 };

struct property {
    struct spec spec;
    struct judge *judge;
    struct recorded recorded;
    struct pieced pieced;
    const char *path; /* of the trace at hand */
    bool on_stack;
    size_t judged;
    size_t failed;
    size_t kept[VERDICT_COUNT];
};

static void load_specification(struct spec *spec)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct error error;
    assert_true(spec_load(spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error));
    arena_free(&arena);
}

static enum verdict judge_pieces(struct property *property)
{
    enum verdict verdict =
        pieced_judge(&property->pieced, &property->recorded.stack, property->on_stack, property->judge);
    property->judged++;
    property->kept[verdict]++;
    return verdict;
}

static void tell_fail(struct property *property, const char *what, size_t at)
{
    const struct judge_violation *violation = judge_violation_at(property->judge, 0);
    if (property->failed++ < EXAMPLES_MOST)
        print_error("%s%s: %s %zu: event %llu, in %s: %s\n", property->path, property->on_stack ? " on the stack" : "",
                    what, at, (unsigned long long)violation->event, violation->state, violation->text);
}

/* No fail may come of what was done to the capture, which WHAT and AT say. */
static void assert_no_fail(struct property *property, const char *what, size_t at)
{
    if (judge_pieces(property) == VERDICT_FAIL)
        tell_fail(property, what, at);
}

/* All packets but COUNT from FIRST on. */
static void piece_without(struct property *property, size_t first, size_t count)
{
    const struct recorded *recorded = &property->recorded;
    pieced_begin(&property->pieced);
    for (size_t i = 0; i < recorded->count; i++)
        if (i < first || i >= first + count)
            pieced_add(&property->pieced, &recorded->packets[i], recorded->packets[i].time);
}

static void leave_out_some(struct property *property)
{
    const size_t count = property->recorded.count;
    for (size_t run = 1; run <= RUN_MOST; run++)
        for (size_t first = 0; first + run <= count; first++) {
            piece_without(property, first, run);
            assert_no_fail(property, run == 1 ? "without packet" : "without some from packet", first + 1);
        }
    for (size_t i = 1; i < count; i++) {
        piece_without(property, 0, i);
        assert_no_fail(property, "without the beginning, up to packet", i);
        piece_without(property, i, count);
        assert_no_fail(property, "without the end, from packet", i + 1);
    }
}

static void leave_out_two(struct property *property)
{
    const struct recorded *recorded = &property->recorded;
    for (size_t one = 0; one < recorded->count; one++)
        for (size_t other = one + 2; other < recorded->count && other < one + 8; other++) {
            pieced_begin(&property->pieced);
            for (size_t i = 0; i < recorded->count; i++)
                if (i != one && i != other)
                    pieced_add(&property->pieced, &recorded->packets[i], recorded->packets[i].time);
            assert_no_fail(property, "without two, the first of them packet", one + 1);
        }
}

static void leave_out_a_direction(struct property *property)
{
    const struct recorded *recorded = &property->recorded;
    for (int kept = 0; kept < 2; kept++) {
        pieced_begin(&property->pieced);
        for (size_t i = 0; i < recorded->count; i++)
            if (recorded->packets[i].to_stack == (kept != 0))
                pieced_add(&property->pieced, &recorded->packets[i], recorded->packets[i].time);
        assert_no_fail(property, "one direction alone", (size_t)kept);
    }
}

/* Two neighbours trade places, with their times or without them. */
static void trade_places(struct property *property)
{
    const struct recorded *recorded = &property->recorded;
    for (size_t first = 0; first + 1 < recorded->count; first++)
        for (int timed = 0; timed < 2; timed++) {
            pieced_begin(&property->pieced);
            for (size_t i = 0; i < recorded->count; i++) {
                size_t from = i == first ? i + 1 : i == first + 1 ? first : i;
                pieced_add(&property->pieced, &recorded->packets[from], recorded->packets[timed != 0 ? from : i].time);
            }
            assert_no_fail(property, timed != 0 ? "out of order, from packet" : "in a wrong order, from packet",
                           first + 1);
        }
}

/* A run's own trace, cut behind each of its events. */
struct cutting {
    struct trace_sink sink;
    size_t left; /* events that are there */
    size_t told;
};

static bool cut(void *context, const struct trace_event *event, struct error *error)
{
    struct cutting *cutting = context;
    cutting->told++;
    if (cutting->left == 0)
        return true;
    cutting->left--;
    return trace_give(&cutting->sink, event, error);
}

/* The verdict on the first LEFT events; MORE says whether there are others. */
static enum verdict judge_beginning(struct property *property, size_t left, bool *more)
{
    struct error error;
    struct cutting cutting = {.sink = judge_sink(property->judge), .left = left};
    const struct trace_sink sink = {cut, &cutting};
    judge_restart(property->judge);
    assert_true(trace_read(property->path, &sink, &error));
    *more = cutting.told > left;
    if (*more)
        judge_cut_short(property->judge);
    assert_true(judge_finish(property->judge, &error));
    property->judged++;
    return judge_verdict(property->judge);
}

static void cut_short(struct property *property)
{
    bool more;
    enum verdict whole = judge_beginning(property, SIZE_MAX, &more);
    property->kept[whole]++;
    if (whole == VERDICT_FAIL)
        return; /* what no requirement is cited for may do as it likes */
    size_t events = 1;
    do {
        enum verdict verdict = judge_beginning(property, events++, &more);
        property->kept[verdict]++;
        if (verdict == VERDICT_FAIL)
            tell_fail(property, "cut behind event", events - 1);
    } while (more);
}

static void spoil(struct property *property, const char *path)
{
    property->path = path;
    recorded_read(&property->recorded, path);
    for (int on_stack = 0; on_stack < 2; on_stack++) {
        property->on_stack = on_stack != 0;
        piece_without(property, 0, 0);
        assert_no_fail(property, "whole", 0);
        leave_out_some(property);
        leave_out_two(property);
        leave_out_a_direction(property);
        trade_places(property);
    }
    recorded_free(&property->recorded);
    property->on_stack = false;
    cut_short(property);
}

static struct property *visiting;
static int visit(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    static const off_t header = 12; /* of a trace that has nothing else: the script was not applicable */
    (void)walk;
    if (type == FTW_F && status->st_size > header)
        spoil(visiting, path);
    return 0;
}

/* Records what the sample stack does in all scripts below SUITE. */
static void record(struct program *program, const char *suite)
{
    char line[PATH_MOST];
    (void)snprintf(line, sizeof(line), "run --stack sample --trace recorded " SHAKEDOWN_SOURCE_DIR "/specs/suites/%s",
                   suite);
    if (program_run(program, line) != 0)
        fail_msg("%s%s", program->output, program->errors);
}

static void assert_never_fails(struct program *program, const char *suite)
{
    struct property *property = calloc(1, sizeof(*property));
    struct error error;
    assert_non_null(property);
    load_specification(&property->spec);
    property->judge = judge_open(&property->spec, &error);
    assert_non_null(property->judge);
    record(program, suite);
    visiting = property;
    assert_int_equal(nftw(program_path(program, "recorded"), visit, 8, FTW_PHYS), 0);
    size_t judged = property->judged;
    size_t failed = property->failed;
    print_message("%zu captures: %zu pass, %zu inconclusive\n", judged, property->kept[VERDICT_PASS],
                  property->kept[VERDICT_INCONCLUSIVE]);
    judge_close(property->judge);
    spec_free(&property->spec);
    free(property->pieced.bytes);
    free(property);
    assert_true(judged > 1000);
    if (failed > 0)
        fail_msg("%zu of %zu captures of an honest stack make a fail", failed, judged);
}

static void test_the_handshake_suite(void **state)
{
    assert_never_fails(*state, "handshake");
}

static void test_the_language_suite(void **state)
{
    assert_never_fails(*state, "language");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_handshake_suite),
        TEST(the_language_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
