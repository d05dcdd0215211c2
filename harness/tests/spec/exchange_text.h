/* SPDX-License-Identifier: MIT */
/*
 * Exchanges told as text, one line an event:
 *
 *     exchange a SYN is answered                   a name; what follows belongs to it
 *     verdict fail RFC9293 §3.10.7.2               pass, inconclusive, or fail with a clause that is cited; lax: a pass
 *                                                  with a broken SHOULD
 *     seen capture                                 not a run that saw all; packets: a run that saw no socket calls
 *     as established                               first what the exchange of that name tells
 *     10 < SYN 1000 mss win=500 port=40001         after 10 ms, to the stack
 *     1 > SYN+ACK 5000 1001                        from the stack
 *     1 < RST =0 text=20 corrupt                   a number that is not shifted with the others; stray: to many hosts
 *     10 call close                                or with its arguments
 *     5000 wait
 *
 * Each can be told again over IPv6, and with all sequence numbers of either side shifted.
 */
#ifndef TESTS_SPEC_EXCHANGE_TEXT_H
#define TESTS_SPEC_EXCHANGE_TEXT_H

#include "spec_fixture.h"

#include <stdio.h>
#include <stdlib.h>

struct telling {
    const char *text; /* of all exchanges */
    bool ipv6;
    uint32_t local_shift; /* of the stack's sequence numbers */
    uint32_t remote_shift;
    bool live;
    bool calls;
    bool begun;
};

static inline const char *line_after(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL ? "" : end + 1;
}

static inline bool line_is(const char *line, const char *word, const char **rest)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0 || line[length] != ' ')
        return false;
    *rest = line + length + 1;
    return true;
}

/* The line behind `exchange NAME`. */
static inline const char *exchange_named(const char *text, const char *name, size_t length)
{
    const char *rest;
    for (const char *line = text; *line != '\0'; line = line_after(line))
        if (line_is(line, "exchange", &rest) && strncmp(rest, name, length) == 0 && rest[length] == '\n')
            return line_after(line);
    fail_msg("no exchange is called %.*s", (int)length, name);
    return "";
}

static inline uint16_t flags_in(const char *word)
{
    static const struct {
        const char *name;
        uint16_t bit;
    } bits[] = {{"SYN", TCP_SYN}, {"ACK", TCP_ACK}, {"RST", TCP_RST}, {"FIN", TCP_FIN}, {"URG", TCP_URG},
                {"ECE", TCP_ECE}, {"CWR", TCP_CWR}, {"AE", TCP_AE},   {"none", 0}};
    uint16_t flags = 0;
    while (*word != '\0') {
        size_t length = strcspn(word, "+");
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(bits); i++) {
            if (strlen(bits[i].name) != length || strncmp(word, bits[i].name, length) != 0)
                continue;
            flags |= bits[i].bit;
            known = true;
        }
        if (!known)
            fail_msg("no control bits: %s", word);
        word += length + (word[length] == '+');
    }
    return flags;
}

static inline void put_bytes(struct byte_writer *writer, const void *data, size_t length)
{
    byte_writer_bytes(writer, (struct bytes){data, length});
}

static inline void put_option(struct byte_writer *writer, const char *word)
{
    unsigned long first = 0;
    unsigned long second = 0;
    const char *equals = strchr(word, '=');
    char *end;
    if (equals != NULL) {
        first = strtoul(equals + 1, &end, 10);
        if (*end == ':')
            second = strtoul(end + 1, NULL, 10);
    }
    if (strcmp(word, "mss") == 0)
        put_bytes(writer, "\2\4\5\264", 4);
    else if (strncmp(word, "ws=", 3) == 0) {
        put_bytes(writer, "\1\3\3", 3);
        byte_writer_u8(writer, (uint8_t)first);
    } else if (strcmp(word, "sackok") == 0)
        put_bytes(writer, "\1\1\4\2", 4);
    else if (strcmp(word, "sack") == 0)
        put_bytes(writer, "\1\1\5\12\0\0\0\0\0\0\0\1", 12);
    else if (strncmp(word, "ts=", 3) == 0) {
        put_bytes(writer, "\1\1\10\12", 4);
        byte_writer_u32(writer, (uint32_t)first);
        byte_writer_u32(writer, (uint32_t)second);
    } else if (strncmp(word, "cookie=", 7) == 0) {
        put_bytes(writer, "\1\1\42", 3);
        byte_writer_u8(writer, (uint8_t)(2 + first));
        put_bytes(writer, "abcdefghabcdefgh", first);
    } else if (strcmp(word, "mptcp") == 0)
        put_bytes(writer, "\36\4\1\201", 4);
    else if (strcmp(word, "accecn") == 0)
        put_bytes(writer, "\1\1\254\2", 4);
    else
        fail_msg("not understood: %s", word);
}

static inline uint32_t number_in(const char *word, uint32_t shift)
{
    return word[0] == '=' ? (uint32_t)strtoul(word + 1, NULL, 10) : (uint32_t)strtoul(word, NULL, 10) + shift;
}

struct told_packet {
    struct packet packet;
    uint8_t options[40];
    struct byte_writer writer;
    uint16_t remote_port;
    uint8_t ecn;
    bool corrupt;
    bool stray;
};

static inline void take_word(struct told_packet *told, const char *word)
{
    struct tcp_header *tcp = &told->packet.tcp;
    static const uint8_t zeros[1460];
    if (strncmp(word, "text=", 5) == 0)
        told->packet.payload = (struct bytes){zeros, strtoul(word + 5, NULL, 10)};
    else if (strncmp(word, "win=", 4) == 0)
        tcp->window = (uint16_t)strtoul(word + 4, NULL, 10);
    else if (strncmp(word, "port=", 5) == 0)
        told->remote_port = (uint16_t)strtoul(word + 5, NULL, 10);
    else if (strncmp(word, "ecn=", 4) == 0)
        told->ecn = (uint8_t)strtoul(word + 4, NULL, 10);
    else if (strcmp(word, "corrupt") == 0)
        told->corrupt = true;
    else if (strcmp(word, "stray") == 0)
        told->stray = true;
    else
        put_option(&told->writer, word);
}

static inline void packet_ends(struct told_packet *told, bool ipv6, bool to_stack)
{
    static const uint8_t stack[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
    static const uint8_t peer[16] = {0x20, 1, 0xd, 0xb8, [15] = 2};
    struct packet *packet = &told->packet;
    packet->network = ipv6 ? NETWORK_IPV6 : NETWORK_IPV4;
    packet->transport = TRANSPORT_TCP;
    packet->tcp.source_port = to_stack ? told->remote_port : 8080;
    packet->tcp.destination_port = to_stack ? 8080 : told->remote_port;
    if (ipv6) {
        packet->ipv6.hop_limit = 64;
        packet->ipv6.traffic_class = told->ecn;
        memcpy(packet->ipv6.source, to_stack ? peer : stack, 16);
        memcpy(packet->ipv6.destination, to_stack ? stack : peer, 16);
        packet->ipv6.destination[0] = told->stray ? 0xff : packet->ipv6.destination[0];
        return;
    }
    packet->ipv4.time_to_live = 64;
    packet->ipv4.type_of_service = told->ecn;
    memcpy(packet->ipv4.source, to_stack ? peer : stack, 4);
    memcpy(packet->ipv4.destination, to_stack ? stack : peer, 4);
    packet->ipv4.source[3] = to_stack ? 2 : 1;
    packet->ipv4.destination[3] = to_stack ? 1 : 2;
    packet->ipv4.destination[0] = told->stray ? 224 : packet->ipv4.destination[0];
}

static inline void give(struct exchange *exchange, const struct trace_event *event)
{
    struct error error;
    const struct trace_sink sink = judge_sink(exchange->judge);
    assert_true(trace_give(&sink, event, &error));
}

/* `SYN+ACK 5000 1001 text=3`, behind the arrow. */
static inline void tell_segment(struct exchange *exchange, const struct telling *telling, bool to_stack, char *words)
{
    struct told_packet told = {.remote_port = 40000};
    uint8_t wire[2048];
    struct error error;
    uint32_t own = to_stack ? telling->remote_shift : telling->local_shift;
    uint32_t other = to_stack ? telling->local_shift : telling->remote_shift;
    char *rest = NULL;
    told.writer = byte_writer_on(told.options, sizeof(told.options));
    told.packet.tcp.window = 1000;
    told.packet.tcp.flags = flags_in(strtok_r(words, " ", &rest));
    told.packet.tcp.sequence = number_in(strtok_r(NULL, " ", &rest), own);
    if ((told.packet.tcp.flags & TCP_ACK) != 0)
        told.packet.tcp.acknowledgment = number_in(strtok_r(NULL, " ", &rest), other);
    for (char *word = strtok_r(NULL, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        take_word(&told, word);
    told.packet.tcp.options = byte_writer_written(&told.writer);
    packet_ends(&told, telling->ipv6, to_stack);
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    assert_true(packet_build(&told.packet, &writer, &error));
    struct bytes bytes = byte_writer_written(&writer);
    if (told.corrupt)
        wire[bytes.length - 1] ^= 1;
    const struct trace_event event = {
        .kind = to_stack ? TRACE_INJECTED : TRACE_SEEN, .time = {exchange->now, exchange->now}, .packet = bytes};
    give(exchange, &event);
}

/* `10 < ...`, `10 > ...`, `10 call NAME`, `10 wait` */
static inline void tell_line(struct exchange *exchange, const struct telling *telling, const char *line)
{
    char copy[256];
    char *rest;
    size_t length = strcspn(line, "\n");
    assert_true(length < sizeof(copy));
    memcpy(copy, line, length);
    copy[length] = '\0';
    exchange->now += (nanoseconds)strtoul(copy, &rest, 10) * NANOSECONDS_PER_MILLISECOND;
    rest += strspn(rest, " ");
    if (rest[0] == '<' || rest[0] == '>') {
        tell_segment(exchange, telling, rest[0] == '<', rest + 1);
    } else if (strncmp(rest, "call ", 5) == 0) {
        char *arguments = strchr(rest + 5, ' ');
        if (arguments != NULL)
            *arguments++ = '\0';
        const struct trace_event event = {
            .kind = TRACE_CALL,
            .time = {exchange->now, exchange->now},
            .call = {.number = 1, .name = rest + 5, .arguments = arguments == NULL ? "3" : arguments}};
        give(exchange, &event);
    } else {
        assert_string_equal(rest, "wait");
    }
}

static inline void begin_telling(struct exchange *exchange, struct telling *telling)
{
    struct error error;
    const struct trace_event start = {.kind = TRACE_START,
                                      .start = {.visibility = {telling->live, true, telling->calls, telling->live, 0},
                                                .stack = "test",
                                                .title = "test"}};
    judge_close(exchange->judge);
    exchange->now = 0;
    exchange->judge = judge_open(&exchange->spec, &error);
    assert_non_null(exchange->judge);
    give(exchange, &start);
    telling->begun = true;
}

static inline void tell_body(struct exchange *exchange, struct telling *telling, const char *line)
{
    const char *rest;
    for (; *line != '\0' && !line_is(line, "exchange", &rest); line = line_after(line)) {
        if (*line == '\n' || *line == '#' || line_is(line, "verdict", &rest))
            continue;
        if (line_is(line, "seen", &rest)) {
            telling->live = strncmp(rest, "capture", 7) != 0;
            telling->calls = false;
            continue;
        }
        if (!telling->begun)
            begin_telling(exchange, telling);
        if (line_is(line, "as", &rest))
            tell_body(exchange, telling, exchange_named(telling->text, rest, strcspn(rest, "\n")));
        else
            tell_line(exchange, telling, line);
    }
}

/* Tells the exchange whose body begins at LINE, and judges it. */
static inline enum verdict tell_exchange(struct exchange *exchange, struct telling telling, const char *line)
{
    telling.live = true;
    telling.calls = true;
    tell_body(exchange, &telling, line);
    assert_true(telling.begun);
    return exchange_end(exchange);
}

#endif
