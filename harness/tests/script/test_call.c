/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

/* A call and what is read of it; NULL where the text has none. */
static const struct vector {
    const char *text;
    const char *name;
    size_t arguments;
    bool has_result;
    const char *error;
    const char *note;
} vectors[] = {
    {"0 close(3)", "close", 1, false, NULL, NULL},
    {"0 fork()", "fork", 0, false, NULL, NULL},
    {"0 close(3) = 0", "close", 1, true, NULL, NULL},
    {"0 close (3)=0", "close", 1, true, NULL, NULL},
    {"0 close(3) = 0 // all is well", "close", 1, true, NULL, NULL},
    {"0 close(3) = 0 # all is well", "close", 1, true, NULL, NULL},
    {"0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3", "socket", 3, true, NULL, NULL},
    {"0 bind(3, ..., ...) = -1 EADDRINUSE", "bind", 3, true, "EADDRINUSE", NULL},
    {"0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)", "connect", 3, true, "EINPROGRESS",
     "Operation now in progress"},
    {"0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)", "fcntl", 2, true, NULL, "flags O_RDWR"},
    {"0 fcntl(3, F_GETFL) = O_RDWR (flags (as ever) of it)", "fcntl", 2, true, NULL, "flags (as ever) of it"},
    {"0 recv(3, ..., 9, 0) = -1 EAGAIN ()", "recv", 4, true, "EAGAIN", ""},
    {"0 read(3, ..., 9) = ...", "read", 3, true, NULL, NULL},
    {"0 getsockopt(3, SOL_TCP, TCP_MAXSEG, [1460], [4]) = 0", "getsockopt", 5, true, NULL, NULL},
    {"0 poll([{fd=4,\n          events=POLLIN,\n          revents=0}],\n        1, 0) = 0", "poll", 3, true, NULL,
     NULL},
    {"0\nclose\n(3\n)\n=\n-1\nEBADF\n(Bad file descriptor)", "close", 1, true, "EBADF", "Bad file descriptor"},
    {"0 close(3) = /* not\n zero */ -1 /* but */ EBADF", "close", 1, true, "EBADF", NULL},
};

static void assert_same(const char *left, const char *right)
{
    if (right == NULL)
        assert_null(left);
    else
        assert_string_equal(left, right);
}

static void a_call_has_arguments_and_maybe_a_result(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "%s\n+0 next() = 0\n", vectors[i].text);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.event_count, 2);
        assert_int_equal(parsed.program.events[0].kind, EVENT_CALL);
        const struct call_event *call = &parsed.program.events[0].call;
        assert_string_equal(call->name, vectors[i].name);
        assert_int_equal(call->count, vectors[i].arguments);
        assert_int_equal(call->has_result, vectors[i].has_result);
        assert_same(call->error_name, vectors[i].error);
        assert_same(call->note, vectors[i].note);
        parsed_free(&parsed);
        text_free(&script);
    }
}

/* What comes behind an event is none of it, however far the parser had to look. */
static const char *const ends[] = {
    "0 f(3)", "0 f(3) = 0", "0 f(3) = -1 EBADF", "0 f(3) = -1 EBADF (bad)", "0 f(3) = 0 (good)",
};

static void a_call_ends_where_its_last_part_does(void **state)
{
    (void)state;
    static const char *const tails[] = {"", " ", "\n", "\n\n// over\n", " /* over */ \n# and out\n", "\n\n+0 g()"};
    for (size_t i = 0; i < COUNT_OF(ends) * COUNT_OF(tails); i++) {
        const char *end = ends[i / COUNT_OF(tails)];
        struct parsed parsed;
        struct text script = text_growing();
        text_append_format(&script, "%s%s", end, tails[i % COUNT_OF(tails)]);
        parse_sound(&parsed, text_string(&script));
        assert_int_equal(parsed.program.events[0].at.offset, 0);
        assert_int_equal(parsed.program.events[0].at.length, strlen(end));
        parsed_free(&parsed);
        text_free(&script);
    }
}

static void a_call_knows_its_places(void **state)
{
    (void)state;
    struct parsed parsed;
    parse_sound(&parsed, "  0 bind(3) = -1 EINVAL (no) ");
    const struct event *event = &parsed.program.events[0];
    assert_int_equal(event->at.offset, 2);
    assert_int_equal(event->at.length, 26);
    assert_int_equal(event->call.name_at.offset, 4);
    assert_int_equal(event->call.name_at.length, 4);
    assert_int_equal(event->call.error_at.offset, 17);
    assert_int_equal(event->call.error_at.length, 6);
    assert_int_equal(event->call.result.at.offset, 14);
    assert_int_equal(event->call.result.at.length, 2);
    parsed_free(&parsed);
}

/* The time of the next event is no part of a result, wherever it stands. */
static const char *const followed[] = {
    "0 f() = 3\n+0 g() = 0\n",
    "0 f() = 3\n*  > . 1:1(0) ack 1\n",
    "0 f() = 3 +0 g() = 0\n",
    "0 f() = 3 +0.5~+0.7 > nothing\n",
    "0 f() = 3 * > . 1:1(0) ack 1\n",
    "0 f() = 3 1 g() = 0\n",
    "0 f() = 3\n0.5...0.7 g() = 0\n",
    "0 f() = 3 + 0 %{ pass }%",
    "0 f() = 3 + .5 `true`",
    "0 f() = 3 +0 /* and */ g()",
    "0 f() = 3\n+0 /* and\n more */ // or\n # less\n\n g()",
    "0 f() = 3\n+0\n> . 1:1(0) ack 1",
    "0 f()\n+0 g()",
    "0 f() +0 g()",
    "0 f()+0 g()",
};

static void the_next_time_ends_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(followed); i++) {
        struct parsed parsed;
        parse_sound(&parsed, followed[i]);
        assert_int_equal(parsed.program.event_count, 2);
        assert_int_equal(parsed.program.events[0].call.result.count, 0);
        parsed_free(&parsed);
    }
}

static const struct fault faults[] = {
    {"0 close", "1:8+0 expected `(` and the arguments of the call, found the end of the text"},
    {"0 close 3)", "1:9+1 expected `(` and the arguments of the call, found `3`"},
    {"0 close(3) =", "1:13+0 expected a value, found the end of the text"},
    {"0 close(3) = = 0", "1:14+1 expected a value, found `=`"},
    {"0 close(3) = 0 0", "1:17+0 expected what happens then: `<`, `>`, a system call, a `command` or %{ code }%, "
                         "found the end of the text"},
    {"0 close(3) = -1 badf", "1:17+4 expected the end of the event, found `badf`"},
    {"0 close(3) = -1 EBadf", "1:17+5 expected the end of the event, found `EBadf`"},
    {"0 close(3) = -1 E", "1:17+1 expected the end of the event, found `E`"},
    {"0 close(3) = -1 EBADF (so it is", "1:23+1 this note is never closed on its line"},
    {"0 close(3) = -1 EBADF (so\nit is)", "1:23+1 this note is never closed on its line"},
    {"0 close(3) = 0 (a) (b)", "1:20+1 expected the end of the event, found `(`"},
    {"0 close(3) : 0", "1:12+1 expected the end of the event, found `:`"},
    {"0 close(3);", "1:11+1 expected the end of the event, found `;`"},
    /* The line that begins the next event ends a call that was left open. */
    {"0 bind(3, ...\n+0 listen(3, 1) = 0\n", "1:14+0 expected `,` or `)`, found the end of the line"},
    {"0 bind(3,\n+0 listen(3, 1) = 0\n", "1:10+0 expected a value, found the end of the line"},
    {"0 bind([{\n\n// so\n+0 > . 1:1(0) ack 1\n", "1:10+0 expected a value, found the end of the line"},
    {"0 bind(3) =\n+0 listen(3, 1) = 0\n", "1:12+0 expected a value, found the end of the line"},
};

static void a_wrong_call_is_told_where_it_goes_wrong(void **state)
{
    (void)state;
    assert_faults(faults, COUNT_OF(faults));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_has_arguments_and_maybe_a_result),
        cmocka_unit_test(a_call_ends_where_its_last_part_does),
        cmocka_unit_test(a_call_knows_its_places),
        cmocka_unit_test(the_next_time_ends_a_call),
        cmocka_unit_test(a_wrong_call_is_told_where_it_goes_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
