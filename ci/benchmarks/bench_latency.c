/* SPDX-License-Identifier: MIT */
/* How long the harness takes to answer: from a SYN-ACK's kernel stamp to that of the ACK which completes the handshake,
 * over a veth pair in namespaces of its own. */
#include "packet/packet.h"
#include "stack/isolation.h"
#include "stack/linux.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HANDSHAKES = 2000,
    WARM_UP = 100, /* not counted */
    STACK_PORT = 8080,
    FIRST_PORT = 20000,
    MEDIAN_LIMIT = 60, /* microseconds */
    TAIL_LIMIT = 300,
};

struct bench {
    struct stack *stack;
    int listener;
    double microseconds[HANDSHAKES];
};

static bool fail(const char *what)
{
    perror(what);
    return false;
}

static bool tell(const struct error *error)
{
    (void)fprintf(stderr, "bench_latency: %s\n", error->text);
    return false;
}

static bool segment_send(struct bench *bench, struct tcp_header tcp, struct link_frame *sent)
{
    uint8_t buffer[128];
    struct error error;
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.time_to_live = 64, .identification = 1},
        .tcp = tcp,
    };
    memcpy(packet.ipv4.source, bench->stack->remote[0].bytes, 4);
    memcpy(packet.ipv4.destination, bench->stack->local[0].bytes, 4);
    if (!packet_build(&packet, &writer, &error) ||
        !link_send(bench->stack->link, byte_writer_written(&writer), sent, &error))
        return tell(&error);
    return true;
}

/* Waits for the SYN-ACK to PORT; whatever else comes is of earlier connections. */
static bool answer_await(struct bench *bench, uint16_t port, struct link_frame *frame, struct packet *answer)
{
    struct error error;
    for (;;) {
        bool came;
        if (!link_next(bench->stack->link, frame, &came, &error))
            return tell(&error);
        if (came) {
            packet_decode(frame->packet, DECODE_ALL, answer);
            if (answer->transport == TRANSPORT_TCP && answer->tcp.destination_port == port &&
                (answer->tcp.flags & TCP_SYN) != 0)
                return true;
            continue;
        }
        struct pollfd link = {.fd = link_descriptor(bench->stack->link), .events = POLLIN};
        if (poll(&link, 1, 1000) <= 0)
            return fail("no SYN-ACK");
    }
}

static bool handshake(struct bench *bench, uint16_t port, double *microseconds)
{
    static const struct linger abort_on_close = {.l_onoff = 1, .l_linger = 0};
    struct link_frame sent;
    struct link_frame frame;
    struct packet answer;
    struct tcp_header tcp = {.source_port = port, .destination_port = STACK_PORT, .window = 65535};
    tcp.flags = TCP_SYN;
    tcp.sequence = 1000;
    if (!segment_send(bench, tcp, &sent) || !answer_await(bench, port, &frame, &answer))
        return false;
    nanoseconds answered = frame.time.latest;
    tcp.flags = TCP_ACK;
    tcp.sequence++;
    tcp.acknowledgment = answer.tcp.sequence + 1;
    if (!segment_send(bench, tcp, &sent))
        return false;
    *microseconds = (double)(sent.time.earliest - answered) / 1000;
    int accepted = accept(bench->listener, NULL, NULL);
    if (accepted < 0)
        return fail("accept");
    /* Nothing of it stays to slow the next one down. */
    (void)setsockopt(accepted, SOL_SOCKET, SO_LINGER, &abort_on_close, sizeof(abort_on_close));
    return close(accepted) == 0;
}

static bool listener_open(struct bench *bench)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(STACK_PORT)};
    memcpy(&place.sin_addr, bench->stack->local[0].bytes, sizeof(place.sin_addr));
    bench->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bench->listener < 0 || bind(bench->listener, (struct sockaddr *)&place, sizeof(place)) != 0 ||
        listen(bench->listener, 16) != 0)
        return fail("listen");
    return true;
}

static int compare_times(const void *left, const void *right)
{
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

static void figure_print(const char *name, double value, int limit)
{
    printf("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"us\", \"limit\": %d}\n", name, value, limit);
}

static int run(void *context)
{
    struct bench *bench = context;
    struct error error;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    bool done = linux_stack_open(&settings, &bench->stack, &error) || tell(&error);
    done = done && listener_open(bench);
    for (int i = -WARM_UP; done && i < HANDSHAKES; i++) {
        double microseconds;
        done = handshake(bench, (uint16_t)(FIRST_PORT + WARM_UP + i), &microseconds);
        if (done && i >= 0)
            bench->microseconds[i] = microseconds;
    }
    stack_close(bench->stack);
    if (!done)
        return EXIT_FAILURE;
    qsort(bench->microseconds, HANDSHAKES, sizeof(bench->microseconds[0]), compare_times);
    figure_print("latency_synack_to_ack_median", bench->microseconds[HANDSHAKES / 2], MEDIAN_LIMIT);
    figure_print("latency_synack_to_ack_p99", bench->microseconds[HANDSHAKES * 99 / 100], TAIL_LIMIT);
    return EXIT_SUCCESS;
}

int main(void)
{
    static struct bench bench;
    struct error error;
    pid_t pid;
    int status;
    if (!isolation_start(run, &bench, &pid, &error)) {
        tell(&error);
        return EXIT_FAILURE;
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return EXIT_FAILURE;
    return WEXITSTATUS(status);
}
