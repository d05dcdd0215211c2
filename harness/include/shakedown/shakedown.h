/* SPDX-License-Identifier: MIT */
/*
 * libshakedown: tests the TCP handshake of a stack.
 *
 * Two ways: shakedown_run_file() performs a script. Or a program opens a stack, gives it segments and calls one by one,
 * as texts of the script language, and decides for itself what comes next:
 *
 *     struct shakedown_stack *stack = shakedown_open(NULL);
 *     int listener = shakedown_socket(stack, AF_INET, SOCK_STREAM, 0);
 *     shakedown_bind(stack, listener, NULL, 0);
 *     shakedown_listen(stack, listener, 1);
 *     shakedown_send(stack, "S 0:0(0) win %u <mss 1460>", window);
 *     shakedown_expect(stack, "S. 0:0(0) ack 1 <...>");
 *     if (shakedown_verdict(stack) != SHAKEDOWN_PASS)
 *         fprintf(stderr, "%s\n%s", shakedown_headline(stack), shakedown_detail(stack));
 *     shakedown_close(stack);
 *
 * Texts are those of the project's specs/README.md, chapters "Segments" and "Scripts", and mean what they mean in a
 * script: numbers are the script's and are mapped to live ones and back, and what a text leaves open is not looked at.
 * Each is a format with arguments as printf() has it, so that a per cent sign is written twice.
 *
 * Verdicts stick. Once a step did not pass, the ones after it do nothing and return the same verdict, so that a program
 * may go on without looking at each and ask once, at its end; shakedown_clear() lets it continue.
 *
 * A stack lives in a process and namespaces of its own: no privilege is needed, no packet leaves them, and the calling
 * process keeps its namespaces, signal handlers and signal mask. It gets a child for as long as the stack is open, and
 * must not collect children that it did not start. Nothing of the stack is left when it is closed, nor when the program
 * ends in any way, be it by SIGKILL.
 *
 * Threads: different stacks may be used by different threads at once, one stack by one thread at a time. A stack ends
 * with the thread that opened it. A child made by fork() must not use its parent's stacks.
 *
 * Times and spans are in seconds, as in scripts; times count from when the stack was opened. Strings and pointers that
 * a function returns belong to the library.
 */
#ifndef SHAKEDOWN_SHAKEDOWN_H
#define SHAKEDOWN_SHAKEDOWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHAKEDOWN_API                    __attribute__((visibility("default")))
#define SHAKEDOWN_PRINTF_LIKE(at, first) __attribute__((__format__(__printf__, at, first)))

/* The library's version, "MAJOR.MINOR.PATCH"; static storage, never NULL. */
SHAKEDOWN_API const char *shakedown_version(void);

/* The IP version that something is performed on. */
enum shakedown_ip {
    SHAKEDOWN_IPV4,
    SHAKEDOWN_IPV6,
    SHAKEDOWN_IPV4_MAPPED, /* IPv6 sockets with IPv4-mapped addresses */
};

enum shakedown_verdict {
    SHAKEDOWN_PASS,
    SHAKEDOWN_FAIL,           /* the stack did other than was expected */
    SHAKEDOWN_INCONCLUSIVE,   /* the machine was too late to tell */
    SHAKEDOWN_ERROR,          /* the script or program is at fault, or it can't be performed here */
    SHAKEDOWN_NOT_APPLICABLE, /* the stack can't do what is asked, or the script is for another version */
};

/* "pass", "not applicable", ...; static storage. */
SHAKEDOWN_API const char *shakedown_verdict_name(enum shakedown_verdict verdict);

/* --- Performing a script --- */

struct shakedown_result {
    enum shakedown_verdict verdict;
    char *headline; /* one line, "" on a pass */
    char *detail;   /* several lines, each with its line end, or "" */
};

/*
 * Performs the script in the file PATH on the running kernel, in a process and namespaces of its own, of which nothing
 * is left. Waits until it has ended: as long as the script takes; what was inconclusive is performed again, at most
 * three times. The calling process gets a child for that time, and must not collect children that it did not start.
 * Returns 0 and fills RESULT, which shakedown_result_free() ends; returns -1, with nothing to free, if memory ran out.
 */
SHAKEDOWN_API int shakedown_run_file(const char *path, enum shakedown_ip ip, struct shakedown_result *result);

/* Frees the texts of RESULT. */
SHAKEDOWN_API void shakedown_result_free(struct shakedown_result *result);

/* --- Opening a stack --- */

struct shakedown_stack;

/* What a stack is opened with. Set `size` to sizeof(struct shakedown_settings); what is zero or NULL is as said. */
struct shakedown_settings {
    size_t size;          /* tells the library which version of this structure it is given */
    const char *stack;    /* as --stack names it; NULL is "linux", the running kernel */
    const char *link;     /* how packets reach it: "raw" or "tun"; NULL is "raw" */
    const char *title;    /* of the trace and the capture; NULL is "program" */
    enum shakedown_ip ip; /* what texts and `NULL` addresses are about */
    unsigned mtu;         /* 0 is 1500 */
    uint16_t stack_port;  /* that calls bind, and segments without ports go to; 0 is 8080 */
    uint16_t remote_port; /* that calls connect to; 0 is 8080 */
    double tolerance;     /* seconds that what is expected may be off; 0 is 0.004, or an eighth of its time */
    double patience;      /* seconds that shakedown_expect() waits; 0 is 1 */
};

/*
 * Opens a stack with SETTINGS (NULL: all as said). Returns NULL only if memory ran out; a stack that could not be
 * opened has the verdict ERROR (or NOT_APPLICABLE for one that can't be had here) and a headline that says why and what
 * would help. End it with shakedown_close(), opened or not. All functions below take NULL for a stack whose verdict is
 * ERROR.
 */
SHAKEDOWN_API struct shakedown_stack *shakedown_open(const struct shakedown_settings *settings);

/* Closes STACK, with its sockets and a call that still blocks, and frees it. Returns the verdict. */
SHAKEDOWN_API enum shakedown_verdict shakedown_close(struct shakedown_stack *stack);

/* --- The verdict --- */

/* PASS, or what the first step that did not pass came to. */
SHAKEDOWN_API enum shakedown_verdict shakedown_verdict(const struct shakedown_stack *stack);

/* One line in plain words, "expected RST,ACK; got SYN,ACK"; "" on a pass. Until the next step. */
SHAKEDOWN_API const char *shakedown_headline(const struct shakedown_stack *stack);

/* The text, both segments with marks, and what passed before; several lines, or "". Until the next step. */
SHAKEDOWN_API const char *shakedown_detail(const struct shakedown_stack *stack);

/* Makes the verdict PASS again, so that the steps that follow are performed. An open stack only: one that could not be
 * opened, or whose process was lost, stays what it is. */
SHAKEDOWN_API void shakedown_clear(struct shakedown_stack *stack);

/* --- Segments --- */

/* Sends a segment at once: "S 0:0(0) win 65535 <mss 1460>". Without ports it is of the same connection as the last. */
SHAKEDOWN_API enum shakedown_verdict shakedown_send(struct shakedown_stack *stack, const char *format, ...)
    SHAKEDOWN_PRINTF_LIKE(2, 3);

/* Sends the LENGTH bytes at PACKET, from the IP header on, as they are. */
SHAKEDOWN_API enum shakedown_verdict shakedown_send_bytes(struct shakedown_stack *stack, const void *packet,
                                                          size_t length);

/*
 * Expects a segment: "S. 0:0(0) ack 1 <...>". It takes the oldest of its connection that nothing took before, or waits
 * for one, as long as the settings' patience says or for at most SECONDS. FAIL if none came, or another; either way
 * what was taken is shakedown_last_segment().
 */
SHAKEDOWN_API enum shakedown_verdict shakedown_expect(struct shakedown_stack *stack, const char *format, ...)
    SHAKEDOWN_PRINTF_LIKE(2, 3);
SHAKEDOWN_API enum shakedown_verdict shakedown_expect_within(struct shakedown_stack *stack, double seconds,
                                                             const char *format, ...) SHAKEDOWN_PRINTF_LIKE(3, 4);

/* Expects that the stack has sent nothing since the step before, and sends nothing for SECONDS. */
SHAKEDOWN_API enum shakedown_verdict shakedown_expect_nothing(struct shakedown_stack *stack, double seconds);

/*
 * Takes the oldest segment that nothing took before, of whatever connection, or waits for one for at most SECONDS.
 * FOUND says whether there is one; it is shakedown_last_segment() then. That there is none is no failure.
 */
SHAKEDOWN_API enum shakedown_verdict shakedown_receive(struct shakedown_stack *stack, double seconds, int *found);

enum shakedown_flag {
    SHAKEDOWN_FIN = 0x001,
    SHAKEDOWN_SYN = 0x002,
    SHAKEDOWN_RST = 0x004,
    SHAKEDOWN_PSH = 0x008,
    SHAKEDOWN_ACK = 0x010,
    SHAKEDOWN_URG = 0x020,
    SHAKEDOWN_ECE = 0x040,
    SHAKEDOWN_CWR = 0x080,
    SHAKEDOWN_AE = 0x100,
};

/* A segment of the stack's. Later versions of the library may have more members behind these. */
struct shakedown_segment {
    double time;                  /* when it came */
    uint16_t stack_port;          /* its source port */
    uint16_t remote_port;         /* its destination port */
    uint16_t flags;               /* enum shakedown_flag, and the reserved bits above them */
    uint16_t window;              /* as it stands in the header: not shifted */
    uint16_t urgent_pointer;      /* as it stands in the header */
    uint32_t sequence;            /* as a text would have it, */
    uint32_t acknowledgment;      /* this too */
    uint32_t live_sequence;       /* as it was on the wire, */
    uint32_t live_acknowledgment; /* this too */
    int mss;                      /* -1 without the option */
    int window_scale;             /* -1 without the option */
    int sack_permitted;           /* 1 with the option, 0 without */
    int has_timestamps;           /* 1 with the option, 0 without */
    uint32_t timestamp_value;     /* live */
    uint32_t timestamp_echo;      /* live */
    const uint8_t *options;       /* as they were on the wire */
    size_t options_length;        /* in bytes */
    const uint8_t *payload;       /* what follows the TCP header */
    size_t payload_length;        /* in bytes */
    const uint8_t *packet;        /* all of it, from the IP header on */
    size_t packet_length;         /* in bytes */
    const char *text;             /* its whole text, with live numbers */
};

/* The segment that was taken last, as it was expected or not; NULL if none was. Until the next step. */
SHAKEDOWN_API const struct shakedown_segment *shakedown_last_segment(const struct shakedown_stack *stack);

/* The first TCP option of KIND in SEGMENT: its bytes behind kind and length, LENGTH of them; NULL without a sound one.
 */
SHAKEDOWN_API const uint8_t *shakedown_segment_option(const struct shakedown_segment *segment, uint8_t kind,
                                                      size_t *length);

/* --- Any events of the language --- */

/*
 * Performs lines of the language, with their times, commands and all system calls: "+0 `sysctl -q net.ipv4.tcp_ecn=1`",
 * "+0.9~+1.1 > S. 0:0(0) ack 1 <...>". A `+` in front of the first counts from the step before if the stack is to do
 * it, and from now if we are. Options, init and cleanup commands and Python code are refused.
 */
SHAKEDOWN_API enum shakedown_verdict shakedown_perform(struct shakedown_stack *stack, const char *format, ...)
    SHAKEDOWN_PRINTF_LIKE(2, 3);

/* --- Calls on the stack --- */

/*
 * Every call below returns what the system call returns, or the negative of its errno: -ECONNREFUSED. That a call
 * failed is for the program to judge. -ENOTRECOVERABLE says that it could not be made: the verdict is not PASS. A call
 * that could block, and has not returned after two seconds, is a FAIL: see shakedown_call_begin(). Descriptors are
 * numbers of the stack's, from 3 on, good only for these functions and in texts. The calls with a name of their own do
 * what the system call of that name does, in the stack's process.
 */

/* A call as a line of the language has it behind the time: "listen(%d, 1)", "getsockopt(4, SOL_SOCKET, SO_ERROR, [0],
 * [4]) = 0". What stands behind `=`, and what is not `...` between the parentheses, is looked at: FAIL if it is not so.
 */
SHAKEDOWN_API long shakedown_call(struct shakedown_stack *stack, const char *format, ...) SHAKEDOWN_PRINTF_LIKE(2, 3);

/* Begins a call that may block, and returns at once. One at a time; beside it only such calls may be made as do not
 * block. */
SHAKEDOWN_API enum shakedown_verdict shakedown_call_begin(struct shakedown_stack *stack, const char *format, ...)
    SHAKEDOWN_PRINTF_LIKE(2, 3);

/* Waits at most SECONDS for the call that was begun. FAIL if it has not returned; it can be waited for again. */
SHAKEDOWN_API long shakedown_call_end(struct shakedown_stack *stack, double seconds);

SHAKEDOWN_API int shakedown_socket(struct shakedown_stack *stack, int domain, int type, int protocol);

/* ADDRESS is IPv4 or IPv6; NULL is the stack's own address and port, or the one that packets to the harness have. */
SHAKEDOWN_API int shakedown_bind(struct shakedown_stack *stack, int descriptor, const struct sockaddr *address,
                                 socklen_t length);
SHAKEDOWN_API int shakedown_connect(struct shakedown_stack *stack, int descriptor, const struct sockaddr *address,
                                    socklen_t length);

SHAKEDOWN_API int shakedown_listen(struct shakedown_stack *stack, int descriptor, int backlog);

/* ADDRESS may be NULL; else LENGTH is its room, and what came back. */
SHAKEDOWN_API int shakedown_accept(struct shakedown_stack *stack, int descriptor, struct sockaddr *address,
                                   socklen_t *length);
SHAKEDOWN_API int shakedown_getsockname(struct shakedown_stack *stack, int descriptor, struct sockaddr *address,
                                        socklen_t *length);
SHAKEDOWN_API int shakedown_getpeername(struct shakedown_stack *stack, int descriptor, struct sockaddr *address,
                                        socklen_t *length);

/* At most 64 KiB at once: of more the first 64 KiB are asked for, and the result says how many it was. */
SHAKEDOWN_API long shakedown_write(struct shakedown_stack *stack, int descriptor, const void *data, size_t length);
SHAKEDOWN_API long shakedown_read(struct shakedown_stack *stack, int descriptor, void *data, size_t length);

SHAKEDOWN_API int shakedown_shutdown(struct shakedown_stack *stack, int descriptor, int how);
SHAKEDOWN_API int shakedown_fcntl(struct shakedown_stack *stack, int descriptor, int command, int argument);

/* Of the options that are one int; shakedown_call() makes the others. */
SHAKEDOWN_API int shakedown_setsockopt(struct shakedown_stack *stack, int descriptor, int level, int option, int value);
SHAKEDOWN_API int shakedown_getsockopt(struct shakedown_stack *stack, int descriptor, int level, int option,
                                       int *value);

/* Closes a descriptor. */
SHAKEDOWN_API int shakedown_close_descriptor(struct shakedown_stack *stack, int descriptor);

/* --- Time --- */

/* Now. 0 of a stack that was not opened. */
SHAKEDOWN_API double shakedown_now(const struct shakedown_stack *stack);

/* Waits SECONDS, or until TIME; what the stack sends meanwhile is kept for the steps that follow. */
SHAKEDOWN_API enum shakedown_verdict shakedown_sleep(struct shakedown_stack *stack, double seconds);
SHAKEDOWN_API enum shakedown_verdict shakedown_sleep_until(struct shakedown_stack *stack, double time);

/* --- The trace --- */

enum shakedown_event_kind {
    SHAKEDOWN_EVENT_START,
    SHAKEDOWN_EVENT_SENT, /* a packet to the stack */
    SHAKEDOWN_EVENT_SEEN, /* a packet of the stack's */
    SHAKEDOWN_EVENT_CALL,
    SHAKEDOWN_EVENT_RETURN,
    SHAKEDOWN_EVENT_NOTE,
    SHAKEDOWN_EVENT_END, /* the verdict so far */
};

/* Something that was done or seen. Later versions of the library may have more members behind these, and more kinds. */
struct shakedown_event {
    enum shakedown_event_kind kind;
    double earliest;       /* it surely had not happened before, */
    double latest;         /* and surely had by then */
    const uint8_t *packet; /* SENT, SEEN: from the IP header on; else NULL */
    size_t packet_length;  /* in bytes */
    uint32_t call;         /* CALL, RETURN: the calls' number, from 1; else 0 */
    const char *name;      /* CALL: its name; else "" */
    long value;            /* RETURN: what the call returned, or the negative of its errno; else 0 */
    const char *text;      /* the whole as a line, without its end */
};

/* Told of one event; it and what it points to live during the call. Anything but 0 ends the telling. */
typedef int shakedown_listener(void *context, const struct shakedown_event *event);

/* Tells LISTENER all that has happened so far, in order. Returns 0, or what LISTENER returned to end it, or -1 if the
 * trace can't be read. It is no step: it works whatever the verdict. */
SHAKEDOWN_API int shakedown_trace(const struct shakedown_stack *stack, shakedown_listener *listener, void *context);

/* Writes all that has happened so far, and the verdict, to the file PATH, which is made or emptied: as a capture
 * (pcapng), or as a trace of specs/README.md. Returns 0, or the negative of an errno. No steps either. */
SHAKEDOWN_API int shakedown_write_capture(const struct shakedown_stack *stack, const char *path);
SHAKEDOWN_API int shakedown_write_trace(const struct shakedown_stack *stack, const char *path);

#ifdef __cplusplus
}
#endif

#endif
