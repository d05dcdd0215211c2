/* SPDX-License-Identifier: MIT */
/* Does what its options name: "crash", "exit" and the like, when a packet comes; with "create:" before it, in create.
 */
#define PLUGIN_CREATE  create_and_misbehave
#define PLUGIN_PACKET  misbehave_at_packet
#define PLUGIN_ADVANCE advance_to_the_past
#define PLUGIN_DESTROY destroy_badly
#define PLUGIN_RECEIVE receive_too_much
#define PLUGIN_SOCKET  socket_or_wait
#include "plugin.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char wanted[32];
static const struct shakedown_host *host;
static jmp_buf gone;

/* Their names are looked for in what is said of them. */
#define DEED SHAKEDOWN_STACK_EXPORT __attribute__((noinline))
DEED void deed_crash(void);
DEED void deed_loop(void);
DEED void deed_wait(void);
DEED void deed_abort(void);
DEED void deed_exit(void);
DEED void deed_fork(void);

void deed_crash(void)
{
    *(volatile char *)0x40 = 1; // NOLINT(performance-no-int-to-ptr)
}

void deed_loop(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

void deed_wait(void)
{
    for (;;)
        (void)pause();
}

void deed_abort(void)
{
    abort();
}

void deed_exit(void)
{
    exit(3); // NOLINT(concurrency-mt-unsafe)
}

void deed_fork(void)
{
    (void)fork();
}

static void deed_quit(void)
{
    _exit(7);
}

static void deed_jump(void)
{
    longjmp(gone, 1); // NOLINT(cert-err52-cpp)
}

static void block_signals(void)
{
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
}

static void deed_crash_unseen(void)
{
    block_signals();
    deed_crash();
}

static void deed_loop_unseen(void)
{
    block_signals();
    deed_loop();
}

static void *send_from_thread(void *nothing)
{
    static const char packet[20] = {0x45};
    (void)nothing;
    host->send(host->context, packet, sizeof(packet));
    return NULL;
}

static void deed_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, send_from_thread, NULL) == 0)
        (void)pthread_join(thread, NULL);
}

static void deed_spawn(void)
{
    static char *const words[] = {(char *)"sleep", (char *)"1000", NULL};
    pid_t pid;
    (void)posix_spawnp(&pid, words[0], NULL, NULL, words, environ);
}

static void deed_big(void)
{
    static const char packet[3000] = {0x45};
    host->send(host->context, packet, sizeof(packet));
}

static void deed_empty(void)
{
    host->send(host->context, "", 0);
}

static void deed_release(void)
{
    host->release(host->context, wanted);
}

static void deed_release_twice(void)
{
    void *memory = host->allocate(host->context, 100);
    host->release(host->context, memory);
    host->release(host->context, memory);
}

static void deed_eat(void)
{
    static const size_t piece = (size_t)1 << 24;
    for (;;)
        *(volatile char *)malloc(piece) = 1;
}

static void deed_chatter(void)
{
    for (int i = 0; i < 1000 * 1000; i++)
        (void)puts("so many words about a packet");
    (void)fputs("\033[31ma word of warning\n", stderr);
    deed_crash();
}

static void deed_close(void)
{
    (void)close_range(0, ~0U, 0);
}

static void deed_limit(void)
{
    for (;;)
        if (dup(1) < 0)
            return;
}

static const struct {
    const char *name;
    void (*act)(void);
} deeds[] = {
    {"crash", deed_crash},
    {"loop", deed_loop},
    {"wait", deed_wait},
    {"abort", deed_abort},
    {"exit", deed_exit},
    {"fork", deed_fork},
    {"quit", deed_quit},
    {"jump", deed_jump},
    {"crash-unseen", deed_crash_unseen},
    {"loop-unseen", deed_loop_unseen},
    {"block", block_signals},
    {"thread", deed_thread},
    {"spawn", deed_spawn},
    {"big", deed_big},
    {"empty", deed_empty},
    {"release", deed_release},
    {"release-twice", deed_release_twice},
    {"eat", deed_eat},
    {"chatter", deed_chatter},
    {"close", deed_close},
    {"descriptors", deed_limit},
};

static void misbehave(const char *name)
{
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
        if (strcmp(deeds[i].name, name) == 0)
            deeds[i].act();
}

static struct shakedown_stack *create_and_misbehave(const struct shakedown_stack_settings *settings, char *reason,
                                                    size_t capacity)
{
    static const char here[] = "create:";
    host = settings->host;
    (void)snprintf(wanted, sizeof(wanted), "%s", settings->options);
    if (setjmp(gone) != 0) // NOLINT(cert-err52-cpp)
        return NULL;
    if (strncmp(wanted, here, strlen(here)) == 0)
        misbehave(wanted + strlen(here));
    return plain_create(settings, reason, capacity);
}

static void misbehave_at_packet(struct shakedown_stack *stack, uint64_t now, const void *packet, size_t length)
{
    plain_packet(stack, now, packet, length);
    misbehave(wanted);
}

static uint64_t advance_to_the_past(struct shakedown_stack *stack, uint64_t now)
{
    if (strcmp(wanted, "now") == 0)
        return now;
    return strcmp(wanted, "past") == 0 && now > 0 ? now - 1 : plain_advance(stack, now);
}

static void destroy_badly(struct shakedown_stack *stack)
{
    if (strcmp(wanted, "destroy") == 0)
        deed_crash();
    /* A stack may send while it is being destroyed. */
    deed_empty();
    plain_destroy(stack);
}

static int32_t socket_or_wait(struct shakedown_stack *stack, uint32_t family)
{
    if (strcmp(wanted, "socket") == 0)
        deed_crash();
    return plain_socket(stack, family);
}

static int64_t receive_too_much(struct shakedown_stack *stack, int32_t socket, void *data, size_t length,
                                uint32_t flags)
{
    (void)stack;
    (void)socket;
    (void)data;
    (void)flags;
    return (int64_t)length + 1000000;
}

PLUGIN;
