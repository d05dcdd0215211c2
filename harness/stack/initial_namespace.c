/* SPDX-License-Identifier: MIT */
#include "stack/initial_namespace.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* Namespaces that are made get their numbers from 0xf0000000 up; the first one's is below since it is fixed. */
static const uint64_t fixed_inode = 0xeffffff9;
static const uint64_t first_cookie = 1;

bool initial_namespace_is(const struct namespace_marks *marks)
{
    bool of_first_process = marks->process != 1 && marks->first != 0 && marks->first == marks->inode;
    return marks->inode == fixed_inode || marks->cookie == first_cookie || of_first_process;
}

static uint64_t inode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

static uint64_t cookie_here(void)
{
    uint64_t cookie = 0;
    socklen_t size = sizeof(cookie);
    int any = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0)
        return 0;
    if (getsockopt(any, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) != 0)
        cookie = 0;
    (void)close(any);
    return cookie;
}

bool initial_namespace_refuse(struct error *error)
{
    const struct namespace_marks marks = {.inode = inode_of("/proc/thread-self/ns/net"),
                                          .first = inode_of("/proc/1/ns/net"),
                                          .cookie = cookie_here(),
                                          .process = getpid()};
    if (!initial_namespace_is(&marks))
        return true;
    return error_set(error, ERROR_NAMESPACE,
                     "this is the machine's own network namespace, where a test has no business: put `unshare -n` "
                     "before the command, or use `shakedown run`, which makes a namespace itself");
}
