/* SPDX-License-Identifier: MIT */
/* What tests on the live kernel share: all of a test program runs in namespaces of its own. */
#ifndef TESTS_STACK_LIVE_H
#define TESTS_STACK_LIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packet/packet.h"
#include "packet/tcp_option.h"
#include "stack/isolation.h"
#include "stack/linux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A test may fail with what went wrong in words. */
#define assert_done(done, error)          \
    do {                                  \
        if (!(done))                      \
            fail_msg("%s", (error).text); \
    } while (0)

/* False if this user may not have the link: /dev/net/tun is a matter of file permissions. */
static inline bool live_link_possible(enum linux_link link)
{
    return link != LINUX_LINK_TUN || access("/dev/net/tun", R_OK | W_OK) == 0;
}

static inline int live_exit_status(pid_t pid)
{
    int status;
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

/* Runs MAIN, which runs the tests, in isolation; its exit status. */
static inline int live_run(isolation_main *main_function)
{
    struct error error;
    pid_t pid;
    if (!isolation_start(main_function, NULL, &pid, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return EXIT_FAILURE;
    }
    return live_exit_status(pid);
}

/* A socket address; returns its size. */
static inline socklen_t live_address(const struct address *address, uint16_t port, struct sockaddr_storage *storage)
{
    memset(storage, 0, sizeof(*storage));
    if (address->family == ADDRESS_IPV4) {
        struct sockaddr_in *ipv4 = (struct sockaddr_in *)storage;
        ipv4->sin_family = AF_INET;
        ipv4->sin_port = htons(port);
        memcpy(&ipv4->sin_addr, address->bytes, 4);
        return sizeof(*ipv4);
    }
    struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)storage;
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(port);
    memcpy(&ipv6->sin6_addr, address->bytes, 16);
    return sizeof(*ipv6);
}

/* A segment without options or payload from SOURCE to DESTINATION. */
static inline struct packet live_segment(const struct address *source, const struct address *destination,
                                         struct tcp_header tcp)
{
    struct packet packet = {.transport = TRANSPORT_TCP, .tcp = tcp};
    if (source->family == ADDRESS_IPV4) {
        packet.network = NETWORK_IPV4;
        packet.ipv4 = (struct ipv4_header){.time_to_live = 64, .identification = 1};
        memcpy(packet.ipv4.source, source->bytes, 4);
        memcpy(packet.ipv4.destination, destination->bytes, 4);
    } else {
        packet.network = NETWORK_IPV6;
        packet.ipv6 = (struct ipv6_header){.hop_limit = 64};
        memcpy(packet.ipv6.source, source->bytes, 16);
        memcpy(packet.ipv6.destination, destination->bytes, 16);
    }
    return packet;
}

/* Wire bytes of PACKET in BUFFER. */
static inline struct bytes live_build(const struct packet *packet, uint8_t *buffer, size_t size)
{
    struct error error;
    struct byte_writer writer = byte_writer_on(buffer, size);
    assert_done(packet_build(packet, &writer, &error), error);
    return byte_writer_written(&writer);
}

/* Waits for the next packet from the stack; false after MILLISECONDS without one. */
static inline bool live_next(struct link *link, struct link_frame *frame, int milliseconds)
{
    struct error error;
    nanoseconds deadline = clock_now() + milliseconds * NANOSECONDS_PER_MILLISECOND;
    for (;;) {
        bool came;
        assert_done(link_next(link, frame, &came, &error), error);
        if (came)
            return true;
        nanoseconds left = deadline - clock_now();
        if (left <= 0)
            return false;
        struct pollfd poll_one = {.fd = link_descriptor(link), .events = POLLIN};
        (void)poll(&poll_one, 1, (int)(left / NANOSECONDS_PER_MILLISECOND) + 1);
    }
}

static inline int live_listen(const struct address *address, uint16_t port)
{
    struct sockaddr_storage place;
    socklen_t size = live_address(address, port, &place);
    int listener = socket(place.ss_family, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    return listener;
}

enum { LIVE_STACK_PORT = 8080, LIVE_OWN_PORT = 54321, LIVE_ISN = 1000 };

/* Sends a segment from our port to the stack's; it must have gone out as it was built. */
static inline struct link_frame live_send(struct stack *stack, size_t version, struct tcp_header tcp)
{
    static uint8_t buffer[2048];
    struct error error;
    struct link_frame sent;
    tcp.source_port = LIVE_OWN_PORT;
    tcp.destination_port = LIVE_STACK_PORT;
    struct packet packet = live_segment(&stack->remote[version], &stack->local[version], tcp);
    struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
    nanoseconds before = clock_now();
    assert_done(link_send(stack->link, wire, &sent, &error), error);
    assert_true(bytes_equal(sent.packet, wire));
    assert_true(sent.time.earliest >= before && sent.time.earliest <= sent.time.latest);
    assert_true(sent.time.latest <= clock_now());
    return sent;
}

/* The next segment from the stack must have no defect and FLAGS. */
static inline struct packet live_expect(struct stack *stack, uint16_t flags, struct link_frame *frame)
{
    struct packet packet;
    assert_true(live_next(stack->link, frame, 2000));
    packet_decode(frame->packet, DECODE_ALL, &packet);
    assert_int_equal(packet.defect_count, 0);
    assert_int_equal(packet.transport, TRANSPORT_TCP);
    assert_int_equal(packet.tcp.flags, flags);
    return packet;
}

/* SYN, SYN-ACK, ACK, accept, close, FIN: all of it with the kernel's stamps, in order. */
static inline void live_handshake(struct stack *stack, size_t version)
{
    int listener = live_listen(&stack->local[version], LIVE_STACK_PORT);
    struct link_frame frame;
    struct tcp_header tcp = {.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535};
    struct link_frame syn = live_send(stack, version, tcp);
    struct packet answer = live_expect(stack, TCP_SYN | TCP_ACK, &frame);
    assert_int_equal(answer.tcp.acknowledgment, LIVE_ISN + 1);
    assert_int_equal(syn.time.earliest, syn.time.latest);
    assert_int_equal(frame.time.earliest, frame.time.latest);
    assert_true(frame.time.earliest >= syn.time.latest);
    tcp.sequence++;
    tcp.acknowledgment = answer.tcp.sequence + 1;
    tcp.flags = TCP_ACK;
    struct link_frame ack = live_send(stack, version, tcp);
    assert_true(ack.time.earliest >= frame.time.latest);
    int accepted = accept(listener, NULL, NULL);
    assert_true(accepted >= 0);
    assert_int_equal(close(accepted), 0);
    live_expect(stack, TCP_FIN | TCP_ACK, &frame);
    tcp.flags = TCP_RST;
    tcp.acknowledgment = 0;
    live_send(stack, version, tcp);
    assert_int_equal(close(listener), 0);
}

/* A write of many segments: they are seen as the stack made them, one by one, with their checksums. */
static inline void live_large_write(struct stack *stack)
{
    static const uint8_t mss[] = {TCP_OPTION_MSS, 4, 0x05, 0xb4};
    static const char data[14600];
    struct link_frame frame;
    struct tcp_header tcp = {.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535, .options = {mss, sizeof(mss)}};
    int listener = live_listen(&stack->local[0], LIVE_STACK_PORT);
    live_send(stack, 0, tcp);
    struct packet answer = live_expect(stack, TCP_SYN | TCP_ACK, &frame);
    tcp = (struct tcp_header){
        .sequence = LIVE_ISN + 1, .acknowledgment = answer.tcp.sequence + 1, .flags = TCP_ACK, .window = 65535};
    live_send(stack, 0, tcp);
    int accepted = accept(listener, NULL, NULL);
    assert_int_equal(write(accepted, data, sizeof(data)), sizeof(data));
    for (int i = 0; i < 10; i++) {
        assert_true(live_next(stack->link, &frame, 1000));
        packet_decode(frame.packet, DECODE_ALL, &answer);
        assert_int_equal(answer.defect_count, 0);
        assert_int_equal(answer.payload.length, 1460);
        assert_int_equal(frame.time.earliest, frame.time.latest);
    }
    assert_int_equal(close(accepted), 0);
    assert_int_equal(close(listener), 0);
}

#endif
