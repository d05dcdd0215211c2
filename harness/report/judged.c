/* SPDX-License-Identifier: MIT */
#include "report/judged.h"

#include "suite/known_violation.h"
#include "trace/print.h"

#include <stdlib.h>

static bool is_of(const struct judge_ends *ends, const struct packet *packet, bool to_stack)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    const struct address *local = to_stack ? &destination : &source;
    const struct address *remote = to_stack ? &source : &destination;
    uint16_t local_port = to_stack ? packet->tcp.destination_port : packet->tcp.source_port;
    uint16_t remote_port = to_stack ? packet->tcp.source_port : packet->tcp.destination_port;
    return ends->local_port == local_port && ends->remote_port == remote_port && address_equal(&ends->local, local) &&
           address_equal(&ends->remote, remote);
}

/* Makes room for one more line, at the cost of the oldest before the event. */
static void make_room(struct judged_excerpt *excerpt)
{
    if (excerpt->reached || excerpt->count < JUDGED_LINES_BEFORE)
        return;
    free(excerpt->lines[0]);
    excerpt->count--;
    memmove(&excerpt->lines[0], &excerpt->lines[1], excerpt->count * sizeof(excerpt->lines[0]));
}

static bool keep_line(struct judged_excerpt *excerpt, const struct packet *packet, const struct trace_event *event,
                      uint64_t number)
{
    bool fault = number == excerpt->packet;
    if (!fault)
        make_room(excerpt);
    struct text text = text_growing();
    text_append_format(&text, "%c %7llu  %12.6f %c ", fault ? '>' : ' ', (unsigned long long)number,
                       (double)event->time.earliest / (double)NANOSECONDS_PER_SECOND,
                       event->kind == TRACE_INJECTED ? '<' : '>');
    trace_print_packet(&text, packet);
    if (text.truncated) {
        text_free(&text);
        return false;
    }
    excerpt->lines[excerpt->count++] = text.data;
    excerpt->after += excerpt->reached;
    excerpt->reached = excerpt->reached || fault;
    return true;
}

bool judged_excerpt_take(struct judged *judged, const struct trace_event *event, uint64_t number)
{
    struct packet packet;
    bool to_stack = event->kind == TRACE_INJECTED;
    if (!to_stack && event->kind != TRACE_SEEN)
        return true;
    packet_decode(event->packet, DECODE_UNCHECKED, &packet);
    if (packet.transport != TRANSPORT_TCP)
        return true;
    for (size_t i = 0; i < judged->excerpt_count; i++) {
        struct judged_excerpt *excerpt = &judged->excerpts[i];
        if (excerpt->after == JUDGED_LINES_AFTER || !is_of(&excerpt->ends, &packet, to_stack))
            continue;
        if (!keep_line(excerpt, &packet, event, number))
            return false;
    }
    return true;
}

void judged_excerpts_free(struct judged *judged)
{
    for (size_t i = 0; i < judged->excerpt_count; i++)
        for (size_t j = 0; j < judged->excerpts[i].count; j++)
            free(judged->excerpts[i].lines[j]);
    judged->excerpt_count = 0;
}

void judged_print_ends(struct text *text, const struct judge_ends *ends)
{
    address_print(text, &ends->local);
    text_append_format(text, ".%u with ", ends->local_port);
    address_print(text, &ends->remote);
    text_append_format(text, ".%u", ends->remote_port);
}

uint64_t judged_total(const struct judged *judged)
{
    return judge_connection_count(judged->judge) + judge_forgotten_count(judged->judge);
}

uint64_t judged_count(const struct judged *judged, enum verdict verdict)
{
    uint64_t count = verdict == VERDICT_PASS ? judge_forgotten_count(judged->judge) : 0;
    for (size_t i = 0; i < judge_connection_count(judged->judge); i++)
        count += judge_connection_at(judged->judge, i)->verdict == verdict;
    return count;
}

const struct deviation *judged_deviation(const struct judged *judged, const struct judge_violation *violation)
{
    return known_violation(judged->deviations, judged->spec, violation, NULL);
}
