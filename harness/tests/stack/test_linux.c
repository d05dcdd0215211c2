/* SPDX-License-Identifier: MIT */
/* What a stack is opened with: addresses, MTU, device, and the settings that it finds there. */
#include "live.h"

#include "stack/system_file.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>

static struct address parse(const char *text)
{
    struct address address;
    assert_true(address_parse(text, strlen(text), &address));
    return address;
}

static struct stack *open_with(const struct linux_settings *settings)
{
    struct stack *stack;
    struct error error;
    assert_done(linux_stack_open(settings, &stack, &error), error);
    return stack;
}

static int mtu_of(const char *device)
{
    struct ifreq request = {0};
    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    int mtu = ioctl(any, SIOCGIFMTU, &request) == 0 ? request.ifr_mtu : -1;
    assert_int_equal(close(any), 0);
    return mtu;
}

static void addresses_may_be_in_different_networks(void **state)
{
    (void)state;
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_TUN};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (!live_link_possible(links[i]))
            continue;
        struct stack *stack = open_with(&(struct linux_settings){
            .link = links[i],
            .local = {parse("192.168.0.1"), parse("fd3d:a0b::1")},
            .remote = {parse("192.0.2.1"), parse("2001:db8:7::9")},
        });
        live_handshake(stack, 0);
        live_handshake(stack, 1);
        stack_close(stack);
    }
}

static void the_mtu_is_what_was_asked_for(void **state)
{
    (void)state;
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_TUN};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (!live_link_possible(links[i]))
            continue;
        struct stack *stack = open_with(&(struct linux_settings){.link = links[i], .mtu = 9000});
        assert_int_equal(stack->mtu, 9000);
        assert_int_equal(mtu_of("tun0"), 9000);
        live_handshake(stack, 1);
        stack_close(stack);
    }
}

/* RFC 8200 section 5: IPv6 needs 1280. */
static void below_1280_there_is_no_ipv6(void **state)
{
    (void)state;
    struct stack *stack = open_with(&(struct linux_settings){.link = LINUX_LINK_RAW, .mtu = 1000});
    assert_int_equal(stack->local[1].family, ADDRESS_NONE);
    assert_int_equal(stack->remote[1].family, ADDRESS_NONE);
    live_handshake(stack, 0);
    stack_close(stack);
}

static void the_device_has_the_name_that_was_asked_for(void **state)
{
    (void)state;
    struct stack *stack = open_with(&(struct linux_settings){.link = LINUX_LINK_RAW, .device = "eth7"});
    assert_int_equal(mtu_of("eth7"), 1500);
    assert_int_equal(mtu_of("tun0"), -1);
    live_handshake(stack, 0);
    stack_close(stack);
}

/* A setting that one run changes is fresh for the next, and the harness's end is another namespace's. */
static void settings_are_fresh(void **state)
{
    (void)state;
    static const char path[] = "/proc/sys/net/ipv4/tcp_syn_retries";
    long first = 0;
    long value = 0;
    struct linux_settings settings = {.link = LINUX_LINK_RAW};
    struct stack *stack = open_with(&settings);
    assert_true(system_file_read_number(path, &first));
    assert_true(system_file_write(path, "2"));
    stack_close(stack);
    stack = open_with(&settings);
    assert_true(system_file_read_number(path, &value));
    assert_int_equal(value, first);
    assert_int_equal(access("/proc/sys/net/ipv4/conf/tun0", F_OK), 0);
    assert_int_not_equal(access("/proc/sys/net/ipv4/conf/harness0", F_OK), 0);
    stack_close(stack);
}

static void nothing_comes_from_an_idle_stack(void **state)
{
    (void)state;
    static const enum linux_link links[] = {LINUX_LINK_RAW, LINUX_LINK_TUN};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct link_frame frame;
        if (!live_link_possible(links[i]))
            continue;
        struct stack *stack = open_with(&(struct linux_settings){.link = links[i]});
        assert_false(live_next(stack->link, &frame, 300));
        stack_close(stack);
    }
}

static int run(void *context)
{
    (void)context;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_may_be_in_different_networks),
        cmocka_unit_test(the_mtu_is_what_was_asked_for),
        cmocka_unit_test(below_1280_there_is_no_ipv6),
        cmocka_unit_test(the_device_has_the_name_that_was_asked_for),
        cmocka_unit_test(settings_are_fresh),
        cmocka_unit_test(nothing_comes_from_an_idle_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    return live_run(run);
}
