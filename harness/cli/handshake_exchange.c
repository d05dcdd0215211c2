/* SPDX-License-Identifier: MIT */
#include "cli/handshake_exchange.h"

#include "stack/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const nanoseconds patience = 3 * NANOSECONDS_PER_SECOND;
static const struct address client_address = {ADDRESS_IPV4, {127, 0, 0, 1}};
static const struct address server_address = {ADDRESS_IPV4, {127, 0, 0, 2}};

static bool loopback_up(struct error *error)
{
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "socket() failed");
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING};
    bool up = ioctl(control, SIOCSIFFLAGS, &request) == 0;
    if (!up)
        (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "the loopback device can't be brought up");
    (void)close(control);
    return up;
}

static bool listener_open(int *listener, struct error *error)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(HANDSHAKE_SERVER_PORT)};
    memcpy(&address.sin_addr, server_address.bytes, sizeof(address.sin_addr));
    *listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*listener < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "socket() failed");
    if (bind(*listener, (const struct sockaddr *)&address, sizeof(address)) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "bind() failed");
    return listen(*listener, 1) == 0 || error_set_system(error, ERROR_SYSTEM_CALL, errno, "listen() failed");
}

static nanoseconds exchange_now(const struct handshake_exchange *exchange)
{
    return exchange->stack == NULL ? clock_now() : stack_now(exchange->stack);
}

static bool exchange_record(struct handshake_exchange *exchange, struct trace_event event, struct error *error)
{
    event.time.earliest -= exchange->origin;
    event.time.latest -= exchange->origin;
    return exchange->trace == NULL || trace_give(exchange->trace, &event, error);
}

static bool exchange_record_start(struct handshake_exchange *exchange, struct error *error)
{
    struct clock_bridge bridge = clock_bridge_measure();
    exchange->origin = exchange_now(exchange);
    return exchange_record(
        exchange,
        (struct trace_event){
            .kind = TRACE_START,
            .time = {exchange->origin, exchange->origin},
            .start = {.visibility = {.injected = true, .seen = true, .from_start = true, .clock_error = bridge.error},
                      .realtime = exchange->origin + bridge.offset,
                      .stack = exchange->stack == NULL ? "linux" : exchange->stack->operations->name,
                      .title = "handshake",
                      .local = server_address,
                      .remote = client_address},
        },
        error);
}

static bool prepare_kernel(struct handshake_exchange *exchange, struct error *error)
{
    const struct link_raw_settings settings = {
        .device = "lo",
        .own = {client_address},
        .peer = {server_address},
        .loopback = true,
        .own_port = HANDSHAKE_CLIENT_PORT,
    };
    return loopback_up(error) && listener_open(&exchange->listener, error) &&
           link_raw_open(&settings, &exchange->link, error);
}

static bool prepare_embedded(struct handshake_exchange *exchange, const struct handshake_server *server,
                             struct error *error)
{
    const struct plugin_settings settings = {.options = server->options,
                                             .local = {server_address},
                                             .remote = {client_address},
                                             .seed = (uint64_t)clock_now()};
    struct stack *opened;
    if (!plugin_stack_open(server->plugin, &settings, &opened, error))
        return false;
    if (!stack_socket_listen(opened, false, HANDSHAKE_SERVER_PORT, &exchange->listener, error)) {
        stack_close(opened);
        return false;
    }
    exchange->stack = opened;
    exchange->link = opened->link;
    return true;
}

bool handshake_prepare(struct handshake_exchange *exchange, const struct handshake_server *server, uint32_t client_isn,
                       const struct trace_sink *trace, struct error *error)
{
    *exchange = (struct handshake_exchange){
        .trace = trace, .listener = -1, .accepted = -1, .client_isn = client_isn, .client_next = client_isn};
    bool prepared =
        server->plugin == NULL ? prepare_kernel(exchange, error) : prepare_embedded(exchange, server, error);
    return prepared && exchange_record_start(exchange, error);
}

/* Keeps a packet of the exchange, with its whole checksum. */
static void exchange_keep(struct handshake_exchange *exchange, const struct link_frame *frame, bool from_client)
{
    if (exchange->count == HANDSHAKE_PACKETS_WHOLE || frame->packet.length > HANDSHAKE_PACKET_MOST)
        return;
    uint8_t *kept = exchange->bytes[exchange->count];
    struct handshake_packet *packet = &exchange->packets[exchange->count++];
    memcpy(kept, frame->packet.data, frame->packet.length);
    packet->from_client = from_client;
    packet->time = frame->time.latest - exchange->origin;
    packet->wire = (struct bytes){kept, frame->packet.length};
    packet_decode(packet->wire, DECODE_ALL, &packet->packet);
}

static bool exchange_send(struct handshake_exchange *exchange, uint16_t flags, struct error *error)
{
    static const uint8_t offered[] = {2, 4, 0xff, 0xd7}; /* an MSS of 65495: what fits the loopback device */
    uint8_t wire[HANDSHAKE_PACKET_MOST];
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        /* An identification of zero would be filled in by the kernel. */
        .ipv4 = {.identification = 1, .time_to_live = 64, .flags = IPV4_DONT_FRAGMENT},
        .tcp = {.source_port = HANDSHAKE_CLIENT_PORT,
                .destination_port = HANDSHAKE_SERVER_PORT,
                .sequence = exchange->client_next,
                .acknowledgment = (flags & TCP_ACK) != 0 ? exchange->server_next : 0,
                .flags = flags,
                .window = 65495},
    };
    memcpy(packet.ipv4.source, client_address.bytes, sizeof(packet.ipv4.source));
    memcpy(packet.ipv4.destination, server_address.bytes, sizeof(packet.ipv4.destination));
    if ((flags & TCP_SYN) != 0)
        packet.tcp.options = (struct bytes){offered, sizeof(offered)};
    struct link_frame sent;
    if (!packet_build(&packet, &writer, error) ||
        !link_send(exchange->link, byte_writer_written(&writer), &sent, error))
        return false;
    exchange->client_next += tcp_segment_length(&packet);
    exchange_keep(exchange, &sent, true);
    return exchange_record(
        exchange, (struct trace_event){.kind = TRACE_INJECTED, .time = sent.time, .packet = sent.packet}, error);
}

static bool wait_readable(int descriptor, nanoseconds until, const char *what, struct error *error)
{
    struct pollfd polled = {.fd = descriptor, .events = POLLIN};
    nanoseconds left = until - clock_now();
    int ready = poll(&polled, 1, left > 0 ? (int)(left / NANOSECONDS_PER_MILLISECOND) + 1 : 0);
    if (ready < 0 && errno != EINTR)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "poll() failed");
    return ready != 0 || error_set(error, ERROR_TIMED_OUT, "%s did not come within 3 s", what);
}

/*
 * The kernel leaves the checksum of a segment of its own to the device, and the loopback device has no wire to compute
 * it for. What is recorded is the segment as a wire would have it: with the checksum that belongs there.
 */
static bool complete_checksum(struct bytes *wire, uint8_t *completed, struct packet *packet, struct error *error)
{
    struct byte_writer writer = byte_writer_on(completed, HANDSHAKE_PACKET_MOST);
    packet_decode(*wire, DECODE_ALL, packet);
    packet->explicit_fields &= ~(uint32_t)EXPLICIT_CHECKSUM;
    if (!packet_build(packet, &writer, error))
        return false;
    *wire = byte_writer_written(&writer);
    packet_decode(*wire, DECODE_ALL, packet);
    return true;
}

/* Waits until DESCRIPTOR can be read, or lets the plug-in's time pass. */
static bool exchange_wait(struct handshake_exchange *exchange, int descriptor, nanoseconds until, const char *what,
                          struct error *error)
{
    if (exchange->stack == NULL)
        return wait_readable(descriptor, until, what, error);
    if (exchange_now(exchange) >= until)
        return error_set(error, ERROR_TIMED_OUT, "%s did not come within 3 s", what);
    return stack_advance(exchange->stack, until, true, error);
}

/* Waits for the server's next segment with all of FLAGS that acknowledges all of ours; others are let pass. */
static bool exchange_await(struct handshake_exchange *exchange, uint16_t flags, const char *what, struct error *error)
{
    nanoseconds until = exchange_now(exchange) + patience;
    for (;;) {
        struct link_frame frame;
        bool came;
        if (!link_next(exchange->link, &frame, &came, error))
            return false;
        if (!came) {
            if (!exchange_wait(exchange, link_descriptor(exchange->link), until, what, error))
                return false;
            continue;
        }
        struct packet packet;
        uint8_t completed[HANDSHAKE_PACKET_MOST];
        if (!complete_checksum(&frame.packet, completed, &packet, error) ||
            !exchange_record(
                exchange, (struct trace_event){.kind = TRACE_SEEN, .time = frame.time, .packet = frame.packet}, error))
            return false;
        if (packet.transport != TRANSPORT_TCP || (packet.tcp.flags & flags) != flags ||
            packet.tcp.acknowledgment != exchange->client_next)
            continue;
        exchange_keep(exchange, &frame, false);
        exchange->server_next = packet.tcp.sequence + tcp_segment_length(&packet);
        return true;
    }
}

static bool exchange_accept(struct handshake_exchange *exchange, struct error *error)
{
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof(peer);
    if (exchange->stack != NULL)
        return stack_socket_accept(exchange->stack, exchange->listener, &exchange->accepted,
                                   &exchange->accepted_port) ||
               error_set(error, ERROR_TIMED_OUT, "accept() returned no connection");
    if (!wait_readable(exchange->listener, clock_now() + patience, "the return of accept()", error))
        return false;
    exchange->accepted = accept4(exchange->listener, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
    if (exchange->accepted < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "accept() failed");
    exchange->accepted_port = ntohs(peer.sin_port);
    return true;
}

bool handshake_perform(struct handshake_exchange *exchange, struct error *error)
{
    if (!exchange_send(exchange, TCP_SYN, error) ||
        !exchange_await(exchange, TCP_SYN | TCP_ACK, "the server's SYN-ACK", error) ||
        !exchange_send(exchange, TCP_ACK, error))
        return false;
    exchange->server_isn = exchange->server_next - 1;
    return exchange_accept(exchange, error);
}

static bool exchange_record_end(struct handshake_exchange *exchange, struct error *error)
{
    nanoseconds now = exchange_now(exchange);
    return exchange_record(
        exchange,
        (struct trace_event){.kind = TRACE_END, .time = {now, now}, .end = {.verdict = VERDICT_PASS, .reason = ""}},
        error);
}

bool handshake_close(struct handshake_exchange *exchange, struct error *error)
{
    if (!exchange_send(exchange, TCP_FIN | TCP_ACK, error) ||
        !exchange_await(exchange, TCP_ACK, "the server's ACK of the client's FIN", error))
        return false;
    if (exchange->stack == NULL)
        (void)close(exchange->accepted);
    else
        stack_socket_close(exchange->stack, exchange->accepted);
    exchange->accepted = -1;
    return exchange_await(exchange, TCP_FIN | TCP_ACK, "the server's FIN", error) &&
           exchange_send(exchange, TCP_ACK, error) && exchange_record_end(exchange, error);
}

void handshake_end(struct handshake_exchange *exchange)
{
    if (exchange->stack != NULL) {
        stack_close(exchange->stack);
        return;
    }
    if (exchange->accepted >= 0)
        (void)close(exchange->accepted);
    if (exchange->listener >= 0)
        (void)close(exchange->listener);
    link_close(exchange->link);
}
