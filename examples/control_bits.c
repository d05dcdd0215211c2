/* SPDX-License-Identifier: MIT */
/*
 * All 64 combinations of the six classic control bits, sent to a listener. Whether each is answered, and how, RFC 9293
 * section 3.10.7.2 says in four checks, in this order.
 *
 *     cc control_bits.c $(pkg-config --cflags --libs shakedown cmocka)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <shakedown/shakedown.h>

enum {
    PORT = 8080,
    FIRST_REMOTE_PORT = 40000, /* each combination comes from a port of its own: no two are of one connection */
    COMBINATIONS = 64,
    ATTEMPTS = 4, /* at one combination, if the machine is too busy to tell */
};

enum answer {
    ANSWER_NOTHING,
    ANSWER_RESET,
    ANSWER_SYN_ACK,
};

static enum answer answer_of_rfc(unsigned flags)
{
    if (flags & SHAKEDOWN_RST)
        return ANSWER_NOTHING; /* "An incoming RST should be ignored." */
    if (flags & SHAKEDOWN_ACK)
        return ANSWER_RESET; /* "Any acknowledgment is bad": <SEQ=SEG.ACK><CTL=RST> */
    if (flags & SHAKEDOWN_SYN)
        return ANSWER_SYN_ACK; /* "a SYN segment sent of the form": <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> */
    return ANSWER_NOTHING;     /* "This should not be reached.  Drop the segment" */
}

/* Linux drops a SYN that carries a FIN: no client opens and closes in one segment, but scans do. */
static enum answer answer_of_linux(unsigned flags)
{
    if (answer_of_rfc(flags) == ANSWER_SYN_ACK && (flags & SHAKEDOWN_FIN))
        return ANSWER_NOTHING;
    return answer_of_rfc(flags);
}

/* The control bits as a segment's text has them: "SP", "-" for none. */
static void write_flags(unsigned flags, char text[8])
{
    static const char letters[] = "FSRP.U";
    size_t length = 0;
    for (unsigned bit = 0; bit < 6; bit++)
        if (flags & (1U << bit))
            text[length++] = letters[bit];
    if (length == 0)
        text[length++] = '-';
    text[length] = '\0';
}

static void send_and_check(struct shakedown_stack *stack, unsigned flags, unsigned port)
{
    char letters[8];
    write_flags(flags, letters);
    shakedown_send(stack, "%u > %u %s 1000:1000(0) ack 500 win 32792", port, PORT, letters);
    switch (answer_of_linux(flags)) {
    case ANSWER_NOTHING:
        shakedown_expect_nothing(stack, 0.02);
        break;
    case ANSWER_RESET:
        shakedown_expect(stack, "%u > %u R 500:500(0)", PORT, port);
        break;
    case ANSWER_SYN_ACK:
        shakedown_expect(stack, "%u > %u S. 0:0(0) ack 1001 <...>", PORT, port);
        /* Takes the half-open connection away, so that no SYN-ACK is sent again into the next one's silence. */
        shakedown_send(stack, "%u > %u R 1:1(0)", port, PORT);
        break;
    }
}

static void test_a_listener_answers_every_combination_as_the_rfc_says(void **state)
{
    struct shakedown_stack *stack = *state;
    unsigned port = FIRST_REMOTE_PORT;
    for (unsigned flags = 0; flags < COMBINATIONS; flags++) {
        char letters[8];
        for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
            shakedown_clear(stack);
            send_and_check(stack, flags, port++);
            if (shakedown_verdict(stack) != SHAKEDOWN_INCONCLUSIVE)
                break;
        }
        write_flags(flags, letters);
        if (shakedown_verdict(stack) != SHAKEDOWN_PASS)
            fail_msg("control bits %s: %s\n%s", letters, shakedown_headline(stack), shakedown_detail(stack));
        if (answer_of_linux(flags) != answer_of_rfc(flags))
            print_message("control bits %s: Linux does otherwise than the RFC says, as is known\n", letters);
    }
}

static int open_listener(void **state)
{
    struct shakedown_stack *stack = shakedown_open(NULL);
    int listener = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    shakedown_bind(stack, listener, NULL, 0);
    shakedown_listen(stack, listener, COMBINATIONS);
    *state = stack;
    if (shakedown_verdict(stack) != SHAKEDOWN_PASS)
        print_error("%s\n", shakedown_headline(stack));
    return shakedown_verdict(stack) == SHAKEDOWN_PASS ? 0 : -1;
}

static int close_listener(void **state)
{
    shakedown_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_listener_answers_every_combination_as_the_rfc_says),
    };
    return cmocka_run_group_tests(tests, open_listener, close_listener);
}
