/* SPDX-License-Identifier: MIT */
/* What tests of links on the live kernel share: a network namespace of the test program's own. */
#ifndef TESTS_LINK_LIVE_H
#define TESTS_LINK_LIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/link.h"
#include "packet/packet.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A test may fail with what went wrong in words. */
#define assert_done(done, error)          \
    do {                                  \
        if (!(done))                      \
            fail_msg("%s", (error).text); \
    } while (0)

static inline bool live_write(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool written = descriptor >= 0 && write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
    if (descriptor >= 0)
        (void)close(descriptor);
    return written;
}

/* Switches a device on. */
static inline bool live_up(const char *device)
{
    struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done = any >= 0 && ioctl(any, SIOCSIFFLAGS, &request) == 0;
    if (any >= 0)
        (void)close(any);
    return done;
}

/* Moves the process into a network namespace of its own, and a user namespace unless it is root; lo is up there. */
static inline bool live_enter(void)
{
    char users[32];
    char groups[32];
    (void)snprintf(users, sizeof(users), "0 %u 1", geteuid());
    (void)snprintf(groups, sizeof(groups), "0 %u 1", getegid());
    if (unshare(CLONE_NEWNET) != 0 &&
        (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || !live_write("/proc/self/uid_map", users) ||
         !live_write("/proc/self/setgroups", "deny") || !live_write("/proc/self/gid_map", groups))) {
        perror("namespaces");
        return false;
    }
    return live_up("lo");
}

static inline struct address live_address(const char *text)
{
    struct address address;
    assert_true(address_parse(text, strlen(text), &address));
    return address;
}

/* Wire bytes of a TCP segment over IPv4 in BUFFER. */
static inline struct bytes live_segment(uint8_t *buffer, size_t size, const char *source, const char *destination,
                                        struct tcp_header tcp)
{
    struct error error;
    struct byte_writer writer = byte_writer_on(buffer, size);
    struct packet packet = {
        .network = NETWORK_IPV4,
        .transport = TRANSPORT_TCP,
        .ipv4 = {.time_to_live = 64, .identification = 1},
        .tcp = tcp,
    };
    memcpy(packet.ipv4.source, live_address(source).bytes, 4);
    memcpy(packet.ipv4.destination, live_address(destination).bytes, 4);
    assert_done(packet_build(&packet, &writer, &error), error);
    return byte_writer_written(&writer);
}

#endif
