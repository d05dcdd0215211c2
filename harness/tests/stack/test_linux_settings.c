/* SPDX-License-Identifier: MIT */
#include "stack/linux_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_place(const char *name, enum linux_setting expected, const char *expected_nearest)
{
    const char *nearest;
    assert_int_equal(linux_setting_find(name, &nearest), expected);
    if (expected_nearest == NULL)
        assert_null(nearest);
    else
        assert_string_equal(nearest, expected_nearest);
}

static void test_settings_of_any_version_are_known(void **state)
{
    (void)state;
    assert_place("net.ipv4.tcp_sack", LINUX_SETTING_KNOWN, NULL);
    assert_place("net.ipv4.tcp_tw_recycle", LINUX_SETTING_KNOWN, NULL);
    assert_place("net.ipv6.conf.tun0.accept_ra", LINUX_SETTING_KNOWN, NULL);
    assert_place("net.ipv4.neigh.default.gc_thresh3", LINUX_SETTING_KNOWN, NULL);
    assert_place("net.mptcp.enabled", LINUX_SETTING_KNOWN, NULL);
}

static void test_a_misspelt_setting_has_a_nearest(void **state)
{
    (void)state;
    assert_place("net.ipv4.tcp_sak", LINUX_SETTING_UNKNOWN, "tcp_sack");
    assert_place("net.ipv6.conf.all.disable_ipv5", LINUX_SETTING_UNKNOWN, "disable_ipv6");
    assert_place("net.ipv4.quite_another_thing_altogether", LINUX_SETTING_UNKNOWN, NULL);
}

static void test_of_other_parts_of_the_tree_nothing_is_said(void **state)
{
    (void)state;
    assert_place("net.netfilter.nf_conntrack_tcp_loose", LINUX_SETTING_ELSEWHERE, NULL);
    assert_place("kernel.random.boot_id", LINUX_SETTING_ELSEWHERE, NULL);
    assert_place("net.ipv4.conf.arp_ignore", LINUX_SETTING_ELSEWHERE, NULL);
    assert_place("", LINUX_SETTING_ELSEWHERE, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_of_any_version_are_known),
        cmocka_unit_test(test_a_misspelt_setting_has_a_nearest),
        cmocka_unit_test(test_of_other_parts_of_the_tree_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
