/* SPDX-License-Identifier: MIT */
/* The structures of Linux but for struct tcp_info. Those that only newer headers have are given as numbers: they are
 * the kernel's interface and never change. */
#include "engine/structure.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#define MEMBER(type, written, member, kind)                                                             \
    {                                                                                                   \
        written, MEMBER_##kind, offsetof(struct type, member), sizeof(((struct type *)0)->member), 0, 0 \
    }
#define AT(written, kind, offset, size)                \
    {                                                  \
        written, MEMBER_##kind, (offset), (size), 0, 0 \
    }
#define BITS(written, offset, size, shift, bits)                \
    {                                                           \
        written, MEMBER_BITS, (offset), (size), (shift), (bits) \
    }

static const struct structure_member linger_members[] = {
    MEMBER(linger, "onoff", l_onoff, SIGNED),
    MEMBER(linger, "linger", l_linger, SIGNED),
};
static const struct structure_member linger_l_members[] = {
    MEMBER(linger, "l_onoff", l_onoff, SIGNED),
    MEMBER(linger, "l_linger", l_linger, SIGNED),
};
static const struct structure_member timeval_members[] = {
    MEMBER(timeval, "tv_sec", tv_sec, SIGNED),
    MEMBER(timeval, "tv_usec", tv_usec, SIGNED),
};
static const struct structure_member timespec_members[] = {
    MEMBER(timespec, "tv_sec", tv_sec, SIGNED),
    MEMBER(timespec, "tv_nsec", tv_nsec, SIGNED),
};
static const struct structure_member stamp_members[] = {
    MEMBER(timespec, "scm_sec", tv_sec, SIGNED),
    MEMBER(timespec, "scm_nsec", tv_nsec, SIGNED),
};
/* struct sock_extended_err. */
static const struct structure_member extended_error_members[] = {
    AT("ee_errno", UNSIGNED, 0, 4), AT("ee_origin", UNSIGNED, 4, 1), AT("ee_type", UNSIGNED, 5, 1),
    AT("ee_code", UNSIGNED, 6, 1),  AT("ee_info", UNSIGNED, 8, 4),   AT("ee_data", UNSIGNED, 12, 4),
};
static const struct structure_member md5_members[] = {
    MEMBER(tcp_md5sig, "tcpm_addr", tcpm_addr, ADDRESS),
    MEMBER(tcp_md5sig, "tcpm_flags", tcpm_flags, UNSIGNED),
    MEMBER(tcp_md5sig, "tcpm_prefixlen", tcpm_prefixlen, UNSIGNED),
    MEMBER(tcp_md5sig, "tcpm_keylen", tcpm_keylen, UNSIGNED),
    /* Padding to older headers. */
    AT("tcpm_ifindex", SIGNED, offsetof(struct tcp_md5sig, tcpm_keylen) + sizeof(uint16_t), 4),
    MEMBER(tcp_md5sig, "tcpm_key", tcpm_key, TEXT),
};
static const struct structure_member repair_option_members[] = {
    MEMBER(tcp_repair_opt, "opt_code", opt_code, UNSIGNED),
    MEMBER(tcp_repair_opt, "opt_val", opt_val, UNSIGNED),
};
static const struct structure_member repair_window_members[] = {
    MEMBER(tcp_repair_window, "snd_wl1", snd_wl1, UNSIGNED),
    MEMBER(tcp_repair_window, "snd_wnd", snd_wnd, UNSIGNED),
    MEMBER(tcp_repair_window, "max_window", max_window, UNSIGNED),
    MEMBER(tcp_repair_window, "rcv_wnd", rcv_wnd, UNSIGNED),
    MEMBER(tcp_repair_window, "rcv_wup", rcv_wup, UNSIGNED),
};
/* struct tcp_ao_add and struct tcp_ao_del, since Linux 6.7. */
static const struct structure_member ao_add_members[] = {
    AT("addr", ADDRESS, 0, 128),       AT("alg_name", TEXT, 128, 64),   AT("ifindex", SIGNED, 192, 4),
    BITS("set_current", 196, 4, 0, 1), BITS("set_rnext", 196, 4, 1, 1), AT("prefix", UNSIGNED, 202, 1),
    AT("sndid", UNSIGNED, 203, 1),     AT("rcvid", UNSIGNED, 204, 1),   AT("maclen", UNSIGNED, 205, 1),
    AT("keyflags", UNSIGNED, 206, 1),  AT("keylen", UNSIGNED, 207, 1),  AT("key", TEXT, 208, 80),
};
static const struct structure_member pollfd_members[] = {
    MEMBER(pollfd, "fd", fd, DESCRIPTOR),
    MEMBER(pollfd, "events", events, UNSIGNED),
    MEMBER(pollfd, "revents", revents, UNSIGNED),
};
static const struct structure_member epoll_event_members[] = {
    MEMBER(epoll_event, "events", events, UNSIGNED), MEMBER(epoll_event, "fd", data.fd, DESCRIPTOR),
    MEMBER(epoll_event, "ptr", data.ptr, UNSIGNED),  MEMBER(epoll_event, "u32", data.u32, UNSIGNED),
    MEMBER(epoll_event, "u64", data.u64, UNSIGNED),
};

#define MEMBERS(members) (members), COUNT_OF(members)

const struct structure_row structure_pollfd = {NULL, sizeof(struct pollfd), MEMBERS(pollfd_members), false};
const struct structure_row structure_epoll_event = {NULL, sizeof(struct epoll_event), MEMBERS(epoll_event_members),
                                                    false};

static const struct structure_row rows[] = {
    {"SO_LINGER", sizeof(struct linger), MEMBERS(linger_members), false},
    {NULL, sizeof(struct linger), MEMBERS(linger_l_members), false},
    {"SO_RCVTIMEO", sizeof(struct timeval), MEMBERS(timeval_members), false},
    {"SO_SNDTIMEO", sizeof(struct timeval), MEMBERS(timeval_members), false},
    {NULL, sizeof(struct timespec), MEMBERS(timespec_members), false},
    {NULL, sizeof(struct timespec), MEMBERS(stamp_members), true},
    {NULL, 16, MEMBERS(extended_error_members), false},
    {"TCP_MD5SIG", sizeof(struct tcp_md5sig), MEMBERS(md5_members), false},
    {"TCP_REPAIR_OPTIONS", sizeof(struct tcp_repair_opt), MEMBERS(repair_option_members), false},
    {"TCP_REPAIR_WINDOW", sizeof(struct tcp_repair_window), MEMBERS(repair_window_members), false},
    {"TCP_AO_ADD_KEY", 288, MEMBERS(ao_add_members), false},
};

const struct structure_row *structure_at(size_t index)
{
    if (index < COUNT_OF(rows))
        return &rows[index];
    return index == COUNT_OF(rows) ? &structure_tcp_info : NULL;
}
