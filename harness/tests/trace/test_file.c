/* SPDX-License-Identifier: MIT */
#include "trace/file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_MOST = 400 * 1024 };

static const uint8_t packet_bytes[] = {0x45, 0, 0, 20, 1, 2, 3, 4, 5, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2};

static const struct trace_event events[] = {
    {.kind = TRACE_START,
     .start = {.visibility = {.injected = true, .seen = true, .from_start = true, .clock_error = 1234},
               .realtime = 1700000000123456789,
               .stack = "linux",
               .title = "handshake/open.pkt",
               .local = {ADDRESS_IPV4, {192, 0, 2, 1}},
               .remote = {ADDRESS_IPV6, {0x20, 1, 13, 0xb8, [15] = 9}}}},
    {.kind = TRACE_CALL,
     .time = {1000, 2000},
     .call = {.number = 1, .name = "connect", .arguments = "3, {192.0.2.1:80}, 16"}},
    {.kind = TRACE_RETURN,
     .time = {3000, 4000},
     .returned = {.number = 1, .value = -1, .error_number = 115, .error_name = "EINPROGRESS", .output = ""}},
    {.kind = TRACE_INJECTED, .time = {-5, 5}, .packet = {packet_bytes, sizeof(packet_bytes)}},
    {.kind = TRACE_SEEN, .time = {6000, 6000}, .packet = {NULL, 0}},
    {.kind = TRACE_NOTE, .time = {INT64_MIN, INT64_MAX}, .note = "late by 3 ms"},
    {.kind = TRACE_END, .time = {9, 9}, .end = {.verdict = VERDICT_NOT_APPLICABLE, .reason = "no such option"}},
};

struct fixture {
    char path[64];
    uint8_t *content; /* of the file that was written */
    size_t length;
    size_t taken;   /* events read */
    bool different; /* one of them was not the one that was written */
};

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    free(fixture->content);
    free(fixture);
    return 0;
}

static void store(struct fixture *fixture, size_t length)
{
    FILE *file = fopen(fixture->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(fixture->content, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Writes `events` to the fixture's file and reads the file back as bytes. */
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL)
        return -1;
    *state = fixture;
    fixture->content = malloc(FILE_MOST);
    (void)snprintf(fixture->path, sizeof(fixture->path), "/tmp/test_trace_file.XXXXXX");
    int descriptor = mkstemp(fixture->path);
    struct trace_writer *writer;
    struct error error;
    if (fixture->content == NULL || descriptor < 0 || !trace_writer_adopt(descriptor, fixture->path, &writer, &error))
        return -1;
    struct trace_sink sink = trace_writer_sink(writer);
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (!trace_give(&sink, &events[i], &error))
            return -1;
    if (!trace_writer_close(writer, &error))
        return -1;
    FILE *file = fopen(fixture->path, "rb");
    if (file == NULL)
        return -1;
    fixture->length = fread(fixture->content, 1, FILE_MOST, file);
    return fclose(file);
}

static bool same_text(const char *left, const char *right)
{
    return strcmp(left, right) == 0;
}

static bool same_visibility(const struct trace_visibility *left, const struct trace_visibility *right)
{
    return left->injected == right->injected && left->seen == right->seen && left->calls == right->calls &&
           left->from_start == right->from_start && left->clock_error == right->clock_error;
}

static bool same_start(const struct trace_event *left, const struct trace_event *right)
{
    return same_visibility(&left->start.visibility, &right->start.visibility) &&
           left->start.realtime == right->start.realtime && same_text(left->start.stack, right->start.stack) &&
           same_text(left->start.title, right->start.title) && address_equal(&left->start.local, &right->start.local) &&
           address_equal(&left->start.remote, &right->start.remote);
}

static bool same_return(const struct trace_event *left, const struct trace_event *right)
{
    return left->returned.number == right->returned.number && left->returned.value == right->returned.value &&
           left->returned.error_number == right->returned.error_number &&
           same_text(left->returned.error_name, right->returned.error_name) &&
           same_text(left->returned.output, right->returned.output);
}

static bool same_event(const struct trace_event *left, const struct trace_event *right)
{
    if (left->kind != right->kind || left->time.earliest != right->time.earliest ||
        left->time.latest != right->time.latest)
        return false;
    switch (left->kind) {
    case TRACE_START:
        return same_start(left, right);
    case TRACE_CALL:
        return left->call.number == right->call.number && same_text(left->call.name, right->call.name) &&
               same_text(left->call.arguments, right->call.arguments);
    case TRACE_RETURN:
        return same_return(left, right);
    case TRACE_NOTE:
        return same_text(left->note, right->note);
    case TRACE_END:
        return left->end.verdict == right->end.verdict && same_text(left->end.reason, right->end.reason);
    default:
        return bytes_equal(left->packet, right->packet);
    }
}

static bool compare(void *context, const struct trace_event *event, struct error *error)
{
    struct fixture *fixture = context;
    (void)error;
    if (fixture->taken >= COUNT_OF(events) || !same_event(event, &events[fixture->taken]))
        fixture->different = true;
    fixture->taken++;
    return true;
}

static bool count(void *context, const struct trace_event *event, struct error *error)
{
    struct fixture *fixture = context;
    (void)event;
    (void)error;
    fixture->taken++;
    return true;
}

static bool refuse(void *context, const struct trace_event *event, struct error *error)
{
    (void)context;
    (void)event;
    return error_set(error, ERROR_OUT_OF_MEMORY, "the sink is full");
}

static bool read_back(struct fixture *fixture, struct error *error)
{
    struct trace_sink sink = {compare, fixture};
    fixture->taken = 0;
    fixture->different = false;
    return trace_read(fixture->path, &sink, error);
}

static void test_what_was_written_is_read_back(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    assert_true(read_back(fixture, &error));
    assert_false(fixture->different);
    assert_int_equal(fixture->taken, COUNT_OF(events));
}

static void test_a_file_cut_anywhere_gives_what_is_whole_then_an_error(void **state)
{
    struct fixture *fixture = *state;
    size_t most_taken = 0;
    for (size_t length = 0; length < fixture->length; length++) {
        struct error error = {0};
        store(fixture, length);
        assert_false(read_back(fixture, &error));
        assert_false(fixture->different);
        assert_true(fixture->taken >= most_taken);
        most_taken = fixture->taken;
        assert_int_equal(error_category(error.code), ERROR_CATEGORY_INPUT);
        assert_non_null(strstr(error.text, "offset"));
    }
    assert_int_equal(most_taken, COUNT_OF(events) - 1);
}

static void test_a_changed_byte_never_does_harm(void **state)
{
    struct fixture *fixture = *state;
    struct trace_sink sink = {count, fixture};
    for (size_t at = 0; at < fixture->length; at++) {
        uint8_t before = fixture->content[at];
        static const uint8_t changes[] = {0x01, 0x80, 0xff};
        for (size_t i = 0; i < COUNT_OF(changes); i++) {
            struct error error = {0};
            fixture->content[at] = before ^ changes[i];
            store(fixture, fixture->length);
            if (!trace_read(fixture->path, &sink, &error))
                assert_true(strlen(error.text) > 0);
        }
        fixture->content[at] = before;
    }
}

/* Puts a record of KIND with LENGTH bytes of body at OFFSET of the content. */
static void insert_record(struct fixture *fixture, size_t offset, uint8_t kind, uint32_t length)
{
    uint8_t *at = fixture->content + offset;
    memmove(at + 5 + length, at, fixture->length - offset);
    store_be32(at, length);
    at[4] = kind;
    memset(at + 5, 0x5a, length);
    fixture->length += 5 + length;
    store(fixture, fixture->length);
}

static void test_records_of_an_unknown_kind_are_skipped_by_length(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    insert_record(fixture, 12, 200, 300 * 1024);
    insert_record(fixture, fixture->length, 8, 0);
    assert_true(read_back(fixture, &error));
    assert_false(fixture->different);
    assert_int_equal(fixture->taken, COUNT_OF(events));
}

static void test_fields_behind_the_known_ones_are_skipped(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    /* The end record is last: lengthen it by what a later version may add. */
    uint32_t body = 8 + 8 + 1 + 2 + 14 + 1;
    size_t record = fixture->length - body - 5;
    assert_int_equal(load_be32(fixture->content + record), body);
    store_be32(fixture->content + record, body + 9);
    memset(fixture->content + fixture->length, 0xee, 9);
    store(fixture, fixture->length + 9);
    assert_true(read_back(fixture, &error));
    assert_false(fixture->different);
}

static void test_a_known_record_that_claims_too_much_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    store_be32(fixture->content + 12, 0xffffffff);
    store(fixture, fixture->length);
    assert_false(read_back(fixture, &error));
    assert_non_null(strstr(error.text, "at offset 12: a record claims to be larger"));
}

static void test_a_record_after_the_end_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    insert_record(fixture, fixture->length, TRACE_NOTE + 1, 30);
    assert_false(read_back(fixture, &error));
    assert_int_equal(fixture->taken, COUNT_OF(events));
    assert_non_null(strstr(error.text, "follows the end record"));
}

static void test_another_signature_or_version_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    fixture->content[11] = 2;
    store(fixture, fixture->length);
    assert_false(read_back(fixture, &error));
    assert_non_null(strstr(error.text, "version 2"));
    fixture->content[0] = 'x';
    store(fixture, fixture->length);
    assert_false(read_back(fixture, &error));
    assert_non_null(strstr(error.text, "this is no trace"));
}

static void test_a_missing_file_and_a_folder_are_named(void **state)
{
    (void)state;
    struct trace_sink sink = {refuse, NULL};
    struct error error;
    assert_false(trace_read("/nowhere/at/all", &sink, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_false(trace_read("/tmp", &sink, &error));
    assert_int_equal(error.system_error, EISDIR);
}

static void test_an_error_of_the_sink_ends_the_reading(void **state)
{
    struct fixture *fixture = *state;
    struct trace_sink sink = {refuse, NULL};
    struct error error;
    assert_false(trace_read(fixture->path, &sink, &error));
    assert_string_equal(error.text, "the sink is full");
}

static void test_a_text_too_long_for_the_format_is_cut(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    struct trace_writer *writer;
    char *text = malloc(70001);
    assert_non_null(text);
    memset(text, 'x', 70000);
    text[70000] = '\0';
    assert_true(trace_writer_open(fixture->path, &writer, &error));
    struct trace_sink sink = trace_writer_sink(writer);
    struct trace_event event = {.kind = TRACE_END, .end = {VERDICT_PASS, text}};
    assert_true(trace_give(&sink, &event, &error));
    assert_true(trace_writer_close(writer, &error));
    struct trace_sink counting = {count, fixture};
    assert_true(trace_read(fixture->path, &counting, &error));
    assert_int_equal(fixture->taken, 1);
    free(text);
}

static void test_a_packet_too_large_for_a_record_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    struct trace_writer *writer;
    assert_true(trace_writer_open(fixture->path, &writer, &error));
    struct trace_sink sink = trace_writer_sink(writer);
    struct trace_event event = {.kind = TRACE_SEEN, .packet = {fixture->content, FILE_MOST}};
    assert_false(trace_give(&sink, &event, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_true(trace_writer_close(writer, &error));
}

static void test_a_full_disk_is_reported(void **state)
{
    (void)state;
    struct error error = {0};
    struct trace_writer *writer;
    assert_true(trace_writer_open("/dev/full", &writer, &error));
    struct trace_sink sink = trace_writer_sink(writer);
    for (size_t i = 0; i < COUNT_OF(events); i++)
        assert_true(trace_give(&sink, &events[i], &error));
    assert_false(trace_writer_close(writer, &error));
    assert_int_equal(error.system_error, ENOSPC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_written_is_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_cut_anywhere_gives_what_is_whole_then_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_changed_byte_never_does_harm, setup, teardown),
        cmocka_unit_test_setup_teardown(test_records_of_an_unknown_kind_are_skipped_by_length, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fields_behind_the_known_ones_are_skipped, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_known_record_that_claims_too_much_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_record_after_the_end_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_signature_or_version_is_refused, setup, teardown),
        cmocka_unit_test(test_a_missing_file_and_a_folder_are_named),
        cmocka_unit_test_setup_teardown(test_an_error_of_the_sink_ends_the_reading, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_text_too_long_for_the_format_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_packet_too_large_for_a_record_is_refused, setup, teardown),
        cmocka_unit_test(test_a_full_disk_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
