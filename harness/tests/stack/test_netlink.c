/* SPDX-License-Identifier: MIT */
/* Devices, addresses, routes and neighbours through netlink; offloads. */
#include "live.h"

#include "stack/netlink.h"
#include "stack/offload.h"
#include "stack/system_file.h"
#include "stack/topology.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

static const uint8_t near_address[LINK_ADDRESS_SIZE] = {0x02, 0, 0, 0, 0, 0x01};
static const uint8_t far_address[LINK_ADDRESS_SIZE] = {0x02, 0, 0, 0, 0, 0x02};

/* A veth pair between a namespace that the thread is in and one that only a descriptor is of. */
struct pair {
    struct netlink *near;
    struct netlink *far;
    int home;
    int far_namespace;
};

static int pair_set_up(void **state)
{
    static struct pair pair;
    struct error error;
    struct veth veth = {.near = {"near0", near_address}, .far = {"far0", far_address}, .mtu = 1400};
    bool done = topology_here(&pair.home, &error) && unshare(CLONE_NEWNET) == 0 &&
                topology_here(&pair.far_namespace, &error) && netlink_open(&pair.far, &error) &&
                unshare(CLONE_NEWNET) == 0 && netlink_open(&pair.near, &error);
    veth.far_namespace = pair.far_namespace;
    *state = &pair;
    return done && netlink_make_veth(pair.near, &veth, &error) ? 0 : -1;
}

static int pair_tear_down(void **state)
{
    struct pair *pair = *state;
    struct error error;
    netlink_close(pair->near);
    netlink_close(pair->far);
    bool returned = topology_return(pair->home, &error);
    return returned && close(pair->home) == 0 && close(pair->far_namespace) == 0 ? 0 : -1;
}

static unsigned flags_of(const char *device)
{
    struct ifreq request = {0};
    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(ioctl(any, SIOCGIFFLAGS, &request), 0);
    assert_int_equal(close(any), 0);
    return (unsigned short)request.ifr_flags;
}

static void a_pair_runs_once_both_ends_are_up(void **state)
{
    struct pair *pair = *state;
    struct error error;
    assert_done(netlink_up(pair->near, "near0", &error), error);
    assert_false(netlink_await_running(pair->near, "near0", clock_now(), &error));
    assert_int_equal(error.code, ERROR_TIMED_OUT);
    assert_done(netlink_up(pair->far, "far0", &error), error);
    nanoseconds deadline = clock_now() + 10 * NANOSECONDS_PER_SECOND;
    assert_done(netlink_await_running(pair->near, "near0", deadline, &error), error);
    assert_true((flags_of("near0") & IFF_RUNNING) != 0);
}

/* Nothing of the kernel's own that is less urgent runs on this thread's processor from here on, unless it waits. Where
 * the process may not have that, it only gets less likely. */
static cpu_set_t be_urgent(void)
{
    struct sched_param priority = {.sched_priority = 1};
    cpu_set_t before, here;
    assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
    CPU_ZERO(&here);
    CPU_SET((size_t)sched_getcpu(), &here);
    assert_int_equal(sched_setaffinity(0, sizeof(here), &here), 0);
    (void)sched_setscheduler(0, SCHED_FIFO, &priority);
    return before;
}

static void be_ordinary(const cpu_set_t *processors)
{
    struct sched_param priority = {0};
    assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &priority), 0);
    assert_int_equal(sched_setaffinity(0, sizeof(*processors), processors), 0);
}

/* The kernel makes an IPv6 address's way a while after the address: whoever doesn't wait may find its packets lost. */
static void an_address_that_was_waited_for_takes_packets(void **state)
{
    struct pair *pair = *state;
    struct error error;
    nanoseconds deadline = clock_now() + 10 * NANOSECONDS_PER_SECOND;
    assert_done(netlink_up(pair->near, "lo", &error), error);
    assert_done(netlink_up(pair->near, "near0", &error), error);
    assert_done(netlink_up(pair->far, "far0", &error), error);
    assert_done(netlink_await_running(pair->near, "near0", deadline, &error), error);
    cpu_set_t anywhere = be_urgent();
    for (uint8_t number = 1; number <= 100; number++) {
        struct address address = {.family = ADDRESS_IPV6, .bytes = {0x20, 0x01, 0x0d, 0xb8, [15] = number}};
        struct sockaddr_storage place;
        char byte;
        assert_done(netlink_add_address(pair->near, "near0", &address, 64, &error), error);
        assert_done(netlink_await_address(pair->near, &address, deadline, &error), error);
        socklen_t size = live_address(&address, 9, &place);
        int receiver = socket(AF_INET6, SOCK_DGRAM, 0);
        assert_int_equal(bind(receiver, (struct sockaddr *)&place, size), 0);
        /* What leads nowhere else is here at once. */
        assert_int_equal(sendto(receiver, "!", 1, 0, (struct sockaddr *)&place, size), 1);
        assert_int_equal(recv(receiver, &byte, 1, MSG_DONTWAIT), 1);
        assert_int_equal(close(receiver), 0);
    }
    be_ordinary(&anywhere);
}

static void an_address_that_nobody_has_does_not_come_into_use(void **state)
{
    struct pair *pair = *state;
    struct error error;
    static const struct address nobodys[] = {
        {.family = ADDRESS_IPV4, .bytes = {203, 0, 113, 9}},
        {.family = ADDRESS_IPV6, .bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 9}},
    };
    for (size_t i = 0; i < COUNT_OF(nobodys); i++) {
        assert_false(netlink_await_address(pair->near, &nobodys[i], clock_now(), &error));
        assert_int_equal(error.code, ERROR_TIMED_OUT);
    }
}

static void a_device_that_is_not_there_is_named(void **state)
{
    struct pair *pair = *state;
    struct address address = {.family = ADDRESS_IPV4, .bytes = {198, 51, 100, 1}};
    struct error error;
    assert_false(netlink_up(pair->near, "far0", &error));
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_non_null(strstr(error.text, "far0"));
    assert_false(netlink_set_mtu(pair->near, "nowhere0", 1400, &error));
    assert_false(netlink_add_address(pair->near, "nowhere0", &address, 24, &error));
    assert_false(netlink_add_route(pair->near, "nowhere0", &address, &error));
    assert_false(netlink_add_neighbour(pair->near, "nowhere0", &address, far_address, &error));
    assert_false(netlink_await_running(pair->near, "nowhere0", NANOSECONDS_NEVER, &error));
    assert_false(netlink_up(pair->near, "a name that no device can have", &error));
}

static void what_is_there_already_is_refused(void **state)
{
    struct pair *pair = *state;
    struct address address = {.family = ADDRESS_IPV4, .bytes = {198, 51, 100, 1}};
    struct error error;
    struct veth veth = {.near = {"near0", near_address},
                        .far = {"far1", far_address},
                        .far_namespace = pair->far_namespace,
                        .mtu = 1500};
    assert_false(netlink_make_veth(pair->near, &veth, &error));
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_done(netlink_up(pair->near, "near0", &error), error);
    assert_done(netlink_add_address(pair->near, "near0", &address, 24, &error), error);
    assert_false(netlink_add_address(pair->near, "near0", &address, 24, &error));
    assert_int_equal(error.code, ERROR_NAMESPACE);
}

static void an_mtu_is_what_was_asked_for(void **state)
{
    struct pair *pair = *state;
    struct error error;
    struct ifreq request = {.ifr_name = "near0"};
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(ioctl(any, SIOCGIFMTU, &request), 0);
    assert_int_equal(request.ifr_mtu, 1400);
    assert_done(netlink_set_mtu(pair->near, "near0", 9000, &error), error);
    assert_int_equal(ioctl(any, SIOCGIFMTU, &request), 0);
    assert_int_equal(request.ifr_mtu, 9000);
    assert_int_equal(close(any), 0);
}

static uint32_t feature_of(const char *device, uint32_t command)
{
    struct ethtool_value value = {.cmd = command};
    struct ifreq request = {.ifr_data = (char *)&value};
    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(ioctl(any, SIOCETHTOOL, &request), 0);
    assert_int_equal(close(any), 0);
    return value.data;
}

static void offloads_are_off_once_they_are_switched_off(void **state)
{
    (void)state;
    static const uint32_t commands[] = {ETHTOOL_GTXCSUM, ETHTOOL_GRXCSUM, ETHTOOL_GTSO, ETHTOOL_GGSO, ETHTOOL_GGRO};
    struct error error;
    assert_int_equal(feature_of("near0", ETHTOOL_GTXCSUM), 1);
    assert_done(offload_disable("near0", &error), error);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        assert_int_equal(feature_of("near0", commands[i]), 0);
    assert_done(offload_disable("lo", &error), error);
    assert_false(offload_disable("nowhere0", &error));
    assert_int_equal(error.code, ERROR_NAMESPACE);
    assert_false(offload_disable("a name that no device can have", &error));
}

static void small_files_are_read_and_written(void **state)
{
    (void)state;
    static const char path[] = "/proc/sys/net/ipv4/tcp_syn_retries";
    long value = 0;
    assert_true(system_file_write(path, "3"));
    assert_true(system_file_read_number(path, &value));
    assert_int_equal(value, 3);
    assert_false(system_file_write(path, "many"));
    assert_int_equal(errno, EINVAL);
    assert_false(system_file_write("/proc/sys/net/nothing", "1"));
    assert_int_equal(errno, ENOENT);
    assert_false(system_file_read_number("/proc/sys/net/nothing", &value));
    assert_false(system_file_read_number("/proc/sys/net/ipv4/tcp_congestion_control", &value));
    assert_int_equal(value, 3);
}

static int run(void *context)
{
    (void)context;
#define PAIR_TEST(test) cmocka_unit_test_setup_teardown(test, pair_set_up, pair_tear_down)
    const struct CMUnitTest tests[] = {
        PAIR_TEST(a_pair_runs_once_both_ends_are_up),
        PAIR_TEST(an_address_that_was_waited_for_takes_packets),
        PAIR_TEST(an_address_that_nobody_has_does_not_come_into_use),
        PAIR_TEST(a_device_that_is_not_there_is_named),
        PAIR_TEST(what_is_there_already_is_refused),
        PAIR_TEST(an_mtu_is_what_was_asked_for),
        PAIR_TEST(offloads_are_off_once_they_are_switched_off),
        PAIR_TEST(small_files_are_read_and_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
