/* SPDX-License-Identifier: MIT */
#include "stack/capability.h"

#include "base/text.h"
#include "stack/system_file.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CAPABILITY_BIT(capability) (UINT32_C(1) << (capability))

static const struct {
    unsigned number;
    const char *name;
} needed[] = {
    {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
    {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
    {CAP_NET_RAW, "CAP_NET_RAW"},
};

/* Bits of the capabilities that the process has in effect; none if that can't be told. */
static uint32_t capabilities_effective(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    return syscall(SYS_capget, &header, data) == 0 ? data[0].effective : 0;
}

bool capability_sufficient(void)
{
    uint32_t effective = capabilities_effective();
    for (size_t index = 0; index < COUNT_OF(needed); index++)
        if ((effective & CAPABILITY_BIT(needed[index].number)) == 0)
            return false;
    return true;
}

/* Names those that are missing: " without CAP_NET_ADMIN, CAP_NET_RAW". Nothing if none is. */
static void name_missing(struct text *text)
{
    uint32_t effective = capabilities_effective();
    bool first = true;
    for (size_t index = 0; index < COUNT_OF(needed); index++) {
        if ((effective & CAPABILITY_BIT(needed[index].number)) != 0)
            continue;
        text_append_format(text, "%s%s", first ? " without " : ", ", needed[index].name);
        first = false;
    }
}

/* A setting of the kernel that forbids namespaces while it has the value FORBIDS. */
struct refusal {
    const char *path;
    long forbids;
    bool user_only; /* matters only if a user namespace is needed */
    const char *why;
    const char *remedy;
};

static const struct refusal refusals[] = {
    {"/proc/sys/kernel/unprivileged_userns_clone", 0, true, "ordinary users may not make user namespaces here",
     "sysctl -w kernel.unprivileged_userns_clone=1"},
    {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1, true,
     "AppArmor keeps ordinary users from using user namespaces",
     "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"},
    {"/proc/sys/user/max_user_namespaces", 0, true, "no user namespace may be made here",
     "sysctl -w user.max_user_namespaces=10000"},
    {"/proc/sys/user/max_net_namespaces", 0, false, "no network namespace may be made here",
     "sysctl -w user.max_net_namespaces=10000"},
    {"/proc/sys/user/max_pid_namespaces", 0, false, "no pid namespace may be made here",
     "sysctl -w user.max_pid_namespaces=10000"},
    {"/proc/sys/user/max_mnt_namespaces", 0, false, "no mount namespace may be made here",
     "sysctl -w user.max_mnt_namespaces=10000"},
};

static const struct refusal *refusal_find(bool with_user)
{
    for (size_t index = 0; index < COUNT_OF(refusals); index++) {
        const struct refusal *refusal = &refusals[index];
        long value;
        if ((with_user || !refusal->user_only) && system_file_read_number(refusal->path, &value) &&
            value == refusal->forbids)
            return refusal;
    }
    return NULL;
}

bool capability_explain_refusal(struct error *error, int system_error, bool with_user)
{
    enum error_code code = system_error == EPERM || system_error == EACCES ? ERROR_CAPABILITY_MISSING : ERROR_NAMESPACE;
    const struct refusal *refusal = refusal_find(with_user);
    char missing[96];
    struct text text = text_in(missing, sizeof(missing));
    name_missing(&text);
    if (refusal != NULL)
        error_set(error, code, "namespaces can't be made%s: %s; as root, run: %s", text_string(&text), refusal->why,
                  refusal->remedy);
    else if (system_error == EPERM || system_error == EACCES)
        error_set(error, code,
                  "namespaces can't be made%s: a user namespace is refused as well (a seccomp filter or a changed root "
                  "directory does that); run it as root, or its container with: --privileged, or --security-opt "
                  "seccomp=unconfined",
                  text_string(&text));
    else if (system_error == ENOSPC || system_error == EUSERS)
        error_set(error, code,
                  "namespaces can't be made: as many are in use as are allowed; as root, run: sysctl -w "
                  "user.max_user_namespaces=10000 user.max_net_namespaces=10000 user.max_pid_namespaces=10000 "
                  "user.max_mnt_namespaces=10000");
    else if (system_error == EINVAL)
        error_set(error, code,
                  "namespaces can't be made: the kernel was built without them (CONFIG_USER_NS, "
                  "CONFIG_PID_NS, CONFIG_NET_NS)");
    else
        error_set_system(error, code, system_error, "namespaces can't be made");
    error->system_error = system_error;
    return false;
}

bool capability_explain(struct error *error, int system_error, const char *what)
{
    if (system_error != EPERM && system_error != EACCES)
        return error_set_system(error, ERROR_NAMESPACE, system_error, "%s can't be made", what);
    const struct refusal *refusal = refusal_find(true);
    if (refusal != NULL)
        error_set(error, ERROR_CAPABILITY_MISSING, "%s can't be made: %s; as root, run: %s", what, refusal->why,
                  refusal->remedy);
    else
        error_set(error, ERROR_CAPABILITY_MISSING,
                  "%s can't be made: CAP_SYS_ADMIN or CAP_NET_ADMIN is missing; run it as root, or its container with: "
                  "--cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add NET_RAW",
                  what);
    error->system_error = system_error;
    return false;
}
