/* SPDX-License-Identifier: MIT */
#include "stack/offload.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Without checksums in the driver there is neither scatter-gather nor any segmentation that builds on it; what remains
 * is listed. */
static const struct {
    uint32_t command;
    const char *what;
} offloads[] = {
    {ETHTOOL_STXCSUM, "checksums on sending"},  {ETHTOOL_SRXCSUM, "checksums on receiving"},
    {ETHTOOL_STSO, "segmentation (TSO)"},       {ETHTOOL_SUFO, "fragmentation (UFO)"},
    {ETHTOOL_SGSO, "segmentation (GSO)"},       {ETHTOOL_SGRO, "putting together (GRO)"},
    {ETHTOOL_SFLAGS, "putting together (LRO)"},
};

/* A socket to ask about DEVICE, whose name goes into REQUEST; -1 with an error. */
static int device_socket(const char *device, struct ifreq *request, struct error *error)
{
    *request = (struct ifreq){0};
    if (strlen(device) >= sizeof(request->ifr_name)) {
        (void)error_set(error, ERROR_NAMESPACE, "%s is too long for a device's name", device);
        return -1;
    }
    memcpy(request->ifr_name, device, strlen(device));
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0)
        (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "a socket can't be made");
    return any;
}

bool offload_set_speed(const char *device, unsigned speed, struct error *error)
{
    struct ifreq request;
    int any = device_socket(device, &request, error);
    if (any < 0)
        return false;
    struct ethtool_cmd settings = {.cmd = ETHTOOL_SSET, .duplex = DUPLEX_FULL};
    ethtool_cmd_speed_set(&settings, speed);
    request.ifr_data = (char *)&settings;
    bool done = ioctl(any, SIOCETHTOOL, &request) == 0 ||
                error_set_system(error, ERROR_NAMESPACE, errno, "the speed of %s can't be set", device);
    (void)close(any);
    return done;
}

bool offload_disable(const char *device, struct error *error)
{
    struct ifreq request;
    int any = device_socket(device, &request, error);
    if (any < 0)
        return false;
    bool done = true;
    for (size_t index = 0; done && index < COUNT_OF(offloads); index++) {
        struct ethtool_value value = {.cmd = offloads[index].command, .data = 0};
        request.ifr_data = (char *)&value;
        /* A device that does not do it at all has nothing to switch off. */
        if (ioctl(any, SIOCETHTOOL, &request) != 0 && errno != EOPNOTSUPP && errno != EINVAL)
            done = error_set_system(error, ERROR_NAMESPACE, errno, "%s of %s can't be switched off",
                                    offloads[index].what, device);
    }
    (void)close(any);
    return done;
}
