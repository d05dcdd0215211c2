/* SPDX-License-Identifier: MIT */
/*
 * The packets of `shakedown handshake`: a client of our own making opens a connection to a listening socket of the
 * kernel, over the loopback device of a network namespace of this process's own; or to one of a stack that is a
 * plug-in, by function call.
 */
#ifndef CLI_HANDSHAKE_EXCHANGE_H
#define CLI_HANDSHAKE_EXCHANGE_H

#include "link/link.h"
#include "packet/packet.h"
#include "stack/plugin.h"
#include "trace/trace.h"

enum {
    HANDSHAKE_CLIENT_PORT = 56742,
    HANDSHAKE_SERVER_PORT = 12345,
    HANDSHAKE_PACKETS = 3,
    HANDSHAKE_PACKETS_WHOLE = 7, /* with those that end the connection */
    HANDSHAKE_PACKET_MOST = 256,
};

struct handshake_packet {
    bool from_client;
    nanoseconds time;  /* from the start */
    struct bytes wire; /* in the exchange */
    struct packet packet;
};

struct handshake_exchange {
    const struct trace_sink *trace;
    struct stack *stack; /* the plug-in's, whose link it is; NULL for the kernel */
    struct link *link;
    int listener;
    int accepted;
    nanoseconds origin;
    uint32_t client_isn;
    uint32_t server_isn;  /* chosen by the stack */
    uint32_t client_next; /* SND.NXT and RCV.NXT of the client */
    uint32_t server_next;
    uint16_t accepted_port; /* what accept() says of the peer */
    struct handshake_packet packets[HANDSHAKE_PACKETS_WHOLE];
    size_t count;
    uint8_t bytes[HANDSHAKE_PACKETS_WHOLE][HANDSHAKE_PACKET_MOST];
};

/* Who answers. */
struct handshake_server {
    struct plugin *plugin; /* NULL: the kernel, in an isolated process */
    const char *options;   /* for the plug-in, or NULL */
};

/* Brings up the loopback device, listens on 127.0.0.2, and opens the link; a plug-in needs no device. */
MUST_USE bool handshake_prepare(struct handshake_exchange *exchange, const struct handshake_server *server,
                                uint32_t client_isn, const struct trace_sink *trace, struct error *error);

/* SYN, SYN-ACK, ACK, and accept(), which returns; the packets are kept. */
MUST_USE bool handshake_perform(struct handshake_exchange *exchange, struct error *error);

/* FIN and ACK from either side; the client first. */
MUST_USE bool handshake_close(struct handshake_exchange *exchange, struct error *error);

/* Ends what handshake_prepare() began, however far that came. */
void handshake_end(struct handshake_exchange *exchange);

#endif
