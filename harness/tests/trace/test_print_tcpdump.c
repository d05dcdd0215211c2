/* SPDX-License-Identifier: MIT */
/* Holds trace_print_packet() against the real tcpdump, where that is installed. */
#include "packet/tcp_option.h"
#include "trace/output_file.h"
#include "trace/print.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKETS_MOST = 4096, WIRE_MOST = 2048, CORPUS_FILE_MOST = 65536 };

struct fixture {
    size_t count;
    size_t length[PACKETS_MOST];
    uint8_t wire[PACKETS_MOST][WIRE_MOST];
    char *said; /* by tcpdump, a line a packet */
};

static void keep(struct fixture *fixture, struct bytes wire)
{
    if (fixture->count >= PACKETS_MOST || wire.length > WIRE_MOST)
        return;
    memcpy(fixture->wire[fixture->count], wire.data, wire.length);
    fixture->length[fixture->count++] = wire.length;
}

static void keep_built(struct fixture *fixture, const struct packet *packet)
{
    uint8_t wire[WIRE_MOST];
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct error error;
    assert_true(packet_build(packet, &writer, &error));
    keep(fixture, byte_writer_written(&writer));
}

static struct packet packet_of(enum packet_network network, enum packet_transport transport)
{
    struct packet packet = {.network = network, .transport = transport};
    if (network == NETWORK_IPV4)
        packet.ipv4 =
            (struct ipv4_header){.time_to_live = 64, .source = {192, 0, 2, 1}, .destination = {198, 51, 100, 255}};
    else
        packet.ipv6 = (struct ipv6_header){.hop_limit = 64,
                                           .source = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
                                           .destination = {0x20, 0x01, 0x0d, 0xb8, [7] = 5, [15] = 0xff}};
    return packet;
}

static const struct {
    const char *bytes;
    size_t length;
} options[] = {
#define OPTIONS(string)            \
    {                              \
        string, sizeof(string) - 1 \
    }
    OPTIONS(""),
    OPTIONS("\2\4\5\264"),
    OPTIONS("\2\4\5\264\4\2\10\12\0\0\0\1\0\0\0\0\1\3\3\7"),
    OPTIONS("\1\1\5\12\0\0\0\1\0\0\0\2"),
    OPTIONS("\1\1\5\22\0\0\0\1\0\0\0\2\377\0\0\5\0\0\0\11"),
    OPTIONS("\1\1\1\0"),
    OPTIONS("\23\22\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\0\0"),
    OPTIONS("\34\4\200\5"),
    OPTIONS("\34\4\0\5"),
    OPTIONS("\35\20\1\2\1\2\3\4\5\6\7\10\11\12\13\14"),
    OPTIONS("\42\2\1\1"),
    OPTIONS("\42\12\1\2\3\4\5\6\7\10\1\1"),
    OPTIONS("\376\4\371\211"),
    OPTIONS("\376\14\371\211\1\2\3\4\5\6\7\10"),
    OPTIONS("\115\4\12\13"),
    OPTIONS("\254\13\0\0\1\0\0\2\0\0\3\0"),
};

static const uint8_t data[] = "0123456789";

static void keep_segments(struct fixture *fixture, enum packet_network network)
{
    static const uint16_t flags[] = {
        TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK,           TCP_ACK | TCP_PSH,           TCP_ACK | TCP_FIN,
        TCP_RST, TCP_RST | TCP_ACK, TCP_URG | TCP_ACK, TCP_SYN | TCP_ECE | TCP_CWR, TCP_FIN | TCP_SYN | TCP_RST,
        0};
    for (size_t i = 0; i < COUNT_OF(flags) * COUNT_OF(options) * 2; i++) {
        struct packet packet = packet_of(network, TRANSPORT_TCP);
        size_t chosen = i / 2 % COUNT_OF(options);
        packet.tcp = (struct tcp_header){.source_port = 56742,
                                         .destination_port = 12345,
                                         .sequence = 0xfffffff8,
                                         .acknowledgment = 3504942089,
                                         .flags = flags[i / 2 / COUNT_OF(options)],
                                         .window = 512,
                                         .urgent_pointer = 3,
                                         .options = {(const uint8_t *)options[chosen].bytes, options[chosen].length}};
        packet.payload = (struct bytes){data, i % 2 == 0 ? 0 : 10};
        keep_built(fixture, &packet);
    }
}

static void keep_messages(struct fixture *fixture, enum packet_network network)
{
    struct packet quoted = packet_of(network, TRANSPORT_TCP);
    quoted.tcp = (struct tcp_header){.source_port = 56742, .destination_port = 12345, .flags = TCP_SYN};
    uint8_t wire[128];
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct error error;
    assert_true(packet_build(&quoted, &writer, &error));
    bool old = network == NETWORK_IPV4;
    static const uint8_t types[2][8] = {{1, 2, 3, 4, 128, 129, 135, 136}, {0, 3, 4, 5, 8, 11, 12, 8}};
    for (size_t i = 0; i < COUNT_OF(types[0]) * 16; i++) {
        uint8_t type = types[old][i / 16];
        /* Of codes that it doesn't know tcpdump says little, or dumps the bytes. */
        static const uint8_t codes_of_ipv6[] = {0, 5, 1, 2, 4};
        if (!old && i % 16 >= (type < COUNT_OF(codes_of_ipv6) ? codes_of_ipv6[type] : 1))
            continue;
        struct packet packet = packet_of(network, old ? TRANSPORT_ICMPV4 : TRANSPORT_ICMPV6);
        packet.icmp = (struct icmp_header){.type = type, .code = (uint8_t)(i % 16), .rest = 0x05dc};
        packet.payload = byte_writer_written(&writer);
        if (type == 135 || type == 136) /* neighbour discovery has an address and no quote */
            packet.payload.length = 16;
        keep_built(fixture, &packet);
    }
}

static void keep_datagrams(struct fixture *fixture, enum packet_network network)
{
    struct packet packet = packet_of(network, TRANSPORT_UDP);
    packet.udp = (struct udp_header){.source_port = 50001, .destination_port = 12345};
    packet.payload = (struct bytes){data, 10};
    keep_built(fixture, &packet);
}

/* What of the corpus is of a form that both can show: sound, no fragment, and the payload not one that tcpdump reads.
 */
static bool is_plain(const struct packet *packet)
{
    if (packet->defect_count > 0 || packet->transport == TRANSPORT_NONE || packet->wire.length > WIRE_MOST)
        return false;
    if (packet->network == NETWORK_IPV4 && packet->ipv4.flags & IPV4_MORE_FRAGMENTS)
        return false;
    if (packet->network == NETWORK_IPV6 && packet->ipv6.extensions.length > 0)
        return false;
    return packet->transport == TRANSPORT_TCP && packet->payload.length == 0 &&
           (packet->tcp.flags & (TCP_AE | TCP_RESERVED)) == 0;
}

/* Options of which tcpdump has a view of its own: Multipath TCP, and kinds long out of use. */
static bool has_plain_options(const struct packet *packet)
{
    struct bytes rest = packet->tcp.options;
    struct tcp_option option;
    while (tcp_option_next(&rest, &option))
        if (option.kind == TCP_OPTION_MULTIPATH ||
            (option.kind >= 6 && option.kind <= 20 && option.kind != 8 && option.kind != TCP_OPTION_MD5) ||
            option.kind == TCP_OPTION_EXPERIMENT_1 || option.kind == TCP_OPTION_EXPERIMENT_2)
            return false;
    return true;
}

static void keep_corpus_file(struct fixture *fixture, const char *folder, const char *name)
{
    static uint8_t bytes[CORPUS_FILE_MOST];
    char path[1024];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return;
    struct bytes wire = {bytes, fread(bytes, 1, sizeof(bytes), file)};
    (void)fclose(file);
    struct packet packet;
    packet_decode(wire, DECODE_ALL, &packet);
    /* MPLS right behind an IP header is unknown to tcpdump. */
    bool in_others = strncmp(name, "tunnel-", 7) == 0 && strcmp(name, "tunnel-mpls") != 0;
    if (in_others || (is_plain(&packet) && has_plain_options(&packet)))
        keep(fixture, wire);
}

static void keep_corpus(struct fixture *fixture)
{
    static const char path[] = SHAKEDOWN_SOURCE_DIR "/corpus/packets";
    const size_t before = fixture->count;
    const struct dirent *entry;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        keep_corpus_file(fixture, path, entry->d_name);
    assert_int_equal(closedir(folder), 0);
    assert_in_range(fixture->count, before + 10, PACKETS_MOST);
}

static void put_little(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof(value));
}

/* All packets as a capture file of the old format, link type 101 (raw IP). */
static void write_capture(const struct fixture *fixture, const char *path)
{
    static struct output_file file;
    struct error error;
    const uint32_t head[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 101};
    assert_true(output_file_open(&file, path, &error));
    assert_true(output_file_append(&file, (struct bytes){(const uint8_t *)head, sizeof(head)}, &error));
    for (size_t i = 0; i < fixture->count; i++) {
        uint8_t record[16] = {0};
        put_little(record + 8, (uint32_t)fixture->length[i]);
        put_little(record + 12, (uint32_t)fixture->length[i]);
        assert_true(output_file_append(&file, (struct bytes){record, sizeof(record)}, &error));
        assert_true(output_file_append(&file, (struct bytes){fixture->wire[i], fixture->length[i]}, &error));
    }
    assert_true(output_file_close(&file, &error));
}

/* Runs tcpdump over the file at PATH with its output to the file at SAID; its exit status, 127 if it isn't there. */
static int run_tcpdump(const char *path, const char *said)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int input = open(path, O_RDONLY);
        int output = open(said, O_WRONLY | O_TRUNC);
        int nothing = open("/dev/null", O_WRONLY);
        if (input >= 0 && output >= 0 && nothing >= 0 && dup2(input, 0) == 0 && dup2(output, 1) == 1 &&
            dup2(nothing, 2) == 2)
            (void)execlp("tcpdump", "tcpdump", "-n", "-S", "-t", "-r", "-", (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    free(fixture->said);
    free(fixture);
    return 0;
}

static void compare_lines(const struct fixture *fixture, FILE *said)
{
    for (size_t i = 0; i < fixture->count; i++) {
        char theirs[1024];
        char ours[1024];
        struct text text = text_in(ours, sizeof(ours));
        struct packet packet;
        assert_non_null(fgets(theirs, sizeof(theirs), said));
        theirs[strcspn(theirs, "\n")] = '\0';
        packet_decode((struct bytes){fixture->wire[i], fixture->length[i]}, DECODE_ALL, &packet);
        trace_print_packet(&text, &packet);
        assert_string_equal(ours, theirs);
    }
}

static void test_tcpdump_prints_the_same(void **state)
{
    struct fixture *fixture = *state;
    char capture[] = "/tmp/test_print_capture.XXXXXX";
    char said[] = "/tmp/test_print_said.XXXXXX";
    int descriptors[] = {mkstemp(capture), mkstemp(said)};
    assert_true(descriptors[0] >= 0 && descriptors[1] >= 0);
    static const enum packet_network networks[] = {NETWORK_IPV4, NETWORK_IPV6};
    for (size_t i = 0; i < COUNT_OF(networks); i++) {
        keep_segments(fixture, networks[i]);
        keep_messages(fixture, networks[i]);
        keep_datagrams(fixture, networks[i]);
    }
    keep_corpus(fixture);
    write_capture(fixture, capture);
    int status = run_tcpdump(capture, said);
    FILE *file = fdopen(descriptors[1], "r");
    assert_non_null(file);
    (void)close(descriptors[0]);
    (void)unlink(capture);
    (void)unlink(said);
    if (status == 0)
        compare_lines(fixture, file);
    (void)fclose(file);
    if (status == 127)
        skip();
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tcpdump_prints_the_same, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
