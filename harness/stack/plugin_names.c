/* SPDX-License-Identifier: MIT */
#include "stack/plugin_names.h"

#include "base/compiler.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static const struct plugin_option options[] = {
    {SOL_SOCKET, SO_ERROR, SHAKEDOWN_OPTION_ERROR, 1},
    {SOL_SOCKET, SO_REUSEADDR, SHAKEDOWN_OPTION_REUSE_ADDRESS, 1},
    {SOL_SOCKET, SO_LINGER, SHAKEDOWN_OPTION_LINGER, 2},
    {SOL_SOCKET, SO_KEEPALIVE, SHAKEDOWN_OPTION_KEEP_ALIVE, 1},
    {SOL_SOCKET, SO_SNDBUF, SHAKEDOWN_OPTION_SEND_BUFFER, 1},
    {SOL_SOCKET, SO_RCVBUF, SHAKEDOWN_OPTION_RECEIVE_BUFFER, 1},
    {SOL_SOCKET, SO_ACCEPTCONN, SHAKEDOWN_OPTION_LISTENING, 1},
    {IPPROTO_TCP, TCP_NODELAY, SHAKEDOWN_OPTION_NO_DELAY, 1},
    {IPPROTO_TCP, TCP_MAXSEG, SHAKEDOWN_OPTION_SEGMENT_SIZE, 1},
    {IPPROTO_TCP, TCP_SYNCNT, SHAKEDOWN_OPTION_SYN_COUNT, 1},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, SHAKEDOWN_OPTION_USER_TIME_OUT, 1},
    {IPPROTO_TCP, TCP_KEEPIDLE, SHAKEDOWN_OPTION_KEEP_IDLE, 1},
    {IPPROTO_TCP, TCP_KEEPINTVL, SHAKEDOWN_OPTION_KEEP_INTERVAL, 1},
    {IPPROTO_TCP, TCP_KEEPCNT, SHAKEDOWN_OPTION_KEEP_COUNT, 1},
    {IPPROTO_TCP, TCP_FASTOPEN, SHAKEDOWN_OPTION_FAST_OPEN, 1},
    {IPPROTO_TCP, TCP_DEFER_ACCEPT, SHAKEDOWN_OPTION_DEFER_ACCEPT, 1},
    {IPPROTO_IP, IP_TTL, SHAKEDOWN_OPTION_TIME_TO_LIVE, 1},
    {IPPROTO_IP, IP_TOS, SHAKEDOWN_OPTION_TYPE_OF_SERVICE, 1},
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS, SHAKEDOWN_OPTION_TIME_TO_LIVE, 1},
    {IPPROTO_IPV6, IPV6_TCLASS, SHAKEDOWN_OPTION_TYPE_OF_SERVICE, 1},
    {IPPROTO_IPV6, IPV6_V6ONLY, SHAKEDOWN_OPTION_ONLY_IPV6, 1},
};

/* By the failure's number, less the sign. */
static const int error_numbers[] = {
    [-SHAKEDOWN_WOULD_BLOCK] = EAGAIN,
    [-SHAKEDOWN_IN_PROGRESS] = EINPROGRESS,
    [-SHAKEDOWN_REFUSED] = ECONNREFUSED,
    [-SHAKEDOWN_RESET] = ECONNRESET,
    [-SHAKEDOWN_TIMED_OUT] = ETIMEDOUT,
    [-SHAKEDOWN_ABORTED] = ECONNABORTED,
    [-SHAKEDOWN_NOT_CONNECTED] = ENOTCONN,
    [-SHAKEDOWN_IS_CONNECTED] = EISCONN,
    [-SHAKEDOWN_ALREADY] = EALREADY,
    [-SHAKEDOWN_ADDRESS_IN_USE] = EADDRINUSE,
    [-SHAKEDOWN_ADDRESS_NOT_AVAILABLE] = EADDRNOTAVAIL,
    [-SHAKEDOWN_NETWORK_UNREACHABLE] = ENETUNREACH,
    [-SHAKEDOWN_HOST_UNREACHABLE] = EHOSTUNREACH,
    [-SHAKEDOWN_BROKEN_PIPE] = EPIPE,
    [-SHAKEDOWN_INVALID] = EINVAL,
    [-SHAKEDOWN_BAD_SOCKET] = EBADF,
    [-SHAKEDOWN_NO_MEMORY] = ENOMEM,
    [-SHAKEDOWN_NO_OPTION] = ENOPROTOOPT,
    [-SHAKEDOWN_NOT_PERMITTED] = EPERM,
    [-SHAKEDOWN_UNSUPPORTED] = EOPNOTSUPP,
    [-SHAKEDOWN_PROTOCOL_UNREACHABLE] = ENOPROTOOPT,
};

const struct plugin_option *plugin_option_find(int level, int name)
{
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (options[i].level == level && options[i].name == name)
            return &options[i];
    return NULL;
}

int plugin_error_number(int64_t failure)
{
    /* A number that the ABI has not got is the adapter's mistake; EPROTO is not to be mistaken for anything else. */
    return failure < 0 && failure > -(int64_t)COUNT_OF(error_numbers) ? error_numbers[-failure] : EPROTO;
}

bool plugin_endpoint_read(const void *data, size_t length, struct shakedown_endpoint *endpoint)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    sa_family_t family = AF_UNSPEC;
    *endpoint = (struct shakedown_endpoint){.family = 0};
    if (data == NULL || length < sizeof(family))
        return false;
    memcpy(&family, data, sizeof(family));
    if (family == AF_INET && length >= sizeof(in)) {
        memcpy(&in, data, sizeof(in));
        endpoint->family = 4;
        endpoint->port = ntohs(in.sin_port);
        memcpy(endpoint->address, &in.sin_addr, sizeof(in.sin_addr));
        return true;
    }
    if (family != AF_INET6 || length < sizeof(in6))
        return false;
    memcpy(&in6, data, sizeof(in6));
    endpoint->family = 6;
    endpoint->port = ntohs(in6.sin6_port);
    memcpy(endpoint->address, &in6.sin6_addr, sizeof(in6.sin6_addr));
    return true;
}

size_t plugin_endpoint_write(const struct shakedown_endpoint *endpoint, struct sockaddr_storage *storage)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(endpoint->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(endpoint->port)};
    if (endpoint->family == 6) {
        memcpy(&in6.sin6_addr, endpoint->address, sizeof(in6.sin6_addr));
        memcpy(storage, &in6, sizeof(in6));
        return sizeof(in6);
    }
    memcpy(&in.sin_addr, endpoint->address, sizeof(in.sin_addr));
    memcpy(storage, &in, sizeof(in));
    return sizeof(in);
}
