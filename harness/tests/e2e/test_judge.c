/* SPDX-License-Identifier: MIT */
/*
 * Recorded traffic, judged: what tcpdump captured of ordinary traffic of the live kernel raises no false alarm,
 * whatever the path did to it; and what a capture shows of a broken stack is found.
 */
#include "shell.h"

#include "packet/packet.h"

#define TRAFFIC SHAKEDOWN_SOURCE_DIR "/harness/tests/e2e/traffic.py"

/* The number in front of WHAT in the last line of what was said. */
static unsigned long count_before(const struct program *program, const char *what)
{
    const char *end = strstr(program->output, ": ");
    for (const char *at = end; at != NULL; at = strstr(at + 1, what))
        end = at;
    assert_non_null(end);
    const char *at = end;
    while (at > program->output && at[-1] >= '0' && at[-1] <= '9')
        at--;
    assert_true(at < end);
    return strtoul(at, NULL, 10);
}

/* Traffic is made in a network namespace of its own, with all that may be done there. Not as a user namespace's root:
 * tcpdump would take that for the machine's, and give up what it has. */
static const char *traffic_namespace(void)
{
    return geteuid() == 0 ? "unshare -n" : "unshare -Un --map-user=1000 --map-group=1000 --keep-caps";
}

/* Traffic of KIND has at least LEAST ends of connections; 99 of 100 are a plain pass, and none is a fail. */
static void assert_no_false_alarm(struct program *program, const char *kind, unsigned long least)
{
    char command[512];
    (void)snprintf(command, sizeof(command), "%s python3 %s %s %s.pcap", traffic_namespace(), TRAFFIC, kind, kind);
    if (shell_run(program, command) != 0)
        fail_msg("no traffic of kind %s: %s", kind, program->errors);
    (void)snprintf(command, sizeof(command), "judge --stack linux %s.pcap", kind);
    int status = program_run(program, command);
    if (status == 1)
        fail_msg("%s", program->output);
    unsigned long all = count_before(program, " connections, each");
    if (all < least)
        fail_msg("only %lu ends of connections: %s", all, program->output);
    if (count_before(program, " pass,") * 100 < all * 99)
        fail_msg("too few pass: %s", program->output);
    assert_says_not(program->output, "lost by whoever captured");
}

#define ORDINARY(kind, least)                        \
    static void test_##kind(void **state)            \
    {                                                \
        assert_no_false_alarm(*state, #kind, least); \
    }
/* A hundred each; where the kernel chooses a port again, two connections count as one. */
ORDINARY(download, 180)
ORDINARY(upload, 180)
ORDINARY(session, 40)
ORDINARY(scan, 2000)
ORDINARY(restart, 100)
#undef ORDINARY

static void test_lossy(void **state)
{
    if (access("/dev/net/tun", R_OK | W_OK) != 0) {
        print_message("no tun device may be made here\n");
        skip();
    }
    assert_no_false_alarm(*state, "lossy", 2000);
}

/* Little-endian pcap of raw IP packets. */
static void begin_capture(FILE *file)
{
    static const uint32_t header[6] = {0xa1b2c3d4, 4U << 16 | 2, 0, 0, 65535, 101};
    assert_int_equal(fwrite(header, sizeof(header), 1, file), 1);
}

static void put_segment(FILE *file, bool from_server, uint16_t flags, uint32_t sequence, uint32_t acknowledgment)
{
    static uint32_t microseconds;
    uint8_t wire[64];
    struct error error;
    struct byte_writer writer = byte_writer_on(wire, sizeof(wire));
    struct packet packet = {.network = NETWORK_IPV4, .transport = TRANSPORT_TCP};
    memcpy(packet.ipv4.source, from_server ? "\xc0\x00\x02\x07" : "\xc6\x33\x64\x04", 4);
    memcpy(packet.ipv4.destination, from_server ? "\xc6\x33\x64\x04" : "\xc0\x00\x02\x07", 4);
    packet.tcp = (struct tcp_header){.source_port = from_server ? 443 : 40122,
                                     .destination_port = from_server ? 40122 : 443,
                                     .sequence = sequence,
                                     .acknowledgment = acknowledgment,
                                     .flags = flags,
                                     .window = 1000};
    assert_true(packet_build(&packet, &writer, &error));
    const uint32_t record[4] = {0, microseconds += 100, (uint32_t)writer.length, (uint32_t)writer.length};
    assert_int_equal(fwrite(record, sizeof(record), 1, file), 1);
    assert_int_equal(fwrite(wire, writer.length, 1, file), 1);
}

/* A server whose SYN-ACK acknowledges one number too few. */
static void write_broken(const struct program *program)
{
    FILE *file = fopen(program_path(program, "broken.pcap"), "wb");
    assert_non_null(file);
    begin_capture(file);
    put_segment(file, false, TCP_SYN, 3112279261, 0);
    put_segment(file, true, TCP_SYN | TCP_ACK, 1870, 3112279261);
    put_segment(file, false, TCP_RST, 3112279261, 0);
    assert_int_equal(fclose(file), 0);
}

static void test_a_broken_stack_is_found(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(program_run(program, "judge broken.pcap"), 1);
    assert_says(program->output, "3 packets, 3 segments of TCP");
    assert_says(program->output, "fail  192.0.2.7.443 with 198.51.100.4.40122");
    assert_says(program->output, "packet 2 at 0.000100 s");
    assert_says(program->output, "ack 3112279262");
    assert_says(program->output, "RFC9293 §3.10.7.2");
    assert_says(program->output, "tcp-handshake.spec:");
    assert_says(program->output, ">       2 ");
    assert_says(program->output, "2 connections, each end its own: 1 pass, 1 fail, 0 inconclusive");
}

static void test_packets_that_cannot_be_read_are_no_pass(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "judge " SHAKEDOWN_SOURCE_DIR "/corpus/captures/unknown-link"), 2);
    assert_says(program->output, "2 packets are of link type 147, which can't be read");
}

static void test_only_the_side_asked_for_is_judged(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(program_run(program, "judge --stack-side 198.51.100.0/24 broken.pcap"), 0);
    assert_says(program->output, "1 connections, each end its own: 1 pass");
    assert_int_equal(program_run(program, "judge --stack-side 192.0.2.7 broken.pcap"), 1);
    /* Nobody there was judged. */
    assert_int_equal(program_run(program, "judge --stack-side 203.0.113.1 broken.pcap"), 2);
    assert_says(program->output, "3 segments are to or from none of the sides asked for");
    assert_int_equal(program_run(program, "judge --stack-side box broken.pcap"), 64);
}

static void test_json_tells_the_same(void **state)
{
    struct program *program = *state;
    write_broken(program);
    static const char reader[] =
        "import json,sys\n"
        "told=[json.loads(line) for line in sys.stdin]\n"
        "bad=[one for one in told if one.get('verdict')=='fail' and one['type']=='connection']\n"
        "assert len(bad)==1 and bad[0]['violation']['packet']==2 and bad[0]['stack']=='192.0.2.7', bad\n"
        "assert len(bad[0]['violation']['packets'])==3, bad\n"
        "assert any('3.10.7.2' in one for one in bad[0]['violation']['requirements']), bad\n"
        "assert any(one['type']=='requirement' and one['violated']==1 for one in told)\n"
        "assert told[0]['type']=='capture' and told[0]['packets']==3\n"
        "assert told[-1]=={'type':'summary','verdict':'fail','connections':2,'pass':1,'fail':1,'inconclusive':0}\n";
    program_write(program, "reader.py", reader);
    if (shell_run(program, "shakedown judge --format json broken.pcap | python3 reader.py") != 0)
        fail_msg("%s", program->errors);
}

static void test_standard_input_is_read(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(shell_run(program, "cat broken.pcap | shakedown judge -"), 1);
    assert_says(program->output, "packet 2 at 0.000100 s");
}

static void test_a_known_deviation_counts_as_a_pass(void **state)
{
    struct program *program = *state;
    write_broken(program);
    program_write(program, "known.conf", "[SYN-RECEIVED/S.]\nreason = it can't count\nreference = its manual\n");
    assert_int_equal(program_run(program, "judge --deviations known.conf broken.pcap"), 0);
    assert_says(program->output, "known deviation  SYN-RECEIVED/S., 1 connections: it can't count");
    assert_says(program->output, "2 pass, 0 fail");
    assert_int_equal(program_run(program, "judge --stack unheard-of broken.pcap"), 64);
}

static void test_what_is_no_capture_is_told(void **state)
{
    struct program *program = *state;
    program_write(program, "empty.pcap", "");
    program_write(program, "script.pkt", SCRIPT_QUICK);
    assert_int_equal(program_run(program, "judge empty.pcap"), 2);
    assert_says(program->errors, "empty");
    assert_int_equal(program_run(program, "judge script.pkt"), 2);
    assert_says(program->errors, "neither pcap nor pcapng");
    program_write(program, "noise.trace", "noise, and no trace of anything");
    assert_int_equal(program_run(program, "judge noise.trace"), 2);
    assert_says(program->errors, "noise.trace is neither a capture nor a trace");
    assert_int_equal(program_run(program, "judge nowhere.pcap"), 2);
    assert_int_equal(program_run(program, "judge"), 64);
}

static void test_what_has_nothing_to_judge_is_no_pass(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(shell_run(program, "head -c 24 broken.pcap >header.pcap; shakedown judge header.pcap"), 2);
    assert_says(program->output, "no connection of TCP is in it: nothing was judged");
}

static void test_only_forms_that_there_are_can_be_asked_for(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(program_run(program, "judge --format tap broken.pcap"), 64);
    assert_says(program->errors, "judged traffic is told as text or json, not as tap");
}

/* Wherever traffic is held against a specification, and whatever is wrong with it. */
static void test_an_unsound_specification_is_refused_everywhere(void **state)
{
    struct program *program = *state;
    static const struct {
        const char *edit, *message;
    } rows[] = {
        {"s/^parameter ANSWER.*/&\\n&/", "twice.spec:13:11: error: this name was already given, in line 12"},
        {"s/^arrives any without ACK/arrives any without FIN ACK/", "error: in CLOSED no row says what happens when"},
        {"0,/^  RFC9293 §3.10.7.1/s//  RFC9293 §99/", "error: this cites RFC9293 §99, which the catalogue"},
    };
    static const char *const commands[] = {
        "judge --specification twice.spec broken.pcap",
        "run --stack sample --specification twice.spec quick.pkt",
        "conform --stack sample --specification twice.spec quick.pkt",
        "spec coverage --specification twice.spec broken.pcap",
        "spec generate --specification twice.spec scripts",
        "handshake --stack sample --specification twice.spec",
    };
    write_broken(program);
    program_write(program, "quick.pkt", SCRIPT_QUICK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[512];
        (void)snprintf(line, sizeof(line), "sed '%s' " SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec >twice.spec",
                       rows[i].edit);
        assert_int_equal(shell_run(program, line), 0);
        for (size_t j = 0; j < COUNT_OF(commands); j++) {
            assert_int_equal(program_run(program, commands[j]), 2);
            assert_says(program->errors, rows[i].message);
            assert_says(program->errors, "twice.spec is no specification to judge by");
        }
    }
}

static void test_a_capture_cut_short_is_judged_up_to_there(void **state)
{
    struct program *program = *state;
    write_broken(program);
    assert_int_equal(shell_run(program, "head -c 90 broken.pcap >cut.pcap; shakedown judge cut.pcap"), 2);
    assert_says(program->output, "not read to its end");
    assert_says(program->output, "2 connections, each end its own: 2 pass");
}

static void test_a_trace_cut_short_is_judged_up_to_there(void **state)
{
    struct program *program = *state;
    program_write(program, "open.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(program_run(program, "run --stack sample --ip 4 --trace traces open.pkt"), 0);
    const char *cut = "whole=$(ls traces/*.trace); size=$(wc -c <$whole); shakedown judge $whole || exit 9;"
                      "head -c $((size - 60)) $whole >cut.trace; shakedown judge cut.trace";
    assert_int_equal(shell_run(program, cut), 2);
    assert_says(program->output, "not read to its end: cut.trace: at offset");
    assert_int_equal(count_of(program->output, "1 connections, each end its own: 1 pass"), 2);
    assert_int_equal(shell_run(program, "shakedown judge --format json cut.trace"), 2);
    assert_says(program->output, "it was cut short\"}");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(download),
        TEST(upload),
        TEST(session),
        TEST(scan),
        TEST(restart),
        TEST(lossy),
        TEST(a_broken_stack_is_found),
        TEST(packets_that_cannot_be_read_are_no_pass),
        TEST(only_the_side_asked_for_is_judged),
        TEST(json_tells_the_same),
        TEST(standard_input_is_read),
        TEST(a_known_deviation_counts_as_a_pass),
        TEST(what_is_no_capture_is_told),
        TEST(what_has_nothing_to_judge_is_no_pass),
        TEST(only_forms_that_there_are_can_be_asked_for),
        TEST(an_unsound_specification_is_refused_everywhere),
        TEST(a_capture_cut_short_is_judged_up_to_there),
        TEST(a_trace_cut_short_is_judged_up_to_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
