/* SPDX-License-Identifier: MIT */
/* The public functions, on the live kernel. */
#include "shakedown/shakedown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char path[64];
    struct shakedown_result result;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL)
        return -1;
    *state = fixture;
    (void)snprintf(fixture->path, sizeof(fixture->path), "/tmp/test_library.XXXXXX");
    int descriptor = mkstemp(fixture->path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    shakedown_result_free(&fixture->result);
    (void)unlink(fixture->path);
    free(fixture);
    return 0;
}

static enum shakedown_verdict run(struct fixture *fixture, const char *script, enum shakedown_ip ip)
{
    FILE *file = fopen(fixture->path, "w");
    assert_non_null(file);
    assert_int_not_equal(fputs(script, file), EOF);
    assert_int_equal(fclose(file), 0);
    shakedown_result_free(&fixture->result);
    assert_int_equal(shakedown_run_file(fixture->path, ip, &fixture->result), 0);
    return fixture->result.verdict;
}

#define LISTEN                                      \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 bind(3, ..., ...) = 0\n"                    \
    "+0 listen(3, 1) = 0\n"                         \
    "+0 < S 0:0(0) win 1000 <mss 1000>\n"

static void test_a_script_passes_on_every_version(void **state)
{
    struct fixture *fixture = *state;
    static const enum shakedown_ip versions[] = {SHAKEDOWN_IPV4, SHAKEDOWN_IPV6, SHAKEDOWN_IPV4_MAPPED};
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        assert_int_equal(run(fixture, "//: link raw\n" LISTEN "+0 > S. 0:0(0) ack 1 <...>\n", versions[i]),
                         SHAKEDOWN_PASS);
        assert_string_equal(fixture->result.headline, "");
    }
}

static void test_a_fail_is_explained(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "//: link raw\n" LISTEN "+0 > R. 0:0(0) ack 1\n", SHAKEDOWN_IPV4), SHAKEDOWN_FAIL);
    assert_string_equal(fixture->result.headline, "expected RST,ACK; got SYN,ACK");
    assert_non_null(strstr(fixture->result.detail, "+0 > R. 0:0(0) ack 1"));
}

static void test_a_script_that_does_not_parse_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "+0 < S 0:0(0 win\n", SHAKEDOWN_IPV4), SHAKEDOWN_ERROR);
    assert_non_null(strstr(fixture->result.detail, ":1:14: error: "));
}

static void test_a_script_for_another_version_is_not_applicable(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "--ip_version=ipv6\n" LISTEN, SHAKEDOWN_IPV4), SHAKEDOWN_NOT_APPLICABLE);
}

static void test_a_file_that_is_not_there_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(shakedown_run_file("/nowhere.pkt", SHAKEDOWN_IPV4, &fixture->result), 0);
    assert_int_equal(fixture->result.verdict, SHAKEDOWN_ERROR);
    assert_string_equal(fixture->result.headline, "there is no file or folder /nowhere.pkt");
}

static void test_the_version_is_three_numbers(void **state)
{
    (void)state;
    const char *at = shakedown_version();
    for (int i = 0; i < 3; i++) {
        size_t digits = strspn(at, "0123456789");
        assert_true(digits > 0);
        at += digits;
        assert_int_equal(*at, i < 2 ? '.' : '\0');
        at += i < 2;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_script_passes_on_every_version, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_fail_is_explained, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_script_that_does_not_parse_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_script_for_another_version_is_not_applicable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_not_there_is_an_error, setup, teardown),
        cmocka_unit_test(test_the_version_is_three_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
