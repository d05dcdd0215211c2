/* SPDX-License-Identifier: MIT */
/* The captures are read back with libpcap's own reader. */
#include "report/pcapng.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const uint8_t sound[] = {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0xbd, 0xe9, 192, 0, 2, 1, 192, 0, 2, 2};
static const uint8_t odd[] = {0x46, 1, 2};
static uint8_t large[65575];

static const struct trace_event events[] = {
    {.kind = TRACE_START, .start = {.realtime = 1700000000123456789, .stack = "linux", .title = "a.pkt"}},
    {.kind = TRACE_CALL, .time = {1, 1}, .call = {.number = 1, .name = "socket", .arguments = ""}},
    {.kind = TRACE_INJECTED, .time = {1000, 2000}, .packet = {sound, sizeof(sound)}},
    {.kind = TRACE_SEEN, .time = {999999999, 999999999}, .packet = {odd, sizeof(odd)}},
    {.kind = TRACE_SEEN, .time = {61000000000, 61000000000}, .packet = {large, sizeof(large)}},
    {.kind = TRACE_NOTE, .note = "x"},
    {.kind = TRACE_END, .time = {62000000000, 62000000000}, .end = {VERDICT_FAIL, "no answer came"}},
};

struct fixture {
    char path[64];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct pcapng_writer *writer;
    struct error error;
    if (fixture == NULL)
        return -1;
    *state = fixture;
    (void)snprintf(fixture->path, sizeof(fixture->path), "/tmp/test_pcapng.XXXXXX");
    int descriptor = mkstemp(fixture->path);
    if (descriptor < 0 || !pcapng_writer_adopt(descriptor, fixture->path, &writer, &error))
        return -1;
    struct trace_sink sink = pcapng_writer_sink(writer);
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (!trace_give(&sink, &events[i], &error))
            return -1;
    return pcapng_writer_close(writer, &error) ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    free(fixture);
    return 0;
}

static void test_libpcap_reads_the_packets_with_their_times(void **state)
{
    const struct fixture *fixture = *state;
    char message[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline_with_tstamp_precision(fixture->path, PCAP_TSTAMP_PRECISION_NANO, message);
    assert_non_null(capture);
    assert_int_equal(pcap_datalink(capture), DLT_RAW);
    struct pcap_pkthdr *header;
    const uint8_t *data;
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        if (events[i].kind != TRACE_INJECTED && events[i].kind != TRACE_SEEN)
            continue;
        assert_int_equal(pcap_next_ex(capture, &header, &data), 1);
        assert_true(bytes_equal((struct bytes){data, header->caplen}, events[i].packet));
        assert_int_equal(header->len, events[i].packet.length);
        nanoseconds stamp = header->ts.tv_sec * NANOSECONDS_PER_SECOND + header->ts.tv_usec;
        assert_int_equal(stamp, 1700000000123456789 + events[i].time.earliest);
    }
    assert_int_equal(pcap_next_ex(capture, &header, &data), PCAP_ERROR_BREAK);
    pcap_close(capture);
}

static bool file_holds(const char *path, const char *wanted)
{
    static char content[256 * 1024];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(content, 1, sizeof(content), file);
    assert_int_equal(fclose(file), 0);
    return memmem(content, length, wanted, strlen(wanted)) != NULL;
}

static void test_comments_tell_what_is_wrong_and_the_verdict(void **state)
{
    const struct fixture *fixture = *state;
    assert_true(file_holds(fixture->path, "a.pkt"));
    assert_true(file_holds(fixture->path, "shakedown 0."));
    assert_true(file_holds(fixture->path, "the IP header is cut short (byte"));
    assert_true(file_holds(fixture->path, "fail: no answer came"));
}

static void test_a_capture_without_a_start_is_one_too(void **state)
{
    const struct fixture *fixture = *state;
    struct pcapng_writer *writer;
    struct error error;
    assert_true(pcapng_writer_open(fixture->path, &writer, &error));
    struct trace_sink sink = pcapng_writer_sink(writer);
    assert_true(trace_give(&sink, &events[2], &error));
    assert_true(pcapng_writer_close(writer, &error));
    char message[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(fixture->path, message);
    assert_non_null(capture);
    struct pcap_pkthdr *header;
    const uint8_t *data;
    assert_int_equal(pcap_next_ex(capture, &header, &data), 1);
    pcap_close(capture);
}

static void test_a_full_disk_is_reported(void **state)
{
    (void)state;
    struct pcapng_writer *writer;
    struct error error = {0};
    assert_true(pcapng_writer_open("/dev/full", &writer, &error));
    struct trace_sink sink = pcapng_writer_sink(writer);
    assert_true(trace_give(&sink, &events[0], &error));
    assert_false(pcapng_writer_close(writer, &error));
    assert_int_equal(error.system_error, ENOSPC);
}

static void test_a_path_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    struct pcapng_writer *writer;
    struct error error = {0};
    assert_false(pcapng_writer_open("/nowhere/at/all", &writer, &error));
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_libpcap_reads_the_packets_with_their_times, setup, teardown),
        cmocka_unit_test_setup_teardown(test_comments_tell_what_is_wrong_and_the_verdict, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_capture_without_a_start_is_one_too, setup, teardown),
        cmocka_unit_test(test_a_full_disk_is_reported),
        cmocka_unit_test(test_a_path_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
