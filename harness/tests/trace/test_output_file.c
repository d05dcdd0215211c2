/* SPDX-License-Identifier: MIT */
#include "trace/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char path[64];
    struct output_file file;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL)
        return -1;
    (void)snprintf(fixture->path, sizeof(fixture->path), "/tmp/test_output_file.XXXXXX");
    int descriptor = mkstemp(fixture->path);
    if (descriptor < 0)
        return -1;
    (void)close(descriptor);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    free(fixture);
    return 0;
}

static void test_all_that_was_appended_is_in_the_file(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    static uint8_t large[OUTPUT_FILE_BUFFER + 1];
    memset(large, 7, sizeof(large));
    assert_true(output_file_open(&fixture->file, fixture->path, &error));
    const size_t sizes[] = {3, 0, OUTPUT_FILE_BUFFER - 1, OUTPUT_FILE_BUFFER, sizeof(large), 5};
    size_t sum = 0;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_true(output_file_append(&fixture->file, (struct bytes){large, sizes[i]}, &error));
        sum += sizes[i];
    }
    assert_int_equal(fixture->file.written, sum);
    assert_true(output_file_close(&fixture->file, &error));
    struct stat status;
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_size, sum);
}

static void test_a_file_that_is_there_is_emptied(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    for (size_t length = 2; length > 0; length--) {
        assert_true(output_file_open(&fixture->file, fixture->path, &error));
        assert_true(output_file_append(&fixture->file, (struct bytes){(const uint8_t *)"ab", length}, &error));
        assert_true(output_file_close(&fixture->file, &error));
    }
    struct stat status;
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_size, 1);
}

static void test_a_path_that_cannot_be_written_is_named(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_false(output_file_open(&fixture->file, "/nowhere/at/all", &error));
    assert_int_equal(error.system_error, ENOENT);
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
}

static void test_a_full_disk_is_reported_at_close_at_the_latest(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_true(output_file_open(&fixture->file, "/dev/full", &error));
    assert_true(output_file_append(&fixture->file, (struct bytes){(const uint8_t *)"ab", 2}, &error));
    assert_false(output_file_close(&fixture->file, &error));
    assert_int_equal(error.system_error, ENOSPC);
    assert_non_null(strstr(error.text, "/dev/full"));
}

static void test_after_a_failure_nothing_is_taken(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_true(output_file_open(&fixture->file, "/dev/full", &error));
    assert_true(output_file_append(&fixture->file, (struct bytes){(const uint8_t *)"ab", 2}, &error));
    assert_false(output_file_flush(&fixture->file, &error));
    assert_false(output_file_append(&fixture->file, (struct bytes){(const uint8_t *)"ab", 2}, &error));
    assert_false(output_file_close(&fixture->file, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_that_was_appended_is_in_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_there_is_emptied, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_path_that_cannot_be_written_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_disk_is_reported_at_close_at_the_latest, setup, teardown),
        cmocka_unit_test_setup_teardown(test_after_a_failure_nothing_is_taken, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
