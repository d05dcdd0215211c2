/* SPDX-License-Identifier: MIT */
#include "suite/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct address address(const char *text)
{
    struct address parsed = {.family = ADDRESS_NONE};
    assert_true(address_parse(text, strlen(text), &parsed));
    return parsed;
}

static void assert_address(const struct address *actual, const char *text)
{
    struct address expected = address(text);
    assert_true(address_equal(actual, &expected));
}

static void what_is_not_given_is_packetdrills(void **state)
{
    (void)state;
    static const struct {
        unsigned version;
        const char *local;
        const char *remote;
        unsigned local_prefix;
        unsigned remote_prefix;
    } rows[] = {
        {IP_VERSION_IPV4, "192.168.0.1", "192.0.2.1", 16, 24},
        {IP_VERSION_IPV4_MAPPED, "192.168.0.1", "192.0.2.1", 16, 24},
        {IP_VERSION_IPV6, "fd3d:fa7b:d17d::1", "2001:db8::1", 48, 32},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine_options options = {.mtu = 1500};
        struct linux_settings settings = {.link = LINUX_LINK_TUN};
        struct error error;
        options.ip_version = rows[i].version;
        bool is6 = rows[i].version == IP_VERSION_IPV6;
        assert_true(place_describe(&options, &settings, &error));
        assert_address(&settings.local[is6], rows[i].local);
        assert_address(&settings.remote[is6], rows[i].remote);
        assert_int_equal(settings.local[!is6].family, ADDRESS_NONE);
        assert_int_equal(settings.here.local_prefix, rows[i].local_prefix);
        assert_int_equal(settings.here.remote_prefix, rows[i].remote_prefix);
        assert_int_equal(settings.link, LINUX_LINK_TUN);
    }
}

static void what_a_script_says_counts(void **state)
{
    (void)state;
    const struct engine_options options = {.ip_version = IP_VERSION_IPV4,
                                           .local = address("10.0.0.7"),
                                           .remote = address("10.1.0.7"),
                                           .local_prefix = 8,
                                           .mtu = 1400,
                                           .segment_size = 1000};
    struct linux_settings settings = {.link = LINUX_LINK_TUN};
    struct error error;
    assert_true(place_describe(&options, &settings, &error));
    assert_address(&settings.local[0], "10.0.0.7");
    assert_address(&settings.remote[0], "10.1.0.7");
    assert_int_equal(settings.here.local_prefix, 8);
    assert_int_equal(settings.mtu, 1400);
    assert_int_equal(settings.segment_size, 1000);
}

static void an_address_of_the_other_version_is_refused(void **state)
{
    (void)state;
    const struct engine_options options = {.ip_version = IP_VERSION_IPV6, .local = address("10.0.0.7")};
    struct linux_settings settings = {.link = LINUX_LINK_TUN};
    struct error error;
    assert_false(place_describe(&options, &settings, &error));
    assert_string_equal(error.text, "the addresses given are not all of IPv6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_is_packetdrills),
        cmocka_unit_test(what_a_script_says_counts),
        cmocka_unit_test(an_address_of_the_other_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
