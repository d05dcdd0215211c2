/* SPDX-License-Identifier: MIT */
/* A raw link on the harness's end of a veth pair, with the kernel as the stack at the other. */
#include "live.h"

#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netpacket/packet.h>
#include <pcap/pcap.h>
#include <sys/ioctl.h>

static const char device[] = "tun0";

static int stack_set_up(void **state)
{
    struct error error;
    struct stack *stack;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    if (!linux_stack_open(&settings, &stack, &error)) {
        print_error("%s\n", error.text);
        return -1;
    }
    *state = stack;
    return 0;
}

static int stack_tear_down(void **state)
{
    stack_close(*state);
    return 0;
}

/* What the other end of the pair sees, by a capture that has nothing of the link's. */
static pcap_t *witness_open(void)
{
    char text[PCAP_ERRBUF_SIZE];
    pcap_t *witness = pcap_create(device, text);
    assert_non_null(witness);
    assert_int_equal(pcap_set_snaplen(witness, 65535), 0);
    assert_int_equal(pcap_set_immediate_mode(witness, 1), 0);
    assert_int_equal(pcap_set_timeout(witness, 1000), 0);
    assert_int_equal(pcap_activate(witness), 0);
    assert_int_equal(pcap_setdirection(witness, PCAP_D_IN), 0);
    return witness;
}

/* The next frame that the witness sees must carry exactly PACKET. */
static void witness_expect(pcap_t *witness, struct bytes packet)
{
    struct pcap_pkthdr *header;
    const u_char *data;
    assert_int_equal(pcap_next_ex(witness, &header, &data), 1);
    assert_int_equal(header->caplen, ETH_HLEN + packet.length);
    if (packet.length > 0)
        assert_memory_equal(data + ETH_HLEN, packet.data, packet.length);
}

static struct packet syn_of(const struct stack *stack, size_t version)
{
    struct tcp_header tcp = {.source_port = LIVE_OWN_PORT,
                             .destination_port = LIVE_STACK_PORT,
                             .sequence = LIVE_ISN,
                             .flags = TCP_SYN,
                             .window = 65535};
    return live_segment(&stack->remote[version], &stack->local[version], tcp);
}

static void bad_ip_checksum(struct packet *packet)
{
    packet->ipv4.checksum = 0xbad0;
    packet->explicit_fields = EXPLICIT_IP_CHECKSUM;
}

static void no_identification(struct packet *packet)
{
    packet->ipv4.identification = 0;
}

static void no_source(struct packet *packet)
{
    memset(packet->ipv4.source, 0, sizeof(packet->ipv4.source));
}

static void spoofed_source(struct packet *packet)
{
    memcpy(packet->ipv4.source, packet->ipv4.destination, sizeof(packet->ipv4.source));
}

static void another_destination(struct packet *packet)
{
    packet->ipv4.destination[3] = 77;
}

static void long_total_length(struct packet *packet)
{
    packet->ipv4.total_length = 60;
    packet->explicit_fields = EXPLICIT_IP_LENGTH;
}

static void short_total_length(struct packet *packet)
{
    packet->ipv4.total_length = 19;
    packet->explicit_fields = EXPLICIT_IP_LENGTH;
}

static void long_header_length(struct packet *packet)
{
    packet->ipv4.header_length = 15;
    packet->explicit_fields = EXPLICIT_IP_HEADER_LENGTH;
}

static void version_five(struct packet *packet)
{
    packet->ipv4.version = 5;
    packet->explicit_fields = EXPLICIT_IP_VERSION;
}

static void reserved_ip_flag(struct packet *packet)
{
    packet->ipv4.flags = IPV4_RESERVED;
}

static void short_data_offset(struct packet *packet)
{
    packet->tcp.data_offset = 4;
    packet->explicit_fields = EXPLICIT_DATA_OFFSET;
}

static void bad_tcp_checksum(struct packet *packet)
{
    packet->tcp.checksum = 0xbad0;
    packet->explicit_fields = EXPLICIT_CHECKSUM;
}

static void trailing_bytes(struct packet *packet)
{
    static const uint8_t garbage[] = {0xde, 0xad, 0xbe, 0xef};
    packet->trailer = (struct bytes){garbage, sizeof(garbage)};
}

static void long_payload_length(struct packet *packet)
{
    packet->ipv6.payload_length = 4000;
    packet->explicit_fields = EXPLICIT_IP_LENGTH;
}

static void no_hops(struct packet *packet)
{
    packet->ipv6.hop_limit = 0;
}

static const struct {
    size_t version;
    void (*damage)(struct packet *packet);
} damages[] = {
    {0, bad_ip_checksum},    {0, no_identification},   {0, no_source},
    {0, spoofed_source},     {0, another_destination}, {0, long_total_length},
    {0, short_total_length}, {0, long_header_length},  {0, version_five},
    {0, reserved_ip_flag},   {0, short_data_offset},   {0, bad_tcp_checksum},
    {0, trailing_bytes},     {1, long_payload_length}, {1, no_hops},
    {1, bad_tcp_checksum},   {1, trailing_bytes},
};

static void damaged_packets_arrive_as_they_are(void **state)
{
    struct stack *stack = *state;
    pcap_t *witness = witness_open();
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        uint8_t buffer[256];
        struct error error;
        struct link_frame sent;
        struct packet packet = syn_of(stack, damages[i].version);
        damages[i].damage(&packet);
        struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
        assert_done(link_send(stack->link, wire, &sent, &error), error);
        assert_true(bytes_equal(sent.packet, wire));
        assert_int_equal(sent.time.earliest, sent.time.latest);
        witness_expect(witness, wire);
    }
    pcap_close(witness);
}

static void cut_packets_arrive_as_they_are(void **state)
{
    struct stack *stack = *state;
    pcap_t *witness = witness_open();
    for (size_t version = 0; version < 2; version++) {
        uint8_t buffer[256];
        struct packet packet = syn_of(stack, version);
        struct bytes whole = live_build(&packet, buffer, sizeof(buffer));
        for (size_t length = 0; length < whole.length; length++) {
            struct error error;
            struct link_frame sent;
            struct bytes wire = {whole.data, length};
            assert_done(link_send(stack->link, wire, &sent, &error), error);
            assert_true(bytes_equal(sent.packet, wire));
            witness_expect(witness, wire);
        }
    }
    pcap_close(witness);
}

static void a_packet_beyond_the_mtu_is_refused(void **state)
{
    struct stack *stack = *state;
    static uint8_t buffer[3000];
    static const uint8_t payload[2000];
    for (size_t version = 0; version < 2; version++) {
        struct error error;
        struct link_frame sent;
        struct packet packet = syn_of(stack, version);
        packet.payload = (struct bytes){payload, sizeof(payload)};
        struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
        assert_false(link_send(stack->link, wire, &sent, &error));
        assert_int_equal(error.code, ERROR_LINK);
        assert_int_equal(error.system_error, EMSGSIZE);
        assert_non_null(strstr(error.text, "MTU of 1500"));
    }
    struct link_frame frame;
    assert_false(live_next(stack->link, &frame, 0));
}

/* A counter of /proc/net/snmp in the stack's namespace. */
static long counter(const char *protocol, const char *name)
{
    char text[8192];
    int descriptor = open("/proc/thread-self/net/snmp", O_RDONLY | O_CLOEXEC);
    ssize_t length = read(descriptor, text, sizeof(text) - 1);
    assert_true(length > 0);
    assert_int_equal(close(descriptor), 0);
    text[length] = '\0';
    char *names = strstr(text, protocol);
    assert_non_null(names);
    char *values = strstr(names + 1, protocol);
    assert_non_null(values);
    char *rest_of_names;
    char *rest_of_values;
    char *one = strtok_r(names, " \n", &rest_of_names);
    char *value = strtok_r(values, " \n", &rest_of_values);
    while (one != NULL && value != NULL && strcmp(one, name) != 0) {
        one = strtok_r(NULL, " \n", &rest_of_names);
        value = strtok_r(NULL, " \n", &rest_of_values);
    }
    assert_non_null(value);
    return strtol(value, NULL, 10);
}

static void the_harness_kernel_keeps_silent(void **state)
{
    struct stack *stack = *state;
    struct link_frame frame;
    int listener = live_listen(&stack->local[0], LIVE_STACK_PORT);
    live_send(stack, 0, (struct tcp_header){.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535});
    live_expect(stack, TCP_SYN | TCP_ACK, &frame);
    /* A reset would have ended the connection before this: the SYN-ACK comes again, after a second. */
    live_expect(stack, TCP_SYN | TCP_ACK, &frame);
    assert_int_equal(counter("Tcp:", "InSegs"), 1);
    assert_int_equal(counter("Icmp:", "InMsgs"), 0);
    assert_int_equal(close(listener), 0);
}

/* Makes the stack's kernel forget where ADDRESS is. */
static void neighbour_forget(const struct address *address)
{
    struct nl_sock *sock = nl_socket_alloc();
    struct rtnl_neigh *neighbour = rtnl_neigh_alloc();
    struct nl_addr *destination = nl_addr_build(address->family == ADDRESS_IPV4 ? AF_INET : AF_INET6, address->bytes,
                                                address_size(address->family));
    assert_int_equal(nl_connect(sock, NETLINK_ROUTE), 0);
    rtnl_neigh_set_ifindex(neighbour, (int)if_nametoindex(device));
    assert_int_equal(rtnl_neigh_set_dst(neighbour, destination), 0);
    assert_int_equal(rtnl_neigh_delete(sock, neighbour, 0), 0);
    nl_addr_put(destination);
    rtnl_neigh_put(neighbour);
    nl_socket_free(sock);
}

static void questions_for_our_address_are_answered(void **state)
{
    struct stack *stack = *state;
    for (size_t version = 0; version < 2; version++) {
        struct sockaddr_storage place;
        struct link_frame frame;
        neighbour_forget(&stack->remote[version]);
        socklen_t size = live_address(&stack->remote[version], LIVE_OWN_PORT, &place);
        int client = socket(place.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        assert_int_equal(connect(client, (struct sockaddr *)&place, size), -1);
        assert_int_equal(errno, EINPROGRESS);
        /* Before its SYN the stack asks for us, and sends it only when it is told. */
        live_expect(stack, TCP_SYN, &frame);
        assert_int_equal(close(client), 0);
    }
}

static void the_stack_knows_us_before_it_has_to_answer(void **state)
{
    struct stack *stack = *state;
    struct arpreq request = {0};
    struct sockaddr_in *ipv4 = (struct sockaddr_in *)&request.arp_pa;
    ipv4->sin_family = AF_INET;
    memcpy(&ipv4->sin_addr, stack->remote[0].bytes, 4);
    memcpy(request.arp_dev, device, sizeof(device));
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(ioctl(any, SIOCGARP, &request), 0);
    assert_true((request.arp_flags & ATF_COM) != 0);
    assert_int_equal(close(any), 0);
}

static void large_writes_are_seen_as_the_stack_made_them(void **state)
{
    live_large_write(*state);
}

static void what_comes_during_a_send_is_not_lost(void **state)
{
    struct stack *stack = *state;
    struct pollfd link = {.fd = link_descriptor(stack->link), .events = POLLIN};
    struct link_frame frame;
    for (uint32_t i = 0; i < 5; i++)
        live_send(stack, 0, (struct tcp_header){.sequence = LIVE_ISN + i, .flags = TCP_SYN, .window = 65535});
    nanoseconds last = 0;
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(poll(&link, 1, 1000), 1);
        struct packet answer = live_expect(stack, TCP_RST | TCP_ACK, &frame);
        assert_int_equal(answer.tcp.acknowledgment, LIVE_ISN + i + 1);
        assert_true(frame.time.earliest >= last);
        last = frame.time.latest;
    }
    assert_false(live_next(stack->link, &frame, 0));
    assert_int_equal(poll(&link, 1, 0), 0);
}

/* Sends a frame from the stack's end to the harness's, whatever is in it. */
static void stack_sends(struct bytes packet)
{
    struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_halen = ETH_ALEN, .sll_protocol = htons(ETH_P_IP)};
    place.sll_ifindex = (int)if_nametoindex(device);
    /* The harness's end has the second address of the pair. */
    memcpy(place.sll_addr, (const uint8_t[]){0x02, 0, 0, 0, 0, 0x02}, ETH_ALEN);
    int raw = socket(AF_PACKET, SOCK_DGRAM, 0);
    assert_true(raw >= 0);
    assert_int_equal(sendto(raw, packet.data, packet.length, 0, (struct sockaddr *)&place, sizeof(place)),
                     packet.length);
    assert_int_equal(close(raw), 0);
}

static void garbage_from_the_stack_is_passed_up_as_it_is(void **state)
{
    struct stack *stack = *state;
    uint8_t buffer[256];
    struct packet packet = live_segment(&stack->local[0], &stack->remote[0], (struct tcp_header){.flags = TCP_SYN});
    struct bytes whole = live_build(&packet, buffer, sizeof(buffer));
    for (size_t length = 0; length <= whole.length; length++) {
        struct link_frame frame;
        stack_sends((struct bytes){whole.data, length});
        assert_true(live_next(stack->link, &frame, 1000));
        assert_true(bytes_equal(frame.packet, (struct bytes){whole.data, length}));
    }
}

/* More than the capture has room for, while nobody reads: a send works all the same. */
static void lost_packets_are_told_behind_those_that_were_kept(void **state)
{
    struct stack *stack = *state;
    struct sockaddr_storage place;
    struct link_frame frame;
    struct error error;
    bool came = true;
    size_t count = 0;
    socklen_t size = live_address(&stack->remote[0], 9, &place);
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(sendto(sender, "x", 1, 0, (struct sockaddr *)&place, size), 1);
    live_send(stack, 0, (struct tcp_header){.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535});
    struct pollfd link = {.fd = link_descriptor(stack->link), .events = POLLIN};
    while (poll(&link, 1, 0) == 1 && link_next(stack->link, &frame, &came, &error))
        count += came ? 1 : 0;
    assert_in_range(count, 300, 2999);
    assert_int_equal(error.code, ERROR_LINK);
    assert_non_null(strstr(error.text, "lost"));
    /* Once told, it is over. */
    live_send(stack, 0, (struct tcp_header){.sequence = LIVE_ISN, .flags = TCP_SYN, .window = 65535});
    live_expect(stack, TCP_RST | TCP_ACK, &frame);
    assert_int_equal(close(sender), 0);
}

static void packets_for_others_are_not_passed_up(void **state)
{
    struct stack *stack = *state;
    uint8_t buffer[256];
    struct link_frame frame;
    struct address other = stack->remote[0];
    other.bytes[3] = 99;
    struct packet packet = live_segment(&stack->local[0], &other, (struct tcp_header){.flags = TCP_SYN});
    stack_sends(live_build(&packet, buffer, sizeof(buffer)));
    packet = live_segment(&stack->local[0], &stack->remote[0], (struct tcp_header){.flags = TCP_SYN});
    stack_sends(live_build(&packet, buffer, sizeof(buffer)));
    assert_true(live_next(stack->link, &frame, 1000));
    packet_decode(frame.packet, DECODE_ALL, &packet);
    struct address destination = packet_destination(&packet);
    assert_true(address_equal(&destination, &stack->remote[0]));
}

static void device_delete(void)
{
    struct nl_sock *sock = nl_socket_alloc();
    struct rtnl_link *link = rtnl_link_alloc();
    assert_int_equal(nl_connect(sock, NETLINK_ROUTE), 0);
    rtnl_link_set_ifindex(link, (int)if_nametoindex(device));
    assert_int_equal(rtnl_link_delete(sock, link), 0);
    rtnl_link_put(link);
    nl_socket_free(sock);
}

static void a_device_that_vanishes_is_an_error(void **state)
{
    struct stack *stack = *state;
    uint8_t buffer[256];
    struct error error;
    struct link_frame frame;
    struct packet packet = syn_of(stack, 0);
    struct bytes wire = live_build(&packet, buffer, sizeof(buffer));
    device_delete();
    assert_false(link_send(stack->link, wire, &frame, &error));
    assert_int_equal(error.code, ERROR_LINK);
    struct pollfd link = {.fd = link_descriptor(stack->link), .events = POLLIN};
    assert_int_equal(poll(&link, 1, 1000), 1);
    bool came;
    bool done = link_next(stack->link, &frame, &came, &error);
    assert_false(done);
    assert_int_equal(error.code, ERROR_LINK);
}

static int run(void *context)
{
    (void)context;
#define LIVE_TEST(test) cmocka_unit_test_setup_teardown(test, stack_set_up, stack_tear_down)
    const struct CMUnitTest tests[] = {
        LIVE_TEST(damaged_packets_arrive_as_they_are),
        LIVE_TEST(cut_packets_arrive_as_they_are),
        LIVE_TEST(a_packet_beyond_the_mtu_is_refused),
        LIVE_TEST(the_harness_kernel_keeps_silent),
        LIVE_TEST(questions_for_our_address_are_answered),
        LIVE_TEST(the_stack_knows_us_before_it_has_to_answer),
        LIVE_TEST(large_writes_are_seen_as_the_stack_made_them),
        LIVE_TEST(what_comes_during_a_send_is_not_lost),
        LIVE_TEST(garbage_from_the_stack_is_passed_up_as_it_is),
        LIVE_TEST(packets_for_others_are_not_passed_up),
        LIVE_TEST(lost_packets_are_told_behind_those_that_were_kept),
        LIVE_TEST(a_device_that_vanishes_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
