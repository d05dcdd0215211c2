/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct read_options {
    struct arena arena;
    struct diagnostics diagnostics;
    struct program program;
    struct engine_options options;
    bool right;
};

/* Reads the options HEAD of a script, with what a command line GIVES besides. */
static void read_head(struct read_options *read, const char *head, const struct program_given_option *gives,
                      size_t count)
{
    struct text text = text_growing();
    *read = (struct read_options){.right = false};
    read->diagnostics.arena = &read->arena;
    text_append_format(&text, "%s\n0 close(3) = 0\n", head);
    const struct source source = {"a.pkt", text_string(&text), text.length};
    const struct program_settings settings = {.options = gives, .option_count = count};
    assert_true(program_parse(&source, &settings, &read->diagnostics, &read->program));
    read->right = engine_options_read(&read->program, &read->diagnostics, &read->options);
    text_free(&text);
}

static void read_free(struct read_options *read)
{
    program_free(&read->program);
    arena_free(&read->arena);
}

static void test_without_options_there_are_packetdrills_defaults(void **state)
{
    (void)state;
    struct read_options read;
    read_head(&read, "", NULL, 0);
    assert_true(read.right);
    assert_int_equal(read.options.ip_version, IP_VERSION_IPV4);
    assert_int_equal(read.options.tolerance, 4 * NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(read.options.bind_port, 8080);
    assert_int_equal(read.options.connect_port, 8080);
    assert_int_equal(read.options.mtu, 1500);
    assert_int_equal(read.options.timestamp_tick, 0);
    assert_false(read.options.non_fatal_packet || read.options.non_fatal_call || read.options.strict_segments);
    read_free(&read);
}

static void test_every_option_of_a_script_is_read(void **state)
{
    (void)state;
    struct read_options read;
    read_head(&read,
              "--ip_version=ipv6 --bind_port=80 --connect-port=81 --mtu=1280 --mss=1000 --speed=10000\n"
              "--tolerance_usecs=14000 --tolerance_percent=5 --tcp_ts_tick_usecs=1000 --tcp_ts_ecr_scaled\n"
              "--local_ip=2001:db8::1 --remote_ip=2001:db8::2/64 --gateway_ip=2001:db8::3 --netmask_ip=255.255.240.0\n"
              "--local_linklocal_ip=fe80::1 --gateway_linklocal_ip=fe80::2 --is_anyip --send_omit_free\n"
              "--strict_segments --non_fatal=packet,syscall --init_scripts=a.sh,b.sh --dry_run --verbose --debug\n"
              "--code_command=\"/usr/bin/env python3\" --code_format=python --code_sockopt=TCP_INFO",
              NULL, 0);
    assert_true(read.right);
    assert_int_equal(read.options.ip_version, IP_VERSION_IPV6);
    assert_int_equal(read.options.bind_port, 80);
    assert_int_equal(read.options.connect_port, 81);
    assert_int_equal(read.options.mtu, 1280);
    assert_int_equal(read.options.segment_size, 1000);
    assert_int_equal(read.options.speed, 10000);
    assert_int_equal(read.options.tolerance, 14 * NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(read.options.timestamp_tick, NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(read.options.local_prefix, 20);
    assert_int_equal(read.options.remote_prefix, 64);
    assert_int_equal(read.options.gateway.family, ADDRESS_IPV6);
    assert_int_equal(read.options.link_local.family, ADDRESS_IPV6);
    assert_true(read.options.any_ip && read.options.strict_segments && read.options.scaled_echo);
    assert_true(read.options.non_fatal_packet && read.options.non_fatal_call);
    assert_true(read.options.dry_run && read.options.verbose);
    assert_string_equal(read.options.init_scripts, "a.sh,b.sh");
    assert_string_equal(read.options.code_command, "/usr/bin/env python3");
    read_free(&read);
}

static void test_an_option_of_the_command_line_goes_before_the_scripts(void **state)
{
    (void)state;
    static const struct program_given_option given[] = {{"tolerance_usecs", "14000"}, {"strict_segments", NULL}};
    struct read_options read;
    read_head(&read, "--tolerance_usecs=1000 --mtu=1400", given, COUNT_OF(given));
    assert_true(read.right);
    assert_int_equal(read.options.tolerance, 14 * NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(read.options.mtu, 1400);
    assert_true(read.options.strict_segments);
    read_free(&read);
}

static const struct {
    const char *head;
    const char *message;
} mistakes[] = {
    {"--mtu=9", "the option --mtu takes a number of bytes from 68 to 65535"},
    {"--mtu", "the option --mtu takes a number of bytes from 68 to 65535"},
    {"--is_anyip=1", "the option --is_anyip takes no value"},
    {"--tolerance_usec=1", "unknown option --tolerance_usec; did you mean --tolerance_usecs?"},
    {"--netmask_ip=255.0.255.0", "the option --netmask_ip takes a mask such as 255.255.0.0"},
    {"--netmask_ip=0.0.0.0", "the option --netmask_ip takes a mask such as 255.255.0.0"},
    {"--remote_ip=192.0.2.1/33", "the option --remote_ip takes an IPv4 or IPv6 address"},
    {"--local_linklocal_ip=192.0.2.1", "the option --local_linklocal_ip takes an IPv6 address"},
    {"--non_fatal=packets", "the option --non_fatal takes `packet`, `syscall` or both with a comma between"},
    {"--non_fatal=,", "the option --non_fatal takes `packet`, `syscall` or both with a comma between"},
    {"--code_format=perl", "the option --code_format takes python: code in another language can't be run"},
    {"--code_sockopt=TCP_CC_INFO",
     "the option --code_sockopt takes TCP_INFO: code is not told of other socket options"},
    {"--mss=0", "the option --mss takes a number of bytes from 1 to 65535"},
    {"--wire_client", "there is no option --wire_client here: tests of another machine are not made from here: run "
                      "this on that machine itself"},
    {"--so_filename=a.so", "there is no option --so_filename here: a stack in a shared object is plugged in through "
                           "shakedown's own interface, not packetdrill's"},
};

static void test_what_does_not_fit_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct read_options read;
        read_head(&read, mistakes[i].head, NULL, 0);
        assert_false(read.right);
        assert_int_equal(read.diagnostics.count, 1);
        assert_string_equal(read.diagnostics.items[0].message, mistakes[i].message);
        read_free(&read);
    }
}

static void test_a_name_may_be_cut_where_a_program_is_called(void **state)
{
    (void)state;
    const char *name;
    bool is_flag;
    struct error error;
    assert_true(engine_option_check("tolerance_usec", NULL, &name, &is_flag, &error));
    assert_string_equal(name, "tolerance_usecs");
    assert_false(is_flag);
    assert_true(engine_option_check("is-any", NULL, &name, &is_flag, &error));
    assert_string_equal(name, "is_anyip");
    assert_true(is_flag);
    assert_false(engine_option_check("tolerance", "1", &name, &is_flag, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_false(engine_option_check("mtu", "x", &name, &is_flag, &error));
    assert_false(engine_option_check("wire_server_ip", NULL, &name, &is_flag, &error));
    assert_string_equal(error.text, "there is no option --wire_server_ip here: tests of another machine are not made "
                                    "from here: run this on that machine itself");
}

static void test_a_script_defines_names_for_itself(void **state)
{
    (void)state;
    struct read_options read;
    read_head(&read, "--define=A=7 --mtu=1400\n0 close(A) = 0", NULL, 0);
    assert_true(read.right);
    assert_int_equal(read.program.events[0].call.arguments[0].integer, 7);
    read_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_options_there_are_packetdrills_defaults),
        cmocka_unit_test(test_every_option_of_a_script_is_read),
        cmocka_unit_test(test_an_option_of_the_command_line_goes_before_the_scripts),
        cmocka_unit_test(test_what_does_not_fit_is_told),
        cmocka_unit_test(test_a_name_may_be_cut_where_a_program_is_called),
        cmocka_unit_test(test_a_script_defines_names_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
