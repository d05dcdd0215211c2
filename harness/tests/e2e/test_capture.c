/* SPDX-License-Identifier: MIT */
/*
 * Trace and capture of one run agree, packet by packet: read back with our own reader and with libpcap's, with tshark
 * where that is installed, and held against what libpcap saw at the same time on the stack's own device.
 */
#include "program.h"

#include "packet/packet.h"
#include "trace/file.h"

#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sched.h>

enum { PACKETS_MOST = 64, PACKET_SIZE = 2048 };

struct recorded_packet {
    nanoseconds time; /* CLOCK_REALTIME */
    size_t length;
    uint8_t bytes[PACKET_SIZE];
    struct packet packet;
};

struct recorded {
    nanoseconds realtime;
    size_t count;
    struct recorded_packet packets[PACKETS_MOST];
};

/* A handshake, data both ways, a probe at a closed port, and a close: a little of everything. */
#define SCRIPT_VARIED                                                                             \
    "//: title Traffic of several kinds\n"                                                        \
    "1 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                               \
    "+0 bind(3, ..., ...) = 0\n"                                                                  \
    "+0 listen(3, 1) = 0\n"                                                                       \
    "+0 < S 4294967295:4294967295(0) win 32792 <mss 1000,sackOK,TS val 100 ecr 0,nop,wscale 7>\n" \
    "+0 > S. 0:0(0) ack 0 <...>\n"                                                                \
    "+0.01 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 200 ecr 0>\n"                                 \
    "+0 accept(3, ..., ...) = 4\n"                                                                \
    "+0 < P. 1:501(500) ack 1 win 257 <nop,nop,TS val 300 ecr 0>\n"                               \
    "+0~+0.5 > . 1:1(0) ack 501 <...>\n"                                                          \
    "+0 read(4, ..., 1000) = 500\n"                                                               \
    "+0 write(4, ..., 700) = 700\n"                                                               \
    "+0 > P. 1:701(700) ack 501 <...>\n"                                                          \
    "+0.01 < . 501:501(0) ack 701 win 257 <nop,nop,TS val 400 ecr 0>\n"                           \
    "+0 close(4) = 0\n"                                                                           \
    "+0 > F. 701:701(0) ack 501 <...>\n"                                                          \
    "+0 < 40000 > 9 S 0:0(0) win 1000\n"                                                          \
    "+0 > 9 > 40000 R. 0:0(0) ack 1\n"

static void keep(struct recorded *recorded, struct bytes wire, nanoseconds time)
{
    assert_in_range(recorded->count, 0, PACKETS_MOST - 1);
    assert_in_range(wire.length, 0, PACKET_SIZE);
    struct recorded_packet *kept = &recorded->packets[recorded->count++];
    memcpy(kept->bytes, wire.data, wire.length);
    kept->length = wire.length;
    kept->time = time;
    packet_decode((struct bytes){kept->bytes, kept->length}, DECODE_ALL, &kept->packet);
}

static bool take_event(void *context, const struct trace_event *event, struct error *error)
{
    struct recorded *recorded = context;
    (void)error;
    if (event->kind == TRACE_START)
        recorded->realtime = event->start.realtime;
    else if (event->kind == TRACE_INJECTED || event->kind == TRACE_SEEN)
        keep(recorded, event->packet, recorded->realtime + event->time.earliest);
    return true;
}

static struct recorded *read_trace(const struct program *program, const char *name)
{
    struct recorded *recorded = calloc(1, sizeof(*recorded));
    assert_non_null(recorded);
    struct trace_sink sink = {take_event, recorded};
    struct error error = {.text = ""};
    bool read = trace_read(program_path(program, name), &sink, &error);
    assert_string_equal(error.text, "");
    assert_true(read);
    return recorded;
}

static struct recorded *read_capture(const struct program *program, const char *name)
{
    struct recorded *recorded = calloc(1, sizeof(*recorded));
    char message[PCAP_ERRBUF_SIZE] = "";
    pcap_t *capture =
        pcap_open_offline_with_tstamp_precision(program_path(program, name), PCAP_TSTAMP_PRECISION_NANO, message);
    assert_string_equal(message, "");
    assert_non_null(recorded);
    assert_non_null(capture);
    struct pcap_pkthdr *header;
    const uint8_t *data;
    int status;
    while ((status = pcap_next_ex(capture, &header, &data)) == 1)
        keep(recorded, (struct bytes){data, header->caplen},
             header->ts.tv_sec * NANOSECONDS_PER_SECOND + header->ts.tv_usec);
    assert_int_equal(status, PCAP_ERROR_BREAK);
    pcap_close(capture);
    return recorded;
}

static void assert_same_bytes(const struct recorded *left, const struct recorded *right)
{
    assert_int_equal(left->count, right->count);
    for (size_t i = 0; i < left->count; i++) {
        assert_int_equal(left->packets[i].length, right->packets[i].length);
        assert_memory_equal(left->packets[i].bytes, right->packets[i].bytes, left->packets[i].length);
    }
}

static void test_trace_and_capture_agree(void **state)
{
    struct program *program = *state;
    program_write(program, "varied.pkt", SCRIPT_VARIED);
    assert_int_equal(program_run(program, "run --trace out --pcap out varied.pkt"), 0);
    static const char *const names[][2] = {{"out/varied.ipv4.trace", "out/varied.ipv4.pcapng"},
                                           {"out/varied.ipv6.trace", "out/varied.ipv6.pcapng"}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct recorded *trace = read_trace(program, names[i][0]);
        struct recorded *capture = read_capture(program, names[i][1]);
        assert_in_range(trace->count, 10, PACKETS_MOST);
        assert_same_bytes(trace, capture);
        for (size_t j = 0; j < trace->count; j++) {
            assert_int_equal(trace->packets[j].time, capture->packets[j].time);
            assert_int_equal(trace->packets[j].packet.defect_count, 0);
        }
        free(trace);
        free(capture);
    }
}

/* Runs tshark over the file NAME with its fields into the file "fields.txt"; false if it is not installed. */
static bool run_tshark(const struct program *program, const char *name)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int output = open(program_path(program, "fields.txt"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int nothing = open("/dev/null", O_WRONLY);
        if (output >= 0 && nothing >= 0 && dup2(output, 1) == 1 && dup2(nothing, 2) == 2)
            (void)execlp("tshark", "tshark", "-n", "-r", program_path(program, name), "-T", "fields", "-e",
                         "frame.time_epoch", "-e", "frame.len", "-e", "tcp.srcport", "-e", "tcp.dstport", "-e",
                         "tcp.flags", "-e", "tcp.seq_raw", "-e", "tcp.ack_raw", "-e", "tcp.window_size_value", "-e",
                         "frame.p2p_dir", "-e", "frame.interface_name", (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) != 127;
}

static void print_fields(struct text *text, const struct recorded_packet *recorded)
{
    const struct tcp_header *tcp = &recorded->packet.tcp;
    text_append_format(text, "%lld.%09lld\t%zu\t%u\t%u\t0x%04x\t%u\t%u\t%u\t",
                       (long long)(recorded->time / NANOSECONDS_PER_SECOND),
                       (long long)(recorded->time % NANOSECONDS_PER_SECOND), recorded->length, tcp->source_port,
                       tcp->destination_port, tcp->flags, tcp->sequence, tcp->acknowledgment, tcp->window);
}

static void test_tshark_agrees(void **state)
{
    struct program *program = *state;
    program_write(program, "varied.pkt", SCRIPT_VARIED);
    assert_int_equal(program_run(program, "run --ip 6 --trace out --pcap out varied.pkt"), 0);
    if (!run_tshark(program, "out/varied.ipv6.pcapng"))
        skip();
    struct recorded *trace = read_trace(program, "out/varied.ipv6.trace");
    char *fields = program_read(program, "fields.txt");
    const char *line = fields;
    for (size_t i = 0; i < trace->count; i++) {
        struct text expected = text_growing();
        print_fields(&expected, &trace->packets[i]);
        if (strncmp(line, text_string(&expected), expected.length) != 0)
            assert_string_equal(line, text_string(&expected));
        text_free(&expected);
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    assert_string_equal(line, "");
    free(fields);
    free(trace);
}

/* The first child of PID, 0 if it has none. */
static pid_t child_of(pid_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    char line[64] = "";
    char *read = fgets(line, sizeof(line), file);
    (void)fclose(file);
    return read == NULL ? 0 : (pid_t)strtol(line, NULL, 10);
}

/* Enters the network namespace of the stack that the worker of PROGRAM tests, as soon as its device is there. */
static bool enter_stack_namespace(struct program *program)
{
    char path[64];
    int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    assert_true(own >= 0);
    bool entered = false;
    while (!entered) {
        if (waitpid(program->pid, NULL, WNOHANG) != 0) {
            program->pid = 0;
            break;
        }
        (void)snprintf(path, sizeof(path), "/proc/%d/ns/net", child_of(child_of(program->pid)));
        int other = open(path, O_RDONLY | O_CLOEXEC);
        if (other >= 0 && setns(other, CLONE_NEWNET) == 0)
            entered = access("/proc/thread-self/net/dev", R_OK) == 0 && if_nametoindex("tun0") != 0;
        if (other >= 0)
            (void)close(other);
        if (!entered)
            assert_int_equal(setns(own, CLONE_NEWNET), 0);
    }
    (void)close(own);
    return entered;
}

/* An active capture on the device "tun0" of the current namespace, as soon as the device is up. */
static pcap_t *activate_live(void)
{
    for (;;) {
        char message[PCAP_ERRBUF_SIZE] = "";
        pcap_t *capture = pcap_create("tun0", message);
        assert_non_null(capture);
        assert_int_equal(pcap_set_snaplen(capture, PACKET_SIZE), 0);
        assert_int_equal(pcap_set_immediate_mode(capture, 1), 0);
        int status = pcap_activate(capture);
        if (status >= 0)
            return capture;
        pcap_close(capture);
        assert_int_equal(status, PCAP_ERROR_IFACE_NOT_UP);
    }
}

static pcap_t *open_live(void)
{
    char message[PCAP_ERRBUF_SIZE] = "";
    pcap_t *capture = activate_live();
    struct bpf_program filter;
    assert_int_equal(pcap_compile(capture, &filter, "tcp", 1, PCAP_NETMASK_UNKNOWN), 0);
    assert_int_equal(pcap_setfilter(capture, &filter), 0);
    pcap_freecode(&filter);
    assert_int_equal(pcap_setnonblock(capture, 1, message), 0);
    return capture;
}

/* Takes what was captured until the program ends, with the device's headers left off. */
static struct recorded *capture_until_end(struct program *program, pcap_t *capture)
{
    struct recorded *recorded = calloc(1, sizeof(*recorded));
    assert_non_null(recorded);
    size_t header_size = pcap_datalink(capture) == DLT_EN10MB ? 14 : 0;
    bool running = true;
    while (running) {
        struct pcap_pkthdr *header;
        const uint8_t *data;
        struct pollfd ready = {.fd = pcap_get_selectable_fd(capture), .events = POLLIN};
        (void)poll(&ready, 1, 50);
        running = waitpid(program->pid, &program->status, WNOHANG) == 0;
        while (pcap_next_ex(capture, &header, &data) == 1)
            keep(recorded, (struct bytes){data + header_size, header->caplen - header_size}, 0);
    }
    program->pid = 0;
    return recorded;
}

static void test_an_independent_capture_sees_the_same(void **state)
{
    struct program *program = *state;
    if (geteuid() != 0)
        skip(); /* the namespace is the program's own user's */
    int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    program_write(program, "varied.pkt", SCRIPT_VARIED);
    static const char *const lines[] = {"run --ip 4 --link raw --trace out varied.pkt",
                                        "run --ip 4 --link tun --trace out varied.pkt"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (i == 1 && access("/dev/net/tun", R_OK | W_OK) != 0)
            continue;
        program_start(program, lines[i]);
        assert_true(enter_stack_namespace(program));
        pcap_t *capture = open_live();
        struct recorded *seen = capture_until_end(program, capture);
        pcap_close(capture);
        assert_int_equal(setns(own, CLONE_NEWNET), 0);
        struct recorded *trace = read_trace(program, "out/varied.ipv4.trace");
        assert_same_bytes(trace, seen);
        free(trace);
        free(seen);
    }
    (void)close(own);
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trace_and_capture_agree, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_tshark_agrees, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_an_independent_capture_sees_the_same, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
