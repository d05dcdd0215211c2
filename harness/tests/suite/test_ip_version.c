/* SPDX-License-Identifier: MIT */
#include "suite/ip_version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_one_or_several_versions_are_read(void **state)
{
    (void)state;
    const struct {
        const char *string;
        ip_versions versions;
    } rows[] = {
        {"4", 1 << IP_VERSION_IPV4},
        {"6", 1 << IP_VERSION_IPV6},
        {"mapped", 1 << IP_VERSION_IPV4_MAPPED},
        {"all", IP_VERSIONS_ALL},
        {"4,6", 1 << IP_VERSION_IPV4 | 1 << IP_VERSION_IPV6},
        {" 6 , 4 ", 1 << IP_VERSION_IPV4 | 1 << IP_VERSION_IPV6},
        {"6 mapped", 1 << IP_VERSION_IPV6 | 1 << IP_VERSION_IPV4_MAPPED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ip_versions versions = 0;
        assert_true(ip_versions_parse(rows[i].string, strlen(rows[i].string), &versions));
        assert_int_equal(versions, rows[i].versions);
    }
}

static void test_anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const strings[] = {"", " ", ",", "5", "46", "ipv4", "4;6", "4 x", "Mapped"};
    for (size_t i = 0; i < COUNT_OF(strings); i++) {
        ip_versions versions = 77;
        assert_false(ip_versions_parse(strings[i], strlen(strings[i]), &versions));
        assert_int_equal(versions, 77);
    }
}

static void test_the_word_of_a_version_is_read_as_that_version(void **state)
{
    (void)state;
    for (int version = 0; version < IP_VERSION_COUNT; version++) {
        ip_versions versions = 0;
        assert_true(ip_versions_parse(ip_version_word(version), strlen(ip_version_word(version)), &versions));
        assert_int_equal(versions, 1U << version);
    }
    assert_string_equal(ip_version_name(IP_VERSION_IPV6), "ipv6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_or_several_versions_are_read),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_the_word_of_a_version_is_read_as_that_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
