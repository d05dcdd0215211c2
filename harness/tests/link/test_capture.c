/* SPDX-License-Identifier: MIT */
/* Capturing on a loopback device of the test's own. */
#include "live.h"

#include "link/capture.h"

#include <arpa/inet.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct capture *lo_open(const char *filter)
{
    struct capture *capture;
    struct error error;
    struct capture_settings settings = {.device = "lo", .filter = filter, .buffer = 4 << 20};
    assert_done(capture_open(&settings, &capture, &error), error);
    return capture;
}

static void datagram_send(int sender, uint16_t port, const char *text)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(sendto(sender, text, strlen(text), 0, (struct sockaddr *)&place, sizeof(place)), strlen(text));
}

static bool next(struct capture *capture, struct link_frame *frame)
{
    struct error error;
    bool came;
    assert_done(capture_next(capture, frame, &came, &error), error);
    return came;
}

static void each_frame_is_seen_once_and_in_order(void **state)
{
    (void)state;
    struct capture *capture = lo_open("udp dst port 7777");
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    struct pollfd readable = {.fd = capture_descriptor(capture), .events = POLLIN};
    struct link_frame frame;
    assert_false(next(capture, &frame));
    nanoseconds last = clock_now();
    for (int i = 0; i < 20; i++) {
        char text[8];
        (void)snprintf(text, sizeof(text), "%d", i);
        datagram_send(sender, 7777, text);
        datagram_send(sender, 7778, "not this");
    }
    for (int i = 0; i < 20; i++) {
        char text[8];
        (void)snprintf(text, sizeof(text), "%d", i);
        assert_int_equal(poll(&readable, 1, 1000), 1);
        assert_true(next(capture, &frame));
        assert_int_equal(frame.packet.length, 14 + 20 + 8 + strlen(text));
        assert_memory_equal(frame.packet.data + 42, text, strlen(text));
        assert_int_equal(frame.time.earliest, frame.time.latest);
        assert_true(frame.time.earliest >= last && frame.time.latest <= clock_now());
        last = frame.time.latest;
    }
    assert_false(next(capture, &frame));
    assert_int_equal(poll(&readable, 1, 0), 0);
    assert_int_equal(close(sender), 0);
    capture_close(capture);
}

static void lost_frames_are_told_once(void **state)
{
    (void)state;
    struct capture *capture = lo_open("udp dst port 7777");
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    struct link_frame frame;
    struct error error;
    bool came = true;
    int count = 0;
    /* A place is as large as lo's MTU: 4 MiB has room for some 60. */
    for (int i = 0; i < 500; i++)
        datagram_send(sender, 7777, "x");
    while (came && capture_next(capture, &frame, &came, &error))
        count++;
    assert_true(came);
    assert_in_range(count, 30, 499);
    assert_int_equal(error.code, ERROR_LINK);
    assert_non_null(strstr(error.text, "lost"));
    assert_false(next(capture, &frame));
    datagram_send(sender, 7777, "y");
    assert_true(next(capture, &frame));
    assert_int_equal(close(sender), 0);
    capture_close(capture);
}

static void a_device_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct capture *capture = NULL;
    struct error error;
    struct capture_settings settings = {.device = "nowhere0", .buffer = 1 << 16};
    assert_false(capture_open(&settings, &capture, &error));
    assert_int_equal(error.code, ERROR_LINK);
    assert_non_null(strstr(error.text, "nowhere0"));
    assert_null(capture);
    capture_close(NULL);
}

static void a_filter_that_is_none_is_an_error(void **state)
{
    (void)state;
    struct capture *capture = NULL;
    struct error error;
    struct capture_settings settings = {.device = "lo", .filter = "whatever that is", .buffer = 1 << 16};
    assert_false(capture_open(&settings, &capture, &error));
    assert_int_equal(error.code, ERROR_LINK);
    assert_null(capture);
}

static int open_without_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    struct capture *capture;
    struct error error;
    struct capture_settings settings = {.device = "lo", .buffer = 1 << 16};
    if (syscall(SYS_capset, &header, data) != 0 || capture_open(&settings, &capture, &error))
        return 1;
    return error.code == ERROR_CAPABILITY_MISSING && strstr(error.text, "CAP_NET_RAW") != NULL ? 0 : 2;
}

static void a_missing_capability_is_told(void **state)
{
    (void)state;
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(open_without_capabilities());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_frame_is_seen_once_and_in_order),   cmocka_unit_test(lost_frames_are_told_once),
        cmocka_unit_test(a_device_that_is_not_there_is_an_error), cmocka_unit_test(a_filter_that_is_none_is_an_error),
        cmocka_unit_test(a_missing_capability_is_told),
    };
    return live_enter() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
