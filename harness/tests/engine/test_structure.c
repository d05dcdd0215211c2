/* SPDX-License-Identifier: MIT */
/* From what scripts write to what the kernel takes, and back, without a kernel. */
#include "engine/call.h"
#include "engine/structure.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cmocka.h>

/* One call of a script, made ready. */
struct made {
    struct arena arena;
    struct diagnostics diagnostics;
    struct source source;
    struct program program;
    struct engine_options options;
    struct evaluation evaluation;
    struct call_context context;
    struct prepared_call prepared;
};

static void fail_first(const struct made *made, const char *script)
{
    fail_msg("%s: %s", script, made->diagnostics.kept == 0 ? "elsewhere" : made->diagnostics.items[0].message);
}

static void make(struct made *made, const char *script)
{
    *made = (struct made){.source = {"test.pkt", script, strlen(script)}};
    made->diagnostics.arena = &made->arena;
    made->evaluation.diagnostics = &made->diagnostics;
    if (!program_parse(&made->source, &(struct program_settings){0}, &made->diagnostics, &made->program) ||
        !engine_options_read(&made->program, &made->diagnostics, &made->options))
        fail_first(made, script);
    made->context = (struct call_context){.evaluation = &made->evaluation,
                                          .arena = &made->arena,
                                          .options = &made->options,
                                          .source = &made->program.source};
    if (!call_prepare(&made->context, &made->program.events[0].call, &made->prepared))
        fail_first(made, script);
}

static void unmake(struct made *made)
{
    program_free(&made->program);
    arena_free(&made->arena);
}

static const void *argument(const struct made *made, size_t index, size_t size)
{
    assert_int_equal(made->prepared.call.arguments[index].kind, ARGUMENT_POINTER);
    assert_int_equal(made->prepared.call.arguments[index].length, size);
    return made->prepared.call.arguments[index].data;
}

/* What is said of the call if it returns VALUE with what is in its memory now. */
static const char *judge(struct made *made, int64_t value)
{
    static char said[256];
    struct text mismatch = text_in(said, sizeof(said));
    struct descriptors descriptors = {0};
    struct stack_return returned = {.value = value};
    said[0] = '\0';
    if (call_check(&made->context, &made->prepared, &returned, &descriptors, &mismatch))
        assert_int_equal(mismatch.length, 0);
    else
        assert_int_not_equal(mismatch.length, 0);
    return said;
}

static void options_structures_are_told_by_their_members(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=7}, 8) = 0\n");
    const struct linger *linger = argument(&made, 3, sizeof(*linger));
    assert_int_equal(linger->l_onoff, 1);
    assert_int_equal(linger->l_linger, 7);
    unmake(&made);
    make(&made, "0 setsockopt(3, SOL_SOCKET, SO_RCVTIMEO, {2, 500000}, 16) = 0\n");
    const struct timeval *time = argument(&made, 3, sizeof(*time));
    assert_int_equal(time->tv_sec, 2);
    assert_int_equal(time->tv_usec, 500000);
    unmake(&made);
}

static void an_md5_key_has_its_peers_address(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 setsockopt(3, IPPROTO_TCP, TCP_MD5SIG, {tcpm_addr={sa_family=AF_INET, "
                "sin_addr=inet_addr(\"192.0.2.1\")}, tcpm_keylen=4, tcpm_key=\"\\x01\\x02\\x03\\x04\"}, ...) = 0\n");
    const struct tcp_md5sig *key = argument(&made, 3, sizeof(*key));
    struct sockaddr_in peer;
    memcpy(&peer, &key->tcpm_addr, sizeof(peer));
    assert_int_equal(peer.sin_family, AF_INET);
    assert_int_equal(ntohl(peer.sin_addr.s_addr), 0xc0000201);
    assert_int_equal(key->tcpm_keylen, 4);
    assert_memory_equal(key->tcpm_key, "\x01\x02\x03\x04\x00", 5);
    assert_int_equal(made.prepared.call.arguments[4].integer, sizeof(*key));
    unmake(&made);
}

static void lists_and_strings_are_options_too(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 setsockopt(3, SOL_TCP, TCP_FASTOPEN_KEY, [1, -1, 0x10, 4], 16) = 0\n");
    static const int32_t numbers[] = {1, -1, 0x10, 4};
    assert_memory_equal(argument(&made, 3, sizeof(numbers)), numbers, sizeof(numbers));
    unmake(&made);
    make(&made, "0 setsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", 4) = 0\n");
    assert_memory_equal(argument(&made, 3, 4), "reno", 4);
    unmake(&made);
}

static void addresses_are_written_as_strace_does(void **state)
{
    (void)state;
    struct made made;
    make(&made, "--ip_version=ipv6\n0 bind(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(5), "
                "inet_pton(AF_INET6, \"2001:db8::7\", &sin6_addr), sin6_scope_id=2}, ...) = 0\n");
    const struct sockaddr_in6 *in6 = argument(&made, 1, sizeof(*in6));
    assert_int_equal(in6->sin6_family, AF_INET6);
    assert_int_equal(ntohs(in6->sin6_port), 80);
    assert_int_equal(ntohl(in6->sin6_flowinfo), 5);
    assert_int_equal(in6->sin6_scope_id, 2);
    assert_int_equal(in6->sin6_addr.s6_addr[0], 0x20);
    assert_int_equal(in6->sin6_addr.s6_addr[15], 7);
    unmake(&made);
    make(&made, "0 sendto(3, ..., 0, MSG_FASTOPEN, AF_UNSPEC, ...) = -1 EOPNOTSUPP (no)\n");
    const struct sockaddr_in *in = argument(&made, 4, sizeof(*in));
    assert_int_equal(in->sin_family, AF_UNSPEC);
    assert_int_equal(ntohs(in->sin_port), 8080);
    unmake(&made);
}

static void a_message_has_its_parts(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 sendmsg(3, {msg_name(...)=..., msg_iov(2)=[{\"abc\", 3}, {..., 10}], msg_flags=MSG_EOR, "
                "msg_control=[{cmsg_level=SOL_IP, cmsg_type=IP_TOS, cmsg_data=5}]}, 0) = 13\n");
    const struct msghdr *message = argument(&made, 1, sizeof(*message));
    assert_int_equal(message->msg_namelen, sizeof(struct sockaddr_in));
    assert_int_equal(message->msg_iovlen, 2);
    assert_int_equal(message->msg_iov[0].iov_len, 3);
    assert_memory_equal(message->msg_iov[0].iov_base, "abc", 3);
    assert_int_equal(message->msg_iov[1].iov_len, 10);
    assert_int_equal(message->msg_flags, MSG_EOR);
    assert_int_equal(message->msg_controllen, CMSG_SPACE(sizeof(int)));
    const struct cmsghdr *control = CMSG_FIRSTHDR(message);
    assert_int_equal(control->cmsg_len, CMSG_LEN(sizeof(int)));
    assert_int_equal(control->cmsg_level, SOL_IP);
    assert_int_equal(control->cmsg_type, IP_TOS);
    int tos;
    memcpy(&tos, CMSG_DATA(control), sizeof(tos));
    assert_int_equal(tos, 5);
    unmake(&made);
}

static void a_message_that_came_is_compared_member_by_member(void **state)
{
    (void)state;
    struct made made;
    make(&made,
         "0 recvmsg(3, {msg_name(...)={sa_family=AF_INET, sin_port=htons(80)}, msg_iov(1)=[{\"ab\", 10}], "
         "msg_flags=MSG_EOR, msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=600}]}, 0) = 2\n");
    struct msghdr *message = made.prepared.call.arguments[1].data;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(80)};
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    const int left = 600;
    memcpy(message->msg_name, &name, sizeof(name));
    memcpy(message->msg_iov[0].iov_base, "ab", 2);
    message->msg_flags = 0;
    *control = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(left)), .cmsg_level = SOL_TCP, .cmsg_type = TCP_CM_INQ};
    memcpy(CMSG_DATA(control), &left, sizeof(left));
    message->msg_controllen = CMSG_SPACE(sizeof(left));
    assert_string_equal(judge(&made, 2), "recvmsg() gave msg_flags 0 instead of MSG_EOR");
    message->msg_flags = MSG_EOR;
    assert_string_equal(judge(&made, 2), "");
    control->cmsg_type = IP_TOS;
    assert_string_equal(judge(&made, 2), "recvmsg() gave cmsg_type 1 instead of TCP_CM_INQ");
    message->msg_controllen = 0;
    assert_string_equal(judge(&made, 2), "recvmsg() gave 0 control messages instead of 1");
    memcpy(message->msg_iov[0].iov_base, "xb", 2);
    assert_string_equal(judge(&made, 2), "recvmsg() gave other bytes instead of \"ab\"");
    name.sin_port = htons(81);
    memcpy(message->msg_name, &name, sizeof(name));
    assert_string_equal(judge(&made, 2), "recvmsg() gave the port 81 instead of htons(80)");
    unmake(&made);
}

static void polled_events_are_compared(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 poll([{fd=3, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 100) = 1\n");
    struct pollfd *polled = made.prepared.call.arguments[0].data;
    assert_int_equal(polled->fd, 3);
    assert_int_equal(polled->events, POLLIN | POLLOUT);
    assert_string_equal(judge(&made, 1), "");
    polled->revents = POLLIN;
    assert_string_equal(judge(&made, 1), "poll() gave revents POLLIN instead of POLLOUT");
    unmake(&made);
    make(&made, "0 epoll_wait(3, [{events=EPOLLIN, u32=5}, {events=EPOLLOUT, u32=6}], 2, 0) = 2\n");
    struct epoll_event *events = made.prepared.call.arguments[1].data;
    events[0] = (struct epoll_event){.events = EPOLLIN, .data.u32 = 5};
    events[1] = (struct epoll_event){.events = EPOLLOUT, .data.u32 = 7};
    assert_string_equal(judge(&made, 2), "epoll_wait() gave u32 7 instead of 6");
    unmake(&made);
}

static void fields_of_tcp_info_are_compared_by_name(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 getsockopt(3, SOL_TCP, TCP_INFO, {tcpi_state=TCP_ESTABLISHED, tcpi_rcv_wscale=8, tcpi_rtt=..., "
                "tcpi_snd_cwnd=10}, ...) = 0\n");
    struct tcp_info info = {.tcpi_state = TCP_ESTABLISHED, .tcpi_snd_wscale = 3, .tcpi_rcv_wscale = 8};
    info.tcpi_snd_cwnd = 10;
    memcpy(made.prepared.call.arguments[3].data, &info, sizeof(info));
    assert_string_equal(judge(&made, 0), "");
    info.tcpi_rcv_wscale = 7;
    memcpy(made.prepared.call.arguments[3].data, &info, sizeof(info));
    assert_string_equal(judge(&made, 0), "getsockopt() gave tcpi_rcv_wscale 7 instead of 8");
    info.tcpi_rcv_wscale = 8;
    info.tcpi_snd_cwnd = 11;
    memcpy(made.prepared.call.arguments[3].data, &info, sizeof(info));
    assert_string_equal(judge(&made, 0), "getsockopt() gave tcpi_snd_cwnd 11 instead of 10");
    const socklen_t little = 4;
    memcpy(made.prepared.call.arguments[4].data, &little, sizeof(little));
    assert_string_equal(judge(&made, 0), "getsockopt() gave tcpi_rcv_wscale nothing instead of 8");
    unmake(&made);
}

static void the_table_of_tcp_info_is_the_headers(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t offset;
        size_t size;
    } known[] = {
#define KNOWN(member) {#member, offsetof(struct tcp_info, member), sizeof(((struct tcp_info *)0)->member)}
        KNOWN(tcpi_state),    KNOWN(tcpi_options), KNOWN(tcpi_rto),        KNOWN(tcpi_unacked),
        KNOWN(tcpi_retrans),  KNOWN(tcpi_pmtu),    KNOWN(tcpi_rtt),        KNOWN(tcpi_snd_ssthresh),
        KNOWN(tcpi_snd_cwnd), KNOWN(tcpi_advmss),  KNOWN(tcpi_reordering), KNOWN(tcpi_total_retrans),
#undef KNOWN
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        size_t found = 0;
        while (found < structure_tcp_info.member_count &&
               strcmp(structure_tcp_info.members[found].name, known[i].name) != 0)
            found++;
        assert_true(found < structure_tcp_info.member_count);
        assert_int_equal(structure_tcp_info.members[found].offset, known[i].offset);
        assert_int_equal(structure_tcp_info.members[found].size, known[i].size);
    }
    size_t end = 0;
    for (size_t j = 0; j < structure_tcp_info.member_count; j++) {
        assert_true(structure_tcp_info.members[j].offset + structure_tcp_info.members[j].size >= end);
        end = structure_tcp_info.members[j].offset + structure_tcp_info.members[j].size;
    }
    assert_int_equal(end, structure_tcp_info.size);
}

static void a_string_that_came_is_shown(void **state)
{
    (void)state;
    struct made made;
    make(&made, "0 getsockopt(3, SOL_TCP, TCP_CONGESTION, \"cubic\", ...) = 0\n");
    memcpy(made.prepared.call.arguments[3].data, "bbr", 3);
    assert_string_equal(judge(&made, 0), "getsockopt() gave TCP_CONGESTION \"bbr\" instead of \"cubic\"");
    memcpy(made.prepared.call.arguments[3].data, "cubic", 5);
    assert_string_equal(judge(&made, 0), "");
    unmake(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_structures_are_told_by_their_members),
        cmocka_unit_test(an_md5_key_has_its_peers_address),
        cmocka_unit_test(lists_and_strings_are_options_too),
        cmocka_unit_test(addresses_are_written_as_strace_does),
        cmocka_unit_test(a_message_has_its_parts),
        cmocka_unit_test(a_message_that_came_is_compared_member_by_member),
        cmocka_unit_test(polled_events_are_compared),
        cmocka_unit_test(fields_of_tcp_info_are_compared_by_name),
        cmocka_unit_test(the_table_of_tcp_info_is_the_headers),
        cmocka_unit_test(a_string_that_came_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
