/* SPDX-License-Identifier: MIT */
#include "suite/plan.h"

#include "suite/record_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct suite_settings settings;
static struct suite suite;
static struct suite_script script;
static char path[64];

static int setup(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof(path), "/tmp/test_plan.XXXXXX");
    int descriptor = mkstemp(path);
    settings = (struct suite_settings){.repeat = 1};
    suite = (struct suite){.settings = &settings};
    return descriptor < 0 ? -1 : close(descriptor);
}

static int teardown(void **state)
{
    (void)state;
    program_free(&script.program);
    arena_free(&suite.arena);
    (void)unlink(path);
    return 0;
}

static void plan(const char *text)
{
    struct error error;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_not_equal(fputs(text, file), EOF);
    assert_int_equal(fclose(file), 0);
    program_free(&script.program);
    script = (struct suite_script){.path = path, .name = "s/plan.pkt"};
    assert_true(plan_script(&suite, &script, &error));
}

#define SOCKET "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"

/* The next script's text is where the last one's was. */
static void test_options_outlive_the_text_they_were_read_from(void **state)
{
    (void)state;
    plan("--code_command=/usr/bin/python3 --init_scripts=/bin/true\n" SOCKET);
    const struct engine_options options = script.options;
    plan("--code_command=another\n//: title Another\n" SOCKET);
    assert_string_equal(options.code_command, "/usr/bin/python3");
    assert_string_equal(options.init_scripts, "/bin/true");
}

static void test_notes_tell_what_is_to_be_done(void **state)
{
    (void)state;
    plan("//: title A title\n//: requirement RFC9293 SHLD-1\n//: requirement RFC9293 MAY-1\n//: ip 6\n//: link "
         "tun\n" SOCKET);
    assert_int_equal(script.check, VERDICT_PASS);
    assert_string_equal(script.title, "A title");
    assert_string_equal(script.requirements, "RFC9293 SHLD-1, RFC9293 MAY-1");
    assert_int_equal(script.level, REQUIREMENT_SHOULD);
    assert_int_equal(script.versions, 1 << IP_VERSION_IPV6);
    assert_int_equal(script.link, LINUX_LINK_TUN);
}

static void test_the_link_follows_the_title_without_a_note(void **state)
{
    (void)state;
    plan("//: title A title\n" SOCKET);
    assert_int_equal(script.link, LINUX_LINK_RAW);
    plan(SOCKET);
    assert_int_equal(script.link, LINUX_LINK_TUN);
}

static void test_notes_that_make_no_sense_are_errors(void **state)
{
    (void)state;
    plan("//: ip 5\n//: link veth\n" SOCKET);
    assert_int_equal(script.check, VERDICT_ERROR);
    assert_string_equal(script.headline, "the script has 2 errors");
    assert_non_null(strstr(script.detail, ":1:"));
    assert_non_null(strstr(script.detail, "the note `ip` needs"));
    assert_non_null(strstr(script.detail, ":2:10: error: the note `link` needs `raw` or `tun`"));
}

static void test_what_is_wrong_with_a_script_is_kept(void **state)
{
    (void)state;
    plan("0 socket(..., SOCK_STREAM IPPROTO_TCP) = 3\n");
    assert_int_equal(script.check, VERDICT_ERROR);
    assert_string_equal(script.headline, "the script has 1 error");
    plan(SOCKET "+0 setsockopt(3, IPPROTO_TCP, TCP_NOOPT, [1], 4) = 0\n");
    assert_int_equal(script.check, VERDICT_NOT_APPLICABLE);
    assert_non_null(strstr(script.headline, "TCP_NOOPT"));
    plan("\x01");
    assert_int_equal(script.check, VERDICT_ERROR);
    assert_non_null(strstr(script.headline, "is not a text"));
}

static void test_versions_are_what_script_and_user_agree_on(void **state)
{
    (void)state;
    enum { FOUR = 1 << IP_VERSION_IPV4, SIX = 1 << IP_VERSION_IPV6, MAPPED = 1 << IP_VERSION_IPV4_MAPPED };
    static const struct {
        const char *text;
        ip_versions asked, expected;
    } rows[] = {
        {SOCKET, 0, FOUR},
        {SOCKET, IP_VERSIONS_ALL, IP_VERSIONS_ALL},
        {SOCKET, MAPPED, MAPPED},
        {"//: title x\n" SOCKET, 0, FOUR | SIX},
        {"//: title x\n//: ip 6\n" SOCKET, 0, SIX},
        {"//: title x\n//: ip 6\n" SOCKET, FOUR, 0},
        {"//: title x\n//: ip 4,6\n" SOCKET, 0, FOUR | SIX},
        {"--ip_version=ipv4-mapped-ipv6\n" SOCKET, 0, MAPPED},
        {"--ip_version=ipv6\n" SOCKET, FOUR | SIX, SIX},
        {"--local_ip=192.0.2.9\n" SOCKET, IP_VERSIONS_ALL, FOUR | MAPPED},
        {"//: title x\n--remote_ip=192.0.2.9\n" SOCKET, 0, FOUR},
        {"--remote_ip=2001:db8::9\n" SOCKET, 0, SIX},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        plan(rows[i].text);
        assert_int_equal(script.check, VERDICT_PASS);
        assert_int_equal(plan_versions(&script, rows[i].asked), rows[i].expected);
    }
}

static void test_the_estimate_is_the_last_events_time(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double seconds;
    } rows[] = {
        {SOCKET, 0},
        {SOCKET "+1.5 close(3) = 0\n", 1.5},
        {SOCKET "+1 listen(3, 1) = 0\n+2 close(3) = 0\n", 3},
        {SOCKET "+1~+3 > R 0:0(0)\n", 3},
        {SOCKET "* > R 0:0(0)\n", 0},
        {SOCKET "1...4 connect(3, ..., ...) = 0\n", 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        plan(rows[i].text);
        assert_int_equal(script.check, VERDICT_PASS);
        assert_int_equal(script.estimate, (nanoseconds)(rows[i].seconds * (double)NANOSECONDS_PER_SECOND));
    }
}

static void test_recordings_have_names_of_their_own(void **state)
{
    (void)state;
    const struct suite_recorder recorder = {.folder = "out", .suffix = ".trace"};
    script = (struct suite_script){.name = "handshake/open.pkt"};
    struct suite_case one = {.script = &script, .ip_version = IP_VERSION_IPV6};
    char buffer[128];
    struct text text = text_in(buffer, sizeof(buffer));
    record_file_path(&text, &recorder, &one, 0);
    assert_string_equal(buffer, "out/handshake-open.ipv6.trace");
    script.namesakes = 1;
    text_clear(&text);
    record_file_path(&text, &recorder, &one, 2);
    assert_string_equal(buffer, "out/handshake-open-2.ipv6.3.trace");
    script = (struct suite_script){.name = "noextension"};
    text_clear(&text);
    record_file_path(&text, &recorder, &one, 0);
    assert_string_equal(buffer, "out/noextension.ipv6.trace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_options_outlive_the_text_they_were_read_from), TEST(test_notes_tell_what_is_to_be_done),
        TEST(test_the_link_follows_the_title_without_a_note),    TEST(test_notes_that_make_no_sense_are_errors),
        TEST(test_what_is_wrong_with_a_script_is_kept),          TEST(test_versions_are_what_script_and_user_agree_on),
        TEST(test_the_estimate_is_the_last_events_time),         TEST(test_recordings_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
