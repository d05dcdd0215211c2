/* SPDX-License-Identifier: MIT */
#include "stack/isolation_rooms.h"

#include "stack/capability.h"
#include "stack/system_file.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

void isolation_rooms_plan(struct isolation_rooms *rooms)
{
    *rooms = (struct isolation_rooms){.user = !capability_sufficient(), .user_id = geteuid(), .group_id = getegid()};
}

unsigned long isolation_rooms_flags(const struct isolation_rooms *rooms)
{
    return CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | (rooms->user ? CLONE_NEWUSER : 0UL);
}

/* Maps our own identifiers to 0, the only mapping that needs no privilege (user_namespaces(7)). */
static bool identifiers_map(const struct isolation_rooms *rooms, struct error *error)
{
    char users[32];
    char groups[32];
    (void)snprintf(users, sizeof(users), "0 %u 1", rooms->user_id);
    (void)snprintf(groups, sizeof(groups), "0 %u 1", rooms->group_id);
    if (system_file_write("/proc/self/uid_map", users) && system_file_write("/proc/self/setgroups", "deny") &&
        system_file_write("/proc/self/gid_map", groups))
        return true;
    return capability_explain_refusal(error, errno, true);
}

/* Where a mount is refused, what is there stays: in a container that hides parts of /proc or /sys it is. */
static const struct {
    const char *type;
    const char *target;
    unsigned long flags;
    const char *options;
    bool needed;
} mounts[] = {
    {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777", true},
    {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, false},
    {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, false},
};

bool isolation_rooms_furnish(const struct isolation_rooms *rooms, struct error *error)
{
    if (rooms->user && !identifiers_map(rooms, error))
        return false;
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return capability_explain(error, errno, "mounts of our own");
    for (size_t index = 0; index < COUNT_OF(mounts); index++)
        if (mount(mounts[index].type, mounts[index].target, mounts[index].type, mounts[index].flags,
                  mounts[index].options) != 0 &&
            mounts[index].needed)
            return capability_explain(error, errno, "an empty /tmp");
    return true;
}
