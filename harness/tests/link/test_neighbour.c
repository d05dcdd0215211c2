/* SPDX-License-Identifier: MIT */
/* ARP and Neighbour Discovery, between two who are both ours, and with what is no such message. */
#include "live.h"

#include "link/neighbour.h"

#include <stdlib.h>

static struct neighbour_self harness;
static struct neighbour_self stack;

static int selves_set_up(void **state)
{
    (void)state;
    harness = (struct neighbour_self){.address = {{2, 0, 0, 0, 0, 2}}};
    stack = (struct neighbour_self){.address = {{2, 0, 0, 0, 0, 1}}};
    harness.own[0] = live_address("198.51.100.2");
    harness.own[1] = live_address("2001:db8::2");
    stack.own[0] = live_address("198.51.100.1");
    stack.own[1] = live_address("2001:db8::1");
    return 0;
}

static struct bytes ask(const struct neighbour_self *self, const struct address *wanted, uint8_t *buffer)
{
    struct byte_writer writer = byte_writer_on(buffer, NEIGHBOUR_FRAME_SIZE);
    neighbour_ask(self, wanted, &writer);
    assert_false(writer.failed);
    return byte_writer_written(&writer);
}

static void who_is_asked_answers_and_both_learn(void **state)
{
    (void)state;
    for (size_t version = 0; version < 2; version++) {
        uint8_t question_bytes[NEIGHBOUR_FRAME_SIZE];
        uint8_t answer_bytes[NEIGHBOUR_FRAME_SIZE];
        struct ethernet_address found;
        struct bytes question = ask(&harness, &stack.own[version], question_bytes);
        assert_true(neighbour_concerns(question));
        assert_true(neighbour_learn(question, &harness.own[version], &found));
        assert_true(ethernet_address_equal(&found, &harness.address));
        struct byte_writer writer = byte_writer_on(answer_bytes, sizeof(answer_bytes));
        assert_true(neighbour_answer(&stack, question, &writer));
        struct bytes answer = byte_writer_written(&writer);
        assert_false(writer.failed);
        assert_true(neighbour_concerns(answer));
        assert_memory_equal(answer.data, harness.address.bytes, ETHERNET_ADDRESS_SIZE);
        assert_true(neighbour_learn(answer, &stack.own[version], &found));
        assert_true(ethernet_address_equal(&found, &stack.address));
        assert_false(neighbour_learn(answer, &harness.own[1 - version], &found));
        /* An answer is not answered. */
        writer = byte_writer_on(answer_bytes, sizeof(answer_bytes));
        assert_false(neighbour_answer(&harness, answer, &writer));
    }
}

static void a_question_for_somebody_else_is_not_answered(void **state)
{
    (void)state;
    struct address other[2] = {live_address("198.51.100.9"), live_address("2001:db8::9")};
    for (size_t version = 0; version < 2; version++) {
        uint8_t question[NEIGHBOUR_FRAME_SIZE];
        uint8_t answer[NEIGHBOUR_FRAME_SIZE];
        struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
        assert_false(neighbour_answer(&stack, ask(&harness, &other[version], question), &writer));
        assert_int_equal(writer.length, 0);
    }
}

static void a_question_from_nobody_is_not_answered(void **state)
{
    (void)state;
    uint8_t question[NEIGHBOUR_FRAME_SIZE];
    uint8_t answer[NEIGHBOUR_FRAME_SIZE];
    struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
    struct neighbour_self nobody = harness;
    memset(nobody.own[1].bytes, 0, sizeof(nobody.own[1].bytes));
    assert_false(neighbour_answer(&stack, ask(&nobody, &stack.own[1], question), &writer));
}

/* RFC 4861 section 7.1.1. */
static void what_came_through_a_router_is_not_answered(void **state)
{
    (void)state;
    uint8_t question_bytes[NEIGHBOUR_FRAME_SIZE];
    uint8_t answer[NEIGHBOUR_FRAME_SIZE];
    struct bytes question = ask(&harness, &stack.own[1], question_bytes);
    struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
    question_bytes[ETHERNET_HEADER_SIZE + 7] = 254;
    assert_false(neighbour_answer(&stack, question, &writer));
}

static void a_damaged_question_is_not_answered(void **state)
{
    (void)state;
    uint8_t question_bytes[NEIGHBOUR_FRAME_SIZE];
    uint8_t answer[NEIGHBOUR_FRAME_SIZE];
    struct bytes question = ask(&harness, &stack.own[1], question_bytes);
    struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
    question_bytes[question.length - 1] ^= 1;
    assert_false(neighbour_answer(&stack, question, &writer));
}

static void a_cut_frame_is_no_question(void **state)
{
    (void)state;
    for (size_t version = 0; version < 2; version++) {
        uint8_t question_bytes[NEIGHBOUR_FRAME_SIZE];
        uint8_t answer[NEIGHBOUR_FRAME_SIZE];
        struct bytes question = ask(&harness, &stack.own[version], question_bytes);
        for (size_t length = 0; length < question.length; length++) {
            /* Exactly as long as it is, so that a sanitizer sees a read beyond. */
            uint8_t *cut = malloc(length + 1);
            assert_non_null(cut);
            memcpy(cut, question.data, length);
            struct byte_writer writer = byte_writer_on(answer, sizeof(answer));
            struct ethernet_address found;
            (void)neighbour_concerns((struct bytes){cut, length});
            assert_false(neighbour_answer(&stack, (struct bytes){cut, length}, &writer));
            assert_false(neighbour_learn((struct bytes){cut, length}, &harness.own[version], &found));
            free(cut);
        }
    }
}

static void tcp_is_no_matter_of_neighbours(void **state)
{
    (void)state;
    uint8_t frame[128] = {[12] = 0x08};
    struct bytes segment = live_segment(frame + ETHERNET_HEADER_SIZE, sizeof(frame) - ETHERNET_HEADER_SIZE,
                                        "198.51.100.1", "198.51.100.2", (struct tcp_header){.flags = TCP_SYN});
    assert_false(neighbour_concerns((struct bytes){frame, ETHERNET_HEADER_SIZE + segment.length}));
}

static void the_group_has_the_last_three_bytes(void **state)
{
    (void)state;
    struct address own = live_address("2001:db8::aabb:ccdd");
    struct ethernet_address group = neighbour_solicited_group(&own);
    static const uint8_t wanted[] = {0x33, 0x33, 0xff, 0xbb, 0xcc, 0xdd};
    assert_memory_equal(group.bytes, wanted, sizeof(wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_asked_answers_and_both_learn),
        cmocka_unit_test(a_question_for_somebody_else_is_not_answered),
        cmocka_unit_test(a_question_from_nobody_is_not_answered),
        cmocka_unit_test(what_came_through_a_router_is_not_answered),
        cmocka_unit_test(a_damaged_question_is_not_answered),
        cmocka_unit_test(a_cut_frame_is_no_question),
        cmocka_unit_test(tcp_is_no_matter_of_neighbours),
        cmocka_unit_test(the_group_has_the_last_three_bytes),
    };
    return cmocka_run_group_tests(tests, selves_set_up, NULL);
}
