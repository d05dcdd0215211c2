/* SPDX-License-Identifier: MIT */
#include "engine/connection.h"

void connection_to_live(const struct connection *connection, struct packet *packet)
{
    struct tcp_header *tcp = &packet->tcp;
    if ((tcp->flags & TCP_SYN) != 0) {
        if (connection->local_known && (tcp->flags & TCP_ACK) != 0)
            tcp->acknowledgment += connection->local_isn - connection->local_isn_script;
        return;
    }
    if (connection->remote_known)
        tcp->sequence += connection->remote_isn;
    if (connection->local_known && (tcp->flags & TCP_ACK) != 0)
        tcp->acknowledgment += connection->local_isn;
}

/* True if ACK of the stack's answers the SYN that we sent last, with or without data on it. */
static bool connection_answers_renewed(const struct connection *connection, const struct packet *packet)
{
    return connection->renewed && (packet->tcp.flags & TCP_ACK) != 0 &&
           packet->tcp.acknowledgment - connection->renewed_isn - 1 < UINT32_C(65536);
}

/* True if the first thing that the stack acknowledges is a later SYN of ours: it passed over the one before. */
static bool connection_takes_up_renewed(const struct connection *connection, const struct packet *packet)
{
    return !connection->acknowledged && connection_answers_renewed(connection, packet) &&
           (packet->tcp.flags & TCP_RST) == 0;
}

/* True if a SYN of the stack's (live numbers) begins an incarnation: the first, or the answer to a later SYN of ours.
 */
static bool connection_begins(const struct connection *connection, const struct packet *packet)
{
    if (!connection->local_known)
        return true;
    if (packet->tcp.sequence == connection->local_isn)
        return false;
    return connection->ended || connection_answers_renewed(connection, packet);
}

void connection_to_script(const struct connection *connection, const struct pattern *pattern, struct packet *packet)
{
    struct tcp_header *tcp = &packet->tcp;
    if ((tcp->flags & TCP_SYN) != 0) {
        if (connection_begins(connection, packet)) {
            /* A first SYN that the script does not expect has no name yet: scripts mostly say 0. */
            bool named = (pattern->packet.tcp.flags & TCP_SYN) != 0 && pattern_gives(pattern, FIELD_SEQUENCE);
            tcp->sequence = named ? pattern->packet.tcp.sequence : 0;
        } else {
            tcp->sequence -= connection->local_isn - connection->local_isn_script;
        }
        return;
    }
    /* A RST of no connection has SEQ 0 (RFC 9293 section 3.10.7.1) and answers our latest SYN. */
    bool of_no_connection = (tcp->flags & (TCP_RST | TCP_ACK)) == (TCP_RST | TCP_ACK) && tcp->sequence == 0;
    if (connection->local_known && !of_no_connection)
        tcp->sequence -= connection->local_isn;
    bool of_renewed = of_no_connection ? connection->renewed : connection_takes_up_renewed(connection, packet);
    if (connection->remote_known && (tcp->flags & TCP_ACK) != 0)
        tcp->acknowledgment -= of_renewed ? connection->renewed_isn : connection->remote_isn;
}

uint32_t connection_echo_scaled(const struct connection *connection, uint32_t script)
{
    return connection->timestamp_known && script != 0 ? script + connection->timestamp_offset : script;
}

/* Adds BY to both edges of every SACK block. */
static void sack_shift(uint8_t *options, size_t length, uint32_t by)
{
    struct bytes rest = {options, length};
    struct tcp_option option;
    while (tcp_option_next(&rest, &option)) {
        if (option.kind != TCP_OPTION_SACK || option.fault != TCP_OPTION_SOUND)
            continue;
        uint8_t *edges = options + (option.body.data - options);
        for (size_t at = 0; at < option.body.length; at += sizeof(uint32_t))
            store_be32(edges + at, load_be32(edges + at) + by);
    }
}

void connection_sack_to_live(const struct connection *connection, uint16_t flags, uint8_t *options, size_t length)
{
    uint32_t named = (flags & TCP_SYN) != 0 ? connection->local_isn_script : 0;
    if (connection->local_known)
        sack_shift(options, length, connection->local_isn - named);
}

void connection_sack_to_script(const struct connection *connection, uint16_t flags, uint8_t *options, size_t length)
{
    if (connection->remote_known && (flags & TCP_SYN) == 0)
        sack_shift(options, length, 0 - connection->remote_isn);
}

uint32_t connection_echo_to_live(const struct connection *connection, uint32_t script)
{
    for (size_t i = connection->timestamp_count; i > 0; i--) {
        size_t at = (i - 1) % CONNECTION_TIMESTAMPS_MOST;
        if (connection->timestamps[at].script == script)
            return connection->timestamps[at].live;
    }
    return connection_echo_scaled(connection, script);
}

uint32_t connection_timestamp_to_script(const struct connection *connection, uint32_t live)
{
    return connection->timestamp_known ? live - connection->timestamp_offset : live;
}

void connection_note_timestamp(struct connection *connection, uint32_t script, uint32_t live, nanoseconds time)
{
    if (!connection->timestamp_known) {
        connection->timestamp_known = true;
        connection->timestamp_offset = live - script;
        connection->timestamp_first = live;
        connection->timestamp_time = time;
    }
    if (connection->timestamp_count >= CONNECTION_TIMESTAMPS_MOST) {
        /* The oldest goes: a script echoes what it has just seen. */
        memmove(connection->timestamps, connection->timestamps + 1,
                (CONNECTION_TIMESTAMPS_MOST - 1) * sizeof(connection->timestamps[0]));
        connection->timestamp_count = CONNECTION_TIMESTAMPS_MOST - 1;
    }
    connection->timestamps[connection->timestamp_count].script = script;
    connection->timestamps[connection->timestamp_count].live = live;
    connection->timestamp_count++;
}

void connection_note_injected(struct connection *connection, const struct packet *packet)
{
    const struct tcp_header *tcp = &packet->tcp;
    if ((tcp->flags & TCP_RST) != 0) {
        connection->ended = true;
        return;
    }
    if ((tcp->flags & TCP_SYN) == 0)
        return;
    if (!connection->remote_known) {
        connection->remote_known = true;
        connection->remote_isn = tcp->sequence;
    } else if (tcp->sequence != connection->remote_isn) {
        connection->renewed = true;
        connection->renewed_isn = tcp->sequence;
    }
}

void connection_note_seen(struct connection *connection, const struct pattern *pattern, const struct packet *packet)
{
    const struct tcp_header *tcp = &packet->tcp;
    if ((tcp->flags & TCP_RST) != 0) {
        connection->ended = true;
        return;
    }
    if ((tcp->flags & TCP_SYN) != 0 && connection_begins(connection, packet)) {
        connection->local_known = true;
        connection->local_isn = tcp->sequence;
        connection->local_isn_script = pattern_gives(pattern, FIELD_SEQUENCE) ? pattern->packet.tcp.sequence : 0;
        connection->ended = false;
        connection->acknowledged = false;
        connection->timestamp_known = false;
        connection->timestamp_count = 0;
    }
    bool taken_up = (tcp->flags & TCP_SYN) != 0 ? connection_answers_renewed(connection, packet)
                                                : connection_takes_up_renewed(connection, packet);
    if (taken_up) {
        connection->remote_isn = connection->renewed_isn;
        connection->renewed = false;
    }
    if ((tcp->flags & TCP_ACK) != 0)
        connection->acknowledged = true;
}
