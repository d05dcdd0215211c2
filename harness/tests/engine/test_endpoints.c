/* SPDX-License-Identifier: MIT */
#include "engine/endpoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct address address_of(const char *text)
{
    struct address address;
    assert_true(address_parse(text, strlen(text), &address));
    return address;
}

static void an_address_is_as_far_behind_as_its_name_says(void **state)
{
    (void)state;
    static const struct {
        const char *base, *name, *address;
    } rows[] = {
        {"192.0.2.1", "caddr0", "192.0.2.1"},     {"192.0.2.1", "ep", "192.0.2.1"},
        {"192.0.2.1", "saddr1", "192.0.2.2"},     {"192.0.2.255", "saddr12", "192.0.3.11"},
        {"2001:db8::1", "caddr2", "2001:db8::3"}, {"2001:db8::1", "c2d", "2001:db8::1"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct address base = address_of(rows[i].base), expected = address_of(rows[i].address);
        const struct address address = address_numbered(&base, rows[i].name);
        assert_true(address_equal(&address, &expected));
    }
}

static void what_a_stack_sent_comes_from_its_own_end(void **state)
{
    (void)state;
    const struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.source = {192, 0, 2, 1}, .destination = {192, 0, 2, 2}},
        .tcp = {.source_port = 8080, .destination_port = 40001},
    };
    const struct endpoints ends = endpoints_of_sent(&packet);
    assert_int_equal(ends.local.bytes[3], 1);
    assert_int_equal(ends.remote.bytes[3], 2);
    assert_int_equal(ends.local_port, 8080);
    assert_int_equal(ends.remote_port, 40001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_as_far_behind_as_its_name_says),
        cmocka_unit_test(what_a_stack_sent_comes_from_its_own_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
