/* SPDX-License-Identifier: MIT */
/* A flood ends when it should, and what it says it sent has arrived. */
#include "live.h"

#include "link/flood.h"

#include <stdlib.h>

enum { SEGMENTS = 7 };

static uint8_t wire[SEGMENTS][64];
static struct bytes segments[SEGMENTS];

static int segments_set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEGMENTS; i++)
        segments[i] = live_segment(
            wire[i], sizeof(wire[i]), "127.0.0.1", "127.0.0.2",
            (struct tcp_header){.source_port = (uint16_t)(1000 + i), .destination_port = 9, .flags = TCP_SYN});
    /* Such addresses come in from a device only where the machine is told to let them. */
    return live_write("/proc/sys/net/ipv4/conf/lo/route_localnet", "1") &&
                   live_write("/proc/sys/net/ipv4/conf/lo/accept_local", "1")
               ? 0
               : -1;
}

/* Segments that the kernel's TCP has taken in. */
static uint64_t taken_in(void)
{
    char text[8192];
    uint64_t count;
    int descriptor = open("/proc/thread-self/net/snmp", O_RDONLY | O_CLOEXEC);
    ssize_t length = read(descriptor, text, sizeof(text) - 1);
    assert_true(length > 0);
    assert_int_equal(close(descriptor), 0);
    text[length] = '\0';
    char *names = strstr(text, "Tcp: ");
    assert_non_null(names);
    char *values = strstr(names + 1, "Tcp: ");
    assert_non_null(values);
    for (int column = 0; column < 10; column++)
        values = strchr(values, ' ') + 1;
    count = strtoull(values, NULL, 10);
    return count;
}

static struct flood_settings settings_make(void)
{
    return (struct flood_settings){
        .device = "lo",
        .packets = segments,
        .packet_count = SEGMENTS,
        .most = UINT64_MAX,
        .longest = NANOSECONDS_NEVER,
    };
}

static void a_flood_ends_with_the_last_segment_allowed(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, 63, 64, 65, 10007};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct flood_settings settings = settings_make();
        struct flood_result result;
        struct error error;
        /* Each segment is answered with a RST, which comes in as well. */
        uint64_t before = taken_in();
        settings.most = counts[i];
        assert_done(flood_run(&settings, &result, &error), error);
        assert_int_equal(result.sent, counts[i]);
        assert_int_equal(taken_in() - before, 2 * counts[i]);
    }
}

static void a_flood_ends_with_its_time(void **state)
{
    (void)state;
    struct flood_settings settings = settings_make();
    struct flood_result result;
    struct error error;
    settings.longest = 20 * NANOSECONDS_PER_MILLISECOND;
    nanoseconds start = clock_now();
    assert_done(flood_run(&settings, &result, &error), error);
    assert_true(clock_now() - start >= settings.longest);
    assert_true(result.time >= settings.longest);
    assert_true(result.sent > 0);
}

static void a_device_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    static const char *const devices[] = {"nowhere0", "a name that no device can have"};
    for (size_t i = 0; i < COUNT_OF(devices); i++) {
        struct flood_settings settings = settings_make();
        struct flood_result result;
        struct error error;
        settings.device = devices[i];
        assert_false(flood_run(&settings, &result, &error));
        assert_int_equal(error.code, ERROR_LINK);
        assert_non_null(strstr(error.text, devices[i]));
    }
}

static void a_segment_that_the_device_refuses_is_an_error(void **state)
{
    (void)state;
    static uint8_t huge[70000];
    static struct bytes too_long = {huge, sizeof(huge)};
    struct flood_settings settings = settings_make();
    struct flood_result result;
    struct error error;
    settings.packets = &too_long;
    settings.packet_count = 1;
    assert_false(flood_run(&settings, &result, &error));
    assert_int_equal(error.code, ERROR_LINK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_ends_with_the_last_segment_allowed),
        cmocka_unit_test(a_flood_ends_with_its_time),
        cmocka_unit_test(a_device_that_is_not_there_is_an_error),
        cmocka_unit_test(a_segment_that_the_device_refuses_is_an_error),
    };
    return live_enter() ? cmocka_run_group_tests(tests, segments_set_up, NULL) : 1;
}
