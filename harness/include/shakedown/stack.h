/* SPDX-License-Identifier: MIT */
/*
 * The plug-in ABI: what a stack under test has to offer to be tested inside the harness's own process.
 *
 * An adapter is a shared object that exports one symbol, `shakedown_stack`, of type `struct shakedown_stack_plugin`.
 * shakedown loads it (`--stack plugin:./mystack.so`, or `plugin:./mystack.so:OPTIONS`), creates a stack, and from then
 * on is the whole world to it: packets, the user's calls, time and random numbers all come from the harness, so that
 * every run is the same run. `targets/stacks/sample` is a complete adapter.
 *
 * The rules:
 * - One thread. No function is called while another one runs, not even from inside the host's functions.
 * - Nothing sleeps, and no clock is read but the one that `packet` and `advance` tell. It is in nanoseconds, starts at
 *   0 and never goes back. Socket calls happen at the time that was told last.
 * - At one instant, packets come first, then timers, then calls.
 * - `host->send` may be called from any function; it copies the packet and never calls back.
 * - No socket call waits. One that would have to returns SHAKEDOWN_WOULD_BLOCK, and the harness, which plays the
 *   blocking call to the script, makes it again when something has happened.
 * - Memory that is to be restored between runs is the plug-in's own data, and what it takes from `host->allocate`.
 *   libc's heap is not.
 * - The plug-in runs in a process that is made for it, and is to stay the only one: it ends the process by no means,
 * and starts no other. Threads of its own call nothing of the host's. For one script it may compute five seconds, and
 * wait for nothing; `host->allocate` gives up to 512 MiB, and libc as much. Whatever breaks a rule or the process is a
 * fail of the script that runs, and told with the function that did it. The harness needs the descriptors that are open
 * when the plug-in is loaded. What is written to the standard streams is kept, up to a bound, and shown with each
 * verdict but a pass.
 */
#ifndef SHAKEDOWN_STACK_H
#define SHAKEDOWN_STACK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a plug-in of the old version would not work any more. What is added at a structure's end does not change
 * it: `size` says how much of a structure the other side knows. */
#define SHAKEDOWN_STACK_ABI 1

/* What a socket call failed with. Calls return one of these, or what they are asked for, which is never negative. */
enum shakedown_failure {
    SHAKEDOWN_WOULD_BLOCK = -1,
    SHAKEDOWN_IN_PROGRESS = -2, /* connect() has begun; `poll` says when it has ended, SHAKEDOWN_OPTION_ERROR how */
    SHAKEDOWN_REFUSED = -3,
    SHAKEDOWN_RESET = -4,
    SHAKEDOWN_TIMED_OUT = -5,
    SHAKEDOWN_ABORTED = -6,
    SHAKEDOWN_NOT_CONNECTED = -7,
    SHAKEDOWN_IS_CONNECTED = -8,
    SHAKEDOWN_ALREADY = -9, /* a connect() is in progress */
    SHAKEDOWN_ADDRESS_IN_USE = -10,
    SHAKEDOWN_ADDRESS_NOT_AVAILABLE = -11,
    SHAKEDOWN_NETWORK_UNREACHABLE = -12,
    SHAKEDOWN_HOST_UNREACHABLE = -13,
    SHAKEDOWN_BROKEN_PIPE = -14,
    SHAKEDOWN_INVALID = -15,
    SHAKEDOWN_BAD_SOCKET = -16,
    SHAKEDOWN_NO_MEMORY = -17,
    SHAKEDOWN_NO_OPTION = -18, /* the stack refuses the option, as ENOPROTOOPT does */
    SHAKEDOWN_NOT_PERMITTED = -19,
    SHAKEDOWN_UNSUPPORTED = -20,         /* the stack has no such thing: the script is not applicable to it */
    SHAKEDOWN_PROTOCOL_UNREACHABLE = -21 /* ICMP said so; sockets call it ENOPROTOOPT */
};

/* Socket options. Each is an int32_t, but for SHAKEDOWN_OPTION_LINGER: two, on or off and seconds. */
enum shakedown_option {
    SHAKEDOWN_OPTION_ERROR,           /* get: 0 or an enum shakedown_failure, which is cleared by that */
    SHAKEDOWN_OPTION_REUSE_ADDRESS,   /* SO_REUSEADDR */
    SHAKEDOWN_OPTION_LINGER,          /* SO_LINGER */
    SHAKEDOWN_OPTION_KEEP_ALIVE,      /* SO_KEEPALIVE */
    SHAKEDOWN_OPTION_SEND_BUFFER,     /* SO_SNDBUF, bytes */
    SHAKEDOWN_OPTION_RECEIVE_BUFFER,  /* SO_RCVBUF, bytes */
    SHAKEDOWN_OPTION_NO_DELAY,        /* TCP_NODELAY */
    SHAKEDOWN_OPTION_SEGMENT_SIZE,    /* TCP_MAXSEG, bytes */
    SHAKEDOWN_OPTION_SYN_COUNT,       /* TCP_SYNCNT: how often a SYN is sent again */
    SHAKEDOWN_OPTION_USER_TIME_OUT,   /* TCP_USER_TIMEOUT, milliseconds */
    SHAKEDOWN_OPTION_KEEP_IDLE,       /* TCP_KEEPIDLE, seconds */
    SHAKEDOWN_OPTION_KEEP_INTERVAL,   /* TCP_KEEPINTVL, seconds */
    SHAKEDOWN_OPTION_KEEP_COUNT,      /* TCP_KEEPCNT */
    SHAKEDOWN_OPTION_TIME_TO_LIVE,    /* IP_TTL, IPV6_UNICAST_HOPS */
    SHAKEDOWN_OPTION_TYPE_OF_SERVICE, /* IP_TOS, IPV6_TCLASS */
    SHAKEDOWN_OPTION_ONLY_IPV6,       /* IPV6_V6ONLY */
    SHAKEDOWN_OPTION_LISTENING,       /* SO_ACCEPTCONN, get */
    SHAKEDOWN_OPTION_FAST_OPEN,       /* TCP_FASTOPEN */
    SHAKEDOWN_OPTION_DEFER_ACCEPT     /* TCP_DEFER_ACCEPT, seconds */
};

/* What a socket is ready for; `poll` returns these, or'ed. */
enum shakedown_readiness {
    SHAKEDOWN_READABLE = 1,    /* recv, or accept on a listener, would not block */
    SHAKEDOWN_WRITABLE = 2,    /* send would not block; a connect() has ended */
    SHAKEDOWN_FAILED = 4,      /* SHAKEDOWN_OPTION_ERROR is not 0 */
    SHAKEDOWN_HUNG_UP = 8,     /* nothing more comes and nothing more can be sent */
    SHAKEDOWN_READ_CLOSED = 16 /* nothing more comes */
};

enum shakedown_shutdown { SHAKEDOWN_SHUTDOWN_READ = 1, SHAKEDOWN_SHUTDOWN_WRITE = 2, SHAKEDOWN_SHUTDOWN_BOTH = 3 };

/* Flags of `receive`. */
#define SHAKEDOWN_PEEK 1

/* What the stack can do; a script that needs what it can't is not applicable. */
enum shakedown_capability {
    SHAKEDOWN_CAN_IPV4 = 1,
    SHAKEDOWN_CAN_IPV6 = 2,
    SHAKEDOWN_CAN_OPEN_ACTIVELY = 4,
    SHAKEDOWN_CAN_OPEN_PASSIVELY = 8,
    SHAKEDOWN_CAN_MAP_IPV4 = 16 /* IPv6 sockets take IPv4-mapped addresses */
};

/* How the stack starts afresh between two runs. */
enum shakedown_restart {
    /* `destroy` and `create` again leave nothing behind: of many scripts in virtual time several are run by one
     * process. Only a pass is believed then; else the script is run again in a process of its own. */
    SHAKEDOWN_RESTART_OWN,
    /* The harness puts the plug-in's writable segments, and what `host->allocate` gave, back as they were before the
     * first `create`; `destroy` is never called, and may be missing. Not for a stack with threads of its own. */
    SHAKEDOWN_RESTART_COPY,
    SHAKEDOWN_RESTART_FORK /* each run in a process of its own, made before the first `create` */
};

/* One end of a connection. */
struct shakedown_endpoint {
    uint16_t family;     /* 4 or 6; 0 for none */
    uint16_t port;       /* host order */
    uint8_t address[16]; /* network order; IPv4 takes the first four bytes */
};

/* What the harness does for the stack. CONTEXT is the first argument of each. */
struct shakedown_host {
    uint32_t size; /* of this structure, as the harness knows it */
    void *context;
    /* Takes a packet, from its IP header on, from the stack: one byte at least, and no more than the MTU. */
    void (*send)(void *context, const void *packet, size_t length);
    /* Fills BYTES with random numbers: the same in every run of the same seed. */
    void (*random)(void *context, void *bytes, size_t length);
    /* SIZE bytes, zeroed and aligned for any object; NULL if there are none left. What it gives is released once. */
    void *(*allocate)(void *context, size_t size);
    /* Takes back what `allocate` gave; NULL is allowed. */
    void (*release)(void *context, void *memory);
};

struct shakedown_stack_settings {
    uint32_t size;                     /* of this structure, as the harness knows it */
    uint32_t mtu;                      /* bytes of an IP packet at most */
    const struct shakedown_host *host; /* lives as long as the stack */
    struct shakedown_endpoint ipv4;    /* the stack's own addresses; family 0: it has none of that version */
    struct shakedown_endpoint ipv6;
    uint64_t now;
    const char *options; /* what the user wrote behind the plug-in's name, "" for nothing; the adapter's own language */
};

/* A fault that the stack has on request, for those who test testers: `options` then names its number. */
struct shakedown_fault {
    uint32_t number;         /* from 1 */
    const char *name;        /* "rst-answers-rst" */
    const char *what;        /* what the stack does then, one sentence */
    const char *requirement; /* what that breaks: "RFC9293 MUST-10", "RFC5961 §3" */
};

/* The stack itself; the adapter's own structure. */
struct shakedown_stack;

struct shakedown_stack_plugin {
    uint32_t abi;          /* SHAKEDOWN_STACK_ABI */
    uint32_t size;         /* sizeof(struct shakedown_stack_plugin) */
    const char *name;      /* "sample 1.0": one line for reports */
    uint32_t capabilities; /* enum shakedown_capability, or'ed */
    uint32_t restart;      /* enum shakedown_restart */

    /* Makes a stack that knows nothing of any earlier one. NULL if that can't be, with a sentence in REASON. */
    struct shakedown_stack *(*create)(const struct shakedown_stack_settings *settings, char *reason, size_t capacity);
    void (*destroy)(struct shakedown_stack *stack);

    /* A packet from the network, from its IP header on, at the time NOW. Whatever its bytes are, the stack has to bear
     * it. They are valid during the call. */
    void (*packet)(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length);
    /* It is NOW: does what is due by now, and tells when the next thing is (UINT64_MAX: nothing). Called after packets
     * and calls too, and once for each time at which something is due. */
    uint64_t (*advance)(struct shakedown_stack *stack, uint64_t now);

    /*
     * Sockets are numbers of the adapter's choice, from 0. A socket stays the caller's until `close`; the harness
     * passes none but those. Missing functions
     * (NULL) are what the stack can't do; `socket` and `close` must be there.
     */

    /* A stream socket of FAMILY, 4 or 6. */
    int32_t (*socket)(struct shakedown_stack *stack, uint32_t family);
    int32_t (*bind)(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *local);
    int32_t (*listen)(struct shakedown_stack *stack, int32_t socket, int32_t backlog);
    /* The socket of a connection that was made, and its other end. */
    int32_t (*accept)(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *remote);
    /* 0 at once, SHAKEDOWN_IN_PROGRESS, or a failure. */
    int32_t (*connect)(struct shakedown_stack *stack, int32_t socket, const struct shakedown_endpoint *remote);
    /* How many bytes were taken, at least one unless LENGTH is 0. */
    int64_t (*send)(struct shakedown_stack *stack, int32_t socket, const void *data, size_t length);
    /* How many bytes came; 0 after the peer's last one. */
    int64_t (*receive)(struct shakedown_stack *stack, int32_t socket, void *data, size_t length, uint32_t flags);
    int32_t (*shutdown)(struct shakedown_stack *stack, int32_t socket, uint32_t how);
    int32_t (*close)(struct shakedown_stack *stack, int32_t socket);
    /* VALUE has room for LENGTH numbers: two for SHAKEDOWN_OPTION_LINGER, else one. */
    int32_t (*get_option)(struct shakedown_stack *stack, int32_t socket, uint32_t option, int32_t *value,
                          size_t length);
    int32_t (*set_option)(struct shakedown_stack *stack, int32_t socket, uint32_t option, const int32_t *value,
                          size_t length);
    int32_t (*local)(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint);
    int32_t (*remote)(struct shakedown_stack *stack, int32_t socket, struct shakedown_endpoint *endpoint);
    /* enum shakedown_readiness, or'ed. */
    int32_t (*poll)(struct shakedown_stack *stack, int32_t socket);

    /* The INDEX-th fault that can be had on request, NULL past the last. NULL without any. */
    const struct shakedown_fault *(*fault)(size_t index);
};

/* In the plug-in: `SHAKEDOWN_STACK_EXPORT const struct shakedown_stack_plugin shakedown_stack = {...};` */
#define SHAKEDOWN_STACK_EXPORT __attribute__((visibility("default")))
#define SHAKEDOWN_STACK_SYMBOL "shakedown_stack"

#ifdef __cplusplus
}
#endif

#endif
