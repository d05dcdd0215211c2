/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct checked {
    enum verdict verdict;
    struct engine_options options;
    nanoseconds time_out;
    char said[2048]; /* diagnostics and reason */
};

static struct checked check(const char *script)
{
    struct checked checked = {.verdict = VERDICT_COUNT};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct source source = {.name = "test.pkt", .text = script, .length = strlen(script)};
    struct text said = text_in(checked.said, sizeof(checked.said));
    struct program program;
    if (!program_parse(&source, &(struct program_settings){0}, &diagnostics, &program)) {
        diagnostics_print(&said, &source, &diagnostics);
        fail_msg("%s", checked.said);
    }
    struct text reason = text_growing();
    checked.verdict = engine_check(&program, &diagnostics, &reason);
    diagnostics_print(&said, &source, &diagnostics);
    text_append_string(&said, text_string(&reason));
    if (checked.verdict != VERDICT_ERROR)
        assert_true(engine_options_read(&program, &diagnostics, &checked.options));
    checked.time_out = engine_time_out(&program);
    text_free(&reason);
    program_free(&program);
    arena_free(&arena);
    return checked;
}

#define SOCKET "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"

static void a_sound_script_passes(void **state)
{
    (void)state;
    struct checked checked = check(SOCKET "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n"
                                          "+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n"
                                          "+0 bind(3, {sa_family = AF_INET, sin_port = htons(80), "
                                          "sin_addr = inet_addr(\"192.0.2.1\")}, ...) = 0\n"
                                          "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                                          "+0 connect(3, ..., ...) = -1 EINPROGRESS (in progress)\n");
    assert_string_equal(checked.said, "");
    assert_int_equal(checked.verdict, VERDICT_PASS);
}

static void descriptors_that_no_call_gave_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *script, *said;
    } rows[] = {
        {SOCKET "+0 bind(5, ..., ...) = 0\n+0 listen(4, 1) = 0\n",
         "test.pkt:2:9: error: no call has returned the file descriptor 5\n"
         "    +0 bind(5, ..., ...) = 0\n"
         "            ^\n"
         "test.pkt:3:11: error: no call has returned the file descriptor 4\n"
         "    +0 listen(4, 1) = 0\n"
         "              ^\n"},
        {SOCKET "+0 accept(3, ..., ...) = -1 EAGAIN\n+0 close(4) = 0\n",
         "test.pkt:3:10: error: no call has returned the file descriptor 4\n"
         "    +0 close(4) = 0\n"
         "             ^\n"},
        {SOCKET "+0 pipe([5, 6]) = 0\n+0 dup(6) = 7\n+0 close(7) = 0\n+0 close(5) = 0\n", ""},
        {SOCKET "+0 accept(3, ..., ...) = ...\n+0 close(4) = 0\n", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(check(rows[i].script).said, rows[i].said);
}

static void segments_before_what_causes_them_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *script, *said;
    } rows[] = {
        {SOCKET "* > S 0:0(0) <...>\n+0 connect(3, ..., ...) = 0\n",
         "test.pkt:2:5: error: this can't come yet: connect() on line 3, the first that makes the stack send it, "
         "stands "
         "behind it\n"
         "    * > S 0:0(0) <...>\n"
         "        ^~~~~~~~~~~~~~\n"},
        {"`sysctl -q net.ipv4.tcp_ecn=0`\n" SOCKET "+0 > S. 0:0(0) ack 1 <...>\n+0 < S 0:0(0) win 100\n",
         "test.pkt:3:6: error: this can't come yet: nothing before line 4 makes the stack send it\n"
         "    +0 > S. 0:0(0) ack 1 <...>\n"
         "         ^~~~~~~~~~~~~~~~~~~~~\n"},
        /* What an injected segment is answered with is no SYN. */
        {SOCKET "+0 < . 1:1(0) ack 1\n+0 > R 1:1(0)\n+0 > S 0:0(0) <...>\n+0 connect(3, ..., ...) = 0\n",
         "test.pkt:4:6: error: this can't come yet: connect() on line 5, the first that makes the stack send it, "
         "stands "
         "behind it\n"
         "    +0 > S 0:0(0) <...>\n"
         "         ^~~~~~~~~~~~~~\n"},
        {SOCKET "+0 > S 0:0(0) <...> or S. 0:0(0) ack 1\n+0 connect(3, ..., ...) = 0\n", ""},
        {SOCKET "+0 `nc -z 198.51.100.2 8080 &`\n+0 > S 0:0(0) <...>\n+0 connect(3, ..., ...) = 0\n", ""},
        {SOCKET "+0~+1 > S 0:0(0) <...> or nothing\n+0 connect(3, ..., ...) = 0\n", ""},
        {SOCKET "+0 > S 0:0(0) <...>\n", ""},
        {SOCKET "+0...0.1 connect(3, ..., ...) = 0\n+0 > S 0:0(0) <...>\n", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(check(rows[i].script).said, rows[i].said);
}

static void times_that_cannot_be_kept_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *said;
    } rows[] = {
        {"0.5 close(3)\n0.1 close(3)\n", "test.pkt:2:1: error: this time is over when its event is reached: the one "
                                         "before it is at 0.5 s or later\n    0.1 close(3)\n    ^"},
        {"+0.1 close(3)\n+0.1 close(3)\n0.19 close(3)\n", "test.pkt:3:1: error: this time is over"},
        {"1 close(3)\n0~0.9 > . 1:1(0)\n", "test.pkt:2:1: error: this time is over"},
        {"+0.1 close(3)\n+0.1 close(3)\n0.198 close(3)\n", ""},
        {"+0.1 close(3)\n* > . 1:1(0)\n0.1 close(3)\n", ""},
        {"0 close(3)\n+0~+1 > . 1:1(0)\n0.1 close(3)\n", ""},
        {"0...0.5 accept(3, ..., ...) = 4\n+0.4...0.6 accept(3, ..., ...) = 5\n",
         "test.pkt:2:12: error: accept() on line 1 still blocks then: only one call at a time can be let block"},
        {"0...0.5 accept(3, ..., ...) = 4\n+0.5...0.6 accept(3, ..., ...) = 5\n", ""},
        {"0...0.5 accept(3, ..., ...) = 4\n+0.1 close(3)\n", ""},
        {"0...0.5 accept(3, ..., ...) = 4\n* > . 1:1(0)\n+0...0.1 accept(3, ..., ...) = 5\n", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct checked checked = check(rows[i].script);
        if (rows[i].said[0] == '\0')
            assert_string_equal(checked.said, "");
        else if (strstr(checked.said, rows[i].said) == NULL)
            assert_string_equal(checked.said, rows[i].said);
        assert_int_equal(checked.verdict, rows[i].said[0] == '\0' ? VERDICT_PASS : VERDICT_ERROR);
    }
}

static void words_of_icmp_are_those_of_the_scripts_ip_version(void **state)
{
    (void)state;
    static const char four[] = "ICMPv4 has no such type or code: is this script for IPv6 (`--ip_version=ipv6`)?";
    static const char six[] = "ICMPv6 has no such type or code: is this script for IPv4 (`--ip_version=ipv4`)?";
    static const struct {
        const char *script;
        const char *said; /* NULL: nothing */
    } rows[] = {
        {"0 < icmp unreachable net_unknown [1:1(0)]\n", NULL},
        {"0 < icmp packet_too_big mtu 1280 [1:1(0)]\n", four},
        {"--ip_version=ipv4-mapped-ipv6\n0 < icmp packet_too_big\n", four},
        {"--ip_version=ipv6\n0 < icmp packet_too_big\n", NULL},
        {"--ip_version=ipv6\n0 > icmp unreachable net_unknown\n", six},
        {"//: title T\n0 < icmp packet_too_big\n", four},
        {"//: title T\n0 < icmp source_quench\n", six},
        {"//: title T\n0 < icmp unreachable port_unreachable\n", NULL},
        {"//: ip 6\n0 < icmp packet_too_big\n", NULL},
        {"//: ip 4\n0 < icmp source_quench\n", NULL},
        {"0 > raw 00\n", "bytes alone can't be expected: of what protocol?"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct checked checked = check(rows[i].script);
        assert_int_equal(checked.verdict, rows[i].said == NULL ? VERDICT_PASS : VERDICT_ERROR);
        if (rows[i].said != NULL)
            assert_non_null(strstr(checked.said, rows[i].said));
    }
}

static void tcp_over_udp_is_not_for_linux(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "--udp_encapsulation=tcp\n0 < S 0:0(0)\n",
        "--udp_encapsulation=9899\n0 < S 0:0(0)\n",
        "0 < S 0:0(0)/udp(1 > 2)\n",
        "0 < icmp unreachable [0:0(0)/udp(1 > 2)]\n",
    };
    for (size_t i = 0; i < COUNT_OF(scripts); i++)
        assert_int_equal(check(scripts[i]).verdict, VERDICT_NOT_APPLICABLE);
    assert_int_equal(check("--udp_encapsulation=sctp\n0 < S 0:0(0)\n").verdict, VERDICT_PASS);
    assert_int_equal(check("--udp_encapsulation=quic\n0 < S 0:0(0)\n").verdict, VERDICT_ERROR);
}

static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    static const char *const places[] = {"1:1", "2:19", "2:32", "2:61", "2:63", "3:4", "4:18"};
    struct checked checked = check("--mtu=1\n"
                                   "0 socket(AF_INET, SOCK_STREM | SOCK_NONBLOK, IPPROTO_TCP) = X EFOO\n"
                                   "+0 setsokopt(3, SOL_SOCKET, 2, [1], 4) = 0\n"
                                   "+0 setsockopt(4, SOL_SOKET, SO_REUSEADDR, [1], 4) = 0\n");
    const char *at = checked.said;
    assert_int_equal(checked.verdict, VERDICT_ERROR);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        at = strstr(at, "test.pkt:");
        assert_non_null(at);
        at += strlen("test.pkt:");
        if (strncmp(at, places[i], strlen(places[i])) != 0)
            fail_msg("expected %s, found %.40s", places[i], at);
    }
    assert_null(strstr(at, "test.pkt:"));
}

static void each_mistake_has_its_message_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *message;
    } vectors[] = {
        {"+0 conect(3, ..., ...) = 0\n", "test.pkt:2:4: error: unknown system call `conect`; did you mean `connect`?"},
        {"+0 listen(3) = 0\n", "test.pkt:2:4: error: listen() takes 2 arguments, found 1"},
        {"+0 setsockopt(3, SOL_SOCKET, SO_REUSEADR, [1], 4) = 0\n",
         "error: no system knows the symbol `SO_REUSEADR`; did you mean `SO_REUSEADDR`?"},
        {"+0 connect(3, ..., ...) = -1 ENOTHINGLIKEIT\n", "error: no system knows the error `ENOTHINGLIKEIT`"},
        {"+0 bind(3, 17, ...) = 0\n", "error: expected `...` or an address {sa_family = ...}"},
        {"+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {on=1}, 8) = 0\n", "error: no structure with these members"},
        {"+0 setsockopt(3, SOL_SOCKET, SO_LINGER, ..., 8) = 0\n", "error: expected an option's value"},
        {"+0 write(3, 5, 5) = 5\n", "error: expected `...`, a string or NULL"},
        {"+0 write(3, ..., -1) = 5\n", "error: a count from 0 to"},
        {"+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4000]) = 0\n", "error: a length from 0 to 1024 fits here"},
        {"+0 listen(3, [1]) = 0\n", "error: expected a number"},
        {"+0 recvmsg(3, {msg_iov(2)=[{..., 5}]}, 0) = 5\n", "error: the list has 1 items"},
        {"+0 recvmsg(3, {msg_nam=...}, 0) = 5\n", "error: a msghdr has no member `msg_nam`"},
        {"+0 recvmsg(3, {msg_iov=[{17, 5}]}, 0) = 5\n", "error: expected data and its length"},
        {"+0 sendmsg(3, {msg_control=[{cmsg_level=SOL_TCP}]}, 0) = 5\n", "error: a control message has a cmsg_level"},
        {"+0 sendmsg(3, {msg_control=[{cmsg_kind=SOL_TCP}]}, 0) = 5\n",
         "error: a control message has no member `cmsg_kind`"},
        {"+0 poll([{fd=3, event=POLLIN}], 1, 0) = 0\n", "error: the structure has no member `event`"},
        {"+0 poll(3, 1, 0) = 0\n", "error: expected a list like [{fd=3"},
        {"+0 epoll_wait(3, [4], 1, 0) = 0\n", "error: expected `...`, or events"},
        {"+0 pipe([5]) = 0\n", "error: expected what the script calls two descriptors"},
        {"+0 open(5, O_RDONLY) = 4\n", "error: expected a path in quotes"},
        {"+0 splice(3, 5, 4, NULL, 9, 0) = 9\n", "error: expected NULL or an offset"},
        {"+0 setsockopt(3, IPPROTO_TCP, TCP_MD5SIG, {tcpm_key=5}, 216) = 0\n", "error: expected a string for tcpm_key"},
        {"+0 getsockopt(3, SOL_SOCKET, SO_LINGER, {on=1}, [8]) = 0\n", "error: no structure with these members"},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        char script[512];
        struct text text = text_in(script, sizeof(script));
        text_append_string(&text, SOCKET);
        text_append_string(&text, vectors[i].line);
        struct checked checked = check(script);
        if (strstr(checked.said, vectors[i].message) == NULL)
            fail_msg("`%s` gave `%s`", vectors[i].line, checked.said);
        assert_int_equal(checked.verdict, VERDICT_ERROR);
    }
}

static void all_mistakes_of_a_script_are_told(void **state)
{
    (void)state;
    struct checked checked = check(SOCKET "+0 conect(3, ..., ...) = 0\n"
                                          "+0 listen(3, NO_SUCH_NUMBER) = 0\n");
    assert_non_null(strstr(checked.said, "test.pkt:2:"));
    assert_non_null(strstr(checked.said, "test.pkt:3:"));
}

static void a_symbol_of_another_system_makes_the_script_not_applicable(void **state)
{
    (void)state;
    struct checked checked = check(SOCKET "+0 setsockopt(3, IPPROTO_TCP, TCP_NOOPT, [1], 4) = 0\n");
    assert_int_equal(checked.verdict, VERDICT_NOT_APPLICABLE);
    assert_string_equal(checked.said, "TCP_NOOPT is not known on this system, only on another");
}

static void what_only_another_system_has_makes_the_script_not_applicable(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *reason;
    } vectors[] = {
        {SOCKET "+0 kevent(3) = 0\n", "kevent is not known on this system, only on another"},
        {"`sysctl -w net.inet.tcp.ecn.enable=1`\n" SOCKET,
         "net.inet.tcp.ecn.enable is not known on this system, only on another"},
        {SOCKET "+0 `true; /sbin/sysctl kern.timecounter.alloweddeviation=0`\n",
         "kern.timecounter.alloweddeviation is not known on this system, only on another"},
        {SOCKET "+0 setsockopt(3, IPPROTO_TCP, TCP_FUNCTION_BLK, {function_set_name=\"rack\", pcbcnt=0}, 36) = 0\n",
         "TCP_FUNCTION_BLK is not known on this system, only on another"},
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct checked checked = check(vectors[i].script);
        assert_string_equal(checked.said, vectors[i].reason);
        assert_int_equal(checked.verdict, VERDICT_NOT_APPLICABLE);
    }
}

static void settings_of_linux_and_other_words_are_no_obstacle(void **state)
{
    (void)state;
    struct checked checked =
        check("`sysctl -q net.ipv4.tcp_ecn=1 net.ipv6.conf.all.forwarding=1; echo kern.x`\n" SOCKET);
    assert_string_equal(checked.said, "");
    assert_int_equal(checked.verdict, VERDICT_PASS);
}

static void commands_and_code_are_found_for_those_who_refuse_them(void **state)
{
    (void)state;
    static const char script[] =
        "--init-scripts=./first\n`true`\n" SOCKET "+0 `true`\n+0 %{ assert True }%\n+0 close(3) = 0\n`false`\n";
    char said[2048];
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct source source = {.name = "test.pkt", .text = script, .length = sizeof(script) - 1};
    struct text text = text_in(said, sizeof(said));
    struct program program;
    assert_true(program_parse(&source, &(struct program_settings){0}, &diagnostics, &program));
    assert_false(engine_check_no_shell(&program, &diagnostics));
    diagnostics_print(&text, &source, &diagnostics);
    assert_int_equal(diagnostics.count, 5);
    assert_non_null(strstr(said, "test.pkt:1:1: error: programs to run"));
    assert_non_null(strstr(said, "test.pkt:2:1: error: a shell command"));
    assert_non_null(strstr(said, "test.pkt:4:1: error: a shell command"));
    assert_non_null(strstr(said, "test.pkt:5:1: error: Python code"));
    assert_non_null(strstr(said, "test.pkt:7:1: error: a shell command"));
    program_free(&program);
    arena_free(&arena);
}

static void options_have_packetdrills_defaults(void **state)
{
    (void)state;
    struct checked checked = check(SOCKET);
    assert_int_equal(checked.options.ip_version, IP_VERSION_IPV4);
    assert_false(checked.options.ip_version_given);
    assert_int_equal(checked.options.tolerance, 4 * NANOSECONDS_PER_MILLISECOND);
    assert_true(checked.options.tolerance_percent > 12.4 && checked.options.tolerance_percent < 12.6);
    assert_int_equal(checked.options.bind_port, 8080);
    assert_int_equal(checked.options.connect_port, 8080);
    assert_int_equal(checked.options.mtu, 1500);
}

static void options_are_read_from_the_script(void **state)
{
    (void)state;
    struct checked checked = check("--ip_version=ipv6\n--tolerance-usecs=75000\n--tolerance_percent=30\n--mtu=1280\n"
                                   "--bind_port=81\n--connect_port=82\n--tcp_ts_tick_usecs=1000\n"
                                   "--local_ip=2001:db8::7\n" SOCKET);
    assert_int_equal(checked.options.ip_version, IP_VERSION_IPV6);
    assert_true(checked.options.ip_version_given);
    assert_int_equal(checked.options.tolerance, 75 * NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(checked.options.mtu, 1280);
    assert_int_equal(checked.options.bind_port, 81);
    assert_int_equal(checked.options.connect_port, 82);
    assert_int_equal(checked.options.timestamp_tick, NANOSECONDS_PER_MILLISECOND);
    assert_int_equal(checked.options.local.family, ADDRESS_IPV6);
}

static void a_wrong_option_says_what_it_takes(void **state)
{
    (void)state;
    struct checked checked = check("--ip_version=ipv5\n--tolerence_usecs=1\n--mtu=20\n" SOCKET);
    assert_int_equal(checked.verdict, VERDICT_ERROR);
    assert_non_null(strstr(checked.said, "the option --ip_version takes ipv4, ipv6 or ipv4-mapped-ipv6"));
    assert_non_null(strstr(checked.said, "unknown option --tolerence_usecs; did you mean --tolerance_usecs?"));
    assert_non_null(strstr(checked.said, "the option --mtu takes a number of bytes from 68 to 65535"));
}

static void the_time_out_is_the_schedule_and_thirty_seconds(void **state)
{
    (void)state;
    struct checked checked = check(SOCKET "+2 listen(3, 1) = 0\n1.5 listen(3, 1) = 0\n+0.5 listen(3, 1) = 0\n");
    assert_int_equal(checked.time_out, 32 * NANOSECONDS_PER_SECOND + NANOSECONDS_PER_SECOND / 2);
    checked = check("//: timeout 7\n" SOCKET);
    assert_int_equal(checked.time_out, 7 * NANOSECONDS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_that_no_call_gave_are_told),
        cmocka_unit_test(segments_before_what_causes_them_are_told),
        cmocka_unit_test(a_sound_script_passes),
        cmocka_unit_test(times_that_cannot_be_kept_are_told),
        cmocka_unit_test(words_of_icmp_are_those_of_the_scripts_ip_version),
        cmocka_unit_test(tcp_over_udp_is_not_for_linux),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(each_mistake_has_its_message_and_place),
        cmocka_unit_test(all_mistakes_of_a_script_are_told),
        cmocka_unit_test(a_symbol_of_another_system_makes_the_script_not_applicable),
        cmocka_unit_test(what_only_another_system_has_makes_the_script_not_applicable),
        cmocka_unit_test(settings_of_linux_and_other_words_are_no_obstacle),
        cmocka_unit_test(commands_and_code_are_found_for_those_who_refuse_them),
        cmocka_unit_test(options_have_packetdrills_defaults),
        cmocka_unit_test(options_are_read_from_the_script),
        cmocka_unit_test(a_wrong_option_says_what_it_takes),
        cmocka_unit_test(the_time_out_is_the_schedule_and_thirty_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
