/* SPDX-License-Identifier: MIT */
#include "suite/message.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    int ends[2];
    struct message_inbox inbox;
    struct error error;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL || pipe2(fixture->ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return -1;
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    (void)close(fixture->ends[0]);
    if (fixture->ends[1] >= 0)
        (void)close(fixture->ends[1]);
    message_inbox_free(&fixture->inbox);
    free(fixture);
    return 0;
}

static bool receive(struct fixture *fixture)
{
    bool ended = false;
    assert_true(message_receive(&fixture->inbox, fixture->ends[0], &ended, &fixture->error));
    return ended;
}

static void test_messages_arrive_in_order_and_whole(void **state)
{
    struct fixture *fixture = *state;
    struct message sent = {.kind = MESSAGE_READY};
    assert_true(message_send(fixture->ends[1], &sent, &fixture->error));
    sent.kind = MESSAGE_RESULT;
    sent.result = suite_result_of(VERDICT_FAIL, "expected RST; got SYN,ACK");
    sent.result.late = 12345678901;
    text_append_string(&sent.result.detail, "many\nlines\n");
    sent.result.judged.there = true;
    sent.result.judged.late = true;
    sent.result.judged.verdict = VERDICT_INCONCLUSIVE;
    sent.result.judged.event = 77;
    sent.result.judged.known = UINT64_C(1) << 63;
    clause_set_add(&sent.result.judged.kept, 0);
    clause_set_add(&sent.result.judged.broken, 70);
    clause_set_add(&sent.result.judged.excused, SUITE_CLAUSES_MOST - 1);
    text_append_string(&sent.result.judged.headline, "in LISTEN: silence");
    text_append_string(&sent.result.judged.clauses, "RFC1 X");
    text_append_string(&sent.result.judged.detail, "RFC1 X: a\n");
    text_append_string(&sent.result.judged.rule, "x.spec:9");
    assert_true(message_send(fixture->ends[1], &sent, &fixture->error));
    suite_result_free(&sent.result);
    assert_false(receive(fixture));
    struct message taken;
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_TAKEN);
    assert_int_equal(taken.kind, MESSAGE_READY);
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_TAKEN);
    assert_int_equal(taken.kind, MESSAGE_RESULT);
    assert_true(taken.result.there);
    assert_int_equal(taken.result.verdict, VERDICT_FAIL);
    assert_int_equal(taken.result.late, 12345678901);
    assert_string_equal(text_string(&taken.result.headline), "expected RST; got SYN,ACK");
    assert_string_equal(text_string(&taken.result.detail), "many\nlines\n");
    const struct suite_judged *judged = &taken.result.judged;
    assert_true(judged->there && judged->late && !judged->should);
    assert_int_equal(judged->verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(judged->event, 77);
    assert_true(judged->known == UINT64_C(1) << 63);
    assert_true(clause_set_has(&judged->kept, 0) && !clause_set_has(&judged->kept, 1));
    assert_true(clause_set_has(&judged->broken, 70) && !clause_set_has(&judged->broken, 0));
    assert_true(clause_set_has(&judged->excused, SUITE_CLAUSES_MOST - 1));
    assert_string_equal(text_string(&judged->headline), "in LISTEN: silence");
    assert_string_equal(text_string(&judged->clauses), "RFC1 X");
    assert_string_equal(text_string(&judged->detail), "RFC1 X: a\n");
    assert_string_equal(text_string(&judged->rule), "x.spec:9");
    suite_result_free(&taken.result);
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_INCOMPLETE);
}

static void test_a_refusal_keeps_its_error(void **state)
{
    struct fixture *fixture = *state;
    struct message sent = {.kind = MESSAGE_REFUSED};
    error_set_system(&sent.error, ERROR_CAPABILITY_MISSING, EPERM, "no raw socket");
    assert_true(message_send(fixture->ends[1], &sent, &fixture->error));
    assert_false(receive(fixture));
    struct message taken;
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_TAKEN);
    assert_int_equal(taken.error.code, ERROR_CAPABILITY_MISSING);
    assert_int_equal(taken.error.system_error, EPERM);
    assert_string_equal(taken.error.text, sent.error.text);
}

/* Bytes of a framed result. */
static size_t framed_result(struct fixture *fixture, uint8_t *frame, size_t size)
{
    struct message sent = {.kind = MESSAGE_RESULT, .result = suite_result_of(VERDICT_PASS, "x")};
    assert_true(message_send(fixture->ends[1], &sent, &fixture->error));
    suite_result_free(&sent.result);
    ssize_t length = read(fixture->ends[0], frame, size);
    assert_true(length > 0);
    return (size_t)length;
}

static void test_a_message_that_came_in_part_is_waited_for(void **state)
{
    struct fixture *fixture = *state;
    uint8_t frame[sizeof(struct clause_set) * 3 + 128];
    size_t length = framed_result(fixture, frame, sizeof(frame));
    struct message taken;
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_INCOMPLETE);
        assert_int_equal(write(fixture->ends[1], &frame[i], 1), 1);
        assert_false(receive(fixture));
    }
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_TAKEN);
    suite_result_free(&taken.result);
}

static void test_a_changed_byte_is_garbage_or_another_message_but_no_harm(void **state)
{
    struct fixture *fixture = *state;
    uint8_t frame[sizeof(struct clause_set) * 3 + 128];
    size_t length = framed_result(fixture, frame, sizeof(frame));
    for (size_t i = 0; i < length * 255; i++) {
        struct message_inbox inbox = {0};
        struct message taken;
        frame[i / 255] ^= (uint8_t)(i % 255 + 1);
        /* Of exactly the size that came, so that a read past it is found out. */
        inbox.data = malloc(length);
        assert_non_null(inbox.data);
        memcpy(inbox.data, frame, length);
        inbox.length = inbox.capacity = length;
        if (message_take(&inbox, &taken) == MESSAGE_TAKEN && taken.kind == MESSAGE_RESULT)
            suite_result_free(&taken.result);
        message_inbox_free(&inbox);
        frame[i / 255] ^= (uint8_t)(i % 255 + 1);
    }
    struct message taken;
    frame[0] ^= 1;
    assert_int_equal(write(fixture->ends[1], frame, length), length);
    assert_false(receive(fixture));
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_GARBAGE);
}

static void test_the_end_of_the_pipe_is_told(void **state)
{
    struct fixture *fixture = *state;
    (void)close(fixture->ends[1]);
    fixture->ends[1] = -1;
    assert_true(receive(fixture));
}

static void test_a_text_without_end_is_cut(void **state)
{
    struct fixture *fixture = *state;
    struct message sent = {.kind = MESSAGE_RESULT, .result = suite_result_of(VERDICT_PASS, "")};
    text_append_repeated(&sent.result.detail, 'x', MESSAGE_TEXT_MOST + 5000);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)fcntl(fixture->ends[1], F_SETFL, 0);
        _exit(message_send(fixture->ends[1], &sent, &fixture->error) ? 0 : 1);
    }
    suite_result_free(&sent.result);
    (void)close(fixture->ends[1]);
    fixture->ends[1] = -1;
    (void)fcntl(fixture->ends[0], F_SETFL, 0);
    while (!receive(fixture))
        continue;
    struct message taken;
    assert_int_equal(message_take(&fixture->inbox, &taken), MESSAGE_TAKEN);
    assert_int_equal(taken.result.detail.length, MESSAGE_TEXT_MOST);
    suite_result_free(&taken.result);
}

static void test_a_parent_that_has_gone_is_an_error(void **state)
{
    struct fixture *fixture = *state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)close(fixture->ends[0]);
    struct message sent = {.kind = MESSAGE_READY};
    assert_false(message_send(fixture->ends[1], &sent, &fixture->error));
    assert_int_equal(fixture->error.system_error, EPIPE);
    (void)signal(SIGPIPE, SIG_DFL);
    fixture->ends[0] = open("/dev/null", O_RDONLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_messages_arrive_in_order_and_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_refusal_keeps_its_error, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_message_that_came_in_part_is_waited_for, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_changed_byte_is_garbage_or_another_message_but_no_harm, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_end_of_the_pipe_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_text_without_end_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_parent_that_has_gone_is_an_error, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
