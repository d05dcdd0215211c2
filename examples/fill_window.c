/* SPDX-License-Identifier: MIT */
/*
 * Fills the window that a stack offers. The SYN-ACK says how many bytes the stack takes; exactly as many are sent, and
 * all must be acknowledged. The stack may open its window further meanwhile; that is filled, too, until it is closed.
 * Then not even one byte more may be taken (RFC 9293 section 3.4: a segment beyond the window is not acceptable, and is
 * answered by an ACK that acknowledges nothing new).
 *
 *     cc fill_window.c $(pkg-config --cflags --libs shakedown)
 */
#include <shakedown/shakedown.h>
#include <stdio.h>
#include <stdlib.h>

/* Our end of the connection. Sequence numbers count from our ISN, as in a script. */
struct sender {
    struct shakedown_stack *stack;
    unsigned mss;   /* the most bytes that a segment may have */
    unsigned shift; /* of the windows in the stack's segments */
    unsigned next;  /* the first byte that was not sent */
    unsigned edge;  /* the first byte that the stack does not take */
};

/* The window of the stack's last segment, from what it acknowledges on. */
static void look_at_window(struct sender *sender, const struct shakedown_segment *segment)
{
    sender->edge = segment->acknowledgment + ((unsigned)segment->window << sender->shift);
}

/* Opens a connection to a listener and takes the window out of the SYN-ACK, in which it is not scaled yet. */
static void open_connection(struct sender *sender)
{
    struct shakedown_stack *stack = sender->stack;
    int listener = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
    shakedown_setsockopt(stack, listener, SOL_SOCKET, SO_RCVBUF, 8192);
    shakedown_bind(stack, listener, NULL, 0);
    shakedown_listen(stack, listener, 1);
    shakedown_send(stack, "S 0:0(0) win 65535 <mss 1460,nop,wscale 7>");
    if (shakedown_expect(stack, "S. 0:0(0) ack 1 <...>") != SHAKEDOWN_PASS)
        return;
    const struct shakedown_segment *syn_ack = shakedown_last_segment(stack);
    sender->mss = syn_ack->mss > 0 ? (unsigned)syn_ack->mss : 536; /* RFC 9293 MUST-15 */
    sender->next = 1;
    look_at_window(sender, syn_ack);
    sender->shift = syn_ack->window_scale > 0 ? (unsigned)syn_ack->window_scale : 0;
    printf("the SYN-ACK offers %u bytes and a shift of %u\n", sender->edge - sender->next, sender->shift);
    shakedown_send(stack, ". 1:1(0) ack 1");
}

/* Sends all that the window takes, and waits until all of it is acknowledged. */
static void fill(struct sender *sender)
{
    struct shakedown_stack *stack = sender->stack;
    while (sender->next < sender->edge) {
        unsigned room = sender->edge - sender->next;
        unsigned length = room < sender->mss ? room : sender->mss;
        shakedown_send(stack, "P. %u:%u(%u) ack 1", sender->next, sender->next + length, length);
        sender->next += length;
    }
    int found = 1;
    unsigned acknowledged = 1;
    while (acknowledged < sender->next && shakedown_receive(stack, 1.0, &found) == SHAKEDOWN_PASS && found) {
        acknowledged = shakedown_last_segment(stack)->acknowledgment;
        look_at_window(sender, shakedown_last_segment(stack));
    }
    if (shakedown_verdict(stack) == SHAKEDOWN_PASS && acknowledged != sender->next) {
        fprintf(stderr, "of %u bytes inside the window only %u were acknowledged\n", sender->next - 1,
                acknowledged - 1);
        exit(EXIT_FAILURE);
    }
}

int main(void)
{
    struct sender sender = {.stack = shakedown_open(NULL)};
    open_connection(&sender);
    while (shakedown_verdict(sender.stack) == SHAKEDOWN_PASS && sender.next < sender.edge)
        fill(&sender);
    printf("%u bytes filled the window\n", sender.next - 1);

    shakedown_send(sender.stack, "P. %u:%u(1) ack 1", sender.next, sender.next + 1);
    shakedown_expect(sender.stack, ". 1:1(0) ack %u win 0", sender.next);

    enum shakedown_verdict verdict = shakedown_verdict(sender.stack);
    printf("one byte more: %s\n", verdict == SHAKEDOWN_PASS ? "not taken" : shakedown_headline(sender.stack));
    fputs(shakedown_detail(sender.stack), stderr);
    shakedown_close(sender.stack);
    return verdict == SHAKEDOWN_PASS ? EXIT_SUCCESS : EXIT_FAILURE;
}
